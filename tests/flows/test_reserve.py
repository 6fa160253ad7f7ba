"""Reserving on 1688 from ticked lines to bound provider orders, with what goes wrong on the way."""

from purchasing.activities import Question
from purchasing.answer import answer_all
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.previews import Preview
from purchasing.refusals import Refusal
from purchasing.reserve.start import confirm, start_preview
from purchasing.stop_activity import stop_activity
from purchasing.words import ActivityKind, ActivityState, LineStatus
from tests.flows.conftest import Desk

PLAIN = ("730000000008", "5700000000081")
PRICE = "2.60"
SOLD_OUT = ("730000000006", "5700000000061")


async def previewed(desk: Desk, lines: list[OrderLine]) -> Preview:
    ids = [line.id for line in lines]
    made = await desk.db.write(lambda store: start_preview(store, desk.buyer, ids, {}, desk.clock()))
    await desk.work()
    found = await desk.db.read(lambda store: store.previews.get(made.id))
    assert found
    return found


async def reserved(desk: Desk, lines: list[OrderLine]) -> Preview:
    preview = await previewed(desk, lines)
    await desk.db.write(lambda store: confirm(store, preview.id, desk.buyer, desk.clock()))
    await desk.work()
    return preview


async def questions(desk: Desk) -> list[Question]:
    return await desk.db.read(lambda store: store.questions.open())


async def test_lines_become_one_unpaid_order_a_seller_and_are_bound(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))

    preview = await previewed(desk, lines)
    assert [row.refusal for row in preview.lines] == [""]
    assert preview.groups[0].total > 0
    assert (await desk.truth())["orders"] == [], "a preview orders nothing"

    await desk.db.write(lambda store: confirm(store, preview.id, desk.buyer, desk.clock()))
    await desk.work()

    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    orders = (await desk.truth())["orders"]
    assert len(orders) == 1
    assert orders[0]["status"] == "unpaid"
    assert orders[0]["total_fen"] == preview.groups[0].total

    def bound(store: Store) -> int:
        return sum(binding.quantity for binding in store.bindings.of_lines([lines[0].id]))

    assert await desk.db.read(bound) == 10
    assert (await desk.activity(ActivityKind.RESERVE)).state is ActivityState.DONE


async def test_a_sold_out_line_is_asked_about_and_stops_nothing_else(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE), (*SOLD_OUT, 10, "46.00"))
    await reserved(desk, lines)

    assert (await desk.statuses(lines))[0] is LineStatus.RESERVED
    asked = await questions(desk)
    assert [(q.kind, q.line_ids) for q in asked] == [(Refusal.SOLD_OUT, (lines[1].id,))]
    assert (await desk.activity(ActivityKind.RESERVE)).state is ActivityState.WAITING

    await desk.db.write(lambda store: answer_all(store, desk.buyer, asked[0].id, "cancel", desk.clock()))
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.RESERVED, LineStatus.CANCELLED]
    assert (await desk.activity(ActivityKind.RESERVE)).state is ActivityState.DONE


async def test_a_dearer_line_waits_for_consent_and_is_bought_at_the_new_price(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, "1.00"))
    preview = await reserved(desk, lines)
    assert [row.refusal for row in preview.lines] == [Refusal.PRICE_CHANGED]
    assert (await desk.truth())["orders"] == []

    asked = await questions(desk)
    await desk.db.write(lambda store: answer_all(store, desk.buyer, asked[0].id, "buy", desk.clock()))
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    assert len((await desk.truth())["orders"]) == 1


async def test_an_order_whose_answer_never_came_is_found_and_not_sent_again(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    await desk.control(at="alibaba.trade.fastCreateOrder", fault="drop_after", times=1)
    await reserved(desk, lines)

    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    assert len((await desk.truth())["orders"]) == 1


async def test_an_order_that_never_arrived_is_looked_for_thrice_and_then_asked_about(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    await desk.control(at="alibaba.trade.fastCreateOrder", fault="drop_connection", times=1)
    await reserved(desk, lines)

    assert await desk.statuses(lines) == [LineStatus.RESERVING]
    asked = await questions(desk)
    assert [q.kind for q in asked] == ["outcome_unknown"]
    assert (await desk.truth())["orders"] == []

    await desk.db.write(lambda store: answer_all(store, desk.buyer, asked[0].id, "send_again", desk.clock()))
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    assert len((await desk.truth())["orders"]) == 1


async def test_an_answer_while_a_piece_is_ending_counts(desk: Desk) -> None:
    """The piece had found nothing left to do before the answer came."""
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    await desk.control(at="alibaba.trade.fastCreateOrder", fault="drop_connection", times=1)
    await reserved(desk, lines)
    begun, asked = await desk.activity(ActivityKind.RESERVE), await questions(desk)
    await desk.db.write(lambda store: answer_all(store, desk.buyer, asked[0].id, "send_again", desk.clock()))
    await desk.runner.advance(begun)
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    assert len((await desk.truth())["orders"]) == 1


async def test_what_never_arrived_is_ready_again_once_the_reservation_is_stopped(desk: Desk) -> None:
    """Nothing is sent again then: a person only says that the order isn't there."""
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    await desk.control(at="alibaba.trade.fastCreateOrder", fault="drop_connection", times=1)
    await reserved(desk, lines)
    first = await questions(desk)
    await desk.db.write(lambda store: stop_activity(store, desk.buyer, first[0].activity_id, desk.clock()))

    asked = await questions(desk)
    assert [q.answers for q in asked] == [("not_there", "leave")]
    await desk.db.write(lambda store: answer_all(store, desk.buyer, asked[0].id, "not_there", desk.clock()))
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert (await desk.activity(ActivityKind.RESERVE)).state is ActivityState.DONE
    assert await desk.db.read(lambda store: store.ledger.live(1)) == []
    assert (await desk.truth())["orders"] == []


async def test_the_paid_and_shipped_order_moves_its_lines(desk: Desk) -> None:
    from purchasing.sync_account import start_sync

    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    await reserved(desk, lines)
    order_id = (await desk.truth())["orders"][0]["id"]

    async def sync() -> None:
        accounts = await desk.db.read(lambda store: store.accounts.all())
        await desk.db.write(lambda store: start_sync(store, accounts[0].id, desk.buyer, desk.clock()))
        await desk.work()

    await desk.world("pay", order_id=order_id)
    await sync()
    assert await desk.statuses(lines) == [LineStatus.BOUGHT]

    await desk.world("ship", order_id=order_id, parcels=[{"waybill": "YT1234567890123"}])
    await sync()
    assert await desk.statuses(lines) == [LineStatus.SHIPPED]
    found = await desk.db.read(lambda store: store.provider_orders.by_waybill("YT1234567890123"))
    assert [order.number for order in found] == [order_id]
