"""People, settings, notes, selections and accounts."""

from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.ports import Store
from purchasing.words import LineStatus, ProviderName, Role, SessionState
from storage.engine import SqlDatabase
from tests.storage.world import account, line, person


async def test_people(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        added = store.people.ensure(7_000_000_000, Role.VIEWER, "viewer", "ru", "Europe/Moscow")
        again = store.people.ensure(7_000_000_000, Role.BUYER, "other", "en", "UTC")
        assert again == replace(added, role=Role.BUYER)
        store.people.rename(added.id, "buyer")
        store.people.set_language(added.id, "zh_CN")
        store.people.set_blocked(added.id, now)
        changed = replace(again, name="buyer", language="zh_CN", blocked_at=now)
        assert store.people.get(added.id) == store.people.by_telegram(7_000_000_000) == changed
        store.people.set_blocked(added.id, None)
        owner = person(store, 8, Role.OWNER)
        assert store.people.with_roles(Role.OWNER, Role.PAYER) == [owner]
        assert store.people.with_roles() == []
        assert [p.id for p in store.people.all()] == [added.id, owner.id]
        assert store.people.get(99) is None
        assert store.people.by_telegram(99) is None

    await db.write(unit)


async def test_settings_and_notes(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        who = person(store)
        store.settings.put("limit:day", "100", who.id, now)
        store.settings.put("limit:day", "200", None, now)
        store.settings.put("limit_order", "5", None, now)
        assert store.settings.get("limit:day") == "200"
        assert store.settings.all("limit:") == {"limit:day": "200"}
        assert store.settings.all("limit_") == {"limit_order": "5"}
        store.settings.remove("limit:day")
        assert store.settings.get("limit:day") is None
        store.notes.put(who.id, "form", "{}")
        store.notes.put(who.id, "form", "[]")
        assert store.notes.get(who.id, "form") == "[]"
        store.notes.remove(who.id, "form")
        assert store.notes.get(who.id, "form") is None

    await db.write(unit)


async def test_selections(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        who, other = person(store, 1), person(store, 2)
        ids = [line(store, key=str(n), status=LineStatus.READY).id for n in range(3)]
        assert store.selection.toggle(who.id, ids[2])
        store.selection.add(who.id, [ids[0], ids[2]])
        store.selection.add(other.id, ids)
        store.selection.add(other.id, [])
        assert store.selection.of(who.id) == [ids[0], ids[2]]
        assert not store.selection.toggle(who.id, ids[0])
        store.selection.remove(other.id, ids[:2])
        assert store.selection.of(other.id) == [ids[2]]
        store.selection.clear(who.id)
        assert store.selection.of(who.id) == []

    await db.write(unit)


async def test_accounts(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        keeper = person(store)
        added = store.accounts.ensure(ProviderName.TAOBAO, "shop1", keeper.id, now)
        assert added.session is SessionState.OFF
        assert added.keeper_id == keeper.id
        assert store.accounts.ensure(ProviderName.TAOBAO, "shop1", None, now) == added
        other = account(store, "shop1", ProviderName.ALIBABA1688)
        assert store.accounts.all() == [added, other]
        assert store.accounts.all(ProviderName.ALIBABA1688) == [other]
        store.accounts.set_secret(added.id, b"cookies", now + timedelta(days=1))
        changed = replace(
            added, session=SessionState.ACTIVE, order_limit=20, sync_allowed=True, watermark="w", last_sync_at=now
        )
        store.accounts.save(replace(changed, session_expires_at=now))
        assert store.accounts.by_nick(ProviderName.TAOBAO, "shop1") == replace(changed, session_expires_at=now)
        assert store.accounts.secret(added.id) == b"cookies"
        store.accounts.remove(added.id)
        gone = store.accounts.get(added.id)
        assert gone is not None
        assert gone.session is SessionState.OFF
        assert store.accounts.secret(added.id) is None
        assert store.accounts.get(99) is None
        assert store.accounts.secret(99) is None

    await db.write(unit)
