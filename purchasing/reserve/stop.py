"""Ends what a reservation hasn't sent. What was placed stays placed; what may have been placed is left to a person."""

from collections.abc import Collection
from datetime import datetime

from purchasing.activities import Activity
from purchasing.activity_log import take_questions_back
from purchasing.ledger import Effect, Intent, LineOutcome
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.reserve.ask import ask_outcome
from purchasing.reserve.evidence import shown_before
from purchasing.reserve.plan import ReservePlan
from purchasing.words import IntentState, LineStatus


def end_intent(
    store: Store, intent: Intent, state: IntentState, outcome: LineOutcome, evidence: str, now: datetime
) -> None:
    outcomes = {line.line_id: outcome for line in intent.lines}
    store.ledger.finish(intent.id, state, outcomes, [], evidence, now)


def give_back(store: Store, activity: Activity, line_ids: Collection[int], why: str, now: datetime) -> list[OrderLine]:
    """Those of the lines that this reservation has and won't place become ready again."""
    lines = [line for line in store.lines.many(line_ids) if line.status is LineStatus.RESERVING]
    move(store, lines, LineStatus.READY, Mover.RESERVATION, now, why=why, activity_id=activity.id)
    return lines


def stop_rest(store: Store, activity: Activity, plan: ReservePlan, why: str, now: datetime) -> None:
    """Nothing more is sent: lines that aren't placed become ready again, their questions are taken back. A hand that is
    still preparing an order is refused at the gate. The caller saves the plan."""
    for intent in store.ledger.of_activity(activity.id):
        if intent.state is IntentState.PREPARED:
            end_intent(store, intent, IntentState.ABSENT, LineOutcome.ABSENT, why, now)
    intents = [intent for intent in store.ledger.of_activity(activity.id) if intent.live]
    held = {line.line_id for intent in intents for line in intent.lines}
    rest = give_back(store, activity, [i for i in plan.line_ids if i not in held], why, now)
    plan.stopped = True
    plan.take_out([line.id for line in rest])
    take_questions_back(store, activity, now)
    plan.resend.clear()
    for intent in intents:
        if intent.state is IntentState.UNKNOWN and intent.id not in plan.found:
            ask_outcome(store, activity, intent, shown_before(store, activity, intent), now, stopped=True)


def not_there(store: Store, activity: Activity, plan: ReservePlan, intent: Intent, now: datetime) -> None:
    """Nothing of it was ordered, and the reservation was stopped: its lines are ready again. The caller saves the
    plan."""
    end_intent(store, intent, IntentState.ABSENT, LineOutcome.ABSENT, "not there", now)
    give_back(store, activity, [line.line_id for line in intent.lines], "stopped", now)
    plan.close(intent.id)


def leave_to_a_person(store: Store, activity: Activity, now: datetime) -> None:
    """Intents that were being sent when the activity had to end: nobody looks for them by itself any more. An entry in
    an address book is no matter of money: the next preview looks at the book."""
    for intent in store.ledger.of_activity(activity.id):
        if intent.state is IntentState.SENDING and intent.effect is Effect.ADD_ADDRESS:
            end_intent(store, intent, IntentState.ABSENT, LineOutcome.ABSENT, "nobody looked", now)
        elif intent.state is IntentState.SENDING:
            store.ledger.finish(intent.id, IntentState.UNKNOWN, {}, [], "", now)
