"""Finds what is stuck: one query a kind, over rows that can still move. What is found is judged nowhere else."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from purchasing.stuck_things import Finding, StuckKind, StuckThing
from purchasing.words import ActivityKind, ActivityState, LineStatus, QuestionState, SessionState, Stage
from storage.repositories.base import Repository, record, unique
from storage.tables import (
    account,
    activity,
    binding,
    customer_order,
    line_event,
    order_line,
    provider_line,
    provider_order,
    question,
    stuck,
    waybill,
)

_UNDER_WAY = (Stage.SHIPPED, Stage.PART_SHIPPED)
_THERE = (Stage.SIGNED, Stage.DONE)
_WATCHED = (ActivityKind.RESERVE, ActivityKind.SYNC, ActivityKind.LINK, ActivityKind.UNBIND)
_LOST = (SessionState.EXPIRED, SessionState.NEEDS_HUMAN)
_WORKS = (SessionState.ACTIVE, SessionState.EXPIRING)

_LIVE = and_(
    binding.c.provider_line_id == provider_line.c.id,
    provider_line.c.provider_order_id == provider_order.c.id,
    binding.c.ended_at.is_(None),
)
_FOR = (
    select(func.min(order_line.c.order_id))
    .join(binding, binding.c.line_id == order_line.c.id)
    .join(provider_line, provider_line.c.id == binding.c.provider_line_id)
    .where(provider_line.c.provider_order_id == provider_order.c.id, binding.c.ended_at.is_(None))
    .correlate(provider_order)
    .scalar_subquery()
)
_BOUND = exists().where(_LIVE)
_AWAITED = exists().where(_LIVE, binding.c.received < binding.c.quantity)
_CAME = exists().where(_LIVE, binding.c.received > 0)
_STAGE_SINCE = func.coalesce(provider_order.c.stage_since, provider_order.c.first_seen_at)


def _waybills(pick: Callable[[Any], Any]) -> Any:
    """The first or last time at which the order got a track number, else since when it is in its stage."""
    shown = waybill.c.provider_order_id == provider_order.c.id, waybill.c.replaced_at.is_(None)
    at = select(pick(waybill.c.first_seen_at)).where(*shown).correlate(provider_order).scalar_subquery()
    return func.coalesce(at, _STAGE_SINCE)


class SqlStuck(Repository):
    def find(self, before: Mapping[StuckKind, datetime], now: datetime) -> list[Finding]:
        return [
            Finding(kind, **row) for kind, moment in before.items() for row in self._rows(_QUERIES[kind](moment, now))
        ]

    def all(self) -> list[StuckThing]:
        wanted = select(stuck).where(stuck.c.gone_at.is_(None)).order_by(stuck.c.since, stuck.c.id)
        return [record(StuckThing, row) for row in self._rows(wanted)]

    def get(self, stuck_id: int) -> StuckThing | None:
        row = self._row(select(stuck).where(stuck.c.id == stuck_id))
        return record(StuckThing, row) if row else None

    def put(self, finding: Finding, now: datetime) -> StuckThing:
        seen = {
            "state": finding.state,
            "since": finding.since,
            "account_id": finding.account_id,
            "order_id": finding.order_id,
            "found_at": now,
            "gone_at": None,
            "snoozed_until": None,
            "ignored": False,
            "put_aside_by": None,
        }
        new = self._insert(stuck).values(kind=finding.kind, subject_id=finding.subject_id, **seen)
        key = [stuck.c.kind, stuck.c.subject_id]
        kept = new.on_conflict_do_update(index_elements=key, set_=seen | {"rounds": stuck.c.rounds + 1})
        return record(StuckThing, self._rows(kept.returning(stuck))[0])

    def gone(self, ids: Collection[int], now: datetime) -> None:
        self._run(update(stuck).where(stuck.c.id.in_(unique(ids))).values(gone_at=now))

    def put_aside(self, stuck_id: int, by: int, until: datetime | None) -> None:
        values = {"put_aside_by": by, "snoozed_until": until, "ignored": until is None}
        self._run(update(stuck).where(stuck.c.id == stuck_id).values(values))

    def bring_back(self, stuck_id: int) -> None:
        values = {"put_aside_by": None, "snoozed_until": None, "ignored": False}
        self._run(update(stuck).where(stuck.c.id == stuck_id).values(values))

    def purge(self, gone_before: datetime) -> None:
        self._run(delete(stuck).where(stuck.c.gone_at < gone_before))


def _orders(state: ColumnElement[Any], since: Any, *where: Any) -> Select[Any]:
    """Provider orders that nobody called private."""
    wanted = select(
        provider_order.c.id.label("subject_id"),
        state.label("state"),
        since.label("since"),
        provider_order.c.account_id,
        _FOR.label("order_id"),
    )
    return wanted.where(provider_order.c.ignored_at.is_(None), *where)


def _closing(until: datetime, now: datetime) -> Select[Any]:
    closes = provider_order.c.closes_at
    soon = provider_order.c.stage == Stage.UNPAID, closes > now, closes <= until
    return _orders(literal(""), closes, *soon)


def _closed_paid(_before: datetime, _now: datetime) -> Select[Any]:
    paid = and_(provider_order.c.stage == Stage.CLOSED_UNPAID, provider_order.c.paid_at.is_not(None))
    closed = or_(provider_order.c.stage == Stage.CLOSED_REFUNDED, paid)
    return _orders(provider_order.c.raw_status, _STAGE_SINCE, closed, _BOUND)


def _not_shipped(before: datetime, _now: datetime) -> Select[Any]:
    since = func.coalesce(provider_order.c.paid_at, _STAGE_SINCE)
    return _orders(literal(""), since, provider_order.c.stage == Stage.PAID, _BOUND, since < before)


def _no_movement(before: datetime, _now: datetime) -> Select[Any]:
    last = _waybills(func.max)
    under_way = provider_order.c.stage.in_(_UNDER_WAY), _AWAITED
    return _orders(cast(provider_order.c.stage, String), last, *under_way, last < before)


def _auto_confirm(before: datetime, _now: datetime) -> Select[Any]:
    shipped = _waybills(func.min)
    under_way = provider_order.c.stage.in_(_UNDER_WAY), _BOUND, ~_CAME
    return _orders(literal(""), shipped, *under_way, shipped < before)


def _not_scanned(before: datetime, _now: datetime) -> Select[Any]:
    there = provider_order.c.stage.in_(_THERE), _AWAITED
    return _orders(cast(provider_order.c.stage, String), _STAGE_SINCE, *there, before > _STAGE_SINCE)


def _question(before: datetime, _now: datetime) -> Select[Any]:
    return (
        select(
            question.c.id.label("subject_id"),
            literal("").label("state"),
            question.c.asked_at.label("since"),
            activity.c.account_id,
        )
        .join(activity)
        .where(question.c.state == QuestionState.OPEN, question.c.asked_at < before)
    )


def _session(until: datetime, now: datetime) -> Select[Any]:
    """`since`: when it ends, or since when a login is asked for."""
    expires = account.c.session_expires_at
    ends_soon = and_(account.c.session.in_(_WORKS), expires <= until)
    lost = and_(account.c.session.in_(_LOST), account.c.login_asked_at.is_not(None))
    since = case((account.c.session.in_(_LOST), account.c.login_asked_at), else_=expires)
    return select(
        account.c.id.label("subject_id"),
        cast(account.c.session, String).label("state"),
        func.coalesce(since, literal(now, stuck.c.since.type)).label("since"),
        account.c.id.label("account_id"),
    ).where(or_(ends_soon, account.c.session == SessionState.EXPIRING, lost))


def _failed(after: datetime, _now: datetime) -> Select[Any]:
    by_itself = and_(activity.c.kind == ActivityKind.SYNC, activity.c.started_by.is_(None))
    failed = activity.c.state == ActivityState.FAILED, activity.c.kind.in_(_WATCHED), ~by_itself
    return select(
        activity.c.id.label("subject_id"),
        activity.c.failure.label("state"),
        activity.c.ended_at.label("since"),
        activity.c.account_id,
    ).where(*failed, activity.c.ended_at > after)


def _ready(before: datetime, _now: datetime) -> Select[Any]:
    """By customer's order; since when the first of its lines is ready."""
    of_line = line_event.c.line_id == order_line.c.id, line_event.c.kind == "status"
    moved = select(func.max(line_event.c.at)).where(*of_line)
    since = func.coalesce(moved.correlate(order_line).scalar_subquery(), customer_order.c.created_at)
    return (
        select(
            order_line.c.order_id.label("subject_id"),
            cast(func.count(), String).label("state"),
            func.min(since).label("since"),
            order_line.c.order_id,
        )
        .join(customer_order)
        .where(order_line.c.status == LineStatus.READY, since < before)
        .group_by(order_line.c.order_id)
    )


_QUERIES: Mapping[StuckKind, Callable[[datetime, datetime], Select[Any]]] = {
    StuckKind.CLOSING: _closing,
    StuckKind.CLOSED_PAID: _closed_paid,
    StuckKind.NOT_SHIPPED: _not_shipped,
    StuckKind.NO_MOVEMENT: _no_movement,
    StuckKind.AUTO_CONFIRM: _auto_confirm,
    StuckKind.NOT_SCANNED: _not_scanned,
    StuckKind.QUESTION: _question,
    StuckKind.SESSION: _session,
    StuckKind.FAILED: _failed,
    StuckKind.READY: _ready,
}
