"""Finds out what became of an intent that was being sent when something broke. Looks only; sends nothing."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.activity_log import note, save, sleep
from purchasing.checkout_json import load
from purchasing.crash import crash_point, write
from purchasing.errors import ProviderError, Refused
from purchasing.ledger import Intent
from purchasing.looking import looks, next_look
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Checkout, Placed, Provider, ProviderOrderSeen, Sought
from purchasing.reserve.ask import ask_outcome
from purchasing.reserve.evidence import seen_now, shown_before
from purchasing.reserve.place import keep_placed
from purchasing.reserve.plan import ReservePlan
from purchasing.reserve.stop import not_there
from purchasing.words import ActivityState, IntentState

log = logging.getLogger(__name__)


async def reconcile_piece(db: Database, clock: Clock, provider: Provider, activity: Activity, intent: Intent) -> None:
    """One look. Found: bound. Not found after the last look, or several candidates: a person is asked."""
    taken = await take_over_when_due(db, clock, provider, activity, intent)
    if taken is None:
        return
    account, intent = taken
    sought = await db.read(lambda store: _sought(store, intent))
    found = await provider.find_placed(account.ref, sought)
    crash_point("reserve.found")
    last = await db.read(lambda store: _last_look(store, intent))
    picture = await _picture(provider, account) if last or len(found) > 1 else None
    await write(db, "reserve.looked", lambda store: _judge(store, activity.id, intent, found, picture, clock()))


def _last_look(store: Store, intent: Intent) -> bool:
    return intent.looks + 1 >= len(looks(store))


async def _picture(provider: Provider, account: Account) -> bytes | None:
    """Evidence beside the question; that there is none must not keep the question from being asked."""
    try:
        return await provider.picture(account.ref)
    except ProviderError:
        log.warning("no picture of the orders of account %s", account.id)
        return None


async def take_over_when_due(
    db: Database, clock: Clock, provider: Provider, activity: Activity, intent: Intent
) -> tuple[Account, Intent] | None:
    """The intent in our hands, the one that was sending it being dead; None while the next look isn't due yet."""
    due = await db.read(lambda store: next_look(store, intent))
    if clock() < due:
        await write(db, "reserve.sleep", lambda store: sleep(store, activity.id, due, clock()))
        return None
    account = await db.read(lambda store: store.accounts.get(intent.account_id))
    assert account is not None  # noqa: S101  # accounts are never deleted
    await provider.stop_hands(account.ref)
    crash_point("reserve.hands_dead")
    return account, await write(db, "reserve.take_over", lambda store: store.ledger.take_over(intent.id))


def _sought(store: Store, intent: Intent) -> Sought:
    assert intent.sent_at is not None  # noqa: S101  # it is being sent
    taken = store.provider_orders.taken_numbers(intent.account_id, intent.sent_at - timedelta(minutes=5))
    return Sought(load(intent.checkout), intent.sent_at, frozenset(taken))


def _judge(
    store: Store,
    activity_id: int,
    intent: Intent,
    found: Sequence[ProviderOrderSeen],
    picture: bytes | None,
    now: datetime,
) -> None:
    activity = store.activities.get(activity_id)
    current = store.ledger.get(intent.id)
    if activity is None or current is None or current.state is not IntentState.SENDING:
        return
    exact = [order for order in found if order.out_key == intent.key]
    if exact or len(found) == 1:
        note(store, activity, "ok", "found_again", now, number=(exact or found)[0].number)
        keep_placed(store, activity_id, intent, Placed(tuple(exact or found)), now)
        return
    store.ledger.looked(intent.id)
    if not found and not _last_look(store, intent):
        note(store, activity, "info", "looked", now, look=intent.looks + 1)
        save(store, replace(activity, state=ActivityState.QUEUED), now)
        return
    store.ledger.finish(intent.id, IntentState.UNKNOWN, {}, [o.number for o in found], "", now)
    stopped = ReservePlan.of(activity).stopped
    ask_outcome(store, activity, intent, seen_now(store, found, picture, now), now, stopped=stopped)
    save(store, replace(activity, errors=activity.errors + 1), now)


async def resolve_piece(db: Database, clock: Clock, provider: Provider, activity: Activity, intent: Intent) -> None:
    """Carries out a person's answer about an unknown outcome: takes the named order, or lets it be sent once more."""
    account = await db.read(lambda store: store.accounts.get(intent.account_id))
    assert account is not None  # noqa: S101  # accounts are never deleted
    number = ReservePlan.of(activity).found.get(intent.id)
    if number:
        order = await _order(provider, account, number)
        await write(db, "reserve.named", lambda store: _named(store, activity.id, intent, order, clock()))
        return
    sought = await db.read(lambda store: _sought(store, intent))
    found = await provider.find_placed(account.ref, sought)  # the answer may be old: once more before sending again
    await write(db, "reserve.rearm", lambda store: _rearm(store, activity.id, intent, found, clock()))


async def _order(provider: Provider, account: Account, number: str) -> ProviderOrderSeen | None:
    """None when the account doesn't have it."""
    try:
        return await provider.order(account.ref, number)
    except Refused:
        return None


def _named(store: Store, activity_id: int, intent: Intent, order: ProviderOrderSeen | None, now: datetime) -> None:
    """Takes the order that a person named, unless it can't be what was sent: then the question is asked once more."""
    activity = store.activities.get(activity_id)
    current = store.ledger.get(intent.id)
    if activity is None or current is None or current.state is not IntentState.UNKNOWN:
        return
    if order is not None and _holds(order, load(intent.checkout)):
        keep_placed(store, activity_id, intent, Placed((order,)), now)
        return
    plan = ReservePlan.of(activity)
    number = plan.found.pop(intent.id)
    note(store, activity, "error", "named_wrongly" if order else "named_nothing", now, number=number)
    ask_outcome(store, activity, intent, shown_before(store, activity, intent), now, stopped=plan.stopped)
    save(store, plan.on(replace(activity, errors=activity.errors + 1)), now)


def _holds(order: ProviderOrderSeen, checkout: Checkout) -> bool:
    """Every piece that was sent is in it. By item only: some readings tell no sku."""
    there, sent = Counter[str](), Counter[str]()
    for one in order.lines:
        there[one.item_id] += one.quantity
    for line in checkout.lines:
        sent[line.item_id] += line.quantity
    return sent <= there


def _rearm(store: Store, activity_id: int, intent: Intent, found: Sequence[ProviderOrderSeen], now: datetime) -> None:
    activity = store.activities.get(activity_id)
    current = store.ledger.get(intent.id)
    if activity is None or current is None or current.state is not IntentState.UNKNOWN:
        return
    plan = ReservePlan.of(activity)
    plan.resend.remove(intent.id)
    if found:
        ask_outcome(store, activity, intent, seen_now(store, found, None, now), now, stopped=plan.stopped)
    elif plan.stopped:
        not_there(store, activity, plan, intent, now)
    else:
        store.ledger.rearm(intent.id)
    save(store, plan.on(activity), now)
