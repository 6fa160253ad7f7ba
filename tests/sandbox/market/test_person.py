"""The pages on which a person pays and a seller ships."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from sandbox.market.control import make_market_app
from sandbox.market.goods import make_world
from sandbox.market.model import MarketOrder, Wanted
from sandbox.market.person import add_person_pages
from sandbox.market.world import World
from sandbox.options import PartOptions
from sandbox.testing import start_app

LOGIN = "vykup1688_01"


@dataclass
class Desk:
    world: World
    order: MarketOrder
    url: str
    http: aiohttp.ClientSession

    async def page(self, path: str) -> str:
        async with self.http.get(self.url + path) as answer:
            assert answer.status == 200
            return await answer.text()

    async def send(self, path: str, **form: str) -> str:
        async with self.http.post(self.url + path, data=form) as answer:
            assert answer.status == 200
            return await answer.text()

    async def ship(self, waybills: str, *pieces: int) -> str:
        chosen = {f"pieces-{line.sub_id}": str(n) for line, n in zip(self.order.lines, pieces, strict=True)}
        return await self.send(f"/seller/orders/{self.order.id}/ship", waybills=waybills, carrier="圆通速递", **chosen)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    world = make_world("alibaba1688", 1)
    lines = [Wanted("730000000001", "5700000000011", 10), Wanted("730000000001", "5700000000012", 5)]
    order = world.place(LOGIN, lines, world.account(LOGIN).addresses[0])
    app = make_market_app(world, PartOptions(), lambda _: "")
    add_person_pages(app, "1688")
    async with start_app(app) as url, aiohttp.ClientSession() as http:
        yield Desk(world, order, url, http)


async def test_person_sees_and_pays(desk: Desk) -> None:
    page = await desk.page(f"/person/{LOGIN}/orders")
    assert desk.order.id in page
    assert "圆领纯色T恤批发定制" in page
    assert "PAY" in page
    page = await desk.page(f"/person/{LOGIN}/cashier?orderId={desk.order.id};123")
    assert re.search(r"To pay ¥280\.50", page)
    await desk.send(f"/person/{LOGIN}/pay", order=desk.order.id)
    assert str(desk.order.status) == "paid"
    assert "PAY" not in await desk.page(f"/person/{LOGIN}/orders")


async def test_person_pays_only_what_is_theirs_and_unpaid(desk: Desk) -> None:
    await desk.send("/person/vykup1688_02/pay", order=desk.order.id)
    assert str(desk.order.status) == "unpaid"
    desk.world.close(desk.order.id)
    assert "is closed" in await desk.send(f"/person/{LOGIN}/pay", order=desk.order.id)


async def test_person_closes(desk: Desk) -> None:
    await desk.send(f"/person/{LOGIN}/orders/{desk.order.id}/close")
    assert str(desk.order.status) == "closed"
    assert "is closed" in await desk.send(f"/person/{LOGIN}/orders/{desk.order.id}/close")


async def test_nobody_has_no_orders_page(desk: Desk) -> None:
    async with desk.http.get(f"{desk.url}/person/nobody/orders") as answer:
        assert answer.status == 404


async def test_seller_ships_in_parts(desk: Desk) -> None:
    desk.world.pay(desk.order.id)
    await desk.ship("YT1", 4, 0)
    assert [one.waybill for one in desk.order.shipments] == ["YT1"]
    assert str(desk.order.status) == "part_shipped"
    await desk.ship("YT2, YT3", 6, 5)
    assert str(desk.order.status) == "shipped"
    assert [[piece.quantity for piece in one.lines] for one in desk.order.shipments] == [[4], [6], [5]]


async def test_more_waybills_than_lines_cut_the_biggest(desk: Desk) -> None:
    desk.world.pay(desk.order.id)
    await desk.ship("YT1 YT2 YT3", 10, 5)
    assert sorted(sum(piece.quantity for piece in one.lines) for one in desk.order.shipments) == [5, 5, 5]


@pytest.mark.parametrize(("waybills", "pieces"), [("", (1, 0)), ("YT1", (0, 0)), ("YT1", (11, 0)), ("a b", (1, 0))])
async def test_seller_is_told_what_is_wrong(desk: Desk, waybills: str, pieces: tuple[int, int]) -> None:
    desk.world.pay(desk.order.id)
    assert 'role="status"' in await desk.ship(waybills, *pieces)
    assert desk.order.shipments == []


async def test_seller_changes_price_closes_and_refunds(desk: Desk) -> None:
    path = f"/seller/orders/{desk.order.id}"
    await desk.send(f"{path}/price", goods="200.05", freight="0")
    assert desk.order.total_fen == 20_005
    assert 'role="status"' in await desk.send(f"{path}/price", goods="much", freight="0")
    assert 'role="status"' in await desk.send(f"{path}/price", goods="-1", freight="0")
    desk.world.pay(desk.order.id)
    await desk.send(f"{path}/refund", line=desk.order.lines[0].sub_id)
    assert [one.amount_fen for one in desk.order.refunds] == [desk.order.lines[0].amount_fen]
    await desk.send(f"{path}/close")
    assert str(desk.order.status) == "closed"


async def test_texts_are_escaped(desk: Desk) -> None:
    desk.order.remark = "<script>alert(1)</script>"
    assert "<script>alert" not in await desk.page("/seller")
