"""An activity that failed finds the people whom it concerns; who looks at its card sees it there anyway."""

from collections.abc import Collection
from datetime import datetime

from purchasing.activities import Activity
from purchasing.activity_log import quiet
from purchasing.cards import Address
from purchasing.link.plan import LinkPlan
from purchasing.ports import Store
from purchasing.reserve.plan import ReservePlan
from purchasing.tell import asked_first, orders_of, owners, tell
from purchasing.unbind.plan import UnbindPlan
from purchasing.words import ActivityKind, Lane

WATCHED = frozenset({ActivityKind.RESERVE, ActivityKind.SYNC, ActivityKind.LINK, ActivityKind.UNBIND})
"""Others are short, and end before the eyes of who started them."""


def tell_failure(store: Store, activity: Activity, now: datetime, *, ours: bool) -> None:
    """`ours`: something of the bot itself is broken, which is the owners' matter, too."""
    told = list(asked_first(store, activity, orders_about(store, activity))) if _watched(activity) else []
    told += [owner for owner in owners(store) if ours and owner.id != activity.started_by and owner not in told]
    tell(store, told, Address.of("activity", activity.id), Lane.RESULT, now, f"failed:activity:{activity.id}", activity)


def _watched(activity: Activity) -> bool:
    return activity.kind in WATCHED and not quiet(activity)


def orders_about(store: Store, activity: Activity) -> Collection[int]:
    """The customers' orders that the activity is about."""
    match activity.kind:
        case ActivityKind.RESERVE:
            return orders_of(store, ReservePlan.of(activity).line_ids)
        case ActivityKind.UNBIND:
            return orders_of(store, UnbindPlan.of(activity).line_ids)
        case ActivityKind.LINK:
            order_id = LinkPlan.of(activity).order_id
            return [] if order_id is None else [order_id]
        case _:
            return []
