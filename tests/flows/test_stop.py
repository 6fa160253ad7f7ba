"""Stopping and breaking down amid a reservation: no line is lost, nothing is sent behind a person's back."""

from purchasing.activities import Activity
from purchasing.answer import answer_all
from purchasing.stop_activity import stop_activity
from purchasing.words import ActivityKind, ActivityState, IntentState, LineStatus, ProviderName
from tests.flows.conftest import NICK, Desk
from tests.flows.test_reserve import PLAIN, PRICE, SOLD_OUT, previewed, questions, reserved

CREATE = "alibaba.trade.fastCreateOrder"
SEARCH = "alibaba.trade.getBuyerOrderList"


async def stop(desk: Desk, activity: Activity) -> None:
    await desk.db.write(lambda store: stop_activity(store, desk.buyer, activity.id, desk.clock()))
    await desk.work()


async def test_stopped_while_it_waits_for_a_login_the_lines_are_ready_again(desk: Desk) -> None:
    from purchasing.reserve.start import confirm

    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    preview = await previewed(desk, lines)
    await desk.world("expire_session", account=NICK)
    await desk.db.write(lambda store: confirm(store, preview.id, desk.buyer, desk.clock()))
    await desk.work()
    activity = await desk.activity(ActivityKind.RESERVE)
    assert (activity.state, activity.failure) == (ActivityState.WAITING, "session_expired")

    await stop(desk, activity)
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert (await desk.activity(ActivityKind.RESERVE)).state is ActivityState.CANCELLED
    assert await desk.db.read(lambda store: store.ledger.live()) == []


async def test_the_answer_stop_takes_the_other_questions_back(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, "1.00"), (*SOLD_OUT, 10, "46.00"))
    await reserved(desk, lines)
    first, _second = await questions(desk)
    await desk.db.write(lambda store: answer_all(store, desk.buyer, first.id, "stop", desk.clock()))
    await desk.work()
    assert await questions(desk) == []
    assert await desk.statuses(lines) == [LineStatus.READY, LineStatus.READY]
    assert (await desk.activity(ActivityKind.RESERVE)).state is ActivityState.DONE


async def test_an_unknown_outcome_outlives_a_stop(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    await desk.control(at=CREATE, fault="drop_connection", times=1)
    await reserved(desk, lines)
    await stop(desk, await desk.activity(ActivityKind.RESERVE))
    assert await desk.statuses(lines) == [LineStatus.RESERVING], "it may have been ordered: nobody may order it again"
    assert [q.kind for q in await questions(desk)] == ["outcome_unknown"]


async def test_a_marketplace_that_stays_away_after_an_effect_leaves_a_question_and_no_lost_line(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    await desk.control(at=CREATE, fault="drop_after", times=1)
    await desk.control(at=SEARCH, fault="page_changed", times=50)
    await reserved(desk, lines)
    activity = await desk.activity(ActivityKind.RESERVE)
    assert activity.state is ActivityState.WAITING
    assert [q.kind for q in await questions(desk)] == ["outcome_unknown"]
    assert [intent.state for intent in await desk.db.read(lambda s: s.ledger.live())] == [IntentState.UNKNOWN]


async def test_the_time_for_taking_back_outlives_a_crash(desk: Desk) -> None:
    from purchasing.reserve.start import confirm

    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE))
    preview = await previewed(desk, lines)
    await desk.db.write(lambda store: store.settings.put("reserve.delay", "60", None, desk.clock()))
    await desk.db.write(lambda store: confirm(store, preview.id, desk.buyer, desk.clock()))
    again = await desk.life()
    assert await again.piece() is None, "nothing is due before the time is over"
    assert (await desk.truth())["orders"] == []
    await again.work()
    await again.providers[ProviderName.ALIBABA1688].close()
    assert await desk.statuses(lines) == [LineStatus.RESERVED]
    assert len((await desk.truth())["orders"]) == 1
