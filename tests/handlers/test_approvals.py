"""Payments above the sum: payers see them without a way to pay until an owner has said yes; the first decision wins."""

from purchasing.approve_payment import ask_for_approvals
from purchasing.words import Role, Stage
from tests.handlers.test_stuck import NUMBER, order
from tests.support.desk import Chatter, Desk

PAYER = 2003


async def dear_order(desk: Desk) -> None:
    """The sum is set to ¥300 in chat; an order of ¥400 is there."""
    await order(desk, Stage.UNPAID)
    await desk.owner.send("/settings")
    await desk.owner.press("Alerts and stuck things")
    await desk.owner.press("Payments need an approval above")
    await desk.owner.send("-5")
    assert "Yuan from 0" in desk.owner.screen.text
    await desk.owner.send("300")
    await asked(desk)


async def asked(desk: Desk) -> None:
    await desk.write(lambda store: ask_for_approvals(store, desk.clock()))
    await desk.settle()


async def to_pay(person: Chatter) -> None:
    await person.send("/pay")
    await person.press("nick")


def opens(person: Chatter) -> list[str]:
    return [button["url"] for row in person.screen.buttons for button in row if "url" in button]


async def test_an_owner_approves_and_the_payer_sees_who(desk: Desk) -> None:
    payer = await desk.person(PAYER, Role.PAYER)
    await to_pay_none(payer)
    await dear_order(desk)
    await to_pay(payer)
    assert "waits for an owner's approval" in payer.screen.text
    assert opens(payer) == [], "no way to pay it yet"
    await payer.press("Approval 1")
    assert not {"Approve", "Refuse"} & set(payer.screen.labels)
    await asked(desk)
    await desk.owner.look()
    assert "Payment of ¥400.00" in desk.owner.screen.text
    await desk.owner.press("Approve")
    assert "approved by" in desk.owner.screen.text
    await payer.look()
    assert "approved by" in payer.screen.text, "the payer is told"
    await to_pay(payer)
    assert len(opens(payer)) == 2


async def to_pay_none(payer: Chatter) -> None:
    await payer.send("/pay")
    assert "Nothing is to be paid" in payer.screen.text


async def test_an_owner_refuses_with_a_reason(desk: Desk) -> None:
    payer = await desk.person(PAYER, Role.PAYER)
    await payer.send("/start")
    await dear_order(desk)
    await desk.owner.look()
    await desk.owner.press("Refuse")
    await desk.owner.send("x" * 301)
    assert "1 to 300 characters" in desk.owner.screen.text
    await desk.owner.send("The customer wants <another> colour")
    assert "refused by" in desk.owner.screen.text
    await payer.look()
    assert "The customer wants <another> colour" in payer.screen.text
    await to_pay(payer)
    assert opens(payer) == []
    await desk.owner.press("Decide anew")
    await desk.owner.press("Approve")
    await to_pay(payer)
    assert len(opens(payer)) == 2


async def test_the_first_decision_wins(desk: Desk) -> None:
    other = await desk.person(2005, Role.OWNER)
    await other.send("/start")
    await dear_order(desk)
    await other.look()
    await desk.owner.look()
    old = other.screen.id
    await desk.owner.press("Approve")
    await other.press_stale(old, "payok:1:40000")
    assert "faster" in other.answer
    await other.look()
    assert "approved by" in other.screen.text


async def test_nobody_else_approves(desk: Desk) -> None:
    payer = await desk.person(PAYER, Role.PAYER)
    await payer.send("/start")
    await dear_order(desk)
    await payer.press_stale(payer.screen.id, "payok:1:40000")
    assert "role doesn't allow" in payer.answer
    await to_pay(payer)
    assert "waits for an owner's approval" in payer.screen.text


async def test_a_higher_sum_is_asked_about_anew(desk: Desk) -> None:
    await dear_order(desk)
    await desk.owner.look()
    await desk.owner.press("Approve")
    orders = await desk.read(lambda store: store.provider_orders.unpaid())
    await desk.write(lambda store: store.approvals.ask(orders[0].id, 350_00, desk.clock()))
    await desk.write(lambda store: store.approvals.decide(orders[0].id, 350_00, True, 1, "", desk.clock()))
    await to_pay(desk.owner)
    assert "waits for an owner's approval" in desk.owner.screen.text
    await asked(desk)
    await desk.owner.look()
    assert "Approve" in desk.owner.screen.labels


async def test_without_a_sum_nothing_waits(desk: Desk) -> None:
    await order(desk, Stage.UNPAID)
    await asked(desk)
    await to_pay(desk.owner)
    assert NUMBER in desk.owner.screen.text
    assert "approval" not in desk.owner.screen.text
    assert len(opens(desk.owner)) == 2
