"""Provider orders as last seen. What was seen once is never lost: lines stay, waybills that are gone stay findable."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, insert, or_, select, update

from purchasing.carriers import plain_number
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.provider_orders import ProviderLine, ProviderOrder, Waybill
from purchasing.words import ProviderName, Stage
from storage.repositories.base import any_of, columns_of, record, unique
from storage.repositories.line_numbers import same_lines, stands_in
from storage.repositories.provider_order_reader import ProviderOrderReader
from storage.tables import binding, intent, placed_order, provider_line, provider_order, waybill, waybill_line

_CLOSED = (Stage.CLOSED_UNPAID, Stage.CLOSED_REFUNDED)
_FINAL = (Stage.DONE, *_CLOSED)
_BOUND = exists().where(
    binding.c.provider_line_id == provider_line.c.id,
    provider_line.c.provider_order_id == provider_order.c.id,
    binding.c.ended_at.is_(None),
)
_INTENDED = exists().where(
    placed_order.c.number == provider_order.c.number,
    placed_order.c.intent_id == intent.c.id,
    intent.c.account_id == provider_order.c.account_id,
)


_ID: ColumnElement[int] = provider_order.c.id
_ONE = select(provider_order).where(provider_order.c.id == bindparam("one"))
_MANY = select(provider_order).where(_ID.in_(any_of("ids"))).order_by(_ID)
_NUMBERED = select(provider_order).where(provider_order.c.number == bindparam("given")).order_by(_ID)
_OF_WAYBILL = (
    select(provider_order)
    .where(_ID.in_(select(waybill.c.provider_order_id).where(waybill.c.plain_number == bindparam("given"))))
    .order_by(_ID)
)


class SqlProviderOrders(ProviderOrderReader):
    def get(self, provider_order_id: int) -> ProviderOrder | None:
        found = self._load(_ONE, one=provider_order_id)
        return found[0] if found else None

    def by_number(self, provider: ProviderName, number: str) -> ProviderOrder | None:
        return next((order for order in self.find_number(number) if order.provider is provider), None)

    def find_number(self, number: str) -> list[ProviderOrder]:
        return self._load(_NUMBERED, given=number)

    def many(self, ids: Collection[int]) -> list[ProviderOrder]:
        return self._load(_MANY, ids=unique(ids))

    def open_numbers(self, account_id: int) -> list[str]:
        can_change = or_(provider_order.c.stage.is_(None), provider_order.c.stage.not_in(_FINAL))
        where = provider_order.c.account_id == account_id, can_change, _BOUND
        return list(self._column(select(provider_order.c.number).where(*where).order_by(provider_order.c.id)))

    def taken_numbers(self, account_id: int, since: datetime) -> list[str]:
        recent = provider_order.c.account_id == account_id, provider_order.c.first_seen_at >= since
        where = *recent, or_(_BOUND, _INTENDED)
        return list(self._column(select(provider_order.c.number).where(*where).order_by(provider_order.c.id)))

    def upsert(
        self, account_id: int, provider: ProviderName, seen: ProviderOrderSeen, origin: str, now: datetime
    ) -> ProviderOrder:
        known = self.by_number(provider, seen.number)
        if known is None:
            order_id = self._add(account_id, provider, seen, origin, now)
        else:
            order_id = known.id
            self._change(known, seen, now)
        self._merge_lines(order_id, known.lines if known else (), seen)
        if seen.waybills is not None:
            self._merge_waybills(order_id, known.waybills if known else (), seen.waybills, now)
        return self.many([order_id])[0]

    def line(self, provider_line_id: int) -> ProviderLine | None:
        row = self._row(select(provider_line).where(provider_line.c.id == provider_line_id))
        return record(ProviderLine, row) if row else None

    def by_waybill(self, number: str) -> list[ProviderOrder]:
        return self._load(_OF_WAYBILL, given=number)

    def set_received(self, number: str, at: datetime | None) -> None:
        self._run(update(waybill).where(waybill.c.plain_number == number).values(received_at=at))

    def unpaid(self, account_id: int | None = None) -> list[ProviderOrder]:
        unpaid = provider_order.c.stage == Stage.UNPAID, provider_order.c.ignored_at.is_(None)
        wanted = _of_account(select(provider_order).where(*unpaid), account_id)
        return self._load(wanted.order_by(provider_order.c.closes_at.is_(None), provider_order.c.closes_at, _ID))

    def unlinked(
        self, account_id: int | None, offset: int, limit: int, *, ignored: bool = False
    ) -> tuple[list[ProviderOrder], int]:
        open_ones = or_(provider_order.c.stage.is_(None), provider_order.c.stage.not_in(_CLOSED))
        put_aside = provider_order.c.ignored_at.is_not(None) if ignored else provider_order.c.ignored_at.is_(None)
        wanted = _of_account(select(provider_order).where(open_ones, put_aside, ~_BOUND), account_id)
        return self._load(wanted.order_by(_ID.desc()).offset(offset).limit(limit)), self._count(wanted)

    def set_ignored(self, ids: Collection[int], at: datetime | None) -> None:
        self._run(update(provider_order).where(provider_order.c.id.in_(unique(ids))).values(ignored_at=at))

    def _add(self, account_id: int, provider: ProviderName, seen: ProviderOrderSeen, origin: str, now: datetime) -> int:
        values = columns_of(seen, provider_order) | {"account_id": account_id, "provider": provider, "origin": origin}
        statement = insert(provider_order).values(values | {"first_seen_at": now, "seen_at": now, "stage_since": now})
        return int(self._value(statement.returning(provider_order.c.id)))

    def _change(self, known: ProviderOrder, seen: ProviderOrderSeen, now: datetime) -> None:
        values = columns_of(seen, provider_order, "number") | {"seen_at": now}
        if seen.stage is not known.stage:
            values["stage_since"] = now
        # a list tells less than a detail page: what it leaves out isn't forgotten
        for name in ("created_at", "paid_at", "closes_at", "seller"):
            if not values[name]:
                del values[name]
        self._run(update(provider_order).where(provider_order.c.id == known.id).values(values))

    def _merge_lines(self, order_id: int, known: Sequence[ProviderLine], seen: ProviderOrderSeen) -> None:
        old_lines = same_lines(seen.number, known, seen.lines)
        fresh = [line for line in seen.lines if line.sub_number not in old_lines]
        self._run_many(
            insert(provider_line), [columns_of(x, provider_line) | {"provider_order_id": order_id} for x in fresh]
        )
        for line in seen.lines:
            old = old_lines.get(line.sub_number)
            if old is not None:
                self._change_line(old, _numbered(line, old, seen.number))

    def _change_line(self, old: ProviderLine, seen: ProviderLineSeen) -> None:
        if _differs(old, seen):
            values = columns_of(seen, provider_line)
            self._run(update(provider_line).where(provider_line.c.id == old.id).values(values))

    def _merge_waybills(
        self, order_id: int, known: Sequence[Waybill], seen: Sequence[WaybillSeen], now: datetime
    ) -> None:
        """What staff typed stays until the provider shows it too, and is the provider's from then on; what they set
        aside doesn't come back."""
        shown = {shipment.number for shipment in seen}
        gone = [w.id for w in known if w.replaced_at is None and w.typed_by is None and w.number not in shown]
        if gone:
            self._run(update(waybill).where(waybill.c.id.in_(gone)).values(replaced_at=now))
        typed = {plain_number(w.number): w for w in known if w.typed_by is not None}
        by_number = {w.number: w for w in known}
        for shipment in seen:
            old = by_number.get(shipment.number) or typed.pop(plain_number(shipment.number), None)
            if old is None:
                self._add_waybill(order_id, shipment, now)
            elif old.replaced_by is None and (old.replaced_at or old.typed_by or _differs(old, shipment)):
                self._change_waybill(old, shipment)

    def _add_waybill(self, order_id: int, seen: WaybillSeen, now: datetime) -> None:
        plain = plain_number(seen.number)
        own = {"provider_order_id": order_id, "plain_number": plain, "reversed": plain[::-1], "first_seen_at": now}
        added = insert(waybill).values(columns_of(seen, waybill) | own).returning(waybill.c.id)
        self._put_parts(int(self._value(added)), seen)

    def _change_waybill(self, old: Waybill, seen: WaybillSeen) -> None:
        values = {name: value for name, value in columns_of(seen, waybill).items() if value}
        own = {"replaced_at": None, "typed_by": None}
        self._run(update(waybill).where(waybill.c.id == old.id).values(values | own))
        if seen.sub_numbers:
            self._run(delete(waybill_line).where(waybill_line.c.waybill_id == old.id))
            self._put_parts(old.id, seen)

    def _put_parts(self, waybill_id: int, seen: WaybillSeen) -> None:
        rows = [{"waybill_id": waybill_id, "sub_number": number} for number in sorted(set(seen.sub_numbers))]
        self._run_many(insert(waybill_line), rows)


def _of_account(statement: Select[Any], account_id: int | None) -> Select[Any]:
    return statement if account_id is None else statement.where(provider_order.c.account_id == account_id)


def _numbered(seen: ProviderLineSeen, old: ProviderLine, order_number: str) -> ProviderLineSeen:
    """A number that only stands in never replaces one that is known."""
    return replace(seen, sub_number=old.sub_number) if stands_in(seen.sub_number, order_number) else seen


def _differs(old: object, seen: Any) -> bool:
    return any(getattr(old, name) != value for name, value in vars(seen).items())
