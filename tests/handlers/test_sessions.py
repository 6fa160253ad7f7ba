"""The list of sessions and the card of one: what people see of an account and what they may do with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.activity_log import end, note
from purchasing.cards import Address
from purchasing.ports import Store
from purchasing.provider import ProviderOrderSeen
from purchasing.sessions import need_human, session_restored
from purchasing.sync_account import SyncPlan, start_sync
from purchasing.words import (
    ActivityKind,
    ActivityState,
    Lane,
    Priority,
    ProviderName,
    Role,
    SessionState,
    Stage,
)
from tests.support.desk import OWNER_ID, Desk
from tests.support.marketplace import as_providers, marketplaces, picture


@pytest.fixture(autouse=True)
def no_real_marketplace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.make_providers", lambda _settings, _db: as_providers(marketplaces()))


async def added(desk: Desk, nick: str = "tb_buyer_01", provider: ProviderName = ProviderName.TAOBAO) -> Account:
    """An account that has just logged in."""
    now, keeper = desk.clock(), await desk.somebody()
    return await desk.write(lambda s: session_restored(s, provider, nick, b"secret", None, keeper.id, now))


async def account(desk: Desk, account_id: int) -> Account:
    found = await desk.read(lambda store: store.accounts.get(account_id))
    assert found
    return found


async def audited(desk: Desk) -> list[tuple[str, str, str]]:
    entries, _ = await desk.read(lambda store: store.audit.page("", 0, 20))
    return [(entry.action, entry.before, entry.after) for entry in entries]


def unpaid_order(store: Store, account_id: int, number: str, desk: Desk) -> None:
    seen = ProviderOrderSeen(number, "WAIT_BUYER_PAY", Stage.UNPAID, 1000, 0, "seller", desk.clock(), ())
    store.provider_orders.upsert(account_id, ProviderName.TAOBAO, seen, "placed", desk.clock())


async def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    await desk.owner.send("/sessions")
    assert "No session yet. Add one" in desk.owner.screen.text
    assert desk.owner.screen.labels == ["➕ Taobao", "➕ 1688", "⌂ Home"]


async def test_the_list_tells_state_last_sync_and_unpaid_orders(desk: Desk) -> None:
    first, second = await added(desk), await added(desk, "vykup1688_01", ProviderName.ALIBABA1688)
    lost = replace(await account(desk, second.id), session=SessionState.EXPIRED)
    await desk.write(lambda store: store.accounts.save(lost))
    await desk.write(lambda store: unpaid_order(store, first.id, "4000000000000000001", desk))
    await desk.owner.send("/sessions")
    text = desk.owner.screen.text
    assert "🟢 tb_buyer_01 · works" in text
    assert "1 unpaid order" in text
    assert "🔴 vykup1688_01 · expired" in text
    assert "🟢 tb_buyer_01 · Taobao" in desk.owner.screen.labels


async def test_a_long_list_has_pages(desk: Desk) -> None:
    for number in range(10):
        await added(desk, f"tb_{number:02}")
    await desk.owner.send("/sessions")
    assert "tb_09" not in desk.owner.screen.text
    await desk.owner.press("Next")
    assert "tb_09" in desk.owner.screen.text


async def opened(desk: Desk, nick: str = "tb_buyer_01") -> None:
    await desk.owner.send("/sessions")
    await desk.owner.press(nick)


async def test_background_sync_is_forbidden_at_first_and_allowed_with_one_press(desk: Desk) -> None:
    made = await added(desk)
    await opened(desk)
    assert "Background sync: forbidden" in desk.owner.screen.text
    await desk.owner.press("Allow background sync")
    assert "Background sync: allowed" in desk.owner.screen.text
    assert (await account(desk, made.id)).sync_allowed
    assert ("account.sync", "no", "yes") in await audited(desk)
    await desk.owner.press("Forbid background sync")
    assert not (await account(desk, made.id)).sync_allowed


async def test_the_limit_is_typed_and_a_wrong_one_is_kept_with_its_rule(desk: Desk) -> None:
    made = await added(desk)
    await opened(desk)
    await desk.owner.press("Change the limit")
    await desk.owner.send("many")
    assert "whole number from 1 to 1000" in desk.owner.screen.text
    assert "You typed: many" in desk.owner.screen.text
    await desk.owner.send("20")
    assert "0 of 20 unpaid" in desk.owner.screen.text
    assert (await account(desk, made.id)).order_limit == 20
    await desk.owner.press("Change the limit")
    await desk.owner.press("No limit")
    assert (await account(desk, made.id)).order_limit is None


async def test_a_text_after_leaving_the_form_is_no_limit(desk: Desk) -> None:
    made = await added(desk)
    await opened(desk)
    await desk.owner.press("Change the limit")
    await desk.owner.press("Back")
    await desk.owner.send("20")
    assert (await account(desk, made.id)).order_limit is None


async def test_somebody_else_becomes_the_keeper(desk: Desk) -> None:
    made = await added(desk)
    buyer = await desk.person(1002, Role.BUYER)
    await buyer.send("/sessions")
    await buyer.press("tb_buyer_01")
    await buyer.press("Ask me for its login")
    assert "Keeper, who is asked for the login: Person 1002" in buyer.screen.text
    assert (await account(desk, made.id)).keeper_id == (await desk.somebody(1002)).id


async def test_removing_forgets_the_login_and_keeps_the_row(desk: Desk) -> None:
    made = await added(desk)
    await opened(desk)
    await desk.owner.press("Remove")
    assert "Orders, links, track numbers and history stay" in desk.owner.screen.text
    await desk.owner.press("Yes, remove")
    assert "No session yet" in desk.owner.screen.text
    assert (await account(desk, made.id)).session is SessionState.OFF
    assert await desk.read(lambda store: store.accounts.secret(made.id)) is None


async def test_an_account_with_a_reservation_under_way_is_not_removed(desk: Desk) -> None:
    made = await added(desk)
    draft = Activity(
        0,
        ActivityKind.UNBIND,
        ActivityState.WAITING,
        "{}",
        Priority.RESERVE,
        account_id=made.id,
        provider=ProviderName.TAOBAO,
    )
    await desk.write(lambda store: store.activities.add(draft, desk.clock()))
    await opened(desk)
    await desk.owner.press("Remove")
    await desk.owner.press("Yes, remove")
    assert "is not finished" in desk.owner.answer
    assert (await account(desk, made.id)).session is SessionState.ACTIVE


async def test_the_card_tells_what_the_last_sync_did(desk: Desk) -> None:
    made = await added(desk)

    def synced(store: Store) -> None:
        draft = Activity(
            0, ActivityKind.SYNC, ActivityState.WAITING, SyncPlan().model_dump_json(), Priority.PERSON, made.id
        )
        activity = store.activities.add(draft, desk.clock())
        note(store, activity, "ok", "synced", desk.clock(), seen=12, changed=3)
        end(store, activity, ActivityState.DONE, desk.clock())

    await desk.write(synced)
    await opened(desk)
    assert "Last sync:" in desk.owner.screen.text
    assert "orders looked at: 12, changed: 3" in desk.owner.screen.text
    await desk.owner.press("What the last sync did")
    assert "Sync" in desk.owner.screen.text


async def test_the_keeper_gets_the_card_with_the_picture_and_the_login_first(desk: Desk) -> None:
    made = await added(desk)
    await desk.owner.send("/start")

    def stopped(store: Store) -> None:
        person = store.people.by_telegram(OWNER_ID)
        activity = start_sync(store, made.id, person, desk.clock())
        need_human(store, activity, "slider", picture(), desk.clock())

    await desk.write(stopped)
    await desk.owner.look()
    screen = desk.owner.screen
    assert "the marketplace wants a person" in screen.text
    assert "1 activity waits for the login" in screen.text
    assert "photo" in screen.raw
    assert screen.labels[0] == "Log in again"

    await added(desk)
    await desk.owner.look()
    assert "works" in desk.owner.screen.text
    assert "photo" not in desk.owner.screen.raw


@pytest.mark.parametrize("path", ["sessions", "session:1", "session_limit:1", "add_session"])
async def test_a_warehouse_worker_sees_no_session(desk: Desk, path: str) -> None:
    await added(desk)
    worker = await desk.person(1003, Role.WAREHOUSE)
    await worker.send("/start")
    now = desk.clock() + timedelta(seconds=1)
    await desk.write(lambda s: s.cards.post(1003, Address.parse(path), Lane.PRESS, now))
    await worker.look()
    assert "Your role doesn't allow this" in worker.screen.text
    assert "tb_buyer_01" not in worker.screen.text


async def test_a_choice_of_marketplace_names_listed_logins_without_a_session(desk: Desk) -> None:
    now, owner = desk.clock(), await desk.somebody()
    await desk.write(lambda s: s.settings.put("taobao.logins", "tb_one\ntb_two", owner.id, now))
    await added(desk, "tb_one")
    await desk.owner.send("/start")
    await desk.write(lambda s: s.cards.post(OWNER_ID, Address.of("add_session"), Lane.PRESS, now))
    await desk.owner.look()
    assert "without a session: tb_two" in desk.owner.screen.text
    assert desk.owner.screen.labels[:2] == ["➕ Taobao", "➕ 1688"]
