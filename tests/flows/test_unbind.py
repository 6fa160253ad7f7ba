"""Unbinding on 1688: what is asked before a tie comes off, and a cancellation that is sent once at most."""

from datetime import timedelta

import pytest

from purchasing import crash
from purchasing.activities import Activity, Question
from purchasing.answer import answer_all, answer_line
from purchasing.errors import Conflict, Stale
from purchasing.ledger import Effect
from purchasing.link.start import start_link
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.refusals import Refusal
from purchasing.stop_activity import stop_activity
from purchasing.unbind.start import start_unbind, toggle_bound
from purchasing.words import ActivityKind, ActivityState, IntentState, LineStatus, ProviderName, Role
from tests.flows.conftest import Desk
from tests.flows.hand_made import account_of, order_by_hand
from tests.flows.test_reserve import PLAIN, PRICE, reserved

OTHER = ("730000000008", "5700000000082")
CANCEL = "alibaba.trade.cancel"
SIDES = ("written", "committed")


async def bought(desk: Desk, *wanted: tuple[str, str, int, str], old: bool = True) -> list[OrderLine]:
    """Reserved lines; `old` enough on the marketplace to be cancelled."""
    await desk.log_in()
    lines = await desk.lines(*(wanted or ((*PLAIN, 10, PRICE),)))
    await reserved(desk, lines)
    if old:
        await desk.world("advance_clock", seconds=60)
    return lines


async def unbinding(desk: Desk, lines: list[OrderLine]) -> None:
    ids = [line.id for line in lines]
    await desk.db.write(lambda store: start_unbind(store, desk.buyer, ids, desk.clock()))
    await desk.work()


async def asked(desk: Desk) -> Question:
    found = await desk.db.read(lambda store: store.questions.open())
    assert len(found) == 1
    return found[0]


async def say(desk: Desk, answer: str) -> None:
    question = await asked(desk)
    await desk.db.write(lambda store: answer_all(store, desk.buyer, question.id, answer, desk.clock()))
    await desk.work()


async def activity(desk: Desk) -> Activity:
    return await desk.activity(ActivityKind.UNBIND)


async def ties(desk: Desk, lines: list[OrderLine]) -> int:
    return len(await desk.db.read(lambda store: store.bindings.of_lines([line.id for line in lines])))


async def on_provider(desk: Desk) -> list[str]:
    return [order["status"] for order in (await desk.truth())["orders"]]


async def cancels(desk: Desk) -> int:
    """How often the marketplace was asked to cancel."""
    async with desk.http.get(f"{desk.url}/_truth/visits") as response:
        return sum(visit["at"] == CANCEL for visit in (await response.json())["visits"])


async def test_only_the_tie_comes_off_and_is_remembered(desk: Desk) -> None:
    lines = await bought(desk)
    tie = (await desk.db.read(lambda store: store.bindings.of_lines([lines[0].id])))[0]
    await unbinding(desk, lines)
    assert (await asked(desk)).kind == "unbind_unpaid"
    assert await desk.statuses(lines) == [LineStatus.RESERVED], "nothing happens before the answer"

    await say(desk, "only_unbind")
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await ties(desk, lines) == 0
    assert await on_provider(desk) == ["unpaid"]
    assert await desk.db.read(lambda store: store.bindings.was_unbound(lines[0].id, tie.provider_line_id))
    assert (await activity(desk)).state is ActivityState.DONE


async def test_the_unpaid_order_is_cancelled_with_it(desk: Desk) -> None:
    lines = await bought(desk)
    await unbinding(desk, lines)
    await say(desk, "cancel_order")
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await on_provider(desk) == ["closed"]
    assert await desk.db.read(lambda store: store.provider_orders.unpaid()) == []
    assert (await activity(desk)).state is ActivityState.DONE


async def test_an_answer_while_a_piece_is_ending_counts(desk: Desk) -> None:
    """The piece had found nothing left to do before the answer came."""
    lines = await bought(desk)
    await unbinding(desk, lines)
    begun, question = await activity(desk), await asked(desk)
    await desk.db.write(lambda store: answer_all(store, desk.buyer, question.id, "cancel_order", desk.clock()))
    await desk.runner.advance(begun)
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await on_provider(desk) == ["closed"]


async def test_left_bound_changes_nothing(desk: Desk) -> None:
    lines = await bought(desk)
    await unbinding(desk, lines)
    await say(desk, "leave_bound")
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    assert await on_provider(desk) == ["unpaid"]


async def test_an_order_on_which_others_hang_is_not_offered_for_cancelling(desk: Desk) -> None:
    lines = await bought(desk, (*PLAIN, 10, PRICE), (*OTHER, 10, PRICE))
    assert len(await on_provider(desk)) == 1
    await unbinding(desk, lines[:1])
    question = await asked(desk)
    assert (question.kind, question.answers) == ("unbind_shared", ("only_unbind", "leave_bound"))

    await say(desk, "only_unbind")
    assert await desk.statuses(lines) == [LineStatus.READY, LineStatus.RESERVED]
    assert await on_provider(desk) == ["unpaid"]


async def test_answers_that_differ_within_one_order_cancel_nothing(desk: Desk) -> None:
    lines = await bought(desk, (*PLAIN, 10, PRICE), (*OTHER, 10, PRICE))
    await unbinding(desk, lines)
    question = await asked(desk)

    def one_by_one(store: Store) -> None:
        answer_line(store, desk.buyer, question.id, lines[0].id, "cancel_order", desk.clock())
        answer_line(store, desk.buyer, question.id, lines[1].id, "leave_bound", desk.clock())

    await desk.db.write(one_by_one)
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.READY, LineStatus.RESERVED]
    assert await on_provider(desk) == ["unpaid"]


async def test_a_paid_order_is_told_and_never_cancelled(desk: Desk) -> None:
    lines = await bought(desk)
    await desk.world("pay", order_id=(await desk.truth())["orders"][0]["id"])
    await unbinding(desk, lines)
    question = await asked(desk)
    assert (question.kind, question.answers) == ("unbind_paid", ("only_unbind", "leave_bound"))
    assert await desk.statuses(lines) == [LineStatus.BOUGHT]

    await say(desk, "only_unbind")
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await on_provider(desk) == ["paid"]
    assert await cancels(desk) == 0


async def test_paid_while_the_question_was_open(desk: Desk) -> None:
    lines = await bought(desk)
    await unbinding(desk, lines)
    await desk.world("pay", order_id=(await desk.truth())["orders"][0]["id"])
    await say(desk, "cancel_order")
    assert (await asked(desk)).kind == "unbind_paid"
    assert await ties(desk, lines) == 1
    assert await on_provider(desk) == ["paid"]


async def test_a_line_linked_to_the_order_after_the_answer_saves_it(desk: Desk) -> None:
    lines = await bought(desk)
    late = await desk.lines((*PLAIN, 10, PRICE), order="1002")
    await unbinding(desk, lines)
    question = await asked(desk)

    def then_linked(store: Store) -> None:
        answer_all(store, desk.buyer, question.id, "cancel_order", desk.clock())
        tie = store.bindings.of_lines([lines[0].id])[0]
        store.bindings.bind(late[0].id, tie.provider_line_id, 1, desk.clock())

    await desk.db.write(then_linked)
    await desk.work()
    assert (await asked(desk)).kind == "unbind_shared"
    assert await on_provider(desk) == ["unpaid"]


async def test_too_soon_is_tried_again_later_by_a_new_intent(desk: Desk) -> None:
    lines = await bought(desk, old=False)
    await unbinding(desk, lines)
    question = await asked(desk)
    await desk.db.write(lambda store: answer_all(store, desk.buyer, question.id, "cancel_order", desk.clock()))
    await desk.piece()
    waiting = await activity(desk)
    assert waiting.not_before is not None
    assert waiting.not_before > desk.clock()
    assert await desk.statuses(lines) == [LineStatus.RESERVED]

    await desk.world("advance_clock", seconds=60)
    await desk.work()
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await on_provider(desk) == ["closed"]
    intents = await desk.db.read(lambda store: store.ledger.of_activity(waiting.id))
    assert [intent.state for intent in intents] == [IntentState.ABSENT, IntentState.PLACED]
    assert all(intent.effect is Effect.CANCEL for intent in intents)


async def test_always_too_soon_ends_as_a_question(desk: Desk) -> None:
    lines = await bought(desk, old=False)
    await unbinding(desk, lines)
    await say(desk, "cancel_order")
    assert (await asked(desk)).kind == Refusal.TOO_SOON
    await say(desk, "leave_bound")
    assert await desk.statuses(lines) == [LineStatus.RESERVED]


async def test_a_cancellation_without_an_answer_is_looked_for_not_sent_again(desk: Desk) -> None:
    lines = await bought(desk)
    await desk.control(at=CANCEL, fault="drop_after", times=1)
    await unbinding(desk, lines)
    await say(desk, "cancel_order")
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await on_provider(desk) == ["closed"]
    assert await cancels(desk) == 1


async def test_a_cancellation_that_never_arrived_is_looked_for_thrice_and_asked_about(desk: Desk) -> None:
    lines = await bought(desk)
    await desk.control(at=CANCEL, fault="drop_connection", times=1)
    await unbinding(desk, lines)
    await say(desk, "cancel_order")
    assert (await asked(desk)).kind == "cancel_unknown"
    assert await cancels(desk) == 1
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    live = await desk.db.read(lambda store: store.ledger.live())
    assert [intent.state for intent in live] == [IntentState.UNKNOWN], "its lines are still held"

    await say(desk, "cancel_order")
    assert await on_provider(desk) == ["closed"]
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await desk.db.read(lambda store: store.ledger.live()) == []


async def test_a_life_that_died_while_cancelling_is_followed_by_a_look(desk: Desk) -> None:
    lines = await bought(desk)
    await unbinding(desk, lines)
    question = await asked(desk)
    await desk.db.write(lambda store: answer_all(store, desk.buyer, question.id, "cancel_order", desk.clock()))
    await desk.control(at=CANCEL, fault="timeout_before", times=1)
    await desk.piece()
    sent = (await desk.db.read(lambda store: store.ledger.live()))[0]
    assert sent.state is IntentState.SENDING

    again = await desk.life()
    await desk.world("close", order_id=(await desk.truth())["orders"][0]["id"], reason="buyerCancel")
    await again.work()
    await again.providers[ProviderName.ALIBABA1688].close()
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await cancels(desk) == 1


async def test_the_kill_switch_holds_a_cancellation_back(desk: Desk) -> None:
    lines = await bought(desk)
    await unbinding(desk, lines)
    await desk.db.write(lambda s: s.settings.put("buying.stopped", "yes", None, desk.clock()))
    await say(desk, "cancel_order")
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    assert await cancels(desk) == 0
    assert (await activity(desk)).errors == 1


async def test_the_same_line_is_unbound_by_one_person_at_a_time(desk: Desk) -> None:
    lines = await bought(desk)
    await unbinding(desk, lines)
    with pytest.raises(Conflict):
        await unbinding(desk, lines)
    await say(desk, "only_unbind")
    with pytest.raises(Stale):
        await unbinding(desk, lines)


async def test_a_stopped_unbinding_leaves_the_ties_on(desk: Desk) -> None:
    lines = await bought(desk)
    await unbinding(desk, lines)
    running = await activity(desk)
    await desk.db.write(lambda store: stop_activity(store, desk.buyer, running.id, desk.clock()))
    assert (await activity(desk)).state is ActivityState.CANCELLED
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    desk.clock.skip(timedelta(hours=1).total_seconds())
    await desk.work()
    assert await on_provider(desk) == ["unpaid"]


async def test_goods_that_are_not_ours_keep_a_hand_made_order_from_being_cancelled(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    number = await order_by_hand(desk, (*PLAIN, 10), (*OTHER, 5))
    account = await account_of(desk)
    await desk.db.write(lambda s: start_link(s, desk.buyer, lines[0].order_id, account.id, number, desk.clock()))
    await desk.work()
    await unbinding(desk, lines)
    question = await asked(desk)
    assert (question.kind, question.answers) == ("unbind_foreign", ("only_unbind", "leave_bound"))


async def test_a_tick_to_unbind_never_turns_into_a_tick_to_buy(desk: Desk) -> None:
    lines = await bought(desk)
    other = await desk.db.write(lambda store: store.people.ensure(1002, Role.BUYER, "other", "en", "UTC"))
    await desk.db.write(lambda store: toggle_bound(store, other, lines[0].id))
    await unbinding(desk, lines)
    await say(desk, "only_unbind")
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await desk.db.read(lambda store: store.selection.of(other.id)) == []


BROKEN = [
    *(f"unbind.{unit}.{side}" for unit in ("seen", "ask", "prepare", "cancelled", "finish") for side in SIDES),
    *(f"effect.gate.{side}" for side in SIDES),
    "alibaba1688.cancel",
    "alibaba1688.cancelled",
]


@pytest.mark.parametrize("point", BROKEN)
async def test_broken_off_anywhere_it_is_still_cancelled_once(desk: Desk, point: str) -> None:
    lines = await bought(desk)
    crash.arm({crash.DRILL: "yes", crash.CRASH_AT: f"{point}:1:raise"})
    try:
        await unbinding(desk, lines)
        await say(desk, "cancel_order")
        left = await desk.db.read(lambda store: store.questions.open())
        if left:  # it broke off right before the call: nobody can know, so a person says to send it again
            await say(desk, "cancel_order")
    finally:
        crash.arm({})
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert await on_provider(desk) == ["closed"]
    assert await cancels(desk) == 1
    assert await desk.db.read(lambda store: store.ledger.live()) == []
    assert (await activity(desk)).state is ActivityState.DONE
