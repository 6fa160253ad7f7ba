"""Orders are taken and given; the list of one's own; two people can't take one without seeing each other."""

from datetime import timedelta

from purchasing.orders import LineData
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.tell import buyers_of
from purchasing.words import LineStatus, ProviderName, Role
from tests.support.desk import Chatter, Desk

BUYER, OTHER = 2002, 2003


async def orders(desk: Desk, *numbers: str) -> None:
    def unit(store: Store) -> None:
        for number in numbers:
            made = store.orders.ensure(number, "files", desk.clock())
            store.lines.add(made.id, LineData("1", ProviderName.TAOBAO, "700", title=f"Cup {number}"), LineStatus.READY)

    await desk.write(unit)


async def open_order(person: Chatter, number: str) -> None:
    await person.send("/orders")
    await person.press(number)


async def told_of(desk: Desk, order_id: int) -> list[str]:
    people: list[Person] = await desk.read(lambda store: buyers_of(store, order_id))
    return [person.name for person in people]


async def test_an_order_is_taken_and_its_news_go_there(desk: Desk) -> None:
    buyer, other = await desk.person(BUYER, Role.BUYER), await desk.person(OTHER, Role.BUYER)
    for person in (desk.owner, buyer, other):
        await person.send("/start")
    await orders(desk, "1001", "1002")
    assert len(await told_of(desk, 1)) == 3, "nobody's: all who buy"
    await open_order(buyer, "1001")
    await buyer.press("Take it or give it")
    await buyer.press("Take it")
    assert "👤 Person 2002" in buyer.screen.text
    assert await told_of(desk, 1) == ["Person 2002"]
    await open_order(other, "1001")
    assert "👤 Person 2002" in other.screen.text
    await other.press("What happened")
    assert "given to Person 2002" in other.screen.text


async def test_an_order_is_given_and_the_person_is_told(desk: Desk) -> None:
    buyer = await desk.person(BUYER, Role.BUYER)
    await desk.person(OTHER, Role.VIEWER)
    await buyer.send("/start")
    await orders(desk, "1001")
    await open_order(desk.owner, "1001")
    await desk.owner.press("Take it or give it")
    assert not any("2003" in label for label in desk.owner.screen.labels), "only to who buys"
    await desk.owner.press("Person 2002")
    await buyer.look()
    assert "Order 1001" in buyer.screen.text
    assert "was given to you" in buyer.screen.text
    await buyer.press("Order")
    await buyer.press("Give it to others")
    await buyer.press("Nobody's")
    assert "👤" not in buyer.screen.text


async def test_the_second_sees_who_was_faster(desk: Desk) -> None:
    first, second = await desk.person(BUYER, Role.BUYER), await desk.person(OTHER, Role.BUYER)
    await orders(desk, "1001")
    for person in (first, second):
        await open_order(person, "1001")
        await person.press("Take it or give it")
    await first.press("Take it")
    await second.press("Take it")
    assert "Person 2002" in second.answer
    assert await told_of(desk, 1) == ["Person 2002"]


async def test_mine_in_orders_and_to_buy(desk: Desk) -> None:
    buyer = await desk.person(BUYER, Role.BUYER)
    await orders(desk, "1001", "1002")
    await open_order(buyer, "1002")
    await buyer.press("Take it or give it")
    await buyer.press("Take it")
    await buyer.send("/orders")
    await buyer.press("Whose: all")
    listed = [label for label in buyer.screen.labels if label.startswith("100")]
    assert [label[:4] for label in listed] == ["1002"]
    await buyer.press("🔍 Search")
    await buyer.send("1001")
    assert "Nothing fits this filter" in buyer.screen.text
    await buyer.send("/buy")
    await buyer.press("Whose: all")
    assert "1 line is ready" in buyer.screen.text
    await buyer.press("☑ All")
    await buyer.press("Whose: mine")
    assert "2 lines are ready" in buyer.screen.text
    assert "1 line is ticked" in buyer.screen.text, "all of mine, not all"


async def test_who_left_gets_nothing_more(desk: Desk) -> None:
    buyer = await desk.person(BUYER, Role.BUYER)
    await desk.owner.send("/start")
    await orders(desk, "1001")
    await open_order(buyer, "1001")
    await buyer.press("Take it or give it")
    await buyer.press("Take it")
    person = await desk.somebody(BUYER)
    await desk.write(lambda store: store.people.set_blocked(person.id, desk.clock()))
    desk.clock.advance(timedelta(minutes=1))
    assert await told_of(desk, 1) == [(await desk.somebody()).name], "the others who buy: the owner"


async def test_only_buyers_assign(desk: Desk) -> None:
    viewer = await desk.person(BUYER, Role.VIEWER)
    await orders(desk, "1001")
    await open_order(viewer, "1001")
    assert "Take it or give it" not in viewer.screen.labels
    await viewer.press_stale(viewer.screen.id, "asgn:1:1:0")
    assert "role doesn't allow" in viewer.answer
    assert (await desk.read(lambda store: store.orders.get(1))).assignee_id is None  # type: ignore[union-attr]
