"""The verbs that both marketplaces share."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.market.goods import GONE_SKU, SOLD_OUT_SKUS, make_world
from sandbox.market.model import MarketOrder, Parcel, Piece, Provider, Refused, Wanted
from sandbox.market.world import World, largest_remainder

LOGIN = "vykup_buyer_01"
SHIRT, TROUSERS = "640000000001", "640000000002"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return make_world("taobao", 1, lambda: NOON)


def place(world: World, *wanted: Wanted) -> MarketOrder:
    lines = wanted or (Wanted(SHIRT, "5400000000011", 2), Wanted(TROUSERS, "5400000000021", 3))
    return world.place(LOGIN, lines, world.account(LOGIN).addresses[0])


@pytest.mark.parametrize("provider", ["taobao", "alibaba1688"])
def test_catalogue(provider: Provider) -> None:
    world = make_world(provider, 1)
    prefix = "640000000" if provider == "taobao" else "730000000"
    assert all(len(item) == 12 and item.startswith(prefix) for item in world.goods)
    assert all(len(sku.sku_id) == 13 for goods in world.goods.values() for sku in goods.skus)
    assert len({goods.seller for goods in world.goods.values()}) >= 8
    item, sku = SOLD_OUT_SKUS[provider]
    assert all(one.stock == 0 for one in world.item(item).skus if sku in {"", one.sku_id})


def test_special_goods() -> None:
    taobao, wholesale = make_world("taobao", 1), make_world("alibaba1688", 1)
    assert taobao.item(SHIRT).seller == taobao.item(TROUSERS).seller
    assert any(goods.seller.tmall for goods in taobao.goods.values())
    assert taobao.item(GONE_SKU[0]).sku(GONE_SKU[1]) is None
    assert wholesale.item("730000000001").minimum == 10
    assert {goods.quote_type for goods in wholesale.goods.values()} == {0, 1, 2}
    assert wholesale.item("730000000002").unit_price("", 20_000) < Decimal("0.01")


def test_place_takes_stock_and_close_gives_it_back(world: World) -> None:
    sku = world.item(SHIRT).sku("5400000000011")
    assert sku is not None
    before = sku.stock
    order = place(world)
    assert (order.status, sku.stock) == ("unpaid", before - 2)
    assert order.total_fen == 2 * 3990 + 3 * 8900 + 600
    assert len({line.sub_id for line in order.lines} | {order.id}) == 3
    world.close(order.id)
    assert (order.status, sku.stock) == ("closed", before)


def test_ids_are_19_digits_that_a_float_can_not_hold(world: World) -> None:
    for _ in range(50):
        order_id = place(world, Wanted(SHIRT, "5400000000011", 1)).id
        assert len(order_id) == 19
        assert int(float(order_id)) != int(order_id)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ((Wanted(SHIRT, "", 1),), "not_found"),
        ((Wanted("1", "", 1),), "not_found"),
        ((Wanted("640000000005", "5400000000051", 1),), "sold_out"),
        ((Wanted(SHIRT, "5400000000011", 1), Wanted("640000000003", "", 1)), "lines"),
    ],
)
def test_place_refuses_and_changes_nothing(world: World, wanted: tuple[Wanted, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        place(world, *wanted)
    assert refused.value.code == code
    assert world.orders == {}


def test_an_order_goes_its_way(world: World) -> None:
    order = place(world)
    with pytest.raises(Refused):
        world.ship(order.id, (Parcel("YT1"),))
    world.pay(order.id)
    first, second = order.lines
    world.ship(order.id, (Parcel("YT1", lines=(Piece(first.sub_id, 2),)),))
    assert str(order.status) == "part_shipped"
    with pytest.raises(Refused):
        world.ship(
            order.id, (Parcel("YT2", lines=(Piece(second.sub_id, 2),)), Parcel("YT3", lines=(Piece(first.sub_id, 1),)))
        )
    assert [one.waybill for one in order.shipments] == ["YT1"]
    world.ship(order.id, (Parcel("YT2", lines=(Piece(second.sub_id, 1),)), Parcel("YT3")))
    assert str(order.status) == "shipped"
    world.deliver(order.id, "YT1")
    assert str(order.status) == "shipped"
    world.deliver(order.id)
    assert str(order.status) == "delivered"
    world.finish(order.id)
    assert str(order.status) == "finished"


def test_booking_limit(world: World) -> None:
    world.reach_limit(LOGIN, 1)
    place(world)
    with pytest.raises(Refused) as refused:
        place(world)
    assert refused.value.code == "limit"


def test_order_price_is_shared_by_lines(world: World) -> None:
    order = place(world)
    world.set_order_price(order.id, 10_001, 0)
    assert order.total_fen == 10_001
    assert sum(line.amount_fen for line in order.lines) == 10_001
    assert all(line.discount_fen < 0 for line in order.lines)


def test_goods_change(world: World) -> None:
    world.set_price(SHIRT, Decimal(50), "5400000000011")
    world.restock(SHIRT, 1, "5400000000011")
    wanted = [Wanted(SHIRT, "5400000000011", 2)]
    assert world.price_lines(wanted)[0].amount_fen == 10_000
    assert world.short(wanted) == wanted


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_largest_remainder_is_exact(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0
