"""The ledger of effects. No two live intents may hold one line: the index `uq_intent_line_live` says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from purchasing.errors import Conflict
from purchasing.ledger import Effect, Intent, IntentLine, LineOutcome
from purchasing.words import IntentState
from storage.repositories.base import Repository, columns_of, grouped, record
from storage.tables import intent, intent_line, placed_order

_LIVE = (IntentState.PREPARED, IntentState.SENDING, IntentState.UNKNOWN)
_SPENT = (IntentState.SENDING, IntentState.UNKNOWN, IntentState.PLACED, IntentState.PARTLY)


class SqlLedger(Repository):
    def prepare(self, draft: Intent, now: datetime) -> Intent:
        self._check_free(draft)
        values = columns_of(draft, intent, "id") | {"prepared_at": now}
        try:
            # a savepoint, so that the caller may go on after a Conflict
            with self._connection.begin_nested():
                intent_id = self._value(insert(intent).values(values).returning(intent.c.id))
                rows = [columns_of(x, intent_line) | {"intent_id": intent_id, "live": draft.live} for x in draft.lines]
                self._run_many(insert(intent_line), rows)
        except IntegrityError as error:
            raise Conflict("line_in_intent") from error
        return self._need(intent_id)

    def get(self, intent_id: int) -> Intent | None:
        found = self._load(select(intent).where(intent.c.id == intent_id))
        return found[0] if found else None

    def of_activity(self, activity_id: int) -> list[Intent]:
        return self._load(select(intent).where(intent.c.activity_id == activity_id).order_by(intent.c.id))

    def live(self, account_id: int | None = None) -> list[Intent]:
        wanted = select(intent).where(intent.c.state.in_(_LIVE)).order_by(intent.c.id)
        return self._load(wanted if account_id is None else wanted.where(intent.c.account_id == account_id))

    def take_over(self, intent_id: int) -> Intent:
        self._run(update(intent).where(intent.c.id == intent_id).values(fence=intent.c.fence + 1))
        return self._need(intent_id)

    def mark_sending(self, intent_id: int, fence: int, deadline: datetime, evidence: str, now: datetime) -> bool:
        where = intent.c.id == intent_id, intent.c.fence == fence, intent.c.state == IntentState.PREPARED
        values = {"state": IntentState.SENDING, "deadline": deadline, "sent_at": now, "looks": 0}
        return self._run(update(intent).where(*where).values(values | _more_evidence(evidence))) == 1

    def rearm(self, intent_id: int) -> Intent:
        where = intent.c.id == intent_id, intent.c.state == IntentState.UNKNOWN
        values = {"state": IntentState.PREPARED, "fence": intent.c.fence + 1, "deadline": None, "looks": 0}
        self._run(update(intent).where(*where).values(values))
        return self._need(intent_id)

    def looked(self, intent_id: int) -> None:
        self._run(update(intent).where(intent.c.id == intent_id).values(looks=intent.c.looks + 1))

    def finish(
        self,
        intent_id: int,
        state: IntentState,
        outcomes: Mapping[int, LineOutcome],
        provider_orders: Sequence[str],
        evidence: str,
        now: datetime,
    ) -> None:
        live = state in _LIVE
        values = {"state": state, "ended_at": None if live else now} | _more_evidence(evidence)
        self._run(update(intent).where(intent.c.id == intent_id).values(values))
        self._run(update(intent_line).where(intent_line.c.intent_id == intent_id).values(live=live))
        for line_id, outcome in outcomes.items():
            where = intent_line.c.intent_id == intent_id, intent_line.c.line_id == line_id
            self._run(update(intent_line).where(*where).values(outcome=outcome))
        rows = [{"intent_id": intent_id, "number": n, "position": i} for i, n in enumerate(provider_orders)]
        self._run_many(self._insert(placed_order).on_conflict_do_nothing(), rows)

    def forget_evidence(self, ended_before: datetime) -> int:
        old = intent.c.ended_at < ended_before, or_(intent.c.evidence != "", intent.c.checkout != "")
        return self._run(update(intent).where(*old).values(evidence="", checkout=""))

    def spent_since(self, account_id: int | None, since: datetime) -> tuple[int, int]:
        spent = select(
            func.count().label("orders"), func.coalesce(func.sum(intent.c.expected_total), 0).label("total")
        ).where(intent.c.sent_at >= since, intent.c.effect == Effect.PLACE, intent.c.state.in_(_SPENT))
        if account_id is not None:
            spent = spent.where(intent.c.account_id == account_id)
        row = self._rows(spent)[0]
        return int(row["orders"]), int(row["total"])

    def _check_free(self, draft: Intent) -> None:
        """Says who holds a line, which the index can't tell."""
        wanted = intent_line.c.line_id.in_([line.line_id for line in draft.lines]), intent_line.c.live
        holder = self._value(select(intent.c.activity_id).join(intent_line).where(*wanted).limit(1))
        if holder is not None and draft.live:
            raise Conflict("line_in_intent", str(holder))

    def _need(self, intent_id: int) -> Intent:
        return self._load(select(intent).where(intent.c.id == intent_id))[0]

    def _load(self, intents: Select[Any]) -> list[Intent]:
        rows = self._rows(intents)
        ids = [row["id"] for row in rows]
        if not ids:
            return []
        wanted = select(intent_line).where(intent_line.c.intent_id.in_(ids)).order_by(intent_line.c.line_id)
        lines = grouped(self._rows(wanted), "intent_id")
        wanted = select(placed_order).where(placed_order.c.intent_id.in_(ids)).order_by(placed_order.c.position)
        placed = grouped(self._rows(wanted), "intent_id")
        return [
            record(
                Intent,
                row,
                lines=tuple(record(IntentLine, line) for line in lines.get(row["id"], ())),
                provider_orders=tuple(order["number"] for order in placed.get(row["id"], ())),
            )
            for row in rows
        ]


def _more_evidence(text: str) -> dict[str, Any]:
    """Evidence is only ever added to: what the confirm page said may be asked for after the outcome is known."""
    return {"evidence": func.ltrim(intent.c.evidence + "\n" + text, "\n")} if text else {}
