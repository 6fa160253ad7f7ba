"""The gateway's own refusals and authorization."""

from datetime import UTC, datetime

import aiohttp
import pytest

from sandbox.alibaba1688.market import APP_KEY, APP_SECRET
from sandbox.alibaba1688.signature import sign
from tests.sandbox.alibaba1688.conftest import OOB, Shop

TRADE = "com.alibaba.trade"
LIST = "alibaba.trade.getBuyerOrderList"


async def test_current_time_needs_no_token(shop: Shop) -> None:
    status, body = await shop.raw("system", "currentTime", {})
    assert status == 200
    assert datetime.strptime(f"{body[:14]}{body[17:]}", "%Y%m%d%H%M%S%z").utcoffset()


@pytest.mark.parametrize(
    ("namespace", "api", "params", "changes", "code"),
    [
        (TRADE, LIST, {}, {"_aop_signature": "00"}, "gw.SignatureInvalid"),
        (TRADE, LIST, {}, {"page": "2"}, "gw.SignatureInvalid"),
        (TRADE, LIST, {}, {"_aop_signature": ""}, "gw.SignatureMissing"),
        (TRADE, "alibaba.trade.nothing", {}, {}, "gw.APIUnsupported"),
        (TRADE, "alibaba.trade.getLogisticsInfos.buyerView", {}, {}, "gw.APIUnsupported"),
        (TRADE, "alibaba.trade.get.buyerView", {"orderId": "1"}, {}, "gw.ParamMissing"),
        (TRADE, LIST, {"isHis": "False"}, {}, "gw.ParamInvalid"),
    ],
)
async def test_refusals(
    shop: Shop, namespace: str, api: str, params: dict[str, str], changes: dict[str, str], code: str
) -> None:
    status, body = await shop.raw(namespace, api, params | {"access_token": shop.token}, **changes)
    assert (status, body["error_code"]) == (400, code)


async def test_unknown_app(shop: Shop) -> None:
    async with shop.http.post(f"{shop.url}/openapi/param2/1/system/currentTime/7654321") as answer:
        assert (answer.status, (await answer.json())["error_code"]) == (400, "gw.AppKeyNotFound")


async def test_token_is_checked_before_permission_and_permission_before_arguments(shop: Shop) -> None:
    await shop.manners(denied=["alibaba.trade.cancel"])
    status, body = await shop.raw(TRADE, "alibaba.trade.cancel", {"access_token": "bad"})
    assert (status, body["error_code"]) == (401, "401")
    status, body = await shop.raw(TRADE, "alibaba.trade.cancel", {"access_token": shop.token})
    assert (status, body["error_code"]) == (400, "gw.APIACLDecline")


async def test_too_many_calls(shop: Shop) -> None:
    await shop.manners(rate_calls=2, rate_seconds=600)
    codes = [(await shop.raw("system", "currentTime", {}))[0] for _ in range(3)]
    _, body = await shop.raw("system", "currentTime", {})
    assert codes[-1] == 400
    assert body["error_code"] == "gw.QosAppFrequencyLimit"


async def test_gateway_errors_may_come_with_http_200(shop: Shop) -> None:
    await shop.manners(error_status=200)
    status, body = await shop.raw(TRADE, "alibaba.trade.nothing", {})
    assert (status, body["error_code"]) == (200, "gw.APIUnsupported")


async def test_grant_has_the_documented_form(shop: Shop) -> None:
    grant = await shop.authorize("vykup1688_02")
    assert grant["resource_owner"] == "vykup1688_02"
    assert grant["expires_in"] == "36000"
    assert datetime.strptime(grant["refresh_token_timeout"], "%Y%m%d%H%M%S%z") > datetime.now(UTC)
    assert (await shop.trade(LIST))["totalRecord"] == 0


async def test_code_works_once_and_for_its_redirect_only(shop: Shop) -> None:
    form = {"account": "vykup1688_01", "redirect_uri": OOB}
    codes = []
    for _ in range(3):
        async with shop.http.post(f"{shop.url}/oauth/authorize", data=form) as answer:
            codes.append((await answer.text()).split('id="code" readonly value="')[1].split('"')[0])
    ask = {"grant_type": "authorization_code", "redirect_uri": OOB}
    assert (await shop.get_token(**ask, code=codes[0]))[0] == 200
    assert (await shop.get_token(**ask, code=codes[0]))[1]["error"] == "invalid_grant"
    assert (await shop.get_token(**(ask | {"redirect_uri": "http://else"}), code=codes[1]))[0] == 400
    await shop.world("advance_clock", seconds=121)
    assert (await shop.get_token(**ask, code=codes[2]))[0] == 400


async def test_refresh_gives_a_new_refresh_token_only_sometimes(shop: Shop) -> None:
    grant = await shop.authorize()
    ask = {"grant_type": "refresh_token", "refresh_token": grant["refresh_token"]}
    _, first = await shop.get_token(**ask)
    _, second = await shop.get_token(**ask)
    assert "refresh_token" not in first
    assert second["refresh_token"] != grant["refresh_token"]
    assert (await shop.get_token(**ask))[0] == 400, "a replaced refresh token is dead"


async def test_access_token_expires_and_a_refresh_helps(shop: Shop) -> None:
    grant = await shop.authorize()
    await shop.world("advance_clock", seconds=36_001)
    status, _ = await shop.raw(TRADE, LIST, {"access_token": shop.token})
    assert status == 401
    _, fresh = await shop.get_token(grant_type="refresh_token", refresh_token=grant["refresh_token"])
    shop.token = fresh["access_token"]
    assert (await shop.trade(LIST))["totalRecord"] == 0


async def test_expired_session_kills_both_tokens(shop: Shop) -> None:
    grant = await shop.authorize()
    await shop.world("expire_session", account="vykup1688_01")
    assert (await shop.raw(TRADE, LIST, {"access_token": shop.token}))[0] == 401
    ask = {"grant_type": "refresh_token", "refresh_token": grant["refresh_token"]}
    assert (await shop.get_token(**ask))[0] == 400


async def test_reachable_redirect_gets_code_and_state(shop: Shop) -> None:
    form = {"account": "vykup1688_01", "redirect_uri": f"{shop.url}/", "state": "abc"}
    async with shop.http.post(f"{shop.url}/oauth/authorize", data=form, allow_redirects=False) as answer:
        assert answer.status == 302
        location = answer.headers["Location"]
    assert location.startswith(f"{shop.url}/?code=")
    assert location.endswith("&state=abc")


async def test_unreachable_redirect_shows_the_code(shop: Shop) -> None:
    form = {"account": "vykup1688_01", "redirect_uri": "https://agency.example/back", "state": "abc"}
    async with shop.http.post(f"{shop.url}/oauth/authorize", data=form, allow_redirects=False) as answer:
        assert answer.status == 200
        assert "https://agency.example/back?code=" in await answer.text()


@pytest.mark.parametrize(
    ("query", "text"),
    [({"client_id": "1234567"}, "缺少必要参数"), ({"client_id": "1", "redirect_uri": OOB}, "非法请求")],
)
async def test_authorize_refuses(shop: Shop, query: dict[str, str], text: str) -> None:
    async with shop.http.get(f"{shop.url}/oauth/authorize", params=query) as answer:
        assert answer.status == 400
        assert text in await answer.text()


async def test_arguments_in_the_query_string_are_signed_too(shop: Shop) -> None:
    path = f"param2/1/system/currentTime/{APP_KEY}"
    query = {"a": "1 &2", "b": "中文"}
    signed = query | {"_aop_signature": sign(path, query, APP_SECRET)}
    async with shop.http.get(f"{shop.url}/openapi/{path}", params=signed) as answer:
        assert answer.status == 200


async def test_ordered_session_expiry(shop: Shop) -> None:
    await shop.fault(LIST, "session_expired")
    assert (await shop.raw(TRADE, LIST, {"access_token": shop.token}))[0] == 401
    assert (await shop.trade(LIST))["totalRecord"] == 0


async def test_timeout_after_places_the_order_all_the_same(shop: Shop) -> None:
    cargo = await shop.cargo(730000000001, 10)
    await shop.fault("alibaba.trade.fastCreateOrder", "drop_after")
    with pytest.raises(aiohttp.ClientError):
        await shop.create(cargo, outOrderId="PO-1")
    assert [one["out_order_id"] for one in (await shop.truth())["orders"]] == ["PO-1"]
