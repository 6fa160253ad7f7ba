"""Logging in from the chat: the QR code, codes that people type, checks that only a person passes, and the end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from purchasing.cards import Address
from purchasing.log_in import LoginPlan, start_login
from purchasing.options import set_defaults
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.provider import CodeWanted, HumanWanted, LoggedIn, LoginExpired, QrShown, Scanned
from purchasing.set_options import switch
from purchasing.words import ActivityKind, Lane, LineStatus, ProviderName, Role, SessionState
from tests.support.desk import Desk, open_desk
from tests.support.marketplace import Attempt, Marketplace, as_providers, marketplaces, picture
from tests.support.waiting import until


@dataclass
class Place:
    desk: Desk
    markets: dict[ProviderName, Marketplace]

    async def started(self, name: str = "Taobao") -> Attempt:
        """The owner has begun a login and the marketplace is at it."""
        await self.desk.owner.send("/sessions")
        await self.desk.owner.press(f"➕ {name}")
        return await self.attempt(name)

    async def attempt(self, name: str = "Taobao", number: int = 1) -> Attempt:
        market = self.markets[ProviderName.TAOBAO if name == "Taobao" else ProviderName.ALIBABA1688]
        await until(lambda: len(market.attempts) >= number)
        return market.attempts[number - 1]

    async def see(self, text: str) -> None:
        await self.desk.owner.wait_for(text)
        await self.desk.owner.look()


@pytest.fixture
async def place(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    markets = marketplaces()
    monkeypatch.setattr("bot.app.make_providers", lambda _settings, _db: as_providers(markets))
    async with open_desk(data_dir) as desk:
        yield Place(desk, markets)
        for attempt in [attempt for market in markets.values() for attempt in market.attempts]:
            attempt.feed(LoginExpired())  # so that stopping needs not wait for it


async def test_a_qr_code_is_shown_renewed_and_followed_to_the_end(place: Place) -> None:
    owner = place.desk.owner
    attempt = await place.started()
    attempt.feed(QrShown(picture("white"), "https://login.example/one"))
    await place.see("Scan this code")
    first = owner.screen
    shown = await owner.download(first)

    attempt.feed(QrShown(picture("black"), "https://login.example/two"))
    await owner.wait_for(lambda m: "Scan this code" in m.text and m.edited)
    await owner.look()
    assert owner.screen.id == first.id
    assert await owner.download(owner.screen) != shown

    attempt.feed(Scanned())
    await place.see("Now confirm the login on the phone")
    attempt.feed(LoggedIn("tb_buyer_01", b"cookies"))
    await place.see("Logged in as tb_buyer_01")
    assert "photo" not in owner.screen.raw
    assert {"To buy", "Start sync", "Allow background sync", "Add to the logins"} <= set(owner.screen.labels)

    account = (await place.desk.read(lambda store: store.accounts.all()))[0]
    assert (account.nick, account.session) == ("tb_buyer_01", SessionState.ACTIVE)
    assert account.keeper_id == (await place.desk.somebody()).id


async def test_a_missing_session_is_added_on_the_spot_and_leads_back_to_the_ticked_lines(place: Place) -> None:
    desk, owner = place.desk, place.desk.owner

    def unit(store: Store) -> None:
        order = store.orders.ensure("1001", "files", desk.clock())
        data = LineData("1", ProviderName.TAOBAO, "640000000003", title="cup", price=Decimal("59.00"))
        store.lines.add(order.id, data, LineStatus.READY)

    await desk.write(unit)
    await owner.send("/buy")
    await owner.press("☑ All")
    await owner.press("Preview")
    assert "no session for this marketplace" in owner.screen.text
    assert "Add a session, then preview again" in owner.screen.text
    await owner.press("Add a session")
    await owner.press("➕ Taobao")
    (await place.attempt()).feed(LoggedIn("tb_buyer_01", b"cookies"))
    await place.see("Logged in as tb_buyer_01")
    await owner.press("Back to the ticked lines · 1")
    assert "1 line is ticked" in owner.screen.text
    assert "Preview · 1" in owner.screen.labels


async def test_next_steps_of_a_login(place: Place) -> None:
    owner = place.desk.owner
    attempt = await place.started()
    attempt.feed(LoggedIn("tb_buyer_01", b"cookies"))
    await place.see("Logged in")
    await owner.press("Add to the logins")
    assert "Add to the logins" not in owner.screen.labels
    assert await place.desk.read(lambda store: store.settings.get("taobao.logins")) == "tb_buyer_01"

    await owner.press("Allow background sync")
    assert "Background sync: allowed" in owner.screen.text
    await owner.press("Start sync")
    await place.see("orders looked at: 0")
    assert "Sync" in owner.screen.text


async def test_a_code_is_taken_from_the_chat_and_never_shown(place: Place) -> None:
    owner = place.desk.owner
    attempt = await place.started("1688")
    attempt.feed(CodeWanted("authorisation", "https://auth.example/allow"))
    await place.see("allow the app")
    assert [b["url"] for row in owner.screen.buttons for b in row if "url" in b] == ["https://auth.example/allow"]

    typed = await owner.send("https://back.example/?code=secret-code-77&state=x")
    await owner.wait_gone(typed)
    await until(lambda: bool(attempt.codes))
    assert attempt.codes == ["https://back.example/?code=secret-code-77&state=x"]

    attempt.feed(CodeWanted("authorisation", "https://auth.example/allow"))
    await place.see("That did not fit. Try again.")
    await owner.press("Type the code")
    second = await owner.send("code-78")
    await owner.wait_gone(second)
    attempt.feed(LoggedIn("vykup1688_01", b"tokens"))
    await place.see("Logged in as vykup1688_01")
    assert all("secret-code-77" not in m.text and "code-78" not in m.text for m in await owner.messages())


async def test_a_text_that_no_login_waits_for_is_no_code(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")
    typed = await place.desk.owner.send("hello there")
    assert any(message.id == typed for message in await place.desk.owner.messages())
    assert attempt.codes == []


async def test_leaving_the_card_ends_the_wait_for_a_code(place: Place) -> None:
    owner = place.desk.owner
    attempt = await place.started("1688")
    attempt.feed(CodeWanted("authorisation", "https://auth.example/allow"))
    await place.see("allow the app")
    await owner.send("/start")
    await owner.send("hello there")
    assert attempt.codes == []


async def test_a_check_is_passed_by_the_person_and_only_looked_at_again(place: Place) -> None:
    owner = place.desk.owner
    attempt = await place.started()
    attempt.feed(HumanWanted("slider", picture()))
    await place.see("shows a slider")
    assert "photo" in owner.screen.raw
    await owner.press("Done")
    await until(lambda: attempt.looks == 1)
    attempt.feed(LoggedIn("tb_buyer_01", b"cookies"))
    await place.see("Logged in as tb_buyer_01")


async def test_an_expired_login_is_started_again(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(LoginExpired())
    await place.see("The time for this login is over")
    await place.desk.owner.press("Start again")
    again = await place.attempt(number=2)
    again.feed(QrShown(picture()))
    await place.see("Scan this code")


async def test_a_code_of_an_earlier_life_of_the_program_is_taken_away(place: Place) -> None:
    desk, owner = place.desk, await place.desk.somebody()

    def left_behind(store: Store) -> None:
        activity = start_login(store, ProviderName.TAOBAO, None, owner, desk.clock())
        blob = store.blobs.put(picture(), "image/png", desk.clock() + timedelta(minutes=5))
        plan = LoginPlan(provider=ProviderName.TAOBAO, stage="qr", qr_blob=blob)
        store.activities.save(replace(activity, plan=plan.model_dump_json()))
        store.cards.post(owner.telegram_id, Address.of("login", activity.id), Lane.PRESS, desk.clock())

    await desk.owner.send("/start")
    await desk.write(left_behind)
    attempt = await place.attempt()
    await place.see("Starting…")
    assert "photo" not in desk.owner.screen.raw
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")


async def test_cancel(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")
    await place.desk.owner.press("Cancel")
    assert "The login was cancelled." in place.desk.owner.screen.text
    attempt.feed(LoggedIn("tb_buyer_01", b"cookies"))
    await place.desk.settle()
    assert await place.desk.read(lambda store: store.accounts.all()) == []


async def test_an_account_of_another_nick_keeps_its_own_row(place: Place) -> None:
    desk = place.desk
    now = desk.clock()
    known = await desk.write(lambda s: s.accounts.ensure(ProviderName.TAOBAO, "tb_wanted", None, now))
    await desk.owner.send("/start")
    await desk.write(lambda s: s.cards.post(1001, Address.of("session", known.id), Lane.QUESTION, now))
    await desk.owner.look()
    await desk.owner.press("Log in again")
    attempt = await place.attempt()
    assert attempt.account is not None
    assert attempt.account.nick == "tb_wanted"
    attempt.feed(LoggedIn("tb_other", b"cookies"))
    await place.see("Logged in as tb_other")
    states = {a.nick: a.session for a in await desk.read(lambda store: store.accounts.all())}
    assert states == {"tb_wanted": SessionState.OFF, "tb_other": SessionState.ACTIVE}


async def test_a_marketplace_that_is_switched_off_is_not_offered(place: Place) -> None:
    desk = place.desk
    owner = await desk.somebody()
    await desk.owner.send("/sessions")
    before = desk.owner.screen
    await desk.write(lambda store: switch(store, owner, "taobao.enabled", False, desk.clock()))
    await desk.owner.press("➕ Taobao", before)
    assert "switched off" in desk.owner.answer
    await desk.owner.send("/sessions")
    assert "➕ Taobao" not in desk.owner.screen.labels
    assert "➕ 1688" in desk.owner.screen.labels
    assert await desk.read(lambda store: store.activities.unfinished(ActivityKind.LOGIN, None)) == []


async def test_who_may_not_buy_may_not_log_in(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")
    viewer = await place.desk.person(1009, Role.VIEWER)
    await viewer.send("/sessions")
    assert "Your role doesn't allow this" in viewer.screen.text
    login = place.desk.owner.screen.button("Cancel")
    assert login
    await viewer.press_stale(viewer.screen.id, login["callback_data"])
    assert "role doesn't allow" in viewer.answer


async def test_russian(place: Place) -> None:
    person = await place.desk.somebody()
    await place.desk.write(lambda store: store.people.set_language(person.id, "ru"))
    await place.desk.write(lambda store: set_defaults(store, {"sync.allowed": "yes"}, place.desk.clock()))
    attempt = await place.started()
    attempt.feed(LoggedIn("tb_buyer_01", b"cookies"))
    await place.see("Выполнен вход: tb_buyer_01")
    assert "Разрешить фоновую синхронизацию" not in place.desk.owner.screen.labels
