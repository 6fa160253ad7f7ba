"""What an unbinding asks, one card per kind, and what each answer does. Without an answer nothing is cancelled."""

from collections.abc import Sequence
from datetime import datetime

from purchasing.activities import Activity, Question
from purchasing.activity_log import go_on, note
from purchasing.ledger import LineOutcome
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.refusals import Refusal
from purchasing.tell import tell_question
from purchasing.unbind.plan import Target, UnbindPlan
from purchasing.unbind.untie import untie
from purchasing.words import IntentState, Lane, QuestionState

UNPAID, SHARED, FOREIGN = "unbind_unpaid", "unbind_shared", "unbind_foreign"
PAID, UNSURE = "unbind_paid", "unbind_unsure"
CANCEL_UNKNOWN = "cancel_unknown"

CANCEL, ONLY_UNBIND, LEAVE = "cancel_order", "only_unbind", "leave_bound"
MAY_CANCEL = frozenset({UNPAID, CANCEL_UNKNOWN, Refusal.TOO_SOON, Refusal.UNKNOWN})


def ask_all(store: Store, activity_id: int, now: datetime) -> None:
    """Asks for every target that waits to be asked about."""
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    plan = UnbindPlan.of(activity)
    for kind in dict.fromkeys(target.kind for target in plan.all("ask")):
        targets = [target for target in plan.all("ask") if target.kind == kind]
        _ask(store, activity, kind, sorted({i for target in targets for i in target.line_ids}), now)
        for target in targets:
            target.state = "asked"
    store.activities.save(plan.on(activity))


def _ask(store: Store, activity: Activity, kind: str, line_ids: Sequence[int], now: datetime) -> None:
    for question in store.questions.of_activity(activity.id):
        if question.kind == kind and question.state is QuestionState.OPEN and not question.line_answers:
            store.questions.add_lines(question.id, line_ids)
            store.cards.touch(f"question:{question.id}", Lane.QUESTION, now)
            return
    answers = (CANCEL, ONLY_UNBIND, LEAVE) if kind in MAY_CANCEL else (ONLY_UNBIND, LEAVE)
    question = store.questions.ask(activity.id, kind, answers, {}, line_ids, now)
    tell_question(store, activity, question, now)


def apply(
    store: Store,
    _person: Person,
    activity: Activity,
    question: Question,
    answer: str,
    line_ids: Sequence[int],
    now: datetime,
) -> None:
    """Notes what was answered for these lines; an order is decided when all of its lines are."""
    plan = UnbindPlan.of(activity)
    note(store, activity, "info", "answered", now, answer=answer, lines=len(line_ids))
    for target in plan.all("asked"):
        if target.kind == question.kind:
            target.answers |= {line_id: answer for line_id in line_ids if line_id in target.line_ids}
            if target.answers.keys() == set(target.line_ids):
                _decide(store, activity, target, now)
    go_on(store, plan.on(activity), now)


def _decide(store: Store, activity: Activity, target: Target, now: datetime) -> None:
    """The order is cancelled only when that was said for each of its lines; others would lose their goods."""
    intent = store.ledger.get(target.intent_id) if target.intent_id else None
    if intent and intent.state is IntentState.UNKNOWN:
        outcomes = {line.line_id: LineOutcome.ABSENT for line in intent.lines}
        store.ledger.finish(intent.id, IntentState.ABSENT, outcomes, [], "a person decided", now)
    target.intent_id = None
    if set(target.answers.values()) == {CANCEL}:
        target.state, target.tries = "cancel", 0
        return
    target.state = "done"
    off = [line_id for line_id, said in target.answers.items() if said != LEAVE]
    untie(store, activity, target, off, now)
