"""Placing over real HTTP: whatever goes wrong, at most one order exists, and nothing is claimed that can't be known."""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from providers.alibaba1688.driver import Alibaba1688Provider
from purchasing.errors import (
    LimitReached,
    OutcomeUnknown,
    ProviderError,
    Refused,
    SendingStopped,
    Transient,
)
from purchasing.provider import AboutToSend, Checkout, Sought
from purchasing.refusals import Refusal
from purchasing.words import Stage
from sandbox.testing import start_part
from tests.providers.alibaba1688.conftest import (
    ACCOUNT,
    APP_KEY,
    APP_SECRET,
    Gate,
    Market,
    Secrets,
    checkout,
    line,
    log_in,
    spec,
)

CREATE = "alibaba.trade.fastCreateOrder"
PREVIEW = "alibaba.createOrder.preview"


BLACK_M, BLACK_L = spec(5700000000011), spec(5700000000012)
SHIRTS = (line(1, 1, BLACK_M, 10, "18.00"), line(2, 1, BLACK_L, 2, "18.50"))
SHIRTS_TOTAL = 18000 + 3700 + 800


def shirts(total: int = SHIRTS_TOTAL, tolerance: int = 0) -> Checkout:
    return checkout(*SHIRTS, total=total, tolerance=tolerance)


async def find(provider: Alibaba1688Provider, wanted: Checkout) -> list[str]:
    sought = Sought(wanted, datetime.now(UTC) - timedelta(seconds=30))
    return [order.number for order in await provider.find_placed(ACCOUNT, sought)]


async def test_an_order_is_placed_once_unpaid_and_read_back(provider: Alibaba1688Provider, market: Market) -> None:
    gate = Gate()
    placed = await provider.place(ACCOUNT, shirts(), gate)
    (order,) = placed.orders
    (truth,) = await market.orders()
    assert (order.number, order.total, order.freight) == (truth["id"], SHIRTS_TOTAL, 800)
    assert order.stage is Stage.UNPAID
    assert order.out_key == truth["out_order_id"] == "PO-1"
    assert {(one.sku_id, one.quantity) for one in order.lines} == {(BLACK_M, 10), (BLACK_L, 2)}
    assert order.closes_at is not None
    assert [(one.total, one.freight) for one in gate.shown] == [(SHIRTS_TOTAL, 800)]
    assert truth["status"] == "unpaid"
    assert truth["details"]["trade_type"] == "assureTrade"
    assert truth["address"]["detail"] == "大源北路1号"
    assert await market.calls(CREATE) == [CREATE]


async def test_a_note_reaches_the_seller(provider: Alibaba1688Provider, market: Market) -> None:
    await provider.place(ACCOUNT, replace(shirts(), note="请包好"), Gate())
    assert [one["remark"] for one in await market.orders()] == ["请包好"]


async def test_a_note_that_is_too_long_is_refused_and_nothing_is_ordered(
    provider: Alibaba1688Provider, market: Market
) -> None:
    with pytest.raises(Refused) as caught:
        await provider.place(ACCOUNT, replace(shirts(), note="好" * 501), Gate())
    assert caught.value.code == Refusal.NOTE_TOO_LONG
    assert await market.orders() == []


async def test_the_same_goods_of_two_customers_are_one_line(provider: Alibaba1688Provider, market: Market) -> None:
    twice = checkout(line(1, 1, BLACK_M, 6, "18.00"), line(2, 1, BLACK_M, 5, "18.00"), total=19800 + 800)
    placed = await provider.place(ACCOUNT, twice, Gate())
    assert [(one.sku_id, one.quantity) for one in placed.orders[0].lines] == [(BLACK_M, 11)]
    assert await find(provider, twice) == [placed.orders[0].number]


@pytest.mark.parametrize("fault", ["timeout_after", "drop_after", "http_500_after", "bad_json"])
async def test_what_may_have_been_placed_is_unknown_and_found(
    provider: Alibaba1688Provider, market: Market, fault: str
) -> None:
    await market.fault(CREATE, fault)
    with pytest.raises(OutcomeUnknown):
        await provider.place(ACCOUNT, shirts(), Gate(seconds=1))
    (truth,) = await market.orders()
    assert await find(provider, shirts()) == [truth["id"]]
    assert len(await market.calls(CREATE)) == 1


@pytest.mark.parametrize("fault", ["timeout_before", "drop_connection", "http_500", "http_429", "page_changed"])
async def test_silence_is_unknown_even_when_nothing_was_placed(
    provider: Alibaba1688Provider, market: Market, fault: str
) -> None:
    await market.fault(CREATE, fault)
    with pytest.raises(OutcomeUnknown):
        await provider.place(ACCOUNT, shirts(), Gate(seconds=1))
    assert len(await market.calls(CREATE)) == 1
    assert await find(provider, shirts()) == [one["id"] for one in await market.orders()]


@pytest.mark.parametrize("fault", ["session_expired", "captcha"])
async def test_a_refusal_of_the_gateway_is_definite(provider: Alibaba1688Provider, market: Market, fault: str) -> None:
    await market.fault(CREATE, fault)
    with pytest.raises(Refused):
        await provider.place(ACCOUNT, shirts(), Gate())
    assert await market.orders() == []
    assert len(await market.calls(CREATE)) == 1


async def test_a_throttled_create_is_not_repeated(provider: Alibaba1688Provider, market: Market) -> None:
    async def gate(_: AboutToSend) -> datetime:
        await market.world("set_manners", rate_calls=1, rate_seconds=60)
        return datetime.now(UTC) + timedelta(seconds=8)

    with pytest.raises(LimitReached):
        await provider.place(ACCOUNT, shirts(), gate)
    assert await market.orders() == []


async def test_a_permission_that_is_missing_is_definite(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("set_manners", denied=[CREATE])
    with pytest.raises(Refused, match=r"gw\.APIACLDecline"):
        await provider.place(ACCOUNT, shirts(), Gate())
    assert await market.orders() == []


async def test_nothing_is_sent_when_the_gate_stops(provider: Alibaba1688Provider, market: Market) -> None:
    async def gate(_: AboutToSend) -> datetime:
        raise SendingStopped("kill_switch")

    with pytest.raises(SendingStopped, match="kill_switch"):
        await provider.place(ACCOUNT, shirts(), gate)
    with pytest.raises(SendingStopped, match="deadline"):
        await provider.place(ACCOUNT, shirts(), Gate(seconds=-1))
    assert await market.calls(CREATE) == []


async def test_a_gateway_that_went_away_after_the_gate_got_nothing(secrets: Secrets) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(start_part("alibaba1688"))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        provider = Alibaba1688Provider(APP_KEY, APP_SECRET, secrets, gateway=url)
        secrets.kept[ACCOUNT.id] = (await log_in(provider.login(ACCOUNT), Market(url, http))).secret

        async def gate(_: AboutToSend) -> datetime:
            await provider.close()
            await stack.aclose()
            return datetime.now(UTC) + timedelta(seconds=8)

        with pytest.raises(Refused, match="can't be reached"):
            await provider.place(ACCOUNT, shirts(), gate)
        await provider.close()


async def test_a_dearer_line_is_named(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("set_price", item_id="730000000001", price="19.00", sku_id="5700000000012")
    with pytest.raises(Refused) as refused:
        await provider.place(ACCOUNT, shirts(), Gate())
    assert (refused.value.code, refused.value.line_id, refused.value.detail) == (Refusal.PRICE_CHANGED, 2, "19.0")
    assert (await provider.place(ACCOUNT, shirts(tolerance=100), Gate())).orders[0].total == SHIRTS_TOTAL + 100


async def test_another_total_is_refused_before_the_gate(provider: Alibaba1688Provider, market: Market) -> None:
    gate = Gate()
    with pytest.raises(Refused) as refused:
        await provider.place(ACCOUNT, shirts(total=SHIRTS_TOTAL - 1), gate)
    assert (refused.value.code, refused.value.detail) == (Refusal.TOTAL_DIFFERS, "225")
    with pytest.raises(Refused, match=Refusal.TOTAL_DIFFERS):
        await provider.place(ACCOUNT, checkout(*SHIRTS, total=None), gate)
    assert gate.shown == []


@pytest.mark.parametrize(
    ("modes", "code"),
    [
        (["creditBuy", "period", "bank"], Refusal.NO_ESCROW),
        ([], Refusal.NOT_FOR_SALE_ONLINE),
    ],
)
async def test_without_escrow_nothing_is_ordered(
    provider: Alibaba1688Provider, market: Market, modes: list[str], code: Refusal
) -> None:
    await market.world("set_manners", trade_modes=modes)
    with pytest.raises(Refused, match=code):
        await provider.place(ACCOUNT, shirts(), Gate())
    assert await market.orders() == []


async def test_another_kind_of_escrow_is_taken(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("set_manners", trade_modes=["creditBuy", "alipay"])
    await provider.place(ACCOUNT, shirts(), Gate())
    (truth,) = await market.orders()
    assert truth["details"]["trade_type"] == "alipay"


async def test_the_flow_of_the_preview_is_the_flow_of_the_order(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("set_manners", cheapest_flow="fenxiao")
    await provider.place(ACCOUNT, shirts(), Gate())
    assert [one["details"]["flow"] for one in await market.orders()] == ["fenxiao"]


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("success", [True, False])
async def test_an_order_id_is_a_success_in_every_shape(
    provider: Alibaba1688Provider, market: Market, *, wrapped: bool, success: bool
) -> None:
    await market.world("set_manners", create_wrapped=wrapped, create_success=success)
    placed = await provider.place(ACCOUNT, shirts(), Gate())
    assert [order.number for order in placed.orders] == [one["id"] for one in await market.orders()]


async def test_a_basket_that_1688_splits_gives_several_orders(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("set_manners", split_offers=True)
    both = checkout(line(1, 2, spec(5700000000021), 1000, "0.008"), line(2, 3, spec(5700000000031), 100, "0.035"))
    quote = await provider.preview(ACCOUNT, both)
    assert (quote.goods, quote.freight, quote.total) == (800 + 350, 1200, 2350)
    both = checkout(*both.lines, total=2350)
    placed = await provider.place(ACCOUNT, both, Gate())
    assert {order.number for order in placed.orders} == {one["id"] for one in await market.orders()}
    assert sorted(order.total for order in placed.orders) == [950, 1400]
    assert set(await find(provider, both)) == {order.number for order in placed.orders}


async def test_lines_left_out_are_told(provider: Alibaba1688Provider, market: Market) -> None:
    await market.fault(CREATE, "partial")
    placed = await provider.place(ACCOUNT, shirts(), Gate())
    assert [(one.line_id, one.code) for one in placed.refusals] == [(2, Refusal.STOCK_SHORT)]
    assert [one.sku_id for one in placed.orders[0].lines] == [BLACK_M]
    assert await find(provider, shirts()) == [placed.orders[0].number]


@pytest.mark.parametrize(
    ("fault", "code", "line_id"),
    [("sold_out", Refusal.STOCK_SHORT, 1), ("below_minimum", Refusal.BELOW_MINIMUM, 1)],
)
async def test_a_refused_create_names_the_line(
    provider: Alibaba1688Provider, market: Market, fault: str, code: Refusal, line_id: int
) -> None:
    await market.fault(CREATE, fault)
    with pytest.raises(Refused) as refused:
        await provider.place(ACCOUNT, shirts(), Gate())
    assert (refused.value.code, refused.value.line_id) == (code, line_id)
    assert await market.orders() == []


async def test_the_limit_of_orders_is_told_apart(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("reach_limit", account=ACCOUNT.nick)
    with pytest.raises(LimitReached):
        await provider.place(ACCOUNT, shirts(), Gate())


async def test_an_order_that_cannot_be_read_back_stays_placed(provider: Alibaba1688Provider, market: Market) -> None:
    await market.fault("alibaba.trade.get.buyerView", "http_500", times=3)
    placed = await provider.place(ACCOUNT, shirts(), Gate())
    (order,) = placed.orders
    (truth,) = await market.orders()
    assert (order.number, order.total, order.freight, order.stage) == (truth["id"], SHIRTS_TOTAL, 800, Stage.UNPAID)
    assert [(one.sku_id, one.quantity) for one in order.lines] == [(BLACK_M, 10), (BLACK_L, 2)]
    assert len({one.sub_number for one in order.lines}) == 2


async def test_a_single_line_has_its_orders_number_even_unread(provider: Alibaba1688Provider, market: Market) -> None:
    await market.fault("alibaba.trade.get.buyerView", "http_500", times=3)
    one = checkout(SHIRTS[0], total=18800)
    (order,) = (await provider.place(ACCOUNT, one, Gate())).orders
    assert [line.sub_number for line in order.lines] == [order.number]
    assert [line.sub_number for line in (await provider.order(ACCOUNT, order.number)).lines] == [order.number]


async def test_a_price_that_rises_between_preview_and_create_is_seen(
    provider: Alibaba1688Provider, market: Market
) -> None:
    """1688 has no price condition on a create: the order's own sums tell, before anybody pays."""
    await market.fault(CREATE, "price_changed")
    placed = await provider.place(ACCOUNT, shirts(), Gate())
    assert placed.orders[0].total > SHIRTS_TOTAL


@pytest.mark.parametrize(("policy", "orders"), [("same_order", 1), ("second_order", 2), ("refuse", 1)])
async def test_a_key_used_before_never_looks_like_a_refusal(
    provider: Alibaba1688Provider, market: Market, policy: str, orders: int
) -> None:
    await market.world("set_repeat_policy", policy=policy)
    await provider.place(ACCOUNT, shirts(), Gate())
    try:
        await provider.place(ACCOUNT, shirts(), Gate())
    except ProviderError as error:
        assert isinstance(error, OutcomeUnknown)  # noqa: PT017 - only one of the three policies raises
    assert len(await market.orders()) == orders
    assert set(await find(provider, shirts())) == {one["id"] for one in await market.orders()}


async def test_a_fresh_order_is_found_when_the_list_shows_it(provider: Alibaba1688Provider, market: Market) -> None:
    await market.world("list_lag", looks=1)
    await market.fault(CREATE, "drop_after")
    with pytest.raises(OutcomeUnknown):
        await provider.place(ACCOUNT, shirts(), Gate())
    assert await find(provider, shirts()) == []
    assert len(await find(provider, shirts())) == 1


async def test_only_an_order_of_these_goods_is_ours(provider: Alibaba1688Provider, market: Market) -> None:
    placed = await provider.place(ACCOUNT, shirts(), Gate())
    number = placed.orders[0].number
    other = checkout(line(1, 1, BLACK_M, 11, "18.00"), line(2, 1, BLACK_L, 2, "18.50"))
    assert await find(provider, other) == []
    since = datetime.now(UTC) - timedelta(seconds=30)
    assert await provider.find_placed(ACCOUNT, Sought(shirts(), since, frozenset({number}))) == []
    assert await provider.find_placed(ACCOUNT, Sought(shirts(), since + timedelta(minutes=10))) == []


async def test_a_preview_refuses_what_can_not_be_ordered(provider: Alibaba1688Provider) -> None:
    quote = await provider.preview(ACCOUNT, checkout(line(1, 1, BLACK_M, 3, "18.00")))
    assert [(one.line_id, one.code) for one in quote.refusals] == [(1, Refusal.BELOW_MINIMUM)]
    mixed = checkout(SHIRTS[0], line(2, 2, spec(5700000000021), 1000, "0.008"))
    quote = await provider.preview(ACCOUNT, mixed)
    assert {one.code for one in quote.refusals} == {Refusal.SEVERAL_SELLERS}
    gone = checkout(SHIRTS[0], line(2, 1, "0" * 32, 1, "18.00"))
    quote = await provider.preview(ACCOUNT, gone)
    assert [(one.line_id, one.code) for one in quote.refusals] == [(2, Refusal.CONFIGURATION_CHANGED)]


async def test_freight_that_the_seller_sets_later_is_not_final(provider: Alibaba1688Provider) -> None:
    quote = await provider.preview(ACCOUNT, checkout(line(1, 9, spec(5700000000091), 1, "56.00")))
    assert (quote.total, quote.freight, quote.freight_final) == (5600, 0, False)


async def test_a_preview_that_fails_for_now_is_transient(provider: Alibaba1688Provider, market: Market) -> None:
    await market.fault(PREVIEW, "http_500", times=2)
    assert (await provider.preview(ACCOUNT, shirts())).total == SHIRTS_TOTAL
    await market.fault(PREVIEW, "drop_connection", times=3)
    with pytest.raises(Transient):
        await provider.place(ACCOUNT, shirts(), Gate())
    assert await market.calls(CREATE) == []


async def test_more_than_fifty_skus_are_no_single_order(provider: Alibaba1688Provider, market: Market) -> None:
    many = checkout(*(line(number, number % 11, f"{number:032d}", 1, "1") for number in range(51)), total=1)
    with pytest.raises(Refused, match=Refusal.TOO_MANY_LINES):
        await provider.place(ACCOUNT, many, Gate())
    assert await market.calls(PREVIEW) == []
