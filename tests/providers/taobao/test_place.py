"""Reserving on the site: what is placed, what is refused, and what is proved afterwards."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from providers.taobao.driver import TaobaoProvider
from purchasing.errors import LimitReached, NeedsHuman, OutcomeUnknown, PageChanged, Refused, SendingStopped, Transient
from purchasing.provider import AboutToSend, AccountRef, Checkout, CheckoutLine, Sought
from purchasing.recipient import TaobaoRecipient
from purchasing.refusals import Refusal
from purchasing.words import Stage
from sandbox.taobao.state import SITE, CartLine
from tests.providers.taobao.conftest import BUYER, CUP, SHIRT, TROUSERS, Gate, Market, checkout

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHIRTS = 2 * 3990 + 600
"""Fen for two shirts with freight."""


async def refusal(market: Market, provider: TaobaoProvider, wanted: Checkout, gate: Gate) -> Refused:
    """What a checkout is refused for; nothing may have been sent, and the cart must be as before."""
    before = await market.cart()
    with pytest.raises(Refused) as caught:
        await provider.place(market.account, wanted, gate)
    assert await market.orders() == []
    assert await market.cart() == before
    return caught.value


async def test_one_line_is_placed_unpaid(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    placed = await provider.place(market.account, checkout(SHIRT, total=SHIRTS, note="尽快发货"), gate)
    (made,) = await market.orders()
    (order,) = placed.orders
    (line,) = order.lines
    assert (order.number, order.total, order.freight, order.stage) == (made["id"], SHIRTS, 600, Stage.UNPAID)
    assert (line.item_id, line.sku_id, line.quantity) == (SHIRT.item_id, SHIRT.sku_id, 2)
    assert (made["remark"], made["paid_at"], made["status"]) == ("尽快发货", None, "unpaid")
    assert gate.shown[0].total == SHIRTS
    assert await market.cart() == []


async def test_a_note_that_would_be_cut_off_is_refused(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    refused = await refusal(market, provider, checkout(SHIRT, total=SHIRTS, note="好" * 201), gate)
    assert (refused.code, refused.detail) == (Refusal.NOTE_TOO_LONG, "200")


async def test_two_goods_of_a_seller_become_one_order(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    same_again = replace(SHIRT, line_id=7, quantity=1)
    placed = await provider.place(market.account, checkout(SHIRT, TROUSERS, same_again), gate)
    (made,) = await market.orders()
    assert [order.number for order in placed.orders] == [made["id"]]
    assert {(line["sku_id"], line["quantity"]) for line in made["lines"]} == {(SHIRT.sku_id, 3), (TROUSERS.sku_id, 1)}


async def test_a_call_whose_token_has_just_changed_is_signed_anew_once(
    market: Market, provider: TaobaoProvider, gate: Gate
) -> None:
    await market.fault("add_cart", "session_expired", kind="token")
    await provider.place(market.account, checkout(SHIRT), gate)
    (made,) = await market.orders()
    assert [line["quantity"] for line in made["lines"]] == [SHIRT.quantity]
    await market.fault("add_cart", "session_expired", kind="token", times=2)
    with pytest.raises(Transient):
        await provider.place(market.account, checkout(SHIRT), gate)


async def test_the_order_goes_to_the_recipient_not_to_the_default(
    market: Market, provider: TaobaoProvider, gate: Gate
) -> None:
    spare = TaobaoRecipient("备用仓库", "13800138001", "440111", "510540", "夏茅东街6号")
    await provider.place(market.account, replace(checkout(CUP), recipient=spare), gate)
    (made,) = await market.orders()
    assert made["address"]["detail"] == "夏茅东街6号"


async def test_a_recipient_outside_the_address_book_is_refused(
    market: Market, provider: TaobaoProvider, gate: Gate
) -> None:
    stranger = TaobaoRecipient("收货仓库", "13800138009", "440111", "510540", "大源北路1号仓库")
    refused = await refusal(market, provider, replace(checkout(CUP), recipient=stranger), gate)
    assert refused.code == Refusal.ADDRESS_INVALID
    assert "13800138009" in refused.detail


async def test_a_dearer_total_is_refused(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    await market.fault("confirm", "price_changed", price="45.00")
    refused = await refusal(market, provider, checkout(SHIRT, total=SHIRTS, tolerance=100), gate)
    assert refused.code == Refusal.TOTAL_DIFFERS
    assert "¥96" in refused.detail
    assert gate.shown == []


async def test_a_total_within_the_tolerance_is_placed(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    await market.fault("confirm", "price_changed", price="40.00")
    placed = await provider.place(market.account, checkout(SHIRT, total=SHIRTS, tolerance=20), gate)
    assert placed.orders[0].total == SHIRTS + 20


@pytest.mark.parametrize("at", ["confirm", "submit"])
async def test_sold_out_on_the_way_is_refused(market: Market, provider: TaobaoProvider, gate: Gate, at: str) -> None:
    await market.fault(at, "sold_out")
    with pytest.raises(Refused) as caught:
        await provider.place(market.account, checkout(SHIRT), gate)
    assert caught.value.code in {Refusal.SOLD_OUT, Refusal.ITEM_GONE}
    assert await market.orders() == []


async def test_several_sellers_are_refused(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    assert (await refusal(market, provider, checkout(SHIRT, CUP), gate)).code == Refusal.SEVERAL_SELLERS


async def test_tmall_is_refused(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    phones = CheckoutLine(4, "640000000004", "5400000000041", "颜色:黑色", 1, CUP.unit_price)
    refused = await refusal(market, provider, checkout(phones), gate)
    assert (refused.code, refused.line_id) == (Refusal.TMALL, 4)


async def test_other_things_in_the_cart_stay_there(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    cup = CartLine("1", CUP.item_id, "", 3, checked=True)
    market.app[SITE].carts[BUYER] = [cup]
    await provider.place(market.account, checkout(SHIRT), gate)
    assert [(one["item_id"], one["quantity"]) for one in await market.cart()] == [(CUP.item_id, 3)]
    assert len((await market.orders())[0]["lines"]) == 1


async def test_a_persons_quantity_is_not_ordered_and_comes_back(
    market: Market, provider: TaobaoProvider, gate: Gate
) -> None:
    market.app[SITE].carts[BUYER] = [CartLine("1", SHIRT.item_id, SHIRT.sku_id, 5)]
    preview = await provider.preview(market.account, checkout(SHIRT))
    assert (preview.total, preview.freight, preview.refusals) == (SHIRTS, 600, ())
    assert [(one["sku_id"], one["quantity"]) for one in await market.cart()] == [(SHIRT.sku_id, 5)]
    placed = await provider.place(market.account, checkout(SHIRT, total=SHIRTS), gate)
    assert placed.orders[0].lines[0].quantity == 2


async def test_leftovers_in_the_cart_do_not_make_the_stock_short(
    market: Market, provider: TaobaoProvider, gate: Gate
) -> None:
    await market.verb("restock", item_id=SHIRT.item_id, sku_id=SHIRT.sku_id, stock=2)
    market.app[SITE].carts[BUYER] = [CartLine("1", SHIRT.item_id, SHIRT.sku_id, 2)]
    placed = await provider.place(market.account, checkout(SHIRT), gate)
    assert placed.orders[0].lines[0].quantity == 2


async def test_too_little_stock_is_refused_with_its_line(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    await market.verb("restock", item_id=SHIRT.item_id, sku_id=SHIRT.sku_id, stock=1)
    refused = await refusal(market, provider, checkout(SHIRT), gate)
    assert (refused.code, refused.line_id) == (Refusal.STOCK_SHORT, SHIRT.line_id)


@pytest.mark.parametrize(
    "mode",
    [{"confirm_page": "old", "bought_list": "v2"}, {"confirm_new_tab": True, "shop_discount_fen": 500}],
)
async def test_every_shape_of_the_pages_places_one_order(
    market: Market, provider: TaobaoProvider, gate: Gate, mode: dict[str, object]
) -> None:
    await market.verb("mode", **mode)
    total = SHIRTS - int(str(mode.get("shop_discount_fen", 0)))
    placed = await provider.place(market.account, checkout(SHIRT, total=total), gate)
    (made,) = await market.orders()
    assert [(one.number, one.total) for one in placed.orders] == [(made["id"], total)]
    assert placed.orders[0].lines[0].sku_id == SHIRT.sku_id


async def test_the_bare_list_proves_an_order_too(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    await market.verb("mode", bought_list="dom")
    placed = await provider.place(market.account, checkout(CUP), gate)
    assert [one.number for one in placed.orders] == [(await market.orders())[0]["id"]]


async def test_paying_at_once_is_refused(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    await market.verb("mode", submit_label="免密支付")
    assert (await refusal(market, provider, checkout(CUP), gate)).code == Refusal.PAYS_AT_ONCE


async def test_a_doubtful_label_is_left_to_a_person(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    await market.verb("mode", submit_label="立即支付")
    with pytest.raises(NeedsHuman) as caught:
        await provider.place(market.account, checkout(CUP), gate)
    assert caught.value.kind == "submit_label"
    assert (caught.value.picture or b"").startswith(b"\x89PNG")
    assert await market.orders() == []


async def test_the_booking_limit_is_told(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    await market.fault("submit", "booking_limit")
    with pytest.raises(LimitReached):
        await provider.place(market.account, checkout(CUP), gate)
    assert await market.orders() == []


@pytest.mark.parametrize("at", ["cart", "confirm"])
async def test_a_changed_page_is_told_and_nothing_sent(
    market: Market, provider: TaobaoProvider, gate: Gate, at: str
) -> None:
    await market.fault(at, "page_changed")
    with pytest.raises(PageChanged):
        await provider.place(market.account, checkout(CUP), gate)
    assert await market.orders() == []
    assert gate.shown == []


async def test_nothing_is_pressed_after_the_deadline(market: Market, provider: TaobaoProvider) -> None:
    with pytest.raises(SendingStopped):
        await provider.place(market.account, checkout(CUP), Gate(seconds=0))
    assert await market.orders() == []
    assert await market.visits("submit") == 0


async def test_a_closed_gate_stops_the_press(market: Market, provider: TaobaoProvider) -> None:
    async def closed(about: AboutToSend) -> datetime:
        raise SendingStopped("stopped")

    with pytest.raises(SendingStopped):
        await provider.place(market.account, checkout(CUP), closed)
    assert (await market.orders(), await market.cart()) == ([], [])


def sought(wanted: Checkout, *bound: str) -> Sought:
    return Sought(wanted, datetime.now(UTC) - timedelta(seconds=30), frozenset(bound))


async def test_an_answer_that_never_comes_is_proved_by_the_list(
    market: Market, provider: TaobaoProvider, gate: Gate
) -> None:
    await market.fault("submit", "timeout_after")
    placed = await provider.place(market.account, checkout(SHIRT), gate)
    assert [one.number for one in placed.orders] == [(await market.orders())[0]["id"]]


async def test_an_order_that_the_list_hides_is_unknown_and_found_later(
    market: Market, provider: TaobaoProvider, gate: Gate
) -> None:
    await market.fault("submit", "timeout_after")
    await market.verb("list_lag", looks=2)
    wanted = checkout(SHIRT)
    with pytest.raises(OutcomeUnknown):
        await provider.place(market.account, wanted, gate)
    (made,) = await market.orders()
    found = await provider.find_placed(market.account, sought(wanted))
    assert [(one.number, one.lines[0].sku_id) for one in found] == [(made["id"], SHIRT.sku_id)]
    assert await provider.find_placed(market.account, sought(wanted, made["id"])) == []
    assert await provider.find_placed(market.account, sought(checkout(replace(SHIRT, quantity=1)))) == []
    assert await market.visits("submit") == 1


@pytest.mark.parametrize("fault", ["timeout_before", "captcha"])
async def test_a_press_without_an_effect_is_unknown_and_not_found(
    market: Market, provider: TaobaoProvider, gate: Gate, fault: str
) -> None:
    await market.fault("submit", fault)
    wanted = checkout(SHIRT)
    with pytest.raises(OutcomeUnknown):
        await provider.place(market.account, wanted, gate)
    await market.verb("pass_challenges")
    assert await market.orders() == []
    assert await provider.find_placed(market.account, sought(wanted)) == []


async def test_hands_that_are_stopped_after_the_gate_press_nothing(market: Market, provider: TaobaoProvider) -> None:
    async def stops(about: AboutToSend) -> datetime:
        await provider.stop_hands(market.account)
        return datetime.now(UTC) + timedelta(seconds=8)

    with pytest.raises(OutcomeUnknown):
        await provider.place(market.account, checkout(CUP), stops)
    assert await market.visits("submit") == 0
    assert (await provider.check_session(market.account)).alive


async def test_two_accounts_reserve_side_by_side_and_one_in_turn(market: Market, provider: TaobaoProvider) -> None:
    other = AccountRef(9200, "vykup_buyer_02")
    market.session(other, other.nick)
    placed = await asyncio.gather(
        provider.place(market.account, checkout(CUP), Gate()),
        provider.place(other, checkout(CUP), Gate()),
        provider.place(market.account, checkout(SHIRT), Gate()),
    )
    made = {one["id"]: (one["account"], one["lines"][0]["item_id"]) for one in await market.orders()}
    assert [made[one.orders[0].number] for one in placed] == [
        (BUYER, CUP.item_id),
        (other.nick, CUP.item_id),
        (BUYER, SHIRT.item_id),
    ]
    await provider.stop_hands(other)


async def test_the_same_order_twice_is_told_apart(market: Market, provider: TaobaoProvider, gate: Gate) -> None:
    first = await provider.place(market.account, checkout(CUP), gate)
    second = await provider.place(market.account, checkout(CUP), gate)
    assert {one.number for one in (*first.orders, *second.orders)} == {one["id"] for one in await market.orders()}
    assert first.orders[0].number != second.orders[0].number
