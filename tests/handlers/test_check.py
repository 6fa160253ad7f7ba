"""The check after export as people meet it: one card that says what differs, and what its buttons do."""

from purchasing.words import LineStatus
from tests.handlers.gateway import RED, Gateway
from tests.handlers.test_link import linked, statuses
from tests.handlers.test_to_pay import sync


async def test_a_dearer_order_brings_a_question_that_can_be_kept(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await owner.send("/start")
    number = await linked(gateway, (*RED, 10))
    await gateway.world("set_order_price", order_id=number, goods_fen=4000)
    await sync(gateway)
    assert "costs more on the marketplace than agreed" in owner.screen.text
    assert "¥31.00 → ¥45.00" in owner.screen.text
    await owner.press("Keep it as it is")
    await gateway.rest()
    assert "Keep it as it is" in owner.screen.text
    await owner.send("/start")
    assert "question" not in owner.screen.text


async def test_a_question_about_a_paid_order_says_why_it_is_over(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await owner.send("/start")
    number = await linked(gateway, (*RED, 10))
    await gateway.world("set_order_price", order_id=number, goods_fen=4000)
    await sync(gateway)
    asked = owner.screen.id
    await gateway.world("pay", order_id=number)
    await sync(gateway)
    card = next(message for message in await owner.messages() if message.id == asked)
    assert "the provider order was paid meanwhile" in card.text
    assert not any("Keep" in label for label in card.labels)


async def test_unbind_and_cancel_is_asked_once_more(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await owner.send("/start")
    number = await linked(gateway, (*RED, 10))
    await gateway.world("set_order_price", order_id=number, goods_fen=4000)
    await gateway.world("advance_clock", seconds=60)  # 1688 cancels nothing so fresh
    await sync(gateway)
    await owner.press("Unbind and cancel")
    assert await statuses(gateway) == [LineStatus.RESERVED]
    await owner.press("Yes: Unbind and cancel")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.READY]
    assert await gateway.on_provider() == ["closed"]
