"""Finds out what became of an intent that was being sent when something broke. Looks only; sends nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.activities import Activity
from purchasing.activity_log import note, save
from purchasing.checkout_json import load
from purchasing.crash import crash_point, write
from purchasing.ledger import Intent
from purchasing.looking import looks, next_look
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Placed, Provider, ProviderOrderSeen, Sought
from purchasing.reserve.ask import ask_outcome
from purchasing.reserve.place import keep_placed
from purchasing.reserve.plan import ReservePlan
from purchasing.words import ActivityState, IntentState


async def reconcile_piece(db: Database, clock: Clock, provider: Provider, activity: Activity, intent: Intent) -> None:
    """One look. Found: bound. Not found after the last look, or several candidates: a person is asked."""
    due = await db.read(lambda store: next_look(store, intent))
    if clock() < due:
        await write(db, "reserve.sleep", lambda store: _sleep(store, activity.id, due, clock()))
        return
    account = await db.read(lambda store: store.accounts.get(intent.account_id))
    assert account is not None  # noqa: S101  # accounts are never deleted
    await provider.stop_hands(account.ref)
    crash_point("reserve.hands_dead")
    intent = await write(db, "reserve.take_over", lambda store: store.ledger.take_over(intent.id))
    sought = await db.read(lambda store: _sought(store, intent))
    found = await provider.find_placed(account.ref, sought)
    crash_point("reserve.found")
    await write(db, "reserve.looked", lambda store: _judge(store, activity.id, intent, found, clock()))


def _sleep(store: Store, activity_id: int, until: datetime, now: datetime) -> None:
    activity = store.activities.get(activity_id)
    if activity and not activity.over:
        save(store, replace(activity, state=ActivityState.QUEUED, not_before=until), now)


def _sought(store: Store, intent: Intent) -> Sought:
    assert intent.sent_at is not None  # noqa: S101  # it is being sent
    taken = store.provider_orders.taken_numbers(intent.account_id, intent.sent_at - timedelta(minutes=5))
    return Sought(load(intent.checkout), intent.sent_at, frozenset(taken))


def _judge(store: Store, activity_id: int, intent: Intent, found: Sequence[ProviderOrderSeen], now: datetime) -> None:
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
    if not found and intent.looks + 1 < len(looks(store)):
        note(store, activity, "info", "looked", now, look=intent.looks + 1)
        save(store, replace(activity, state=ActivityState.QUEUED), now)
        return
    store.ledger.finish(intent.id, IntentState.UNKNOWN, {}, [o.number for o in found], "", now)
    ask_outcome(store, activity, intent, found, now)
    save(store, replace(activity, errors=activity.errors + 1), now)


async def resolve_piece(db: Database, clock: Clock, provider: Provider, activity: Activity, intent: Intent) -> None:
    """Carries out a person's answer about an unknown outcome: takes the named order, or lets it be sent once more."""
    account = await db.read(lambda store: store.accounts.get(intent.account_id))
    assert account is not None  # noqa: S101  # accounts are never deleted
    number = ReservePlan.of(activity).found.get(intent.id)
    if number:
        order = await provider.order(account.ref, number)
        named = Placed((order,))
        await write(db, "reserve.named", lambda store: keep_placed(store, activity.id, intent, named, clock()))
        return
    sought = await db.read(lambda store: _sought(store, intent))
    found = await provider.find_placed(account.ref, sought)  # the answer may be old: once more before sending again
    await write(db, "reserve.rearm", lambda store: _rearm(store, activity.id, intent, found, clock()))


def _rearm(store: Store, activity_id: int, intent: Intent, found: Sequence[ProviderOrderSeen], now: datetime) -> None:
    activity = store.activities.get(activity_id)
    current = store.ledger.get(intent.id)
    if activity is None or current is None or current.state is not IntentState.UNKNOWN:
        return
    plan = ReservePlan.of(activity)
    plan.resend.remove(intent.id)
    if found:
        ask_outcome(store, activity, intent, found, now)
    else:
        store.ledger.rearm(intent.id)
    save(store, plan.on(activity), now)
