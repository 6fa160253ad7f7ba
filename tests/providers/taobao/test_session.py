"""Signing in by QR code, what becomes of a session, and the browser that carries it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from providers.taobao.chromium import MARK, Chromium
from providers.taobao.driver import TaobaoProvider
from purchasing.errors import NeedsHuman, SessionExpired, Transient
from purchasing.provider import (
    AccountRef,
    CodeWanted,
    HumanWanted,
    LoggedIn,
    LoginEvent,
    QrShown,
    Scanned,
)
from tests.providers.taobao.conftest import BUYER, CHROMIUM, Market, ended, readable_qr
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def shown(events: AsyncIterator[LoginEvent]) -> QrShown:
    event = await anext(events)
    assert isinstance(event, QrShown)
    return event


async def test_a_scanned_and_confirmed_code_signs_in(market: Market, provider: TaobaoProvider) -> None:
    attempt = provider.login(None)
    events = attempt.events()
    qr = await shown(events)
    assert readable_qr(qr.png) == qr.link
    await market.verb("scan", account=BUYER, content=qr.link)
    assert isinstance(await anext(events), Scanned)
    await market.verb("confirm", account=BUYER, content=qr.link)
    done = await anext(events)
    assert isinstance(done, LoggedIn)
    assert done.nick == BUYER
    assert [event async for event in events] == []
    market.secrets.kept[9001] = done.secret
    health = await provider.check_session(AccountRef(9001, BUYER))
    assert (health.alive, health.nick) == (True, BUYER)


async def test_an_expired_code_is_replaced_by_a_new_one(market: Market, provider: TaobaoProvider) -> None:
    attempt = provider.login(None)
    events = attempt.events()
    first = await shown(events)
    await market.verb("expire_qr")
    second = await shown(events)
    assert second.link != first.link
    await attempt.cancel()
    assert [event async for event in events] == []


async def test_a_code_by_sms_is_typed_for_the_person(market: Market, provider: TaobaoProvider) -> None:
    await market.fault("login_check", "captcha", kind="sms")
    attempt = provider.login(None)
    events = attempt.events()
    await market.verb("confirm", account=BUYER, content=(await shown(events)).link)
    wanted = [await anext(events)]
    while isinstance(wanted[-1], Scanned):
        wanted.append(await anext(events))
    assert wanted[-1] == CodeWanted("sms")
    await attempt.submit_code("000000x")
    assert await anext(events) == CodeWanted("sms")
    (code,) = (await market.truth())["sms"][BUYER]
    await attempt.submit_code(code)
    done = await anext(events)
    assert isinstance(done, LoggedIn)


async def test_an_identity_check_is_left_to_the_person(market: Market, provider: TaobaoProvider) -> None:
    await market.fault("login_check", "captcha", kind="identity")
    attempt = provider.login(None)
    events = attempt.events()
    await market.verb("confirm", account=BUYER, content=(await shown(events)).link)
    event = await anext(events)
    while isinstance(event, Scanned):
        event = await anext(events)
    assert isinstance(event, HumanWanted)
    assert event.kind == "identity"
    await market.verb("approve", account=BUYER)
    await attempt.human_done()
    assert isinstance(await anext(events), LoggedIn)


async def test_a_new_login_replaces_the_stored_session(market: Market, provider: TaobaoProvider) -> None:
    old = market.secrets.kept[market.account.id]
    await market.verb("expire_session", account=BUYER)
    attempt = provider.login(market.account)
    events = attempt.events()
    await market.verb("confirm", account=BUYER, content=(await shown(events)).link)
    event = await anext(events)
    while isinstance(event, Scanned):
        event = await anext(events)
    assert isinstance(event, LoggedIn)
    assert market.secrets.kept[market.account.id] != old
    assert (await provider.check_session(market.account)).alive


async def test_an_expired_session_is_told(market: Market, provider: TaobaoProvider) -> None:
    assert (await provider.check_session(market.account)).alive
    await market.verb("expire_session", account=BUYER)
    assert not (await provider.check_session(market.account)).alive
    with pytest.raises(SessionExpired):
        await provider.changes(market.account, "", [])


async def test_an_account_nobody_signed_in_has_no_session(market: Market, provider: TaobaoProvider) -> None:
    assert not (await provider.check_session(AccountRef(9002, "nobody"))).alive


async def test_a_slider_is_left_to_a_person(market: Market, provider: TaobaoProvider) -> None:
    await market.fault("bought", "captcha")
    with pytest.raises(NeedsHuman) as caught:
        await provider.changes(market.account, "", [])
    assert caught.value.kind == "punish"
    assert (caught.value.picture or b"").startswith(b"\x89PNG")
    await market.verb("pass_challenges")
    assert (await provider.changes(market.account, "", [])).orders == ()


@pytest.mark.parametrize("fault", ["http_500", "http_429"])
async def test_trouble_of_the_moment_is_transient(market: Market, provider: TaobaoProvider, fault: str) -> None:
    await market.fault("gate", fault, times=5)
    with pytest.raises(Transient):
        await provider.check_session(market.account)


async def test_the_state_that_the_site_leaves_is_kept(market: Market, provider: TaobaoProvider) -> None:
    before = market.secrets.kept[market.account.id]
    await provider.quote(market.account, [])
    await provider.changes(market.account, "", [])
    names = {one["name"] for one in json.loads(market.secrets.kept[market.account.id])["cookies"]}
    assert "cookie2" in names
    assert json.loads(before)["cookies"]


async def test_a_browser_left_by_a_killed_bot_is_killed(tmp_path: Path) -> None:
    """Only one that carries our mark: a number may be somebody else's by now."""
    left = Chromium(tmp_path, CHROMIUM or "")
    await left.browser()
    pid = json.loads((tmp_path / "chromium.pid").read_text())["pid"]
    assert any(word.startswith(MARK) for word in psutil.Process(pid).cmdline())
    Chromium(tmp_path, CHROMIUM or "").kill_stray()
    await until(lambda: ended(pid))
    await left.stop()


async def test_a_bystander_with_the_same_number_lives(tmp_path: Path) -> None:
    own = psutil.Process().pid
    (tmp_path / "chromium.pid").write_text(json.dumps({"pid": own, "mark": f"{MARK}x"}))
    Chromium(tmp_path).kill_stray()
    assert psutil.pid_exists(own)
