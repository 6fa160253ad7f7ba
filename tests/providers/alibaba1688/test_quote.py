"""What is offered for lines now: prices by tiers and skus, choices by id and text, and what can't be bought."""

from decimal import Decimal

import pytest

from providers.alibaba1688.driver import Alibaba1688Provider
from purchasing.errors import SessionExpired
from purchasing.provider import Quote, Want
from purchasing.refusals import Refusal
from tests.providers.alibaba1688.conftest import ACCOUNT, Market, canned, spec

SHIRT, SCREW, BAGS, KITCHEN = "730000000001", "730000000002", "730000000004", "730000000005"
DETAIL = "product.search.queryProductDetail"


def want(item: str, sku: str, quantity: int = 10, line_id: int = 1) -> Want:
    return Want(line_id, item, sku, quantity, Decimal(1))


async def quote(provider: Alibaba1688Provider, one: Want) -> Quote:
    (answer,) = await provider.quote(ACCOUNT, [one])
    return answer


def refused(answer: Quote) -> str | None:
    return answer.refusal.code if answer.refusal else None


@pytest.mark.parametrize(
    "sku",
    ["5700000000012", spec(5700000000012), "黑色;L", "L ; 黑色", "颜色:黑色;尺码:L", "尺码：L 颜色：黑色", "黑色 l"],
)
async def test_a_choice_by_id_or_text(provider: Alibaba1688Provider, sku: str) -> None:
    answer = await quote(provider, want(SHIRT, sku))
    assert refused(answer) is None
    assert (answer.sku_id, answer.choice, answer.unit_price) == (spec(5700000000012), "黑色; L", Decimal("18.50"))
    assert answer.seller == "广州衣路通服饰有限公司"
    assert answer.available == 50_000


@pytest.mark.parametrize(
    ("sku", "code"),
    [
        ("黑色", Refusal.CONFIGURATION_UNCLEAR),
        ("", Refusal.CONFIGURATION_UNCLEAR),
        ("黑色;XXL", Refusal.CONFIGURATION_CHANGED),
        ("5799999999999", Refusal.CONFIGURATION_CHANGED),
    ],
)
async def test_a_choice_that_is_not_one_sku(provider: Alibaba1688Provider, sku: str, code: Refusal) -> None:
    answer = await quote(provider, want(SHIRT, sku))
    assert refused(answer) == code
    assert answer.unit_price is None


async def test_two_skus_of_one_text_are_unclear() -> None:
    skus = [
        {
            "skuId": number,
            "specId": f"s{number}",
            "price": "1",
            "skuAttributes": [{"attributeName": "色", "value": "红"}],
        }
        for number in (1, 2)
    ]
    result = {"status": "published", "productSkuInfos": skus, "productSaleInfo": {"quoteType": 1}}
    answer = {"result": {"success": True, "result": result}}
    async with canned(product_search_queryProductDetail=answer) as provider:
        assert refused(await quote(provider, want("1", "红"))) == Refusal.CONFIGURATION_UNCLEAR
        assert (await quote(provider, want("1", "2"))).sku_id == "s2"


async def test_goods_without_skus(provider: Alibaba1688Provider) -> None:
    answer = await quote(provider, want(BAGS, "", 600))
    assert (refused(answer), answer.sku_id, answer.unit_price) == (None, "", Decimal("0.38"))
    assert refused(await quote(provider, want(BAGS, "红色", 600))) == Refusal.CONFIGURATION_CHANGED


async def test_a_tier_counts_all_pieces_of_the_offer(provider: Alibaba1688Provider) -> None:
    grey, green = want(KITCHEN, "灰色", 12, 1), want(KITCHEN, "绿色", 8, 2)
    together = await provider.quote(ACCOUNT, [grey, green])
    assert [one.unit_price for one in together] == [Decimal("29.80")] * 2
    assert (await quote(provider, grey)).unit_price == Decimal("32.50")
    assert [one.line_id for one in together] == [1, 2]


async def test_a_price_below_a_fen(provider: Alibaba1688Provider) -> None:
    assert (await quote(provider, want(SCREW, "6mm", 1000))).unit_price == Decimal("0.008")
    assert (await quote(provider, want(SCREW, "6mm", 10_000))).unit_price == Decimal("0.0065")


async def test_a_promotion_undercuts_the_price() -> None:
    sku = {"skuId": 1, "specId": "s", "price": "5.00", "promotionPrice": "4.20", "amountOnSale": 9}
    result = {"status": "published", "productSkuInfos": [sku], "productSaleInfo": {"quoteType": 1}}
    answer = {"result": {"success": True, "result": result}}
    async with canned(product_search_queryProductDetail=answer) as provider:
        assert (await quote(provider, want("1", "1", 1))).unit_price == Decimal("4.20")


async def test_what_can_not_be_bought(provider: Alibaba1688Provider, market: Market) -> None:
    assert refused(await quote(provider, want("730000000006", "黑色", 1))) == Refusal.SOLD_OUT
    assert refused(await quote(provider, want("730000000099", "", 1))) == Refusal.ITEM_GONE
    assert refused(await quote(provider, want("not-a-number", "", 1))) == Refusal.ITEM_GONE
    assert refused(await quote(provider, want("730000000011", "", 1))) == Refusal.ITEM_GONE
    below = await quote(provider, want(SHIRT, "黑色;L", 9))
    assert below.refusal is not None
    assert (below.refusal.code, below.refusal.detail) == (Refusal.BELOW_MINIMUM, "10")
    await market.world("restock", item_id=SHIRT, stock=15, sku_id="5700000000012")
    both = await provider.quote(ACCOUNT, [want(SHIRT, "黑色;L", 8, 1), want(SHIRT, "黑色;L", 8, 2)])
    assert [refused(one) for one in both] == [Refusal.STOCK_SHORT] * 2


async def test_a_minimum_may_be_met_by_several_skus(provider: Alibaba1688Provider) -> None:
    both = await provider.quote(ACCOUNT, [want(SHIRT, "黑色;L", 5, 1), want(SHIRT, "白色;M", 5, 2)])
    assert [refused(one) for one in both] == [None, None]


async def test_a_seller_of_mixed_batches_is_left_to_the_preview() -> None:
    result = {
        "status": "published",
        "minOrderQuantity": 100,
        "sellerMixSetting": {"generalHunpi": True, "mixAmount": 50, "mixNumber": 10},
        "productSaleInfo": {"quoteType": 0, "priceRangeList": [{"startQuantity": 100, "price": "2"}]},
    }
    answer = {"result": {"success": True, "result": result}}
    async with canned(product_search_queryProductDetail=answer) as provider:
        assert refused(await quote(provider, want("1", "", 3))) is None


async def test_an_offer_that_is_not_published_yet() -> None:
    answer = {"result": {"success": True, "result": {"status": "auditing"}}}
    async with canned(product_search_queryProductDetail=answer) as provider:
        assert refused(await quote(provider, want("1", "", 3))) == Refusal.NOT_FOR_SALE_ONLINE


async def test_an_app_without_the_cross_border_permission(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("set_manners", denied=[DETAIL])
    answer = await quote(provider, want(SHIRT, "黑色;L"))
    assert (answer.sku_id, answer.unit_price) == (spec(5700000000012), Decimal("18.5"))
    assert answer.seller_id
    assert refused(await quote(provider, want("730000000099", ""))) == Refusal.ITEM_GONE


async def test_an_unreadable_offer_stops_no_other(provider: Alibaba1688Provider, market: Market) -> None:
    await market.fault(DETAIL, "page_changed")
    first, second = await provider.quote(ACCOUNT, [want(SHIRT, "黑色;L", 10, 1), want(BAGS, "", 600, 2)])
    assert (refused(first), refused(second)) == (Refusal.UNKNOWN, None)


async def test_a_short_trouble_is_waited_out(provider: Alibaba1688Provider, market: Market) -> None:
    await market.fault(DETAIL, "http_429")
    await market.fault(DETAIL, "bad_json")
    assert refused(await quote(provider, want(BAGS, "", 600))) is None


async def test_without_a_session_nothing_is_quoted(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("expire_session", account=ACCOUNT.nick)
    with pytest.raises(SessionExpired):
        await quote(provider, want(BAGS, "", 600))
