"""Signing in by QR code and what becomes of a session."""

import pytest

from providers.taobao.driver import TaobaoProvider
from purchasing.errors import SessionExpired
from purchasing.provider import AccountRef, LoggedIn, LoginExpired, QrShown, Scanned
from tests.providers.taobao.conftest import BUYER, Market, readable_qr

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_scanned_and_confirmed_code_signs_in(market: Market, provider: TaobaoProvider) -> None:
    attempt = provider.login(None)
    events = attempt.events()
    shown = await anext(events)
    assert isinstance(shown, QrShown)
    assert readable_qr(shown.png) == shown.link
    await market.verb("scan", account=BUYER, content=shown.link)
    assert isinstance(await anext(events), Scanned)
    await market.verb("confirm", account=BUYER, content=shown.link)
    done = await anext(events)
    assert isinstance(done, LoggedIn)
    assert done.nick == BUYER
    new = AccountRef(9001, BUYER)
    market.secrets.kept[new.id] = done.secret
    health = await provider.check_session(new)
    assert (health.alive, health.nick) == (True, BUYER)
