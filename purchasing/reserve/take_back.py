"""The time after a confirmation in which a reservation can be taken back. Nothing may be sent before it is over."""

from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.activities import Activity
from purchasing.activity_log import end, go_on, note, save
from purchasing.errors import Stale
from purchasing.options import option
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.reserve.hold import let_go
from purchasing.reserve.plan import ReservePlan
from purchasing.reserve.stop import stop_rest
from purchasing.words import ActivityState, Lane, LineStatus


def first_send(store: Store, now: datetime) -> datetime | None:
    """Until when a reservation that is confirmed now can be taken back; None: not at all."""
    seconds = int(option(store, "reserve.delay"))
    return now + timedelta(seconds=seconds) if seconds else None


def begin(store: Store, activity_id: int, now: datetime) -> None:
    """Ends the time for taking back once it is over; whatever woke the activity earlier, it sleeps on until then."""
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    plan = ReservePlan.of(activity)
    if plan.not_before and now < plan.not_before:
        save(store, replace(activity, state=ActivityState.QUEUED, not_before=plan.not_before), now)
        return
    plan.not_before = None
    save(store, plan.on(activity), now)


def take_back(store: Store, preview_id: int, person: Person, now: datetime) -> None:
    """As if it had never been confirmed: nothing is sent, the lines are ready and ticked again. Raises Stale when the
    sending has begun."""
    for activity in _waiting(store, preview_id, person):
        plan = ReservePlan.of(activity)
        stop_rest(store, activity, plan, "taken_back", now)
        let_go(store, preview_id, plan.line_ids)
        ready = [x.id for x in store.lines.many(plan.line_ids) if x.status is LineStatus.READY]
        store.selection.add(person.id, ready)
        note(store, activity, "info", "taken_back", now, who=person.name)
        store.audit.add(AuditEntry(now, person.id, "take_back", f"activity:{activity.id}"))
        end(store, plan.on(activity), ActivityState.CANCELLED, now)
    store.cards.touch(f"preview:{preview_id}", Lane.PRESS, now)


def dont_wait(store: Store, preview_id: int, person: Person, now: datetime) -> None:
    """Begins at once. Raises Stale when it has begun."""
    for activity in _waiting(store, preview_id, person):
        plan = ReservePlan.of(activity)
        plan.not_before = None
        go_on(store, plan.on(activity), now)


def _waiting(store: Store, preview_id: int, person: Person) -> list[Activity]:
    check(person, Right.BUY)
    preview = store.previews.get(preview_id)
    activities = map(store.activities.get, preview.activity_ids) if preview and preview.person_id == person.id else ()
    waiting = [a for a in activities if a and not a.over and ReservePlan.of(a).not_before]
    if not waiting:
        raise Stale("too_late_to_take_back")
    return waiting
