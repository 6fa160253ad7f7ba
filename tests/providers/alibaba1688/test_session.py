"""Logging in, staying logged in, and the one queue of calls."""

from datetime import UTC, datetime, timedelta

import pytest

from providers.alibaba1688.driver import Alibaba1688Provider
from providers.alibaba1688.oauth import Tokens
from purchasing.errors import PageChanged, SessionExpired, Transient
from purchasing.provider import CodeWanted, LoggedIn, LoginExpired, Provider
from tests.providers.alibaba1688.conftest import (
    ACCOUNT,
    APP_KEY,
    APP_SECRET,
    BUYER,
    Market,
    Secrets,
    canned,
    log_in,
)


async def submit(provider: Provider, *codes: str) -> list[object]:
    """Events of a login in which these are pasted one after the other, and then given up."""
    attempt, left = provider.login(None), list(codes)
    events: list[object] = []
    async for event in attempt.events():
        events.append(event)
        if isinstance(event, CodeWanted):
            await (attempt.submit_code(left.pop(0)) if left else attempt.cancel())
    return events


async def test_a_login_gives_the_account_and_a_secret(provider: Alibaba1688Provider, market: Market) -> None:
    logged_in = await log_in(provider.login(None), market, "vykup1688_02")
    assert logged_in.nick == "vykup1688_02"
    assert logged_in.expires_at is not None
    assert logged_in.expires_at > datetime.now(UTC) + timedelta(days=100)


async def test_the_whole_address_may_be_pasted(provider: Alibaba1688Provider, market: Market) -> None:
    attempt = provider.login(ACCOUNT)
    async for event in attempt.events():
        if isinstance(event, CodeWanted):
            state = event.link.rpartition("state=")[2]
            code = await market.allow(event.link)
            await attempt.submit_code(f"http://localhost/?code={code}&state={state}")
        else:
            assert isinstance(event, LoggedIn)
            assert event.nick == BUYER


async def test_an_address_of_another_login_is_not_taken(provider: Alibaba1688Provider, market: Market) -> None:
    attempt, asked = provider.login(ACCOUNT), 0
    async for event in attempt.events():
        if isinstance(event, CodeWanted) and not asked:
            asked += 1
            await attempt.submit_code(f"http://localhost/?code={await market.allow(event.link)}&state=another")
        else:
            assert isinstance(event, CodeWanted | LoginExpired)
            await attempt.cancel()


async def test_a_wrong_code_asks_again(provider: Alibaba1688Provider) -> None:
    events = await submit(provider, "wrong", "")
    assert [type(event) for event in events] == [CodeWanted, CodeWanted, CodeWanted, LoginExpired]


async def test_a_token_from_the_console_may_be_pasted(provider: Alibaba1688Provider, secrets: Secrets) -> None:
    token = Tokens.model_validate_json(secrets.kept[ACCOUNT.id]).access_token
    *_, last = await submit(provider, token)
    assert isinstance(last, LoggedIn)
    assert last.nick.startswith("1688-")
    secrets.kept[ACCOUNT.id] = last.secret
    assert (await provider.check_session(ACCOUNT)).alive


async def test_a_gateway_that_is_down_ends_the_login(provider: Alibaba1688Provider, market: Market) -> None:
    await market.fault("getToken", "http_500")
    with pytest.raises(Transient):
        await submit(provider, "any")


async def test_the_real_gateway_has_its_page_elsewhere(secrets: Secrets) -> None:
    provider = Alibaba1688Provider("77", APP_SECRET, secrets, redirect_uri="https://example.org/back")
    attempt = provider.login(None)
    async for event in attempt.events():
        if isinstance(event, CodeWanted):
            page, _, query = event.link.partition("?")
            assert page == "https://auth.1688.com/oauth/authorize"
            assert query.startswith("client_id=77&site=1688&redirect_uri=https%3A%2F%2Fexample.org%2Fback&state=")
            await attempt.cancel()


async def test_a_dead_token_is_renewed_once_and_kept(
    provider: Alibaba1688Provider, market: Market, secrets: Secrets
) -> None:
    for _ in range(3):
        await market.world("expire_access", account=BUYER)
        assert (await provider.check_session(ACCOUNT)).alive
    assert secrets.saves == 3
    kept = Tokens.model_validate_json(secrets.kept[ACCOUNT.id])
    assert kept.refresh_token
    assert kept.refresh_until is not None
    assert kept.nick == BUYER


async def test_a_token_about_to_end_is_renewed_before_it_is_used(
    provider: Alibaba1688Provider, market: Market, secrets: Secrets
) -> None:
    tokens = Tokens.model_validate_json(secrets.kept[ACCOUNT.id])
    soon = datetime.now(UTC) + timedelta(minutes=1)
    secrets.kept[ACCOUNT.id] = tokens.model_copy(update={"access_until": soon}).sealed()
    assert (await provider.check_session(ACCOUNT)).alive
    assert secrets.saves == 1
    assert len(await market.calls("alibaba.trade.getBuyerOrderList")) == 1


async def test_a_session_that_ended_is_told(provider: Alibaba1688Provider, market: Market, secrets: Secrets) -> None:
    health = await provider.check_session(ACCOUNT)
    assert (health.alive, health.nick) == (True, BUYER)
    await market.world("expire_session", account=BUYER)
    assert not (await provider.check_session(ACCOUNT)).alive
    with pytest.raises(SessionExpired):
        await provider.order(ACCOUNT, "1")
    secrets.kept.clear()
    assert not (await provider.check_session(ACCOUNT)).alive


async def test_a_refusal_in_words_is_a_dead_session() -> None:
    dead = {"error_code": "401", "exception": "Request need user authenticated"}
    async with canned(alibaba_trade_getBuyerOrderList=dead) as provider:
        assert not (await provider.check_session(ACCOUNT)).alive


async def test_a_wrong_app_secret_is_no_wrong_code(market: Market, secrets: Secrets) -> None:
    provider = Alibaba1688Provider(APP_KEY, "wrong", secrets, gateway=market.url)
    with pytest.raises(PageChanged, match="refuses the app key"):
        await submit(provider, "any")
    secrets.kept[ACCOUNT.id] = Tokens(access_token="any").sealed()
    with pytest.raises(PageChanged, match=r"gw\.SignatureInvalid"):
        await provider.check_session(ACCOUNT)
    await provider.close()


async def test_a_throttled_reading_is_tried_again(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("set_manners", rate_calls=1, rate_seconds=0.2)
    for _ in range(2):
        assert (await provider.check_session(ACCOUNT)).alive


async def test_calls_of_all_accounts_share_one_window(market: Market, secrets: Secrets) -> None:
    """Four calls a second; the sandbox refuses a fifth within half of one, whoever makes it. A repeated call would be
    counted here."""
    await market.world("set_manners", rate_calls=4, rate_seconds=0.5)
    provider = Alibaba1688Provider(APP_KEY, APP_SECRET, secrets, gateway=market.url)
    for account_id in (1, 2):
        secrets.kept[account_id] = (await log_in(provider.login(None), market)).secret
    for _ in range(5):
        assert (await provider.check_session(ACCOUNT)).alive
    await provider.close()
    assert len(await market.calls("alibaba.trade.getBuyerOrderList")) == 5


async def test_it_implements_the_port(provider: Alibaba1688Provider) -> None:
    """The type checker compares the rest."""
    port: Provider = provider
    assert port.name == "alibaba1688"
