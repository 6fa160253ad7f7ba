"""A person stops an activity between two pieces; what was placed stays placed, and an effect under way is not cut."""

from datetime import datetime

from purchasing.activities import Activity
from purchasing.activity_log import end, go_on, note
from purchasing.errors import Stale
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.reserve.hold import let_go
from purchasing.reserve.plan import ReservePlan
from purchasing.reserve.stop import stop_rest
from purchasing.unbind.advance import stop_unbind
from purchasing.words import ActivityKind, ActivityState, Lane

STOPPABLE = {ActivityKind.RESERVE, ActivityKind.LOGIN, ActivityKind.SYNC, ActivityKind.UNBIND, ActivityKind.LINK}


def may_stop(activity: Activity) -> bool:
    return activity.kind in STOPPABLE and not activity.over


def stop_activity(store: Store, person: Person, activity_id: int, now: datetime) -> None:
    """Raises Stale when it is over."""
    check(person, Right.BUY)
    activity = store.activities.get(activity_id)
    if activity is None or not may_stop(activity):
        raise Stale("activity_over")
    note(store, activity, "info", "stopped_by", now, who=person.name)
    store.audit.add(AuditEntry(now, person.id, "stop", f"activity:{activity_id}"))
    if activity.kind is ActivityKind.RESERVE and ReservePlan.of(activity).phase == "place":
        _stop_reservation(store, activity, now)
    elif activity.kind is ActivityKind.UNBIND:
        stop_unbind(store, activity, now)
    else:
        _release(store, activity)
        end(store, activity, ActivityState.CANCELLED, now)


def _stop_reservation(store: Store, activity: Activity, now: datetime) -> None:
    """Nothing more is sent. While something is being sent or its outcome is open, the activity itself goes on."""
    plan = ReservePlan.of(activity)
    stop_rest(store, activity, plan, "stopped", now)
    activity = plan.on(activity)
    store.cards.touch(f"preview:{plan.preview_id}", Lane.PRESS, now)
    if any(intent.live for intent in store.ledger.of_activity(activity.id)):
        go_on(store, activity, now)
    else:
        _release(store, activity)
        end(store, activity, ActivityState.CANCELLED, now)


def _release(store: Store, activity: Activity) -> None:
    if activity.kind is ActivityKind.RESERVE:
        plan = ReservePlan.of(activity)
        let_go(store, plan.preview_id, plan.line_ids)
