"""Activities and their leases. One account's lease is never held by two activities at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, insert, or_, select, update

from purchasing.activities import EVERYTHING, Activity, ActivityFilter, Step
from purchasing.words import ActivityKind, ActivityState, QuestionState
from storage.repositories.base import Repository, columns_of, record
from storage.tables import activity, activity_step, intent_line, question
from storage.tables import intent as intents

_PAGES = {
    "running": (ActivityState.QUEUED, ActivityState.RUNNING),
    "waiting": (ActivityState.WAITING,),
    "past": (ActivityState.DONE, ActivityState.FAILED, ActivityState.CANCELLED),
}
_UNFINISHED = (ActivityState.QUEUED, ActivityState.RUNNING, ActivityState.WAITING)
_SAVED = (
    *("state", "plan", "title", "lines_found", "orders_found", "errors", "percent"),
    *("attempts", "not_before", "failure", "ended_at"),
)


class SqlActivities(Repository):
    def add(self, draft: Activity, now: datetime) -> Activity:
        values = columns_of(draft, activity, "id") | {"created_at": now}
        return record(Activity, self._rows(insert(activity).values(values).returning(activity))[0])

    def get(self, activity_id: int) -> Activity | None:
        row = self._row(select(activity).where(activity.c.id == activity_id))
        return record(Activity, row) if row else None

    def claim(self, owner: str, until: datetime, now: datetime) -> Activity | None:
        first = (
            select(activity.c.id).where(_due(now)).order_by(activity.c.priority, activity.c.created_at, activity.c.id)
        )
        # one statement; on Postgres a row that another pump is just taking is passed over
        chosen = first.limit(1).with_for_update(skip_locked=True, of=activity).scalar_subquery()
        values = {"state": ActivityState.RUNNING, "lease_owner": owner, "lease_until": until}
        row = self._row(update(activity).where(activity.c.id == chosen).values(values).returning(activity))
        return record(Activity, row) if row else None

    def renew(self, activity_id: int, owner: str, until: datetime) -> bool:
        return self._run(update(activity).where(*_leased(activity_id, owner)).values(lease_until=until)) == 1

    def release(self, activity_id: int, owner: str) -> None:
        state = case((activity.c.state == ActivityState.RUNNING, ActivityState.QUEUED), else_=activity.c.state)
        values = {"lease_owner": "", "lease_until": None, "state": state}
        self._run(update(activity).where(*_leased(activity_id, owner)).values(values))

    def next_due(self, now: datetime) -> datetime | None:
        if self._row(select(activity.c.id).where(_due(now)).limit(1)):
            return now
        queued = activity.c.state == ActivityState.QUEUED, activity.c.not_before > now
        later = [
            self._value(select(func.min(activity.c.not_before)).where(*queued)),
            self._value(select(func.min(activity.c.lease_until)).where(activity.c.lease_until > now)),
        ]
        return min((moment for moment in later if moment is not None), default=None)

    def save(self, changed: Activity) -> None:
        values = {name: getattr(changed, name) for name in _SAVED}
        self._run(update(activity).where(activity.c.id == changed.id).values(values))

    def page(
        self, which: str, offset: int, limit: int, where: ActivityFilter = EVERYTHING
    ) -> tuple[list[Activity], int]:
        # a sync that nobody started and that went well is told by its account's card; here it would bury the rest
        started = or_(activity.c.kind != ActivityKind.SYNC, activity.c.started_by.is_not(None))
        told = or_(started, activity.c.state != ActivityState.DONE)
        listed = activity.c.state.in_(_PAGES[which]), activity.c.kind != ActivityKind.LOOKUP, told
        wanted = select(activity).where(*listed, *_narrowed(where))
        rows = self._rows(wanted.order_by(activity.c.id.desc()).offset(offset).limit(limit))
        return [record(Activity, row) for row in rows], self._count(wanted)

    def unfinished(self, kind: ActivityKind, account_id: int | None) -> list[Activity]:
        wanted = select(activity).where(activity.c.kind == kind, activity.c.state.in_(_UNFINISHED))
        if account_id is not None:
            wanted = wanted.where(activity.c.account_id == account_id)
        return [record(Activity, row) for row in self._rows(wanted.order_by(activity.c.id))]

    def newest(self, kind: ActivityKind, account_id: int) -> Activity | None:
        wanted = select(activity).where(activity.c.kind == kind, activity.c.account_id == account_id)
        row = self._row(wanted.order_by(activity.c.id.desc()).limit(1))
        return record(Activity, row) if row else None

    def add_step(self, step: Step) -> None:
        self._run(insert(activity_step).values(columns_of(step, activity_step)))

    def steps(self, activity_id: int, level: str = "", limit: int = 200) -> list[Step]:
        wanted = select(activity_step).where(activity_step.c.activity_id == activity_id)
        if level:
            wanted = wanted.where(activity_step.c.level == level)
        newest = self._rows(wanted.order_by(activity_step.c.id.desc()).limit(limit))
        return [record(Step, row) for row in reversed(newest)]

    def purge(self, ended_before: datetime, keep: int, limit: int) -> int:
        ended = activity.c.state.in_(_PAGES["past"])
        kept = select(activity.c.id).where(ended).order_by(activity.c.ended_at.desc(), activity.c.id.desc()).limit(keep)
        needed = or_(
            exists().where(question.c.activity_id == activity.c.id, question.c.state == QuestionState.OPEN),
            exists().where(
                intents.c.activity_id == activity.c.id, intent_line.c.intent_id == intents.c.id, intent_line.c.live
            ),
        )
        old = (
            select(activity.c.id)
            .where(ended, activity.c.ended_at < ended_before, activity.c.id.not_in(kept), ~needed)
            .order_by(activity.c.ended_at, activity.c.id)
            .limit(limit)
        )
        return self._run(delete(activity).where(activity.c.id.in_(old)))


def _narrowed(where: ActivityFilter) -> list[ColumnElement[bool]]:
    wanted = {"kind": where.kind, "account_id": where.account_id, "started_by": where.started_by}
    narrowed = [activity.c[name] == value for name, value in wanted.items() if value is not None]
    if where.errors:
        narrowed.append(or_(activity.c.errors > 0, activity.c.state == ActivityState.FAILED))
    return narrowed


def _due(now: datetime) -> ColumnElement[bool]:
    """Queued and its time come, or left running by somebody who is gone; and nobody else is at its account."""
    free = or_(activity.c.lease_until.is_(None), activity.c.lease_until <= now)
    queued = and_(
        activity.c.state == ActivityState.QUEUED,
        or_(activity.c.not_before.is_(None), activity.c.not_before <= now),
    )
    other: Any = activity.alias("other")
    busy = exists().where(
        other.c.account_id == activity.c.account_id, other.c.id != activity.c.id, other.c.lease_until > now
    )
    return and_(or_(queued, activity.c.state == ActivityState.RUNNING), free, ~busy)


def _leased(activity_id: int, owner: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return activity.c.id == activity_id, activity.c.lease_owner == owner
