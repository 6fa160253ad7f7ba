"""Shops, their requests and what they are to be told, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from purchasing.errors import Conflict
from purchasing.orders import LineData
from purchasing.parcels import Addressee
from purchasing.ports import Store
from purchasing.shops import FILES, Callback, CallbackCounts, Pushed, Shop, ShopDay
from purchasing.words import LineStatus, ProviderName, Role
from storage.engine import SqlDatabase
from storage.sealed import seal_anew
from storage.tables import shop
from storage.vault import Vault

URL = "https://shop.example.org/hook"


def made(store: Store, now: datetime, code: str = "main", source: str = FILES, url: str = URL) -> Shop:
    added = replace(store.shops.add(code, source, now), callback_url=url)
    store.shops.save(added)
    return added


def order(store: Store, now: datetime, number: str = "1001", source: str = FILES) -> int:
    found = store.orders.ensure(number, source, now)
    store.lines.add(found.id, LineData("1", ProviderName.TAOBAO, "700"), LineStatus.READY)
    return found.id


async def test_a_shop_is_kept_and_its_secret_is_sealed(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> Shop:
        saved = replace(made(store, now), intake=True, secret_made_at=now, callback_result="200")
        store.shops.save(saved)
        store.shops.set_secret(saved.id, "whsec_canary")
        return saved

    saved = await db.write(unit)
    assert await db.read(lambda s: (s.shops.get(saved.id), s.shops.by_code("main"), s.shops.by_source(FILES))) == (
        saved,
        saved,
        saved,
    )
    assert await db.read(lambda s: (s.shops.all(), s.shops.secret(saved.id))) == ([saved], "whsec_canary")
    with db.reader.connect() as connection:
        assert b"canary" not in bytes(connection.execute(select(shop.c.secret)).scalar() or b"")
    with pytest.raises(Conflict):
        await db.write(lambda store: store.shops.add("main", "other", now))
    with pytest.raises(Conflict):
        await db.write(lambda store: store.shops.add("other", FILES, now))


async def test_a_new_key_seals_shops_secrets_and_parcels_details(db: SqlDatabase, vault: Vault, now: datetime) -> None:
    def unit(store: Store) -> None:
        store.shops.set_secret(made(store, now).id, "whsec_canary")
        person = store.people.ensure(1, Role.OWNER, "A", "en", "UTC")
        store.parcels.add(order(store, now), Addressee(passport="4510"), "", person.id, now)

    await db.write(unit)
    fresh = Vault([b"n" * 32, b"k" * 32])
    assert await db.maintain(lambda connection: seal_anew(connection, fresh)) == 2


async def test_a_request_is_known_by_its_id(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        kept = store.shops.add_request(made(store, now).id, "msg_1", "digest", Pushed.ORDERS, 7, now)
        assert store.shops.request(kept.shop_id, "msg_1") == kept == store.shops.request_of(7)
        assert store.shops.request(kept.shop_id, "msg_2") is None
        ended = replace(kept, taken=3, updated=1, refused=2, ended_at=now)
        store.shops.save_request(ended)
        assert store.shops.requests(kept.shop_id, 0, 5) == ([ended], 1)
        day = timedelta(days=1)
        assert store.shops.day(kept.shop_id, now - day, now + day) == ShopDay(1, 3, 1, 2)
        assert store.shops.day(kept.shop_id, now + day, now + day) == ShopDay()
        assert store.shops.purge_requests(now) == 0
        assert store.shops.purge_requests(now + day) == 1

    await db.write(unit)


async def test_what_a_shop_is_to_be_told_waits_once_an_order(db: SqlDatabase, now: datetime) -> None:
    later = now + timedelta(seconds=5)

    def unit(store: Store) -> None:
        main, first, second = made(store, now), order(store, now), order(store, now, "1002")
        for order_id, at in ((first, now), (second, later), (first, later)):
            store.callbacks.mark(order_id, at)
        assert [(c.order_id, c.version, c.waiting_since) for c in store.callbacks.due(later, 9)] == [(first, 2, now)]
        assert store.callbacks.counts(main.id) == CallbackCounts(waiting=2)

        sent = replace(store.callbacks.due(later, 9)[0], event_digest="d", event_id="evt_1", sequence=5)
        store.callbacks.save(sent)
        store.callbacks.mark(first, later)
        store.callbacks.told(sent)
        assert [c.order_id for c in store.callbacks.due(later, 9)] == [first], "it changed while it was being sent"
        store.callbacks.told(replace(sent, version=3))
        kept = store.callbacks.get(first)
        assert kept
        assert (kept.digest, kept.sequence, kept.waiting_since) == ("d", 5, None)
        assert [c.order_id for c in store.callbacks.due(later, 9)] == [second]

    await db.write(unit)


async def test_what_failed_waits_and_what_was_given_up_can_be_revived(db: SqlDatabase, now: datetime) -> None:
    minute = timedelta(minutes=1)

    def unit(store: Store) -> None:
        main, first = made(store, now), order(store, now)
        store.callbacks.mark(first, now)
        waiting = store.callbacks.get(first)
        assert isinstance(waiting, Callback)
        store.callbacks.save(replace(waiting, attempts=3, not_before=now + minute))
        assert (store.callbacks.due(now, 9), store.callbacks.next_due(now)) == ([], now + minute)
        store.shops.save(replace(main, paused_until=now + 2 * minute))
        assert (store.callbacks.due(now + minute, 9), store.callbacks.next_due(now)) == ([], now + 2 * minute)
        store.shops.save(main)
        store.callbacks.save(replace(waiting, buried_at=now, attempts=15))
        assert store.callbacks.counts(main.id) == CallbackCounts(buried=1)
        assert store.callbacks.next_due(now) is None
        assert store.callbacks.revive(main.id, now) == 1
        assert [c.attempts for c in store.callbacks.due(now, 9)] == [0]
        store.callbacks.save(replace(waiting, buried_at=now, attempts=15))
        store.callbacks.mark(first, now)
        assert [c.attempts for c in store.callbacks.due(now, 9)] == [0], "news makes it worth trying again"

    await db.write(unit)


async def test_only_shops_that_want_it_are_told(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made(store, now, url="")
        other = made(store, now, "other", "other")
        mine, theirs = order(store, now), order(store, now, "1001", "other")
        for order_id in (mine, theirs):
            store.callbacks.mark(order_id, now)
        assert [(c.order_id, c.shop_id) for c in store.callbacks.due(now, 9)] == [(theirs, other.id)]
        store.shops.save(replace(other, callback_url=""))
        assert (store.callbacks.due(now, 9), store.callbacks.next_due(now)) == ([], None)
        numbered = store.orders.numbered("1001")
        assert [o.shop for o in numbered] == [FILES, "other"]
        assert store.orders.numbered("1001", "other") == numbered[1:]

    await db.write(unit)
