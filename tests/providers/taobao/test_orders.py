"""Reading orders in every shape of the list and of the order's page, cancelling, and syncing piece by piece."""

from collections.abc import Sequence

import pytest

from providers.taobao.driver import TaobaoProvider
from purchasing.errors import Refused, Transient
from purchasing.provider import ChangesPage, ProviderOrderSeen, WaybillSeen
from purchasing.refusals import Refusal
from purchasing.words import Stage
from sandbox.market.model import MarketOrder, Parcel, Piece, Wanted
from sandbox.taobao.state import SITE
from tests.providers.taobao.conftest import BUYER, CUP, SHIRT, TROUSERS, Gate, Market

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHAPES = [{"bought_list": "old"}, {"bought_list": "old", "charset": "gb18030"}, {"bought_list": "v2"}]
EARPHONES = (Wanted("640000000004", "5400000000041", 1), Wanted("640000000004", "5400000000042", 1))
CLOTHES = (Wanted(SHIRT.item_id, SHIRT.sku_id, 2), Wanted(TROUSERS.item_id, TROUSERS.sku_id, 1))
CUPS = (Wanted(CUP.item_id, "", 1),)


def order_of(market: Market, *wanted: Wanted) -> MarketOrder:
    """An order that is there without our doing."""
    world = market.app[SITE].world
    return world.place(BUYER, wanted, world.account(BUYER).addresses[0])


async def synced(
    provider: TaobaoProvider, market: Market, cursor: str = "", numbers: Sequence[str] = ()
) -> tuple[dict[str, ProviderOrderSeen], str]:
    """A whole sync: the last that was told of each order, and the new watermark."""
    seen: dict[str, ProviderOrderSeen] = {}
    page = ChangesPage((), cursor, done=False)
    while not page.done:
        page = await provider.changes(market.account, page.cursor, numbers)
        seen |= {order.number: order for order in page.orders}
    return seen, page.cursor


@pytest.mark.parametrize("shape", SHAPES)
async def test_every_shape_tells_the_same_order(
    market: Market, provider: TaobaoProvider, shape: dict[str, str]
) -> None:
    await market.verb("mode", pseudo_lines=True, **shape)
    made = order_of(market, *CLOTHES)
    (order,) = (await provider.changes(market.account, "", [])).orders
    assert (order.total, order.seller, order.stage) == (made.total_fen, made.seller.login, Stage.UNPAID)
    assert order.created_at == made.created_at.replace(microsecond=0)
    assert [(one.sub_number, one.item_id, one.quantity, one.unit_price, one.choice) for one in order.lines] == [
        (line.sub_id, line.item_id, line.quantity, line.unit_price, line.choice) for line in made.lines
    ]


async def test_the_bare_list_tells_what_it_shows(market: Market, provider: TaobaoProvider) -> None:
    await market.verb("mode", bought_list="dom")
    made = order_of(market, *CLOTHES)
    page = await provider.changes(market.account, "", [])
    (order,) = page.orders
    assert (order.number, order.total, order.stage) == (made.id, made.total_fen, Stage.UNPAID)
    assert [(one.item_id, one.quantity) for one in order.lines] == [(SHIRT.item_id, 2), (TROUSERS.item_id, 1)]


async def test_an_order_goes_through_its_stages(market: Market, provider: TaobaoProvider) -> None:
    made = order_of(market, *CUPS)
    world, told = market.app[SITE].world, []
    for step in (
        lambda: None,
        lambda: world.pay(made.id),
        lambda: world.ship(made.id, (Parcel("78123456789012"),)),
        lambda: world.finish(made.id),
    ):
        step()
        (order,) = (await provider.changes(market.account, "", [made.id])).orders
        told.append((order.stage, order.waybills))
    sent = (WaybillSeen("78123456789012", carrier_name="中通快递"),)
    assert told == [(Stage.UNPAID, None), (Stage.PAID, None), (Stage.SHIPPED, sent), (Stage.DONE, None)]


async def test_a_closed_order_that_the_tabs_no_longer_show_is_told(market: Market, provider: TaobaoProvider) -> None:
    made = order_of(market, *CUPS)
    market.app[SITE].world.orders[made.id].created_at = made.created_at.replace(year=2025)
    await market.verb("close", order_id=made.id)
    seen, cursor = await synced(provider, market, "", [made.id])
    assert seen[made.id].stage is Stage.CLOSED_UNPAID
    assert (await synced(provider, market, cursor))[0] == {}


async def test_what_closed_means_is_told_by_the_orders_page(market: Market, provider: TaobaoProvider) -> None:
    await market.verb("mode", bought_list="v2")
    unpaid, refunded = order_of(market, *CUPS), order_of(market, *CUPS)
    market.app[SITE].world.pay(refunded.id)
    for made in (unpaid, refunded):
        market.app[SITE].world.close(made.id)
    page = await provider.changes(market.account, "", [unpaid.id, refunded.id])
    assert {order.number: order.stage for order in page.orders} == {
        unpaid.id: Stage.CLOSED_UNPAID,
        refunded.id: Stage.CLOSED_REFUNDED,
    }


async def test_trouble_on_a_further_page_is_transient(market: Market, provider: TaobaoProvider) -> None:
    for _ in range(16):
        order_of(market, *CUPS)
    page = await provider.changes(market.account, "", [])
    await market.fault("bought", "http_500")
    with pytest.raises(Transient):
        await provider.changes(market.account, page.cursor, [])
    assert len((await provider.changes(market.account, page.cursor, [])).orders) == 1


@pytest.mark.parametrize(("shape", "wanted"), [(SHAPES[1], CLOTHES), (SHAPES[2], EARPHONES)])
async def test_two_parcels_of_an_order_are_told_with_their_lines(
    market: Market, provider: TaobaoProvider, shape: dict[str, str], wanted: tuple[Wanted, ...]
) -> None:
    await market.verb("mode", **shape)
    made = order_of(market, *wanted)
    world = market.app[SITE].world
    world.pay(made.id)
    first, second = made.lines
    parcels = (
        Parcel("78111111111111", "中通快递", (Piece(first.sub_id, first.quantity),)),
        Parcel("YT2222222222222", "圆通速递", (Piece(second.sub_id, second.quantity),)),
    )
    world.ship(made.id, parcels)
    order = await provider.order(market.account, made.id)
    assert order.stage is Stage.SHIPPED
    assert order.tmall is made.seller.tmall
    assert "大源北路1号仓库" in order.address_seen
    assert [(one.number, one.carrier_name, one.sub_numbers) for one in order.waybills or ()] == [
        ("78111111111111", "中通快递", (first.sub_id,)),
        ("YT2222222222222", "圆通速递", (second.sub_id,)),
    ]
    assert await provider.waybills(market.account, made.id) == order.waybills


async def test_parcels_are_read_few_at_a_time_and_not_again(market: Market, provider: TaobaoProvider) -> None:
    world, numbers = market.app[SITE].world, []
    for count in range(7):
        made = order_of(market, *CUPS)
        world.pay(made.id)
        world.ship(made.id, (Parcel(f"7812345678901{count}"),))
        numbers.append(made.id)
    page = await provider.changes(market.account, "", numbers)
    assert sum(order.waybills is not None for order in page.orders) == 5
    before = await market.visits("detail")
    seen, cursor = await synced(provider, market, page.cursor, numbers)
    await synced(provider, market, cursor, numbers)
    assert all(order.waybills for order in seen.values())
    assert await market.visits("detail") <= before + 2 * 2


async def test_an_unknown_status_is_passed_through(market: Market, provider: TaobaoProvider) -> None:
    made = order_of(market, *CUPS)
    await market.verb("set_raw_status", order_id=made.id, raw_status="TRADE_FROZEN_BY_MOON")
    (order,) = (await provider.changes(market.account, "", [])).orders
    assert (order.raw_status, order.stage) == ("TRADE_FROZEN_BY_MOON", None)


async def test_a_refund_is_seen_on_its_line(market: Market, provider: TaobaoProvider) -> None:
    made = order_of(market, *CLOTHES)
    await market.verb("pay", order_id=made.id)
    await market.verb("refund", order_id=made.id, sub_id=made.lines[0].sub_id, amount_fen=100)
    order = await provider.order(market.account, made.id)
    assert [bool(line.refund_status) for line in order.lines] == [True, False]


async def test_a_long_list_is_read_page_by_page(market: Market, provider: TaobaoProvider) -> None:
    made = [order_of(market, *CUPS).id for _ in range(17)]
    first = await provider.changes(market.account, "", [])
    second = await provider.changes(market.account, first.cursor, [])
    assert (len(first.orders), len(second.orders)) == (15, 2)
    assert {one.number for one in (*first.orders, *second.orders)} == set(made)


@pytest.mark.parametrize("shape", ["old", "v2"])
async def test_an_order_that_is_not_there(market: Market, provider: TaobaoProvider, shape: str) -> None:
    await market.verb("mode", bought_list=shape)
    with pytest.raises(Refused) as caught:
        await provider.order(market.account, "1234567890123456789")
    assert caught.value.code == Refusal.ORDER_NOT_FOUND


async def test_an_unpaid_order_is_cancelled_once(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    made = order_of(market, *CUPS)
    await provider.cancel(market.account, made.id, gate)
    assert (await market.orders())[0]["status"] == "closed"
    await provider.cancel(market.account, made.id, gate)
    assert len(gate.shown) == 1


async def test_a_paid_order_is_not_cancelled(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    made = order_of(market, *CUPS)
    await market.verb("pay", order_id=made.id)
    with pytest.raises(Refused) as caught:
        await provider.cancel(market.account, made.id, gate)
    assert caught.value.code == Refusal.ORDER_PAID
    assert gate.shown == []
