"""Linking lines with 1688 orders that were made by hand: what is certain is tied, what is doubtful is asked."""

import pytest

from purchasing.activities import Activity, Question
from purchasing.answer import answer_all
from purchasing.errors import BadInput, Stale
from purchasing.link.start import start_link
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.sync_account import start_sync
from purchasing.unbind.start import start_unbind
from purchasing.words import ActivityKind, ActivityState, LineStatus, ProviderName
from tests.flows.conftest import Desk
from tests.flows.hand_made import account_of, order_by_hand

RED = ("730000000008", "5700000000081")
BLUE = ("730000000008", "5700000000082")
MIXED = ("730000000008", "5700000000083")
SCREWS = ("730000000002", "5700000000021")
PRICE = "2.60"


async def linking(desk: Desk, lines: list[OrderLine], number: str) -> None:
    account = await account_of(desk)
    order_id = lines[0].order_id
    await desk.db.write(lambda s: start_link(s, desk.buyer, order_id, account.id, number, desk.clock()))
    await desk.work()


async def activity(desk: Desk) -> Activity:
    return await desk.activity(ActivityKind.LINK)


async def questions(desk: Desk) -> list[Question]:
    return await desk.db.read(lambda store: store.questions.open())


async def say(desk: Desk, question: Question, answer: str) -> None:
    await desk.db.write(lambda store: answer_all(store, desk.buyer, question.id, answer, desk.clock()))
    await desk.work()


async def tied(desk: Desk, line: OrderLine) -> int:
    return sum(b.quantity for b in await desk.db.read(lambda store: store.bindings.of_lines([line.id])))


async def codes(desk: Desk) -> list[str]:
    found = await activity(desk)
    return [step.code for step in await desk.db.read(lambda store: store.activities.steps(found.id))]


async def test_all_lines_of_the_order_that_are_in_it_are_linked(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE), (*BLUE, 5, PRICE), (*SCREWS, 1000, "0.008"))
    number = await order_by_hand(desk, (*RED, 10), (*BLUE, 5))
    await linking(desk, lines, number)
    assert await desk.statuses(lines) == [LineStatus.RESERVED, LineStatus.RESERVED, LineStatus.READY]
    assert [await tied(desk, line) for line in lines] == [10, 5, 0]
    assert await questions(desk) == []
    assert (await activity(desk)).state is ActivityState.DONE


async def test_a_paid_and_shipped_order_moves_its_lines_at_once(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    number = await order_by_hand(desk, (*RED, 10))
    await desk.world("pay", order_id=number)
    await desk.world("ship", order_id=number, parcels=[{"waybill": "YT1234567890123"}])
    await linking(desk, lines, number)
    assert await desk.statuses(lines) == [LineStatus.SHIPPED]
    found = await desk.db.read(lambda store: store.provider_orders.by_waybill("YT1234567890123"))
    assert [order.number for order in found] == [number]
    changes = await desk.db.read(lambda store: store.events.of_order(lines[0].order_id))
    assert {"linked", "waybill"} <= {change.kind for change in changes}


async def test_later_syncs_move_a_linked_line(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    number = await order_by_hand(desk, (*RED, 10))
    await linking(desk, lines, number)
    await desk.world("pay", order_id=number)
    account = await account_of(desk)
    await desk.db.write(lambda store: start_sync(store, account.id, desk.buyer, desk.clock()))
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.BOUGHT]


async def test_another_configuration_is_asked_about_and_linked_when_a_person_says_so(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    number = await order_by_hand(desk, (*MIXED, 10))
    await linking(desk, lines, number)
    assert await desk.statuses(lines) == [LineStatus.READY]
    (question,) = await questions(desk)
    assert question.answers == (f"line:{lines[0].id}", "none")
    await say(desk, question, f"line:{lines[0].id}")
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    assert await tied(desk, lines[0]) == 10
    assert (await activity(desk)).state is ActivityState.DONE


async def test_none_of_them_links_nothing(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    await linking(desk, lines, await order_by_hand(desk, (*MIXED, 10)))
    (question,) = await questions(desk)
    await say(desk, question, "none")
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert (await activity(desk)).state is ActivityState.DONE


async def test_another_price_is_asked_about(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, "1.00"))
    await linking(desk, lines, await order_by_hand(desk, (*RED, 10)))
    assert len(await questions(desk)) == 1
    assert await tied(desk, lines[0]) == 0


async def test_fewer_pieces_than_ordered_are_asked_about_and_cover_their_part(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    await linking(desk, lines, await order_by_hand(desk, (*RED, 6)))
    (question,) = await questions(desk)
    await say(desk, question, f"line:{lines[0].id}")
    assert await tied(desk, lines[0]) == 6
    assert await desk.statuses(lines) == [LineStatus.RESERVED], "as ready it would be bought whole once more"

    rest = await order_by_hand(desk, (*RED, 5))
    await linking(desk, lines, rest)
    assert await tied(desk, lines[0]) == 10


async def test_two_lines_that_want_the_same_piece_are_asked_about_and_the_second_is_refused(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE), (*RED, 10, PRICE))
    await linking(desk, lines, await order_by_hand(desk, (*RED, 10)))
    (question,) = await questions(desk)
    assert question.answers == (f"line:{lines[0].id}", f"line:{lines[1].id}", "none")
    await say(desk, question, f"line:{lines[1].id}")
    assert await desk.statuses(lines) == [LineStatus.READY, LineStatus.RESERVED]


async def test_an_order_whose_pieces_are_all_taken_links_nothing_more(desk: Desk) -> None:
    await desk.log_in()
    first = await desk.lines((*RED, 10, PRICE))
    second = await desk.lines((*RED, 10, PRICE), order="1002")
    number = await order_by_hand(desk, (*RED, 10))
    await linking(desk, first, number)
    await linking(desk, second, number)
    assert await desk.statuses(second) == [LineStatus.READY]
    assert "pieces_used_up" in await codes(desk)


async def test_goods_that_stand_in_for_a_product_are_asked_about(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*SCREWS, 1000, "0.008"))
    await linking(desk, lines, await order_by_hand(desk, (*RED, 10)))
    (question,) = await questions(desk)
    assert question.answers == (f"line:{lines[0].id}", "none")


async def test_an_unbound_pair_is_tied_again_when_a_person_asks(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    number = await order_by_hand(desk, (*RED, 10))
    await linking(desk, lines, number)
    await desk.db.write(lambda store: start_unbind(store, desk.buyer, [lines[0].id], desk.clock()))
    await desk.work()
    (question,) = await questions(desk)
    await say(desk, question, "only_unbind")
    assert await desk.statuses(lines) == [LineStatus.READY]
    await linking(desk, lines, number)
    assert await desk.statuses(lines) == [LineStatus.RESERVED]


async def test_a_number_that_the_account_does_not_have(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    await linking(desk, lines, "3000000000000000001")
    failed = await activity(desk)
    assert (failed.state, failed.failure) == (ActivityState.FAILED, "order_not_found")


async def test_a_closed_order_is_not_linked(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    number = await order_by_hand(desk, (*RED, 10))
    await desk.world("close", order_id=number, reason="buyerCancel")
    await linking(desk, lines, number)
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert (await activity(desk)).failure == "order_closed"


@pytest.mark.parametrize("typed", ["12345", "1" * 40, "12345678901x", "", "١٢٣٤٥٦٧٨٩٠١٢"])
async def test_what_is_no_order_number_is_refused(desk: Desk, typed: str) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    with pytest.raises(BadInput) as refused:
        await linking(desk, lines, typed)
    assert refused.value.rule == "alibaba1688_number"


async def test_a_number_of_another_account_is_told(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    number = await order_by_hand(desk, (*RED, 10))
    await linking(desk, lines, number)
    more = await desk.lines((*BLUE, 10, PRICE), order="1002")

    def other(store: Store) -> int:
        return store.accounts.ensure(ProviderName.ALIBABA1688, "second", None, desk.clock()).id

    other_id = await desk.db.write(other)
    with pytest.raises(BadInput) as refused:
        await desk.db.write(lambda s: start_link(s, desk.buyer, more[0].order_id, other_id, number, desk.clock()))
    assert refused.value.rule == "number_other_account"


async def test_an_order_with_nothing_left_to_link(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    number = await order_by_hand(desk, (*RED, 10))
    await linking(desk, lines, number)
    with pytest.raises(Stale):
        await linking(desk, lines, number)


async def test_a_part_that_is_closed_unpaid_does_not_make_the_whole_line_ready_again(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*RED, 10, PRICE))
    kept, closed = await order_by_hand(desk, (*RED, 6)), await order_by_hand(desk, (*RED, 5))
    await linking(desk, lines, kept)
    (question,) = await questions(desk)
    await say(desk, question, f"line:{lines[0].id}")
    await linking(desk, lines, closed)
    await desk.world("pay", order_id=kept)
    await desk.world("close", order_id=closed, reason="buyerCancel")
    account = await account_of(desk)
    await desk.db.write(lambda store: start_sync(store, account.id, desk.buyer, desk.clock()))
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.BOUGHT], "ready, it would be bought whole once more"
    assert await tied(desk, lines[0]) == 6
    changes = await desk.db.read(lambda store: store.events.of_order(lines[0].order_id))
    assert "pieces_lost" in {change.kind for change in changes}
