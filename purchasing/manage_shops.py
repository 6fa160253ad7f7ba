"""The owner's work with shops: adding one, its secret, its intake and the address for its callbacks. All audited."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from purchasing.errors import BadInput, Conflict, Stale
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.shops import FILES, Shop
from purchasing.signing import new_secret
from purchasing.typed import one_line
from purchasing.words import Lane

SHOWN_FOR = timedelta(minutes=10)
"""How long a new secret can be looked at by who made it."""
MOST_SHOPS = 50
LONGEST_URL = 500


def shop_of(store: Store, person: Person, shop_id: int) -> Shop:
    """Raises NotAllowed, Stale."""
    check(person, Right.MANAGE)
    shop = store.shops.get(shop_id)
    if shop is None:
        raise Stale("shop_gone")
    return shop


def add_shop(store: Store, person: Person, typed: str, now: datetime) -> Shop:
    """With a secret, intake off. The first one is the shop whose order files are sent to the chat.

    Raises NotAllowed, BadInput."""
    check(person, Right.MANAGE)
    code = one_line(typed).lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,30}", code) or code == FILES:
        raise BadInput("shop", "shop_code", typed)
    shops = store.shops.all()
    if len(shops) >= MOST_SHOPS:
        raise BadInput("shop", "shops_50", typed)
    try:
        shop = store.shops.add(code, code if shops else FILES, now)
    except Conflict:
        raise BadInput("shop", "shop_there", typed) from None
    _audit(store, person, shop, "add", "", code, now)
    return renew_secret(store, person, shop.id, now)


def renew_secret(store: Store, person: Person, shop_id: int, now: datetime) -> Shop:
    """The former secret is worth nothing from now on."""
    shop = shop_of(store, person, shop_id)
    store.shops.set_secret(shop.id, new_secret())
    _audit(store, person, shop, "secret", "", "", now)
    return _saved(store, replace(shop, secret_made_at=now, secret_made_by=person.id, secret_seen_at=None), now)


def secret_to_show(store: Store, person: Person, shop: Shop, now: datetime) -> str:
    """To the person who made it, for a few minutes, until they say that they have it; "" otherwise."""
    fresh = shop.secret_made_at is not None and now - shop.secret_made_at < SHOWN_FOR
    if not fresh or shop.secret_seen_at is not None or shop.secret_made_by != person.id:
        return ""
    return store.shops.secret(shop.id) or ""


def hide_secret(store: Store, person: Person, shop_id: int, now: datetime) -> None:
    _hidden(store, shop_of(store, person, shop_id), now)


def hide_old_secrets(store: Store, now: datetime) -> None:
    """Takes secrets that were shown long enough off their messages."""
    for shop in store.shops.all():
        if shop.secret_seen_at is None and shop.secret_made_at and now - shop.secret_made_at >= SHOWN_FOR:
            _hidden(store, shop, now)


def switch_intake(store: Store, person: Person, shop_id: int, on: bool, now: datetime) -> None:
    shop = shop_of(store, person, shop_id)
    if shop.intake != on:
        _audit(store, person, shop, "intake", _word(shop.intake), _word(on), now)
        _saved(store, replace(shop, intake=on), now)


def set_callback(store: Store, person: Person, shop_id: int, typed: str, now: datetime) -> None:
    """ "-" switches callbacks off. Raises NotAllowed, Stale, BadInput."""
    shop = shop_of(store, person, shop_id)
    text = one_line(typed)
    url = "" if text in ("-", "—") else check_url(text)
    _audit(store, person, shop, "callback", shop.callback_url, url, now)
    _saved(
        store,
        replace(shop, callback_url=url, callback_result="", callback_at=None, failing_since=None, paused_until=None),
        now,
    )


def check_url(text: str) -> str:
    """An https address without a user in it; http only for this machine's own. Where it leads is judged again when it
    is sent to. Raises BadInput."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise BadInput("callback", "https_address", text) from None
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    clean = not parts.username and not parts.password and not parts.fragment
    if not (secure and clean and host and text.isascii() and text.isprintable() and len(text) <= LONGEST_URL):
        raise BadInput("callback", "https_address", text)
    return text


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def ask_test(store: Store, person: Person, shop_id: int, now: datetime) -> None:
    """Raises Stale without an address."""
    shop = shop_of(store, person, shop_id)
    if not shop.callback_url:
        raise Stale("no_callback")
    _saved(store, replace(shop, test_asked_at=now, paused_until=None), now)


def revive(store: Store, person: Person, shop_id: int, now: datetime) -> None:
    """What was given up is sent again."""
    shop = shop_of(store, person, shop_id)
    count = store.callbacks.revive(shop.id, now)
    _audit(store, person, shop, "resend", "", str(count), now)
    _saved(store, replace(shop, paused_until=None), now)


def _hidden(store: Store, shop: Shop, now: datetime) -> None:
    _saved(store, replace(shop, secret_seen_at=now), now)
    store.cards.touch(f"shop_secret:{shop.id}", Lane.PRESS, now)


def _saved(store: Store, shop: Shop, now: datetime) -> Shop:
    store.shops.save(shop)
    store.cards.touch(f"shop:{shop.id}", Lane.PRESS, now)
    return shop


def _word(on: bool) -> str:
    return "on" if on else "off"


def _audit(store: Store, person: Person, shop: Shop, what: str, before: str, after: str, now: datetime) -> None:
    store.audit.add(AuditEntry(now, person.id, f"shop.{what}", f"shop:{shop.id}", before, after))
