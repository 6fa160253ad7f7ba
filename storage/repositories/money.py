"""What was agreed to for bought lines, what customers are asked about new prices, and what is paid back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, exists, func, insert, or_, select, update

from purchasing.consents import OPEN, Consent, ConsentRequest, Price, PriceChange
from purchasing.purchases import Purchase
from purchasing.refunds import OPEN as OPEN_REFUNDS
from purchasing.refunds import Refund
from purchasing.words import ConsentState
from storage.repositories.base import Repository, columns_of, grouped, record, unique
from storage.tables import binding, consent, consent_request, provider_line, purchase, refund

_OPEN_REFUND = refund.c.state.in_(sorted(OPEN_REFUNDS))
_OPEN = consent.c.state.in_(sorted(OPEN))


class SqlPurchases(Repository):
    def get(self, line_id: int) -> Purchase | None:
        row = self._row(select(purchase).where(purchase.c.line_id == line_id))
        return record(Purchase, row) if row else None

    def of_lines(self, line_ids: Collection[int]) -> dict[int, Purchase]:
        rows = self._rows(select(purchase).where(purchase.c.line_id.in_(unique(line_ids))))
        return {row["line_id"]: record(Purchase, row) for row in rows}

    def put(self, kept: Purchase) -> None:
        values = columns_of(kept, purchase)
        same_line = [purchase.c.line_id]
        self._run(self._insert(purchase).values(values).on_conflict_do_update(index_elements=same_line, set_=values))


class SqlConsents(Repository):
    def ask(
        self, order_id: int, changes: Sequence[PriceChange], asked_by: int, due_at: datetime, now: datetime
    ) -> ConsentRequest:
        values = {"order_id": order_id, "asked_by": asked_by, "asked_at": now, "due_at": due_at}
        request_id = int(self._value(insert(consent_request).values(values).returning(consent_request.c.id)))
        self._run_many(insert(consent), [{"request_id": request_id, **_columns(change)} for change in changes])
        return self._load(select(consent_request).where(consent_request.c.id == request_id))[0]

    def get(self, request_id: int) -> ConsentRequest | None:
        found = self._load(select(consent_request).where(consent_request.c.id == request_id))
        return found[0] if found else None

    def page(self, offset: int, limit: int) -> tuple[list[ConsentRequest], int]:
        is_open = exists().where(consent.c.request_id == consent_request.c.id, _OPEN)
        due = case((is_open, consent_request.c.due_at))
        wanted = select(consent_request).order_by(due.is_(None), due, consent_request.c.id.desc())
        return self._load(wanted.offset(offset).limit(limit)), self._count(select(consent_request.c.id))

    def open_of(self, line_ids: Collection[int]) -> dict[int, Consent]:
        rows = self._rows(select(consent).where(consent.c.line_id.in_(unique(line_ids)), _OPEN))
        return {row["line_id"]: _consent(row) for row in rows}

    def refused(self, line_ids: Collection[int]) -> set[int]:
        mine = consent.c.line_id.in_(unique(line_ids)), consent.c.state != ConsentState.WITHDRAWN
        newest = select(func.max(consent.c.id)).where(*mine).group_by(consent.c.line_id)
        refused = consent.c.id.in_(newest), consent.c.state == ConsentState.REFUSED
        return set(self._column(select(consent.c.line_id).where(*refused)))

    def answer(self, consent_ids: Collection[int], state: ConsentState, by: int, now: datetime) -> None:
        said = {"state": state, "answered_by": by, "answered_at": now}
        self._run(update(consent).where(consent.c.id.in_(unique(consent_ids))).values(said))

    def set_owes(self, request_id: int, owes: Decimal | None) -> None:
        self._run(update(consent_request).where(consent_request.c.id == request_id).values(owes=owes))

    def overdue(self, now: datetime) -> list[ConsentRequest]:
        asked = exists().where(consent.c.request_id == consent_request.c.id, consent.c.state == ConsentState.ASKED)
        wanted = select(consent_request).where(consent_request.c.due_at <= now, asked)
        return self._load(wanted.order_by(consent_request.c.due_at, consent_request.c.id))

    def waiting(self) -> int:
        return int(self._value(select(func.count(consent.c.request_id.distinct())).where(_OPEN)))

    def _load(self, wanted: Select[Any]) -> list[ConsentRequest]:
        rows = self._rows(wanted)
        mine = consent.c.request_id.in_([row["id"] for row in rows])
        parts = grouped(self._rows(select(consent).where(mine).order_by(consent.c.id)), "request_id")
        return [record(ConsentRequest, row, consents=tuple(map(_consent, parts.get(row["id"], ())))) for row in rows]


class SqlRefunds(Repository):
    def add(self, draft: Refund) -> Refund:
        values = columns_of(draft, refund, "id")
        return record(Refund, self._rows(insert(refund).values(values).returning(*refund.c))[0])

    def get(self, refund_id: int) -> Refund | None:
        row = self._row(select(refund).where(refund.c.id == refund_id))
        return record(Refund, row) if row else None

    def of_lines(self, line_ids: Collection[int]) -> list[Refund]:
        wanted = select(refund).where(refund.c.line_id.in_(unique(line_ids))).order_by(refund.c.id)
        return [record(Refund, row) for row in self._rows(wanted)]

    def of_provider_order(self, provider_order_id: int) -> list[Refund]:
        bought = select(provider_line.c.id).where(provider_line.c.provider_order_id == provider_order_id)
        live = binding.c.provider_line_id.in_(bought), binding.c.ended_at.is_(None)
        tied = refund.c.line_id.in_(select(binding.c.line_id).where(*live))
        wanted = select(refund).where(or_(tied, refund.c.provider_line_id.in_(bought))).order_by(refund.c.id)
        return [record(Refund, row) for row in self._rows(wanted)]

    def save(self, changed: Refund) -> None:
        values = columns_of(changed, refund, "id", "line_id", "reason", "opened_by", "opened_at")
        self._run(update(refund).where(refund.c.id == changed.id).values(values))

    def page(self, offset: int, limit: int) -> tuple[list[Refund], int]:
        still_open = case((_OPEN_REFUND, refund.c.id))
        wanted = select(refund).order_by(still_open.is_(None), still_open, refund.c.id.desc())
        rows = self._rows(wanted.offset(offset).limit(limit))
        return [record(Refund, row) for row in rows], self._count(select(refund.c.id))

    def open_count(self) -> int:
        return self._count(select(refund.c.id).where(_OPEN_REFUND))


def _columns(change: PriceChange) -> dict[str, Any]:
    before, after = change.before, change.after
    return {
        "line_id": change.line_id,
        "state": ConsentState.ASKED,
        "before_price": before.price,
        "before_shipping": before.shipping,
        "before_customer_price": before.customer_price,
        "price": after.price,
        "shipping": after.shipping,
        "customer_price": after.customer_price,
    }


def _consent(row: Mapping[Any, Any]) -> Consent:
    before = Price(row["before_price"], row["before_shipping"], row["before_customer_price"])
    after = Price(row["price"], row["shipping"], row["customer_price"])
    return record(Consent, row, change=PriceChange(row["line_id"], before, after))
