"""What a reservation asks, and what each answer does. An answer is applied in the unit of the press that gave it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from purchasing.activities import Activity, Question
from purchasing.activity_log import go_on, note
from purchasing.cards import Address
from purchasing.ledger import Intent, LineOutcome
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.provider import LineRefusal, ProviderOrderSeen
from purchasing.refusals import Refusal
from purchasing.reserve.plan import ReservePlan
from purchasing.tell import starter_or_owners, tell
from purchasing.words import IntentState, Lane, LineStatus, QuestionState

PRICED = ("buy", "skip", "cancel", "stop")
REFUSED = ("cancel", "skip", "stop")
OUTCOME = "outcome_unknown"
NOT_ASKED = {Refusal.HELD, Refusal.NO_SESSION, Refusal.RECIPIENT_MISSING}
"""Nothing to decide about the line: something else must be put right first."""


def ask_about(store: Store, activity: Activity, refusals: Sequence[LineRefusal], now: datetime) -> None:
    """One card per reason; lines refused later for the same reason join the card that is still open."""
    by_code: dict[str, list[LineRefusal]] = defaultdict(list)
    for refusal in refusals:
        if refusal.code not in NOT_ASKED:
            by_code[refusal.code].append(refusal)
    for code, members in by_code.items():
        answers = PRICED if code in (Refusal.PRICE_CHANGED, Refusal.TOTAL_DIFFERS) else REFUSED
        _ask(store, activity, code, answers, [m.line_id for m in members], now)


def ask_outcome(
    store: Store, activity: Activity, intent: Intent, candidates: Sequence[ProviderOrderSeen], now: datetime
) -> None:
    """Nobody can tell what became of an intent: a person looks at the evidence."""
    answers = (*(f"is:{order.number}" for order in candidates[:5]), "send_again", "leave")
    params = {"intent": str(intent.id), "key": intent.key, "total": str(intent.expected_total)}
    question = store.questions.ask(activity.id, OUTCOME, answers, params, [line.line_id for line in intent.lines], now)
    _post(store, activity, question, now)


def _ask(
    store: Store, activity: Activity, kind: str, answers: Sequence[str], line_ids: Sequence[int], now: datetime
) -> None:
    for question in store.questions.of_activity(activity.id):
        if question.kind == kind and question.state is QuestionState.OPEN:
            store.questions.add_lines(question.id, line_ids)
            store.cards.touch(f"question:{question.id}", Lane.QUESTION, now)
            return
    _post(store, activity, store.questions.ask(activity.id, kind, answers, {}, line_ids, now), now)


def _post(store: Store, activity: Activity, question: Question, now: datetime) -> None:
    people = starter_or_owners(store, activity.started_by)
    tell(store, people, Address.of("question", question.id), Lane.QUESTION, now, f"question:{question.id}")


def apply(
    store: Store, activity: Activity, question: Question, answer: str, line_ids: Sequence[int], now: datetime
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
    """Whatever isn't placed or being sent becomes ready again."""
    held = {line.line_id for i in store.ledger.of_activity(activity.id) if i.live for line in i.lines}
    rest = [x for x in store.lines.many(plan.line_ids) if x.status is LineStatus.RESERVING and x.id not in held]
    move(store, rest, LineStatus.READY, Mover.RESERVATION, now, why="stopped", activity_id=activity.id)
    plan.stopped = True
    plan.take_out([line.id for line in rest])


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
    elif answer == "send_again":
        plan.resend.append(intent_id)
    else:
        intent = store.ledger.get(intent_id)
        assert intent is not None  # noqa: S101  # the question is about it
        outcomes = {line.line_id: LineOutcome.ABSENT for line in intent.lines}
        store.ledger.finish(intent_id, IntentState.ABSENT, outcomes, [], "left to a person", now)
        move(store, lines, LineStatus.BY_HAND, Mover.RESERVATION, now, why=OUTCOME, activity_id=activity.id)
        plan.close(intent_id)
