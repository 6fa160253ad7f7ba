"""A buyer says of a line that nothing was ordered for: ready to buy, or cancelled, and changes their mind."""

from dataclasses import replace

from purchasing.words import LineStatus, Role
from tests.handlers.gateway import BLUE, RED, Gateway
from tests.handlers.test_link import statuses


async def test_a_line_that_the_shop_has_not_released_is_made_ready(gateway: Gateway) -> None:
    await gateway.lines((*RED, 10), status=LineStatus.NEW)
    owner = gateway.desk.owner
    await owner.send("1001")
    await owner.press("item 1")
    await owner.press("✅ Make ready")
    assert owner.screen.button("✅ Make ready") is None
    assert await statuses(gateway) == [LineStatus.READY]


async def test_a_line_is_cancelled_after_a_second_press_and_that_can_be_taken_back(gateway: Gateway) -> None:
    await gateway.lines((*RED, 10))
    owner = gateway.desk.owner
    await owner.send("1001")
    await owner.press("item 1")
    await owner.press("✖️ Cancel the line")
    assert await statuses(gateway) == [LineStatus.READY], "asked first"
    await owner.press("Yes, cancel the line")
    assert "a buyer cancelled it" in owner.screen.text
    assert await statuses(gateway) == [LineStatus.CANCELLED]
    await owner.press("✅ Make ready")
    assert "Is it certain that nothing was ordered for it?" in owner.screen.text
    assert await statuses(gateway) == [LineStatus.CANCELLED], "it may have been ordered once"
    await owner.press("Yes, make ready")
    assert await statuses(gateway) == [LineStatus.READY]


async def test_what_may_have_been_ordered_is_not_made_ready_by_a_detour(gateway: Gateway) -> None:
    """A line that was left to a person, or was cancelled, is made ready only after the question."""
    left, cancelled = await gateway.lines((*RED, 10), (*BLUE, 10))
    await gateway.desk.write(lambda store: store.lines.set_status([left.id], LineStatus.BY_HAND, "outcome_unknown"))
    await gateway.desk.write(lambda store: store.lines.set_status([cancelled.id], LineStatus.CANCELLED, "cancelled"))
    owner = gateway.desk.owner
    await owner.send("1001")
    await owner.press("item 1")
    assert owner.screen.button("✖️ Cancel the line") is None
    assert owner.screen.button("✅ Make ready") is None
    for press in (f"lncancel:{left.id}", f"lnready:{left.id}", f"lnready:{cancelled.id}"):
        await owner.press_stale(owner.screen.id, press)
        assert owner.answer, press
    assert await statuses(gateway) == [LineStatus.BY_HAND, LineStatus.CANCELLED]


async def test_what_is_ordered_is_neither_and_a_colleague_with_a_preview_keeps_it(gateway: Gateway) -> None:
    line, held = await gateway.lines((*RED, 10), (*BLUE, 10))
    desk, owner = gateway.desk, gateway.desk.owner
    colleague = await desk.person(2002, Role.BUYER)
    person = await desk.somebody(2002)
    await desk.write(lambda store: store.lines.hold([held.id], person.id, desk.clock().replace(year=2099)))
    await desk.write(lambda store: store.lines.set_status([line.id], LineStatus.RESERVED, ""))
    await owner.send("1001")
    await owner.press_stale(owner.screen.id, f"lncancel:{line.id}")
    assert "moved on" in owner.answer
    await owner.press_stale(owner.screen.id, f"lnready:{line.id}")
    assert "moved on" in owner.answer
    await owner.press_stale(owner.screen.id, f"go|line_cancel:{held.id}")
    await owner.press("Yes, cancel the line")
    assert "Person 2002 is at this right now" in owner.answer
    assert await statuses(gateway) == [LineStatus.RESERVED, LineStatus.READY]

    await desk.write(lambda store: store.people.save(replace(person, role=Role.VIEWER)))
    await colleague.send("1001")
    await colleague.press("item 2")
    assert colleague.screen.button("✖️ Cancel the line") is None
    await colleague.press_stale(colleague.screen.id, f"lnready:{held.id}")
    assert "doesn't allow this" in colleague.answer
