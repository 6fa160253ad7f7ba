"""How activities say what happened: steps, progress, ends. A change here has the cards that show it rendered anew."""

from dataclasses import replace
from datetime import datetime

from purchasing.activities import Activity, Step
from purchasing.ports import Store
from purchasing.reserve.plan import ReservePlan
from purchasing.words import ActivityKind, ActivityState, Lane


def note(
    store: Store,
    activity: Activity,
    level: str,
    code: str,
    now: datetime,
    line_id: int | None = None,
    **params: object,
) -> None:
    """One step of the log; `level` is ok, info or error, `code` a key of the texts."""
    words = tuple((key, str(value)) for key, value in params.items())
    store.activities.add_step(Step(activity.id, now, level, code, words, line_id))


def save(store: Store, activity: Activity, now: datetime, lane: Lane = Lane.PROGRESS) -> None:
    store.activities.save(activity)
    store.cards.touch(f"activity:{activity.id}", lane, now)
    if activity.kind is ActivityKind.LOGIN:
        store.cards.touch(f"login:{activity.id}", lane, now)
    elif activity.kind is ActivityKind.RESERVE:
        store.cards.touch(f"preview:{ReservePlan.of(activity).preview_id}", lane, now)


def end(store: Store, activity: Activity, state: ActivityState, now: datetime, failure: str = "") -> None:
    """Ends an activity and takes its open questions back."""
    store.questions.withdraw(activity.id, now)
    percent = 100 if state is ActivityState.DONE else activity.percent
    ended = replace(activity, state=state, failure=failure, ended_at=now, percent=percent)
    save(store, ended, now, Lane.RESULT)


def wait(store: Store, activity: Activity, now: datetime, reason: str = "") -> None:
    """Lets the activity wait for a person; `reason` tells for what (session_expired, needs_human), "" for an answer."""
    save(store, replace(activity, state=ActivityState.WAITING, failure=reason), now, Lane.RESULT)


def go_on(store: Store, activity: Activity, now: datetime) -> None:
    """Queues a waiting activity for its next piece."""
    if activity.over:
        return
    save(store, replace(activity, state=ActivityState.QUEUED, failure="", attempts=0, not_before=None), now)


def quiet(activity: Activity) -> bool:
    """Background work that nobody started: its troubles are told by the account's state, not by itself."""
    return activity.kind is ActivityKind.SYNC and activity.started_by is None
