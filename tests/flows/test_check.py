"""The check after export over the real gateway: sellers change unpaid orders, and people are asked once for each."""

from purchasing.activities import Question
from purchasing.answer import answer_all
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.words import ActivityKind, ActivityState, LineStatus, QuestionState
from tests.flows.conftest import Desk
from tests.flows.test_reserve import questions
from tests.flows.test_sync import placed, sync


async def asked(desk: Desk) -> Question:
    (question,) = await questions(desk)
    return question


async def agreed(desk: Desk, line: OrderLine) -> int:
    purchase = await desk.db.read(lambda store: store.purchases.get(line.id))
    assert purchase
    return purchase.agreed


async def answer(desk: Desk, code: str) -> None:
    question = await asked(desk)
    await desk.db.write(lambda store: answer_all(store, desk.buyer, question.id, code, desk.clock()))
    await desk.work()


async def steps(desk: Desk, activity_id: int) -> list[tuple[str, str]]:
    found = await desk.db.read(lambda store: store.activities.steps(activity_id))
    return [(step.level, step.code) for step in found]


async def test_a_dearer_order_is_asked_about_once_for_each_new_sum(desk: Desk) -> None:
    lines, number = await placed(desk)
    assert await questions(desk) == [], "the sum that was confirmed in the preview is no surprise"
    was = await agreed(desk, lines[0])

    await desk.world("set_order_price", order_id=number, goods_fen=was + 500)
    await sync(desk)
    question = await asked(desk)
    assert (question.kind, question.line_ids) == ("cost_higher", (lines[0].id,))
    await sync(desk)
    assert (await asked(desk)).id == question.id, "one question for one difference"
    await answer(desk, "accept")
    assert await agreed(desk, lines[0]) > was
    assert (await desk.activity(ActivityKind.REPRICE)).state is ActivityState.DONE
    await sync(desk)
    assert await questions(desk) == []

    await desk.world("set_order_price", order_id=number, goods_fen=was + 2000)
    await sync(desk)
    assert (await asked(desk)).kind == "cost_higher", "a new sum is a new question"


async def test_what_fits_again_or_is_paid_is_asked_no_more(desk: Desk) -> None:
    lines, number = await placed(desk)
    was = await agreed(desk, lines[0])
    await desk.world("set_order_price", order_id=number, goods_fen=was + 500)
    await sync(desk)
    await desk.world("set_order_price", order_id=number, goods_fen=was - 900)
    cheaper = await sync(desk)
    assert await questions(desk) == []
    assert ("info", "cost_differs") in await steps(desk, cheaper.id), "less is a step"
    ended = await desk.activity(ActivityKind.REPRICE)
    assert (ended.state, ended.failure) == (ActivityState.CANCELLED, "fits_again")

    await desk.world("set_order_price", order_id=number, goods_fen=was + 900)
    await sync(desk)
    question = await asked(desk)
    await desk.world("pay", order_id=number)
    await sync(desk)
    left = await desk.db.read(lambda store: store.questions.get(question.id))
    assert left
    assert left.state is QuestionState.WITHDRAWN
    assert (await desk.activity(ActivityKind.REPRICE)).failure == "paid_meanwhile"
    assert await desk.statuses(lines) == [LineStatus.BOUGHT]


async def test_cancel_takes_the_lines_off_and_cancels_the_unpaid_order(desk: Desk) -> None:
    lines, number = await placed(desk)
    await desk.world("advance_clock", seconds=60)
    await desk.world("set_order_price", order_id=number, goods_fen=100_000)
    await sync(desk)
    await answer(desk, "cancel_bought")
    assert await desk.statuses(lines) == [LineStatus.READY]
    assert [order["status"] for order in (await desk.truth())["orders"]] == ["closed"]
    assert await questions(desk) == []


async def test_another_address_is_asked_about(desk: Desk) -> None:
    _, _ = await placed(desk)

    def moved(store: Store) -> None:
        store.settings.put("alibaba1688.recipient.address", "新仓库路99号", None, desk.clock())

    await desk.db.write(moved)
    await sync(desk)
    assert (await asked(desk)).kind == "goes_elsewhere"


async def test_switched_off_it_only_learns_the_cost(desk: Desk) -> None:
    lines, number = await placed(desk)
    await desk.db.write(lambda store: store.settings.put("alibaba1688.check_after_export", "no", None, desk.clock()))
    await desk.world("set_order_price", order_id=number, goods_fen=100_000, freight_fen=0)
    await sync(desk)
    assert await questions(desk) == []
    known = await desk.db.read(lambda store: store.lines.get(lines[0].id))
    assert known
    assert known.purchase_price == 100
