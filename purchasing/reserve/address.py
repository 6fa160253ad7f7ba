"""Gives the account's address book the entry that a checkout needs: an effect like others, agreed to in the preview.

Pressed once behind the gate. Whoever finds it being sent looks at the book and never presses again by itself."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.activities import Activity
from purchasing.activity_log import note, save
from purchasing.checkout_json import dump, load
from purchasing.crash import write
from purchasing.errors import LimitReached, OutcomeUnknown, Refused, SendingStopped, Transient
from purchasing.gate import LedgerGate
from purchasing.ledger import Effect, Intent, LineOutcome
from purchasing.looking import looks
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Checkout, LineRefusal, Provider
from purchasing.refusals import Refusal
from purchasing.reserve.place import ended, refuse_lines, stop_after
from purchasing.reserve.plan import PlannedCheckout, ReservePlan
from purchasing.reserve.quote import build_checkout
from purchasing.reserve.reconcile import take_over_when_due
from purchasing.reserve.stop import end_intent
from purchasing.words import ActivityState, IntentState


async def address_piece(db: Database, clock: Clock, provider: Provider, activity: Activity, number: int) -> None:
    """One new entry, from the prepared intent to its outcome."""
    prepared = await write(db, "reserve.address", lambda store: _prepare(store, activity.id, number, clock()))
    if prepared is None:
        return
    intent, checkout = prepared
    account = await db.read(lambda store: store.accounts.get(intent.account_id))
    assert account is not None  # noqa: S101  # accounts are never deleted
    gate = LedgerGate(db, clock, intent)
    try:
        await gate.outcome(provider.add_address(account.ref, checkout.recipient, gate))
    except Refused as refusal:
        found = refusal
        await write(db, "reserve.address_refused", lambda s: _refused(s, activity.id, intent, found, clock()))
    except SendingStopped as stop:
        await _not_sent(db, clock, activity, intent, stop.code)
    except (OutcomeUnknown, LimitReached):
        await write(db, "reserve.address_unknown", lambda store: _unknown(store, activity.id, intent, clock()))
    else:
        await write(db, "reserve.address_added", lambda store: _added(store, activity.id, intent, clock()))


def _prepare(store: Store, activity_id: int, number: int, now: datetime) -> tuple[Intent, Checkout] | None:
    activity = store.activities.get(activity_id)
    if activity is None or activity.over or activity.account_id is None:
        return None
    plan = ReservePlan.of(activity)
    planned = plan.checkout(number)
    known = store.ledger.get(planned.address_id) if planned.address_id else None
    if known and known.state is IntentState.PREPARED:
        return store.ledger.take_over(known.id), load(known.checkout)
    key = f"VK{activity.id}-A{number}-{secrets.token_hex(4)}"
    checkout = build_checkout(store, plan, planned, key=key)
    state = IntentState.PREPARED
    draft = Intent(0, key, Effect.ADD_ADDRESS, activity.id, activity.account_id, state, dump(checkout), 0)
    intent = store.ledger.prepare(draft, now)
    planned.address_id = intent.id
    store.activities.save(plan.on(activity))
    return intent, checkout


async def _not_sent(db: Database, clock: Clock, activity: Activity, intent: Intent, code: str) -> None:
    if code == "fence":
        return  # a newer hand has the intent, and alone may end it
    await write(db, "reserve.address_stopped", lambda store: _stopped(store, activity.id, intent, code, clock()))
    if code == "deadline":
        raise Transient("the deadline passed before anything was sent", timedelta(seconds=2))


def _stopped(store: Store, activity_id: int, intent: Intent, code: str, now: datetime) -> None:
    """Too late: tried anew by another intent. Forbidden: the whole reservation ends."""
    if code != "deadline":
        stop_after(store, activity_id, intent, code, now)
    elif not ended(store, intent):
        _absent(store, intent, LineOutcome.ABSENT, code, now)
        activity, plan, planned = _found(store, activity_id, intent)
        planned.address_id = None
        store.activities.save(plan.on(activity))


def _added(store: Store, activity_id: int, intent: Intent, now: datetime) -> None:
    """The book has it, for the other checkouts of this customer too."""
    if ended(store, intent):
        return
    store.ledger.finish(intent.id, IntentState.PLACED, {}, [], "", now)
    activity, plan, planned = _found(store, activity_id, intent)
    for one in plan.checkouts:
        one.new_address = one.new_address and one.recipient != planned.recipient
    note(store, activity, "ok", "address_added", now, name=planned.recipient)
    save(store, plan.on(activity), now)


def _refused(store: Store, activity_id: int, intent: Intent, refusal: Refused, now: datetime) -> None:
    """Without the entry its lines can't be ordered: somebody decides about them."""
    if ended(store, intent):
        return
    _absent(store, intent, LineOutcome.REFUSED, str(refusal), now)
    _ask(store, activity_id, intent, refusal.code, refusal.detail, now)


def _ask(store: Store, activity_id: int, intent: Intent, code: str, detail: str, now: datetime) -> None:
    activity, plan, planned = _found(store, activity_id, intent)
    planned.address_id = None
    refuse_lines(store, activity, plan, [LineRefusal(i, code, detail) for i in planned.line_ids], now)


def _absent(store: Store, intent: Intent, outcome: LineOutcome, why: str, now: datetime) -> None:
    end_intent(store, intent, IntentState.ABSENT, outcome, why, now)


def _unknown(store: Store, activity_id: int, intent: Intent, now: datetime) -> None:
    activity, plan, planned = _found(store, activity_id, intent)
    note(store, activity, "error", "address_unknown", now, name=planned.recipient)
    save(store, replace(plan.on(activity), errors=activity.errors + 1), now)


def _found(store: Store, activity_id: int, intent: Intent) -> tuple[Activity, ReservePlan, PlannedCheckout]:
    activity = store.activities.get(activity_id)
    assert activity is not None  # noqa: S101  # just read by this piece
    plan = ReservePlan.of(activity)
    return activity, plan, next(c for c in plan.checkouts if c.address_id == intent.id)


async def look_for_address(db: Database, clock: Clock, provider: Provider, activity: Activity, intent: Intent) -> None:
    """One look at the book. There: kept. Not there after the last look: its lines are asked about."""
    taken = await take_over_when_due(db, clock, provider, activity, intent)
    if taken is None:
        return
    account, intent = taken
    there = await provider.knows_address(account.ref, load(intent.checkout).recipient)
    await write(db, "reserve.address_looked", lambda store: _judge(store, activity.id, intent, there, clock()))


def _judge(store: Store, activity_id: int, intent: Intent, there: bool, now: datetime) -> None:
    current = store.ledger.get(intent.id)
    if current is None or current.state is not IntentState.SENDING:
        return
    if there:
        _added(store, activity_id, intent, now)
        return
    store.ledger.looked(intent.id)
    activity, plan, _ = _found(store, activity_id, intent)
    if intent.looks + 1 < len(looks(store)):
        save(store, replace(plan.on(activity), state=ActivityState.QUEUED), now)
        return
    _absent(store, intent, LineOutcome.ABSENT, "looked for, not there", now)
    _ask(store, activity_id, intent, Refusal.ADDRESS_INVALID, "", now)
