"""Quotes from item pages: prices, choices and the reasons why something can't be bought."""

from decimal import Decimal

import pytest

from providers.taobao.driver import TaobaoProvider
from purchasing.provider import Want
from purchasing.refusals import Refusal
from tests.providers.taobao.conftest import SHIRT, Market

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def want(item: int, sku: str = "", quantity: int = 1) -> Want:
    return Want(1, f"6400000000{item:02d}", sku, quantity, Decimal(1))


@pytest.mark.parametrize("mode", ["both", "ssr", "xhr"])
async def test_a_choice_in_words_is_resolved(market: Market, provider: TaobaoProvider, mode: str) -> None:
    await market.verb("mode", item_data=mode)
    by_text, by_id = await provider.quote(market.account, [want(1, "藏青 L", 2), want(1, SHIRT.sku_id)])
    assert by_text == by_id
    assert (by_text.sku_id, by_text.choice, by_text.unit_price) == (SHIRT.sku_id, SHIRT.choice, Decimal("39.90"))
    assert (by_text.seller, by_text.available, by_text.refusal) == ("潮流街头男装店", 50000, None)


REFUSED = [
    (want(4, "黑色"), Refusal.TMALL),
    (want(5, "黑色"), Refusal.SOLD_OUT),
    (want(7, "5400000000071"), Refusal.CONFIGURATION_CHANGED),
    (want(1, "L"), Refusal.CONFIGURATION_UNCLEAR),
    (want(1), Refusal.CONFIGURATION_UNCLEAR),
    (want(3, "", 100_001), Refusal.STOCK_SHORT),
    (want(99), Refusal.ITEM_GONE),
]


async def test_what_cannot_be_bought_says_why(market: Market, provider: TaobaoProvider) -> None:
    quotes = await provider.quote(market.account, [line for line, _ in REFUSED])
    assert [one.refusal.code if one.refusal else None for one in quotes] == [code for _, code in REFUSED]


async def test_goods_off_the_shelf_and_limits(market: Market, provider: TaobaoProvider) -> None:
    await market.verb("off_shelf", item_id="640000000003")
    await market.verb("mode", limit_per_order=2)
    gone, many, few = await provider.quote(market.account, [want(3), want(9, "", 3), want(9, "", 2)])
    assert [one.refusal.code if one.refusal else None for one in (gone, many, few)] == [
        Refusal.ITEM_GONE,
        Refusal.QUANTITY_LIMIT,
        None,
    ]


async def test_goods_that_sold_out_whole(market: Market, provider: TaobaoProvider) -> None:
    await market.verb("sell_out", item_id="640000000003")
    (quote,) = await provider.quote(market.account, [want(3)])
    assert quote.refusal is not None
    assert quote.refusal.code == Refusal.SOLD_OUT
