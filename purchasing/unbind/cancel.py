"""Cancels one unpaid provider order through the ledger. Whoever finds it being sent looks, and never sends it again."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.activities import Activity
from purchasing.activity_log import note, save
from purchasing.crash import write
from purchasing.errors import Conflict, LimitReached, OutcomeUnknown, Refused, SendingStopped, Transient
from purchasing.gate import LedgerGate
from purchasing.ledger import Effect, Intent, IntentLine, LineOutcome
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Provider
from purchasing.refusals import Refusal
from purchasing.unbind import questions
from purchasing.unbind.plan import Target, UnbindPlan
from purchasing.unbind.untie import others_on, ties, untie
from purchasing.words import ActivityState, IntentState

EARLY_PAUSES = (15, 30, 60, 120)
"""Seconds after each cancellation that came too early; 1688 tells no time, so a person is asked in the end."""


async def cancel_piece(db: Database, clock: Clock, provider: Provider, activity: Activity, target: Target) -> None:
    """One cancellation, from the prepared intent to its outcome."""
    intent = await write(db, "unbind.prepare", lambda store: _prepare(store, activity.id, target.order_id, clock()))
    if intent is None:
        return
    account = await db.read(lambda store: store.accounts.get(intent.account_id))
    assert account is not None  # noqa: S101  # accounts are never deleted
    gate = LedgerGate(db, clock, intent)
    try:
        await gate.outcome(provider.cancel(account.ref, target.number, gate))
    except Refused as refusal:
        found = refusal
        await write(db, "unbind.refused", lambda store: _refused(store, activity.id, intent, found, clock()))
    except SendingStopped as stop:
        await _not_sent(db, clock, activity, intent, stop.code)
    except (OutcomeUnknown, LimitReached):
        await write(db, "unbind.unknown", lambda store: _unknown(store, activity.id, intent, clock()))
    else:
        await write(db, "unbind.cancelled", lambda store: keep_cancelled(store, activity.id, intent, clock()))


def _prepare(store: Store, activity_id: int, order_id: int, now: datetime) -> Intent | None:
    """The intent to cancel: new, or found `prepared` (nothing was sent) and taken over. Whether anything else hangs
    on the order is judged anew: it may have been linked since the question was answered."""
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return None
    plan = UnbindPlan.of(activity)
    target = plan.target(order_id)
    prepared = store.ledger.get(target.intent_id) if target.intent_id else None
    if others_on(store, target):
        if prepared:
            _absent(store, prepared, LineOutcome.ABSENT, "others hang on it", now)
        target.ask(questions.SHARED)
    elif not ties(store, target) and prepared is None:
        target.state = "refresh"
    elif prepared and prepared.state is IntentState.PREPARED:
        return store.ledger.take_over(prepared.id)
    else:
        return _new_intent(store, activity, plan, target, now)
    save(store, plan.on(activity), now)
    return None


def _new_intent(store: Store, activity: Activity, plan: UnbindPlan, target: Target, now: datetime) -> Intent | None:
    order = store.provider_orders.get(target.order_id)
    assert order is not None  # noqa: S101  # the target refers to it
    draft = Intent(
        0,
        f"VK{activity.id}-C{target.order_id}-{secrets.token_hex(4)}",
        Effect.CANCEL,
        activity.id,
        order.account_id,
        IntentState.PREPARED,
        "",
        order.total,
        lines=tuple(_intent_lines(store, target)),
    )
    try:
        intent = store.ledger.prepare(draft, now)
    except Conflict:
        note(store, activity, "error", "not_sent", now, why=Refusal.HELD)
        target.state = "done"
        save(store, plan.on(replace(activity, errors=activity.errors + 1)), now)
        return None
    target.intent_id = intent.id
    store.activities.save(plan.on(activity))
    return intent


def _intent_lines(store: Store, target: Target) -> list[IntentLine]:
    """While they are in the intent, nothing else may be sent for these lines."""
    found: dict[int, IntentLine] = {}
    for binding in ties(store, target):
        provider_line = store.provider_orders.line(binding.provider_line_id)
        assert provider_line is not None  # noqa: S101  # the binding refers to it
        known = found.get(binding.line_id)
        quantity = binding.quantity + (known.quantity if known else 0)
        found[binding.line_id] = IntentLine(binding.line_id, quantity, provider_line.item_id, provider_line.sku_id)
    return list(found.values())


def _absent(store: Store, intent: Intent, outcome: LineOutcome, why: str, now: datetime) -> None:
    outcomes = {line.line_id: outcome for line in intent.lines}
    store.ledger.finish(intent.id, IntentState.ABSENT, outcomes, [], why, now)


async def _not_sent(db: Database, clock: Clock, activity: Activity, intent: Intent, code: str) -> None:
    """The gate, or a driver that came too late after it, sent nothing."""
    if code == "fence":
        return  # a newer hand has the intent, and alone may end it
    await write(db, "unbind.stopped", lambda store: _stopped(store, activity.id, intent, code, clock()))
    if code == "deadline":
        raise Transient("the deadline passed before anything was sent", timedelta(seconds=2))


def _stopped(store: Store, activity_id: int, intent: Intent, code: str, now: datetime) -> None:
    """Too late: tried anew. Forbidden: the ties stay as they are."""
    activity, plan, target = _found(store, activity_id, intent)
    _absent(store, intent, LineOutcome.ABSENT, code, now)
    target.intent_id = None
    if code != "deadline":
        target.state = "done"
        note(store, activity, "error", "not_sent", now, why="buying_stopped" if code == "stopped" else code)
        activity = replace(activity, errors=activity.errors + 1)
    save(store, plan.on(activity), now)


def _refused(store: Store, activity_id: int, intent: Intent, refusal: Refused, now: datetime) -> None:
    """Definitely not cancelled. Too early: later again, by a new intent; else a person decides."""
    activity, plan, target = _found(store, activity_id, intent)
    _absent(store, intent, LineOutcome.REFUSED, str(refusal), now)
    target.intent_id = None
    note(store, activity, "error", "refused", now, why=refusal.code, detail=refusal.detail)
    if refusal.code == Refusal.TOO_SOON and target.tries < len(EARLY_PAUSES):
        pause = timedelta(seconds=EARLY_PAUSES[target.tries])
        target.tries += 1
        save(store, replace(plan.on(activity), state=ActivityState.QUEUED, not_before=now + pause), now)
        return
    target.ask(_ASKED.get(refusal.code, Refusal.UNKNOWN))
    save(store, plan.on(replace(activity, errors=activity.errors + 1)), now)


_ASKED: dict[str, str] = {
    Refusal.ORDER_PAID: questions.PAID,
    Refusal.ORDER_NOT_FOUND: Refusal.ORDER_NOT_FOUND,
    Refusal.TOO_SOON: Refusal.TOO_SOON,
}


def _unknown(store: Store, activity_id: int, intent: Intent, now: datetime) -> None:
    activity, _, target = _found(store, activity_id, intent)
    note(store, activity, "error", "cancel_no_answer", now, number=target.number)
    save(store, replace(activity, errors=activity.errors + 1), now)


def keep_cancelled(store: Store, activity_id: int, intent: Intent, now: datetime) -> None:
    """The order is cancelled: its ties come off, and it is read once more so that nobody pays or links it."""
    activity, plan, target = _found(store, activity_id, intent)
    outcomes = {line.line_id: LineOutcome.PLACED for line in intent.lines}
    store.ledger.finish(intent.id, IntentState.PLACED, outcomes, [target.number], "", now)
    note(store, activity, "ok", "order_cancelled", now, number=target.number)
    untie(store, activity, target, target.line_ids, now)
    target.state = "refresh"
    save(store, plan.on(activity), now)


def keep_not_cancelled(store: Store, activity_id: int, intent: Intent, kind: str, now: datetime) -> None:
    """The looks are over and the order isn't closed: a person decides. Paid in the meantime it can't be cancelled; else
    the intent stays open until the answer, so that nothing else is sent for its lines."""
    activity, plan, target = _found(store, activity_id, intent)
    if kind == questions.CANCEL_UNKNOWN:
        store.ledger.finish(intent.id, IntentState.UNKNOWN, {}, [], "", now)
    else:
        _absent(store, intent, LineOutcome.ABSENT, kind, now)
        target.intent_id = None
    target.ask(kind)
    save(store, plan.on(activity), now)


def _found(store: Store, activity_id: int, intent: Intent) -> tuple[Activity, UnbindPlan, Target]:
    activity = store.activities.get(activity_id)
    assert activity is not None  # noqa: S101  # an activity with an open intent is never purged
    plan = UnbindPlan.of(activity)
    return activity, plan, plan.of_intent(intent.id)
