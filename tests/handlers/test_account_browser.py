"""The browser and the proxy of an account: owners set, try and take them back; nothing wrong is taken, no password
shown."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from purchasing.accounts import Account
from purchasing.ports import Store
from purchasing.sessions import session_restored
from purchasing.sync_account import start_sync
from purchasing.words import ProviderName, Role, SessionState
from tests.support.desk import Desk, open_desk
from tests.support.marketplace import Marketplace, as_providers, marketplaces


@dataclass
class Place:
    desk: Desk
    market: Marketplace
    account_id: int

    async def account(self) -> Account:
        found = await self.desk.read(lambda store: store.accounts.get(self.account_id))
        assert found
        return found

    async def open(self) -> None:
        await self.desk.owner.send("/sessions")
        await self.desk.owner.press("🟢 tb_one")
        await self.desk.owner.press("Browser and proxy")

    async def typed(self, button: str, text: str) -> int:
        await self.open()
        await self.desk.owner.press(button)
        return await self.desk.owner.send(text)


@pytest.fixture
async def place(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    markets = marketplaces()
    monkeypatch.setattr("bot.app.make_providers", lambda _settings, _db: as_providers(markets))
    async with open_desk(data_dir) as desk:
        name, keeper, now = ProviderName.TAOBAO, (await desk.somebody()).id, desk.clock()
        made = await desk.write(lambda s: session_restored(s, name, "tb_one", b"state", None, keeper, now))
        yield Place(desk, markets[name], made.id)


async def test_a_chrome_is_set_tried_and_taken_back(place: Place) -> None:
    owner = place.desk.owner
    await place.open()
    assert "The bot's own Chromium" in owner.screen.text
    assert "Not tried yet" in owner.screen.text
    await owner.press("Set a Chrome")
    await owner.send("http://192.168.1.20:9222/")
    assert "A Chrome of its own: http://192.168.1.20:9222" in owner.screen.text
    assert (await place.account()).cdp_url == "http://192.168.1.20:9222"
    assert (await place.account()).session is SessionState.EXPIRED  # that browser has a session of its own

    await owner.press("Try it")
    await owner.wait_for("opened by Chromium by http://192.168.1.20:9222")
    place.market.away = "browser_away"
    await owner.look()
    await owner.press("Try it")
    await owner.wait_for("doesn't answer at its address")

    await owner.look()
    await owner.press("Back to the bot's own browser")
    assert "The bot's own Chromium" in owner.screen.text
    assert (await place.account()).cdp_url == ""


async def test_a_proxy_is_kept_sealed_and_shown_without_its_password(place: Place, data_dir: Path) -> None:
    owner = place.desk.owner
    typed = await place.typed("Set a proxy", "http://agency:canary-pass@proxy.example:8080")
    await owner.wait_gone(typed)
    assert "Proxy: http://agency:•••@proxy.example:8080" in owner.screen.text
    account = await place.account()
    assert account.proxy == "http://agency:canary-pass@proxy.example:8080"
    assert account.session is SessionState.ACTIVE
    assert "canary-pass" not in repr(account) + repr(account.ref)
    await owner.press("Without a proxy")
    assert "Proxy: none" in owner.screen.text

    audit, _ = await place.desk.read(lambda store: store.audit.page("account.proxy", 0, 10))
    assert [(one.before, one.after) for one in audit] == [
        ("http://agency:•••@proxy.example:8080", ""),
        ("", "http://agency:•••@proxy.example:8080"),
    ]
    assert b"canary-pass" not in (data_dir / "vykup.db").read_bytes()


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("9222", "has a host and a port"),
        ("http://127.0.0.1", "has a host and a port"),
        ("http://127.0.0.1:99999", "has a host and a port"),
        ("http://user:word@127.0.0.1:9222", "has a host and a port"),
        ("http://127.0.0.1:9222/json/version", "has a host and a port"),
        ("ftp://127.0.0.1:9222", "has a host and a port"),
        ("http://8.8.8.8:9222", "this machine's or a private network's"),
        ("http://169.254.169.254:80", "this machine's or a private network's"),
        ("http://0.0.0.0:9222", "this machine's or a private network's"),
        ("http://chrome.example.com:9222", "this machine's or a private network's"),
        ("http://127.0.0.1.evil.example:9222", "this machine's or a private network's"),
    ],
)
async def test_a_wrong_chrome_is_refused(place: Place, typed: str, rule: str) -> None:
    await place.typed("Set a Chrome", typed)
    assert rule in place.desk.owner.screen.text
    assert f"You typed: {typed}" in place.desk.owner.screen.text
    assert (await place.account()).cdp_url == ""


@pytest.mark.parametrize(
    ("typed", "rule", "shown"),
    [
        ("proxy.example:8080", "A proxy is http", "proxy.example:8080"),
        ("http://proxy.example", "A proxy is http", "http://proxy.example"),
        ("ftp://a:canary-pass@proxy.example:21", "A proxy is http", "ftp://a:•••@proxy.example:21"),
        ("agency:canary-pass@proxy.example", "A proxy is http", "agency:•••@proxy.example"),
        ("http://a:canary-pass@proxy.example:8080/x", "A proxy is http", "http://a:•••@proxy.example:8080/x"),
        ("socks5://a:canary-pass@10.0.0.1:1080", "socks5", "socks5://a:•••@10.0.0.1:1080"),
    ],
)
async def test_a_wrong_proxy_is_refused(place: Place, typed: str, rule: str, shown: str) -> None:
    await place.typed("Set a proxy", typed)
    assert rule in place.desk.owner.screen.text
    assert f"You typed: {shown}" in place.desk.owner.screen.text
    assert all("canary-pass" not in message.text for message in await place.desk.owner.messages())
    assert (await place.account()).proxy == ""


async def test_nothing_is_changed_under_work(place: Place) -> None:
    desk = place.desk
    owner = await desk.somebody()

    def busy(store: Store) -> None:
        activity = start_sync(store, place.account_id, owner, desk.clock())
        store.activities.claim("somebody", desk.clock().replace(year=2099), desk.clock())
        assert activity.account_id == place.account_id

    await place.open()
    await desk.owner.press("Set a Chrome")
    await desk.write(busy)
    await desk.owner.send("http://127.0.0.1:9222")
    assert "Something is at work with tb_one" in desk.owner.screen.text
    assert (await place.account()).cdp_url == ""


async def test_it_is_for_owners_only(place: Place) -> None:
    buyer = await place.desk.person(1005, Role.BUYER)
    await buyer.send("/sessions")
    await buyer.press("🟢 tb_one")
    assert "Browser and proxy" not in buyer.screen.labels
    await place.open()
    button = place.desk.owner.screen.button("Try it")
    assert button
    await buyer.press_stale(buyer.screen.id, button["callback_data"])
    assert "role doesn't allow" in buyer.answer
