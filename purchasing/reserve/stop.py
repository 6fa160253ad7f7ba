"""Ends what a reservation hasn't sent. What was placed stays placed; what may have been placed is left to a person."""

from datetime import datetime

from purchasing.activities import Activity
from purchasing.ledger import Intent, LineOutcome
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.ports import Store
from purchasing.reserve.ask import ask_outcome
from purchasing.reserve.plan import ReservePlan
from purchasing.words import IntentState, LineStatus


def end_intent(
    store: Store, intent: Intent, state: IntentState, outcome: LineOutcome, evidence: str, now: datetime
) -> None:
    outcomes = {line.line_id: outcome for line in intent.lines}
    store.ledger.finish(intent.id, state, outcomes, [], evidence, now)


def stop_rest(store: Store, activity: Activity, plan: ReservePlan, why: str, now: datetime) -> None:
    """Nothing more is sent: lines that aren't placed become ready again, their questions are taken back. A hand that is
    still preparing an order is refused at the gate. The caller saves the plan."""
    for intent in store.ledger.of_activity(activity.id):
        if intent.state is IntentState.PREPARED:
            end_intent(store, intent, IntentState.ABSENT, LineOutcome.ABSENT, why, now)
    intents = [intent for intent in store.ledger.of_activity(activity.id) if intent.live]
    held = {line.line_id for intent in intents for line in intent.lines}
    rest = [x for x in store.lines.many(plan.line_ids) if x.status is LineStatus.RESERVING and x.id not in held]
    move(store, rest, LineStatus.READY, Mover.RESERVATION, now, why=why, activity_id=activity.id)
    plan.stopped = True
    plan.take_out([line.id for line in rest])
    store.questions.withdraw(activity.id, now)
    for intent in intents:
        if intent.state is IntentState.UNKNOWN:
            ask_outcome(store, activity, intent, (), now)


def leave_to_a_person(store: Store, activity: Activity, now: datetime) -> None:
    """Intents that were being sent when the activity had to end: nobody looks for them by itself any more."""
    for intent in store.ledger.of_activity(activity.id):
        if intent.state is IntentState.SENDING:
            store.ledger.finish(intent.id, IntentState.UNKNOWN, {}, [], "", now)
