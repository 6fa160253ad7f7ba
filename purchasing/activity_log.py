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


def take_questions_back(store: Store, activity: Activity, now: datetime) -> None:
    """Those that are open need no answer any more, and their cards say so."""
    for question_id in store.questions.withdraw(activity.id, now):
        store.cards.touch(f"question:{question_id}", Lane.RESULT, now)


def end(store: Store, activity: Activity, state: ActivityState, now: datetime, failure: str = "") -> None:
    """Ends an activity and takes its open questions back."""
    take_questions_back(store, activity, now)
    percent = 100 if state is ActivityState.DONE else activity.percent
    ended = replace(activity, state=state, failure=failure, ended_at=now, percent=percent)
    save(store, ended, now, Lane.RESULT)


def as_planned(store: Store, activity: Activity) -> Activity | None:
    """The activity as it is now, for a piece that found nothing left to do; None when it is over, or when somebody has
    answered or stopped it since the piece began: that comes first."""
    current = store.activities.get(activity.id)
    return None if current is None or current.over or current.plan != activity.plan else current


def wait(store: Store, activity: Activity, now: datetime, reason: str = "") -> None:
    """Lets the activity wait for a person; `reason` tells for what (session_expired, needs_human), "" for an answer."""
    save(store, replace(activity, state=ActivityState.WAITING, failure=reason), now, Lane.RESULT)


def go_on(store: Store, activity: Activity, now: datetime, not_before: datetime | None = None) -> None:
    """Queues a waiting activity for its next piece, at once or not before a moment."""
    if activity.over:
        return
    save(store, replace(activity, state=ActivityState.QUEUED, failure="", attempts=0, not_before=not_before), now)


def sleep(store: Store, activity_id: int, until: datetime, now: datetime) -> None:
    """The next piece isn't due before then."""
    activity = store.activities.get(activity_id)
    if activity and not activity.over:
        save(store, replace(activity, state=ActivityState.QUEUED, not_before=until), now)


def quiet(activity: Activity) -> bool:
    """Background work that nobody started: its troubles are told by the account's state, not by itself."""
    return activity.kind is ActivityKind.SYNC and activity.started_by is None
