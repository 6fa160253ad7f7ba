"""One-time links to the bot's own pages: what they show to whoever holds one, and whom they refuse."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from purchasing.live import Go, Key, Pointer, Scroll, Typed
from purchasing.provider import HumanWanted, LoggedIn, LoginExpired, QrShown, Scanned
from purchasing.words import ProviderName, Role
from sandbox.launch import free_port
from tests.pages.conftest import listening, page_link
from tests.support.desk import Desk, open_desk
from tests.support.marketplace import Attempt, FakePage, Marketplace, as_providers, marketplaces, picture
from tests.support.waiting import PATIENCE, until

CODE, LIVE, PASSWORD_LOGIN = "🖥 The code on another screen", "🖥 Link to its page", "🔑 With a password, on its own page"


@dataclass
class Socket:
    """The page's side of the talk."""

    ws: aiohttp.ClientWebSocketResponse

    async def next(self) -> Any:
        """A picture's bytes or what was said."""
        message = await self.ws.receive(PATIENCE)
        return message.data if message.type is aiohttp.WSMsgType.BINARY else json.loads(message.data)

    async def says(self, text: str) -> dict[str, Any]:
        """Until something with this text is said; pictures in between are passed over."""
        while True:
            told = await self.next()
            if isinstance(told, dict) and text in told["say"]:
                return told

    async def send(self, **message: object) -> None:
        await self.ws.send_json(message)


def data_files(data_dir: Path) -> list[Path]:
    return [path for path in data_dir.rglob("*") if path.is_file()]


@dataclass
class Place:
    desk: Desk
    markets: dict[ProviderName, Marketplace]
    web: str
    http: aiohttp.ClientSession

    async def started(self) -> Attempt:
        await self.desk.owner.send("/sessions")
        await self.desk.owner.press("➕ Taobao")
        attempts = self.markets[ProviderName.TAOBAO].attempts
        await until(lambda: bool(attempts))
        return attempts[-1]

    async def see(self, text: str) -> None:
        await self.desk.owner.wait_for(text)
        await self.desk.owner.look()

    async def link(self, label: str) -> str:
        await self.desk.owner.press(label)
        return page_link(self.desk.owner.screen)

    @asynccontextmanager
    async def opened(self, link: str, origin: str | None = None) -> AsyncIterator[Socket]:
        async with self.http.ws_connect(f"{self.web}/page/ws", origin=origin or self.web) as ws:
            await ws.send_json({"token": link.partition("#")[2]})
            yield Socket(ws)

    async def shown(self, attempt: Attempt) -> FakePage:
        await until(lambda: attempt.page is not None)
        assert attempt.page
        return attempt.page

    async def refused(self, link: str, why: str) -> None:
        async with self.opened(link) as page:
            assert (await page.says(why))["over"]
            assert (await page.ws.receive(PATIENCE)).type is aiohttp.WSMsgType.CLOSE


@pytest.fixture
async def place(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    markets = marketplaces()
    monkeypatch.setattr("bot.app.make_providers", lambda _settings, _db: as_providers(markets))
    listen = f"127.0.0.1:{free_port()}"
    web = f"http://{listen}"
    async with open_desk(data_dir, web_listen=listen, web_url=web) as desk, aiohttp.ClientSession() as http:
        await listening(http, web)
        yield Place(desk, markets, web, http)
        for attempt in [attempt for market in markets.values() for attempt in market.attempts]:
            attempt.feed(LoginExpired())  # so that stopping needs not wait for it


async def test_the_code_is_shown_renewed_and_followed_to_the_end(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture("white")))
    await place.see("Scan this code")
    async with place.opened(await place.link(CODE)) as page:
        assert await page.next() == picture("white")
        assert (await page.says("Scan this code"))["code"]
        attempt.feed(QrShown(picture("black")))
        assert await page.next() == picture("black")
        attempt.feed(Scanned())
        assert not (await page.says("confirm the login on the phone"))["code"]
        attempt.feed(LoggedIn("tb_buyer_01", b"cookies"))
        assert (await page.says("Logged in as tb_buyer_01"))["over"]


async def test_a_link_works_once(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")
    link = await place.link(CODE)
    async with place.opened(link) as page:
        await page.says("Scan this code")
        await place.refused(link, "was used already")
    await place.refused(link, "was used already")
    await place.desk.owner.look()
    assert "New link" not in place.desk.owner.screen.labels
    async with place.opened(await place.link(CODE)) as page:
        await page.says("Scan this code")


async def test_a_link_is_over_after_five_minutes(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")
    link = await place.link(CODE)
    place.desk.clock.advance(timedelta(minutes=5, seconds=1))
    await place.refused(link, "is too old")


async def test_a_newer_link_takes_the_place_of_the_older(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")
    older = await place.link(CODE)
    newer = await place.link("New link")
    await place.refused(older, "is too old")
    async with place.opened(newer) as page:
        await page.says("Scan this code")


async def test_who_knows_no_token_learns_nothing(place: Place) -> None:
    before = await place.desk.read(lambda store: store.audit.page("", 0, 50))
    await place.refused(f"{place.web}/page#guessed", "doesn't work")
    await place.refused(f"{place.web}/page#", "doesn't work")
    async with place.http.ws_connect(f"{place.web}/page/ws", origin=place.web) as ws:
        await ws.send_bytes(b"hello")
        assert "doesn't work" in (await Socket(ws).next())["say"]
    assert await place.desk.read(lambda store: store.audit.page("", 0, 50)) == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
async def test_another_origin_is_refused(place: Place, origin: str) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")
    link = await place.link(CODE)
    headers = {"Origin": origin} if origin else {}
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await place.http.ws_connect(f"{place.web}/page/ws", headers=headers)
    async with place.opened(link) as page:
        await page.says("Scan this code")


async def test_the_page_itself_says_nothing_and_may_load_nothing(place: Place) -> None:
    for path in ("/page", "/page/page.js", "/page/page.css"):
        async with place.http.get(place.web + path) as answer:
            assert answer.status == 200
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Vykup" in await answer.text() or path != "/page"
    async with place.http.get(f"{place.web}/page/../settings.env") as answer:
        assert answer.status == 404


async def test_the_live_page_gets_what_a_person_does_and_nothing_keeps_it(
    place: Place, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    attempt = await place.started()
    attempt.feed(HumanWanted("slider"))
    await place.see("shows a slider")
    link = await place.link(LIVE)
    async with place.opened(link) as page:
        assert (await page.says("in the account's own browser"))["words"]["done"] == "Done"
        shown = await place.shown(attempt)
        shown.draw(b"first", b"second")
        assert await page.next() == b"first"
        await page.send(kind="drawn")
        assert await page.next() == b"second"
        await page.send(kind="pointer", what="down", x=0.5, y=0.25, touch=True)
        await page.send(kind="scroll", x=0.5, y=0.5, dx=0, dy=0.5)
        await page.send(kind="text", text="canary-password-51")
        await page.send(kind="key", key="Enter")
        await page.send(kind="go", where="reload")
        await until(lambda: len(shown.deeds) == 5)
        assert shown.deeds == [
            Pointer(kind="pointer", what="down", x=0.5, y=0.25, touch=True),
            Scroll(kind="scroll", x=0.5, y=0.5, dx=0, dy=0.5),
            Typed(kind="text", text="canary-password-51"),
            Key(kind="key", key="Enter"),
            Go(kind="go", where="reload"),
        ]
        await place.see("has its page open")
        await page.send(kind="done")
        await page.says("Checking…")
        await until(lambda: attempt.looks == 1)
        assert shown.closed
        attempt.feed(LoggedIn("tb_buyer_01", b"cookies"))
        assert (await page.says("Logged in as tb_buyer_01"))["over"]
    kept = b"".join(path.read_bytes() for path in data_files(data_dir))
    assert link.partition("#")[2].encode() not in kept
    for secret in ("canary-password-51", link.partition("#")[2]):
        assert secret not in caplog.text
    assert b"canary-password-51" not in kept


async def test_done_does_not_wait_for_keys_that_a_hanging_page_never_takes(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(HumanWanted("slider"))
    await place.see("shows a slider")
    async with place.opened(await place.link(LIVE)) as page:
        await page.says("in the account's own browser")
        shown = await place.shown(attempt)
        shown.draw(b"first", b"second")
        assert await page.next() == b"first"
        shown.takes.clear()
        for letter in "abc":
            await page.send(kind="text", text=letter)
        await page.send(kind="done")
        await page.send(kind="drawn")
        assert await page.next() == b"second", "all that was said is heard"
        shown.hangs = True
        shown.takes.set()
        await page.says("Checking…")
        await until(lambda: attempt.looks == 1)
    assert shown.deeds == [Typed(kind="text", text="a")]


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "pointer", "what": "down", "x": 7, "y": 0},
        {"kind": "key", "key": "F12"},
        {"kind": "text", "text": "x" * 1001},
        {"kind": "go", "where": "https://evil.example"},
        {"kind": "run", "script": "alert(1)"},
    ],
)
async def test_what_the_page_never_says_ends_the_view(place: Place, bad: dict[str, object]) -> None:
    attempt = await place.started()
    attempt.feed(HumanWanted("slider"))
    await place.see("shows a slider")
    async with place.opened(await place.link(LIVE)) as page:
        await page.says("in the account's own browser")
        await page.send(**bad)
        assert (await page.ws.receive(PATIENCE)).type is aiohttp.WSMsgType.CLOSE
    shown = await place.shown(attempt)
    assert (shown.closed, shown.deeds) == (True, [])


async def test_a_second_viewer_is_told_and_may_come_later(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(HumanWanted("slider"))
    await place.see("shows a slider")
    async with place.opened(await place.link(LIVE)) as first:
        await first.says("in the account's own browser")
        await place.see("has its page open")
        second = await place.link(LIVE)
        await place.refused(second, "Somebody has this page open")
        await first.send(kind="key", key="Tab")
        shown = await place.shown(attempt)
        await until(lambda: len(shown.deeds) == 1)
    await until(lambda: shown.closed)
    await place.desk.owner.wait_for(lambda m: "shows a slider" in m.text and "has its page open" not in m.text)
    async with place.opened(second) as page:
        await page.says("in the account's own browser")


async def test_done_in_the_chat_closes_the_page(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(HumanWanted("slider"))
    await place.see("shows a slider")
    async with place.opened(await place.link(LIVE)) as page:
        await page.says("in the account's own browser")
        await place.see("has its page open")
        await place.desk.owner.press("Done")
        assert (await page.says("closed from the chat"))["over"]


async def test_cancelling_the_login_closes_the_page(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(HumanWanted("slider"))
    await place.see("shows a slider")
    async with place.opened(await place.link(LIVE)) as page:
        await page.says("in the account's own browser")
        await place.see("has its page open")
        await place.desk.owner.press("Cancel")
        assert (await page.says("closed from the chat"))["over"]
    assert (await place.shown(attempt)).closed


async def test_the_page_closes_by_itself(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pages.viewing.LONGEST", timedelta(milliseconds=50))
    attempt = await place.started()
    attempt.feed(HumanWanted("slider"))
    await place.see("shows a slider")
    async with place.opened(await place.link(LIVE)) as page:
        assert (await page.says("time for this page is over"))["over"]
    assert (await place.shown(attempt)).closed


async def test_who_lost_the_right_since_is_refused(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(HumanWanted("slider"))
    await place.see("shows a slider")
    link = await place.link(LIVE)
    owner = await place.desk.somebody()
    await place.desk.write(lambda store: store.people.save(replace(owner, role=Role.VIEWER)))
    await place.refused(link, "doesn't work")


async def test_a_password_login_begins_on_the_marketplaces_page(place: Place) -> None:
    attempt = await place.started()
    attempt.feed(QrShown(picture()))
    await place.see("Scan this code")
    async with place.opened(await place.link(PASSWORD_LOGIN)) as page:
        await page.says("in the account's own browser")
        attempt.feed(HumanWanted("page"))
        await place.see("open in a browser")


async def test_without_an_address_the_card_says_what_to_set(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    markets = marketplaces()
    monkeypatch.setattr("bot.app.make_providers", lambda _settings, _db: as_providers(markets))
    async with open_desk(data_dir) as desk:
        await desk.owner.send("/sessions")
        await desk.owner.press("➕ Taobao")
        attempts = markets[ProviderName.TAOBAO].attempts
        await until(lambda: bool(attempts))
        attempts[0].feed(HumanWanted("slider"))
        await desk.owner.wait_for("WEB_LISTEN and WEB_URL")
        await desk.owner.look()
        assert desk.owner.screen.labels == ["Done", "Cancel"]
        attempts[0].feed(LoginExpired())
