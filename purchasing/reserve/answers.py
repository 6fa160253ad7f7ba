"""What each answer of a reservation does, in the unit of the press that gave it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from purchasing.activities import Activity, Question
from purchasing.activity_log import go_on, note
from purchasing.ledger import LineOutcome
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.orders import OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.reserve.ask import OUTCOME
from purchasing.reserve.plan import ReservePlan
from purchasing.reserve.stop import stop_rest
from purchasing.words import IntentState, LineStatus


def apply(
    store: Store,
    _person: Person,
    activity: Activity,
    question: Question,
    answer: str,
    line_ids: Sequence[int],
    now: datetime,
) -> None:
    """Does what was answered for these lines, and has the activity go on."""
    plan = ReservePlan.of(activity)
    lines = [line for line in store.lines.many(line_ids) if line.status is LineStatus.RESERVING]
    if question.kind == OUTCOME:
        _outcome(store, activity, plan, question, answer, lines, now)
    else:
        _ANSWERS[answer](store, activity, plan, lines, now)
    note(store, activity, "info", "answered", now, answer=answer.split(":", maxsplit=1)[0], lines=len(lines))
    go_on(store, plan.on(activity), now)


def _buy(store: Store, _activity: Activity, plan: ReservePlan, lines: list[OrderLine], _now: datetime) -> None:
    """At the price of now: quoted and priced anew, then placed."""
    preview = store.previews.get(plan.preview_id)
    assert preview is not None  # noqa: S101  # written before the activity
    prices = {row.line_id: row.unit_price for row in preview.lines}
    for line in lines:
        plan.accepted[line.id] = prices.get(line.id) or line.price
        if line.id in plan.quoted:
            plan.quoted.remove(line.id)


def _skip(store: Store, activity: Activity, _plan: ReservePlan, lines: list[OrderLine], now: datetime) -> None:
    move(store, lines, LineStatus.READY, Mover.RESERVATION, now, why="skipped", activity_id=activity.id)


def _cancel(store: Store, activity: Activity, _plan: ReservePlan, lines: list[OrderLine], now: datetime) -> None:
    move(store, lines, LineStatus.CANCELLED, Mover.PERSON, now, why="cancelled", activity_id=activity.id)


def _stop(store: Store, activity: Activity, plan: ReservePlan, _lines: list[OrderLine], now: datetime) -> None:
    stop_rest(store, activity, plan, "stopped", now)


_ANSWERS: dict[str, Callable[[Store, Activity, ReservePlan, list[OrderLine], datetime], None]] = {
    "buy": _buy,
    "skip": _skip,
    "cancel": _cancel,
    "stop": _stop,
}


def _outcome(
    store: Store,
    activity: Activity,
    plan: ReservePlan,
    question: Question,
    answer: str,
    lines: list[OrderLine],
    now: datetime,
) -> None:
    intent_id = int(dict(question.params)["intent"])
    if answer.startswith("is:"):
        plan.found[intent_id] = answer.removeprefix("is:")
    elif answer in ("send_again", "not_there"):
        plan.resend.append(intent_id)
    else:
        intent = store.ledger.get(intent_id)
        assert intent is not None  # noqa: S101  # the question is about it
        outcomes = {line.line_id: LineOutcome.ABSENT for line in intent.lines}
        store.ledger.finish(intent_id, IntentState.ABSENT, outcomes, [], "left to a person", now)
        move(store, lines, LineStatus.BY_HAND, Mover.RESERVATION, now, why=OUTCOME, activity_id=activity.id)
        plan.close(intent_id)
