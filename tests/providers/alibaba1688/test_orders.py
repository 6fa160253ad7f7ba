"""Orders after they were placed: their stages, parcels, cancelling, and what a sync sees of them."""

from collections.abc import Sequence
from typing import Any

import pytest

from providers.alibaba1688 import sync
from providers.alibaba1688.driver import Alibaba1688Provider
from purchasing.errors import OutcomeUnknown, Refused
from purchasing.provider import ProviderOrderSeen
from purchasing.refusals import Refusal
from purchasing.words import Stage
from tests.providers.alibaba1688.conftest import ACCOUNT, Gate, Market, canned, checkout, line, spec

LIST = "alibaba.trade.getBuyerOrderList"
DETAIL = "alibaba.trade.get.buyerView"
LOGISTICS = "alibaba.trade.getLogisticsInfos.buyerView"
CANCEL = "alibaba.trade.cancel"


async def place(provider: Alibaba1688Provider, key: str = "PO-1") -> ProviderOrderSeen:
    """Shirts in two sizes."""
    lines = (line(1, 1, spec(5700000000011), 10, "18.00"), line(2, 1, spec(5700000000012), 2, "18.50"))
    placed = await provider.place(ACCOUNT, checkout(*lines, total=22500, key=key), Gate())
    return placed.orders[0]


def parcel(waybill: str, *pieces: tuple[str, int]) -> dict[str, Any]:
    return {
        "waybill": waybill,
        "carrier": "中通快递",
        "lines": [{"sub_id": sub, "quantity": quantity} for sub, quantity in pieces],
    }


async def whole_sync(
    provider: Alibaba1688Provider, cursor: str = "", open_numbers: Sequence[str] = ()
) -> tuple[list[ProviderOrderSeen], str]:
    seen: list[ProviderOrderSeen] = []
    for _ in range(20):
        page = await provider.changes(ACCOUNT, cursor, open_numbers)
        assert len(page.orders) <= 20
        seen, cursor = [*seen, *page.orders], page.cursor
        if page.done:
            return seen, cursor
    raise AssertionError("a sync without an end")


async def test_stages_from_payment_to_the_end(provider: Alibaba1688Provider, market: Market) -> None:
    order = await place(provider)
    first, second = order.lines
    assert order.waybills is None
    assert (await provider.order(ACCOUNT, order.number)).waybills == ()

    await market.world("pay", order_id=order.number)
    now = await provider.order(ACCOUNT, order.number)
    assert (now.stage, now.closes_at) == (Stage.PAID, None)
    assert now.paid_at is not None

    await market.world("ship", order_id=order.number, parcels=[parcel("ZT0000000001", (first.sub_number, 4))])
    now = await provider.order(ACCOUNT, order.number)
    assert (now.raw_status, now.stage) == ("waitsellersend", Stage.PART_SHIPPED)
    assert now.waybills is not None
    assert [(one.number, one.sub_numbers, one.carrier) for one in now.waybills] == [
        ("ZT0000000001", (first.sub_number,), "ZTO")
    ]

    rest = parcel("ZT0000000002", (first.sub_number, 6), (second.sub_number, 2))
    await market.world("ship", order_id=order.number, parcels=[rest])
    assert (await provider.order(ACCOUNT, order.number)).stage is Stage.SHIPPED
    waybills = await provider.waybills(ACCOUNT, order.number)
    assert [(one.number, one.sub_numbers) for one in waybills] == [
        ("ZT0000000001", (first.sub_number,)),
        ("ZT0000000002", (first.sub_number, second.sub_number)),
    ]

    await market.world("deliver", order_id=order.number)
    assert (await provider.order(ACCOUNT, order.number)).stage is Stage.SIGNED
    await market.world("finish", order_id=order.number)
    assert (await provider.order(ACCOUNT, order.number)).stage is Stage.DONE


async def test_a_closed_order_says_whether_money_came_back(provider: Alibaba1688Provider, market: Market) -> None:
    unpaid, paid = await place(provider, "PO-1"), await place(provider, "PO-2")
    await market.world("close", order_id=unpaid.number)
    await market.world("pay", order_id=paid.number)
    await market.world("close", order_id=paid.number)
    assert (await provider.order(ACCOUNT, unpaid.number)).stage is Stage.CLOSED_UNPAID
    assert (await provider.order(ACCOUNT, paid.number)).stage is Stage.CLOSED_REFUNDED


async def test_a_refund_is_told_beside_the_status(provider: Alibaba1688Provider, market: Market) -> None:
    order = await place(provider)
    await market.world("pay", order_id=order.number)
    sub = order.lines[0].sub_number
    await market.world("refund", order_id=order.number, sub_id=sub, amount_fen=18000, state="asked")
    now = await provider.order(ACCOUNT, order.number)
    assert now.stage is Stage.PAID
    assert [(one.refund_status, one.refunded) for one in now.lines] == [("WAIT_SELLER_AGREE", 0), ("", 0)]
    await market.world("refund", order_id=order.number, sub_id=sub, amount_fen=17050, state="done")
    now = await provider.order(ACCOUNT, order.number)
    assert [(one.refund_status, one.refunded) for one in now.lines] == [("REFUND_SUCCESS", 17050), ("", 0)]


async def test_an_unknown_status_is_shown_as_it_is(provider: Alibaba1688Provider, market: Market) -> None:
    order = await place(provider)
    await market.world("set_raw_status", order_id=order.number, raw_status="waitmiracle")
    now = await provider.order(ACCOUNT, order.number)
    assert (now.raw_status, now.stage, now.total) == ("waitmiracle", None, 22500)


async def test_an_order_that_is_not_there(provider: Alibaba1688Provider) -> None:
    for ask in (provider.order, provider.waybills):
        with pytest.raises(Refused, match=Refusal.ORDER_NOT_FOUND):
            await ask(ACCOUNT, "1234567890123456789")


async def test_words_in_place_of_a_track_number_are_none() -> None:
    parcels = [
        {"logisticsBillNo": "无需物流", "orderEntryIds": "1", "status": "SIGN"},
        {"logisticsBillNo": "YT1234567890", "orderEntryIds": "2", "logisticsCompanyNo": "YTO"},
        {"logisticsBillNo": "YT1234567890", "orderEntryIds": "3", "logisticsCompanyNo": "YTO"},
    ]
    async with canned(alibaba_trade_getLogisticsInfos_buyerView={"result": parcels, "success": True}) as provider:
        (waybill,) = await provider.waybills(ACCOUNT, "1")
    assert (waybill.number, waybill.sub_numbers) == ("YT1234567890", ("2", "3"))


async def test_an_unpaid_order_is_cancelled_once(provider: Alibaba1688Provider, market: Market) -> None:
    order = await place(provider)
    gate = Gate()
    with pytest.raises(Refused, match=Refusal.TOO_SOON):
        await provider.cancel(ACCOUNT, order.number, gate)
    await market.world("advance_clock", seconds=11)
    await provider.cancel(ACCOUNT, order.number, gate)
    assert [one["status"] for one in await market.orders()] == ["closed"]
    assert [one.total for one in gate.shown] == [22500, 22500]
    await provider.cancel(ACCOUNT, order.number, gate)
    assert len(await market.calls(CANCEL)) == 2


async def test_a_paid_order_is_not_cancelled(provider: Alibaba1688Provider, market: Market) -> None:
    order, gate = await place(provider), Gate()
    await market.world("pay", order_id=order.number)
    with pytest.raises(Refused, match=Refusal.ORDER_PAID):
        await provider.cancel(ACCOUNT, order.number, gate)
    with pytest.raises(Refused, match=Refusal.ORDER_NOT_FOUND):
        await provider.cancel(ACCOUNT, "1234567890123456789", gate)
    assert gate.shown == []
    assert await market.calls(CANCEL) == []


async def test_an_order_paid_in_the_last_moment_is_not_cancelled(provider: Alibaba1688Provider, market: Market) -> None:
    order = await place(provider)

    class PayingGate(Gate):
        async def __call__(self, about: Any) -> Any:
            await market.world("pay", order_id=order.number)
            return await super().__call__(about)

    with pytest.raises(Refused, match=Refusal.ORDER_PAID):
        await provider.cancel(ACCOUNT, order.number, PayingGate())


@pytest.mark.parametrize("fault", ["timeout_after", "drop_connection", "http_500_after", "bad_json", "page_changed"])
async def test_a_cancel_without_an_answer_is_unknown(provider: Alibaba1688Provider, market: Market, fault: str) -> None:
    order = await place(provider)
    await market.world("advance_clock", seconds=11)
    await market.fault(CANCEL, fault)
    with pytest.raises(OutcomeUnknown):
        await provider.cancel(ACCOUNT, order.number, Gate(seconds=1))
    assert len(await market.calls(CANCEL)) == 1


async def test_a_sync_sees_new_orders_then_only_changes(provider: Alibaba1688Provider, market: Market) -> None:
    orders = [await place(provider, f"PO-{number}") for number in range(3)]
    numbers = {order.number for order in orders}
    seen, cursor = await whole_sync(provider)
    assert {order.number for order in seen} == numbers
    assert all(order.stage is Stage.UNPAID and order.waybills == () for order in seen)

    await market.world("advance_clock", seconds=3600)
    await market.world("pay", order_id=orders[1].number)
    cursor = (
        sync.Cursor.model_validate_json(cursor)
        .model_copy(update={"since": orders[1].created_at and orders[1].created_at + sync.OVERLAP * 2})
        .model_dump_json()
    )
    before = len(await market.calls())
    seen, _ = await whole_sync(provider, cursor, sorted(numbers))
    assert [(order.number, order.stage) for order in seen] == [(orders[1].number, Stage.PAID)]
    assert (await market.calls())[before:] == [LIST, DETAIL]


async def test_many_orders_come_in_pages(provider: Alibaba1688Provider, market: Market) -> None:
    numbers = {(await place(provider, f"PO-{number}")).number for number in range(25)}
    page = await provider.changes(ACCOUNT, "", ())
    assert (len(page.orders), page.done, page.total_hint) == (20, False, 25)
    seen, _ = await whole_sync(provider)
    assert len(seen) == 25
    assert {order.number for order in seen} == numbers
    await market.world("set_manners", page_limit=7)
    seen, _ = await whole_sync(provider)
    assert {order.number for order in seen} == numbers


async def test_a_list_with_gaps_loses_nothing(provider: Alibaba1688Provider, market: Market) -> None:
    numbers = [(await place(provider, f"PO-{number}")).number for number in range(4)]
    _, cursor = await whole_sync(provider)
    await market.fault(LIST, "partial")
    seen, cursor = await whole_sync(provider, cursor, numbers)
    assert {order.number for order in seen} == set(numbers)
    await market.fault(LIST, "partial")
    _, cursor = await whole_sync(provider, cursor)
    seen, _ = await whole_sync(provider, cursor)
    assert {order.number for order in seen} == set(numbers)


async def test_open_orders_that_no_list_shows_are_read_now_and_then(
    provider: Alibaba1688Provider, market: Market
) -> None:
    order = await place(provider)
    await market.world("list_lag", looks=1000)
    hidden = await place(provider, "PO-2")
    seen, cursor = await whole_sync(provider, "", [order.number, hidden.number])
    assert [one.number for one in seen] == [order.number, hidden.number]
    seen, _ = await whole_sync(provider, cursor, [order.number, hidden.number])
    assert [one.number for one in seen] == [order.number]


async def test_a_sent_order_without_a_number_is_read_until_it_has_one(
    provider: Alibaba1688Provider, market: Market
) -> None:
    order = await place(provider)
    await market.world("pay", order_id=order.number)
    await market.world("ship", order_id=order.number, parcels=[parcel("无")])
    seen, cursor = await whole_sync(provider)
    assert [(one.stage, one.waybills) for one in seen] == [(Stage.SHIPPED, ())]
    late = sync.Cursor.model_validate_json(cursor)
    cursor = late.model_copy(update={"since": late.since + sync.OVERLAP * 2}).model_dump_json()
    await market.world("change_waybill", order_id=order.number, old="无", new="ZT0000000009")
    await market.world("list_lag")
    seen, cursor = await whole_sync(provider, cursor)
    assert [[one.number for one in order.waybills or ()] for order in seen] == [["ZT0000000009"]]
    assert sync.Cursor.model_validate_json(cursor).awaiting == ()


async def test_one_unreadable_order_stops_no_other(provider: Alibaba1688Provider, market: Market) -> None:
    numbers = {(await place(provider, f"PO-{number}")).number for number in range(2)}
    await market.fault(DETAIL, "page_changed")
    seen, _ = await whole_sync(provider, "", ["1234567890123456789"])
    assert {order.number for order in seen} == numbers
    assert {order.waybills for order in seen} == {None, ()}


async def test_a_cursor_of_another_version_starts_from_the_beginning(provider: Alibaba1688Provider) -> None:
    order = await place(provider)
    seen, _ = await whole_sync(provider, '{"watermark": 5}')
    assert [one.number for one in seen] == [order.number]
