"""A signing client for the gateway part, and one running part a test."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from sandbox.alibaba1688.market import APP_KEY, APP_SECRET
from sandbox.alibaba1688.signature import sign
from sandbox.testing import start_part

LOGIN = "vykup1688_01"
OOB = "urn:ietf:wg:oauth:2.0:oob"
ADDRESS = {
    "fullName": "仓库",
    "mobile": "13800138001",
    "phone": "",
    "postCode": "510540",
    "provinceText": "广东省",
    "cityText": "广州市",
    "areaText": "白云区",
    "townText": "太和镇",
    "address": "大源北路1号仓库",
}


@dataclass
class Shop:
    """What a test does with the gateway: call it, move its world, read its truth."""

    url: str
    http: aiohttp.ClientSession
    token: str = ""

    async def raw(self, namespace: str, api: str, params: dict[str, str], **changes: str) -> tuple[int, Any]:
        """A signed call; `changes` replaces what is sent after signing (an empty value leaves it out)."""
        path = f"param2/1/{namespace}/{api}/{APP_KEY}"
        body = {"_aop_timestamp": "1700000000000"} | params
        body["_aop_signature"] = sign(path, body, APP_SECRET)
        body = {key: value for key, value in (body | changes).items() if changes.get(key) != ""}
        async with self.http.post(f"{self.url}/openapi/{path}", data=body) as answer:
            return answer.status, json.loads(await answer.text())

    async def call(self, namespace: str, api: str, /, **params: object) -> Any:
        """A call with the token that the gateway lets in; values other than text travel as JSON."""
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in params.items()}
        status, body = await self.raw(namespace, api, texts | {"access_token": self.token})
        assert status == 200, body
        return body

    async def trade(self, api: str, /, **params: object) -> Any:
        return await self.call("com.alibaba.trade", api, **params)

    async def authorize(self, login: str = LOGIN) -> dict[str, str]:
        """What a person and then the app do to get a token; the new token is used from now on."""
        form = {"account": login, "redirect_uri": OOB, "state": "s"}
        async with self.http.post(f"{self.url}/oauth/authorize", data=form) as answer:
            code = (await answer.text()).split('id="code" readonly value="')[1].split('"')[0]
        status, grant = await self.get_token(grant_type="authorization_code", code=code, redirect_uri=OOB)
        assert status == 200, grant
        self.token = grant["access_token"]
        return grant

    async def get_token(self, **form: str) -> tuple[int, dict[str, str]]:
        form = {"client_id": APP_KEY, "client_secret": APP_SECRET} | form
        url = f"{self.url}/openapi/http/1/system.oauth2/getToken/{APP_KEY}"
        async with self.http.post(url, data=form) as answer:
            return answer.status, await answer.json()

    async def cargo(self, offer_id: int, quantity: int, sku: int | None = 0) -> dict[str, object]:
        """A cargo line; `sku` is the index of the configuration, None for goods without any."""
        line: dict[str, object] = {"offerId": offer_id, "quantity": quantity}
        if sku is not None:
            detail = await self.detail(offer_id)
            line["specId"] = detail["productSkuInfos"][sku]["specId"]
        return line

    async def detail(self, offer_id: int) -> Any:
        answer = await self.call(
            "com.alibaba.fenxiao.crossborder",
            "product.search.queryProductDetail",
            offerDetailParam={"offerId": offer_id, "country": "en"},
        )
        return answer["result"]["result"]

    async def preview(self, *cargo: dict[str, object], flow: str = "") -> Any:
        return await self.trade(
            "alibaba.createOrder.preview", addressParam=ADDRESS, cargoParamList=list(cargo), flow=flow
        )

    async def create(self, *cargo: dict[str, object], api: str = "fastCreateOrder", **more: object) -> Any:
        given: dict[str, Any] = {"flow": "general", "addressParam": ADDRESS, "cargoParamList": list(cargo)}
        return await self.trade(f"alibaba.trade.{api}", **(given | {"tradeType": "assureTrade"} | more))

    async def reserve(self, **more: Any) -> str:
        """One order of ten shirts; gives its id."""
        answer = await self.create(await self.cargo(730000000001, 10), **more)
        return str(answer["result"]["orderId"])

    async def view(self, order_id: str) -> Any:
        return await self.trade("alibaba.trade.get.buyerView", orderId=order_id, webSite="1688")

    async def world(self, verb: str, **arguments: object) -> None:
        async with self.http.post(f"{self.url}/_control/world", json={"verb": verb} | arguments) as answer:
            assert answer.status == 200, await answer.text()

    async def manners(self, **changes: object) -> None:
        await self.world("set_manners", **changes)

    async def fault(self, at: str, fault: str, **more: object) -> None:
        body = {"at": at, "fault": fault} | more
        async with self.http.post(f"{self.url}/_control", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def truth(self) -> Any:
        async with self.http.get(f"{self.url}/_truth/orders") as answer:
            return await answer.json()


@asynccontextmanager
async def start_shop(seed: int = 1) -> AsyncIterator[Shop]:
    """An authorized account on a fresh part whose rate limit is out of the way."""
    async with start_part("alibaba1688", seed=seed) as url, aiohttp.ClientSession() as http:
        shop = Shop(url, http)
        await shop.manners(rate_calls=1000)
        await shop.authorize()
        yield shop


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with start_shop() as shop:
        yield shop
