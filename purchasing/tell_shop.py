"""Callbacks: what a shop is sent about an order, and what the outcome of a sending means. At least once, in order for
each order: an event carries the whole order as it is, so that the newest of them is all that a shop needs."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from pydantic import BaseModel, TypeAdapter

from purchasing.cards import Address
from purchasing.customer_view import CustomerOrder, customer_order
from purchasing.ports import Store
from purchasing.shops import Callback, Shop
from purchasing.signing import OURS
from purchasing.tell import owners, tell
from purchasing.words import Lane

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
TRIES = 15
"""Then an order's news is given up until it changes again or an owner sends it anew: about eight hours."""
PATIENCE = timedelta(minutes=10)
"""How long an address may fail before the owners are told."""

_VIEW = TypeAdapter(CustomerOrder)


class Event(BaseModel):
    """The body of a callback. `sequence` grows with every event of an order, over a restored backup too."""

    id: str
    type: str
    at: datetime
    sequence: int = 0
    order: CustomerOrder | None = None


@dataclass(frozen=True)
class ToSend:
    """`callback` None: a test that an owner asked for."""

    shop: Shop
    secret: str
    event: Event
    callback: Callback | None = None


def next_to_send(store: Store, callback: Callback, now: datetime) -> ToSend | None:
    """Keeps the event's id and number before it is sent, so that it is sent under the same ones after a kill; None when
    the shop knows the order as it is, or wants no callbacks any more."""
    shop, order = store.shops.get(callback.shop_id), store.orders.get(callback.order_id)
    current, secret = store.callbacks.get(callback.order_id), store.shops.secret(callback.shop_id)
    if shop is None or order is None or current is None or secret is None or not shop.callback_url:
        return None
    view = customer_order(store, order)
    digest = hashlib.sha256(_VIEW.dump_json(view)).hexdigest()
    if digest == current.digest:
        store.callbacks.told(replace(current, event_digest=digest))
        return None
    if digest != current.event_digest:
        sequence = max(current.sequence + 1, int(now.timestamp() * 1000))
        event_id = OURS + uuid4().hex
        current = replace(current, sequence=sequence, event_id=event_id, event_digest=digest, event_at=now)
        store.callbacks.save(current)
    event = Event(
        id=current.event_id, type="order.changed", at=current.event_at or now, sequence=current.sequence, order=view
    )
    return ToSend(shop, secret, event, current)


def test_to_send(store: Store, shop: Shop, now: datetime) -> ToSend | None:
    secret = store.shops.secret(shop.id)
    if not secret or not shop.callback_url or shop.test_asked_at is None:
        return None
    return ToSend(shop, secret, Event(id=OURS + uuid4().hex, type="test", at=now))


def delivered(store: Store, sent: ToSend, result: str, now: datetime) -> None:
    if sent.callback:
        store.callbacks.told(sent.callback)
    _note(store, sent, result, now, failing_since=None, paused_until=None)


def failed(store: Store, sent: ToSend, result: str, now: datetime, *, everything: bool) -> None:
    """`everything`: the address takes nothing at all (away, overloaded), so that other orders needn't be tried."""
    callback, shop = sent.callback, sent.shop
    if callback is None:
        _note(store, sent, result, now, failing_since=shop.failing_since, paused_until=shop.paused_until)
        return
    attempts = callback.attempts + 1
    again_at = now + min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    given_up = now if attempts >= TRIES else None
    kept = replace(callback, attempts=attempts, not_before=again_at, error=result, buried_at=given_up)
    store.callbacks.save(kept)
    since = shop.failing_since or now
    if given_up:
        _tell_owners(store, shop, f"buried:{now:%Y%m%d}", now)
    elif now - since >= PATIENCE:
        _tell_owners(store, shop, f"away:{since.timestamp():.0f}", now)
    _note(store, sent, result, now, failing_since=since, paused_until=again_at if everything else None)


def _note(
    store: Store,
    sent: ToSend,
    result: str,
    now: datetime,
    *,
    failing_since: datetime | None,
    paused_until: datetime | None,
) -> None:
    shop = store.shops.get(sent.shop.id)
    if shop is None or shop.callback_url != sent.shop.callback_url:
        return  # the address was changed meanwhile: this says nothing of the new one
    asked = shop.test_asked_at if sent.callback else None
    changed = replace(shop, callback_at=now, callback_result=result, test_asked_at=asked)
    store.shops.save(replace(changed, failing_since=failing_since, paused_until=paused_until))
    store.cards.touch(f"shop:{shop.id}", Lane.PROGRESS, now)


def _tell_owners(store: Store, shop: Shop, what: str, now: datetime) -> None:
    tell(store, owners(store), Address.of("shop", shop.id), Lane.RESULT, now, f"shop:{shop.id}:{what}")
