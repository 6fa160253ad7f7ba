"""What a reservation asks people: one card per reason, and what to do where nobody can tell what was ordered."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from purchasing.activities import Activity
from purchasing.ledger import Intent
from purchasing.ports import Store
from purchasing.provider import LineRefusal
from purchasing.refusals import Refusal
from purchasing.reserve.evidence import PARAM, Shown
from purchasing.tell import tell_question
from purchasing.words import Lane, QuestionState

PRICED = ("buy", "skip", "cancel", "stop")
REFUSED = ("cancel", "skip", "stop")
OUTCOME = "outcome_unknown"
NOT_ASKED = {Refusal.HELD, Refusal.NO_SESSION, Refusal.RECIPIENT_MISSING, Refusal.ACCOUNT_LIMIT}
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
    store: Store, activity: Activity, intent: Intent, shown: Shown, now: datetime, *, stopped: bool = False
) -> None:
    """Nobody can tell what became of an intent: a person looks at the evidence. `stopped`: nothing is sent again."""
    absent = "not_there" if stopped else "send_again"
    answers = (*(f"is:{order.number}" for order in shown.orders), absent, "leave")
    params = {"intent": str(intent.id), "key": intent.key, PARAM: shown.model_dump_json()}
    question = store.questions.ask(activity.id, OUTCOME, answers, params, [line.line_id for line in intent.lines], now)
    tell_question(store, activity, question, now)


def _ask(
    store: Store, activity: Activity, kind: str, answers: Sequence[str], line_ids: Sequence[int], now: datetime
) -> None:
    for question in store.questions.of_activity(activity.id):
        if question.kind == kind and question.state is QuestionState.OPEN:
            store.questions.add_lines(question.id, line_ids)
            store.cards.touch(f"question:{question.id}", Lane.QUESTION, now)
            return
    tell_question(store, activity, store.questions.ask(activity.id, kind, answers, {}, line_ids, now), now)
