"""Ties between lines and provider lines; a pair that was untied is remembered."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from purchasing.provider_orders import Binding
from storage.repositories.base import Repository, any_of, record, unique
from storage.tables import binding, provider_line, unbound_pair

_LIVE = binding.c.ended_at.is_(None)
_OF_PROVIDER_ORDER = (
    select(binding)
    .join(provider_line)
    .where(provider_line.c.provider_order_id == bindparam("provider_order"), _LIVE)
    .order_by(binding.c.id)
)
_OF_LINES = select(binding).where(binding.c.line_id.in_(any_of("lines")), _LIVE).order_by(binding.c.id)


class SqlBindings(Repository):
    def bind(self, line_id: int, provider_line_id: int, quantity: int, now: datetime) -> Binding:
        pair = binding.c.line_id == line_id, binding.c.provider_line_id == provider_line_id
        row = self._row(select(binding).where(*pair, _LIVE))
        if row is None:
            values = {"line_id": line_id, "provider_line_id": provider_line_id, "quantity": quantity, "bound_at": now}
            row = self._rows(self._insert(binding).values(values).returning(binding))[0]
            self._run(delete(unbound_pair).where(*_same_pair(line_id, provider_line_id)))
        return record(Binding, row)

    def of_lines(self, line_ids: Collection[int]) -> list[Binding]:
        return [record(Binding, row) for row in self._rows(_OF_LINES, lines=unique(line_ids))]

    def many(self, ids: Collection[int]) -> list[Binding]:
        wanted = select(binding).where(binding.c.id.in_(unique(ids))).order_by(binding.c.id)
        return [record(Binding, row) for row in self._rows(wanted)]

    def of_provider_order(self, provider_order_id: int) -> list[Binding]:
        return [record(Binding, row) for row in self._rows(_OF_PROVIDER_ORDER, provider_order=provider_order_id)]

    def end(self, binding_id: int, now: datetime) -> None:
        ended = update(binding).where(binding.c.id == binding_id, _LIVE).values(ended_at=now)
        row = self._row(ended.returning(binding.c.line_id, binding.c.provider_line_id))
        if row is not None:
            self._run(self._insert(unbound_pair).values(**row, at=now).on_conflict_do_nothing())

    def was_unbound(self, line_id: int, provider_line_id: int) -> bool:
        return self._row(select(unbound_pair).where(*_same_pair(line_id, provider_line_id))) is not None


def _same_pair(line_id: int, provider_line_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return unbound_pair.c.line_id == line_id, unbound_pair.c.provider_line_id == provider_line_id
