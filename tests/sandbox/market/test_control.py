"""Control, truth and the common faults, on a page that places an order."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.market.control import WORLD, make_market_app
from sandbox.market.goods import make_world
from sandbox.market.model import Wanted
from sandbox.options import PartOptions
from sandbox.testing import start_app

LOGIN = "vykup_buyer_01"


@dataclass
class Part:
    url: str
    http: aiohttp.ClientSession

    async def post(self, path: str, **body: object) -> tuple[int, Any]:
        async with self.http.post(self.url + path, json=body) as answer:
            return answer.status, await answer.json()

    async def buy(self) -> tuple[int, str]:
        async with self.http.post(self.url + "/buy", timeout=aiohttp.ClientTimeout(total=0.5)) as answer:
            return answer.status, await answer.text()

    async def truth(self, what: str = "orders") -> Any:
        async with self.http.get(f"{self.url}/_truth/{what}") as answer:
            return (await answer.json())[what]


async def buy(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    order = world.place(LOGIN, [Wanted("640000000003", "", 1)], world.account(LOGIN).addresses[0])
    return web.json_response({"id": order.id})


@pytest.fixture
async def part() -> AsyncIterator[Part]:
    app = make_market_app(make_world("taobao", 1), PartOptions(), lambda request: request.path[1:])
    app.router.add_post("/buy", buy)
    async with start_app(app) as url, aiohttp.ClientSession() as http:
        yield Part(url, http)


@pytest.mark.parametrize(
    ("fault", "orders"),
    [("timeout_before", 0), ("timeout_after", 1), ("drop_connection", 0), ("drop_after", 1)],
)
async def test_no_answer(part: Part, fault: str, orders: int) -> None:
    await part.post("/_control", at="buy", fault=fault)
    with pytest.raises((aiohttp.ClientError, TimeoutError)):
        await part.buy()
    assert len(await part.truth()) == orders
    assert (await part.buy())[0] == 200, "one time only"


@pytest.mark.parametrize(
    ("fault", "status", "orders"), [("http_500", 500, 0), ("http_429", 429, 0), ("http_500_after", 500, 1)]
)
async def test_bad_status(part: Part, fault: str, status: int, orders: int) -> None:
    await part.post("/_control", at="*", fault=fault, times=2)
    assert [(await part.buy())[0] for _ in range(3)] == [status, status, 200]
    assert len(await part.truth()) == orders * 2 + 1


async def test_bad_json_has_its_effect(part: Part) -> None:
    await part.post("/_control", at="buy", fault="bad_json")
    status, text = await part.buy()
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    assert (status, len(await part.truth())) == (200, 1)


async def test_slow_answers_all_the_same(part: Part) -> None:
    await part.post("/_control", at="buy", fault="slow", seconds=0)
    assert (await part.buy())[0] == 200
    visits = await part.truth("visits")
    assert [(one["at"], one["fault"]) for one in visits] == [("buy", "slow")]


async def test_faults_elsewhere_and_cleared_ones_do_nothing(part: Part) -> None:
    await part.post("/_control", at="sell", fault="http_500")
    assert (await part.buy())[0] == 200
    await part.post("/_control", at="buy", fault="http_500")
    async with part.http.delete(part.url + "/_control"):
        assert (await part.buy())[0] == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_control", {"at": "buy", "fault": "meteor"}),
        ("/_control", {"at": "buy", "fault": "slow", "times": 0}),
        ("/_control/world", {"verb": "place"}),
        ("/_control/world", {"verb": "pay"}),
        ("/_control/world", {"verb": "pay", "order_id": "1"}),
        ("/_control/world", {"verb": "set_repeat_policy", "policy": "third_order"}),
    ],
)
async def test_wrong_control_is_refused(part: Part, path: str, body: dict[str, object]) -> None:
    status, answer = await part.post(path, **body)
    assert status == 400
    assert answer["error"]


async def test_world_moves_and_truth_tells(part: Part) -> None:
    order_id = json.loads((await part.buy())[1])["id"]
    await part.post("/_control/world", verb="pay", order_id=order_id)
    await part.post("/_control/world", verb="ship", order_id=order_id, parcels=[{"waybill": "YT1"}])
    await part.post("/_control/world", verb="refund", order_id=order_id, sub_id=order_id, amount_fen=100)
    (order,) = await part.truth()
    assert (order["status"], order["total_fen"], order["freight_fen"]) == ("shipped", 6700, 800)
    assert order["shipments"][0]["lines"] == [{"sub_id": order_id, "quantity": 1}]
    assert order["refunds"][0]["amount_fen"] == 100
    assert order["paid_at"].endswith("+00:00")
    assert order["lines"][0]["unit_price"] == "59.00"
