"""Orders made by hand: linked one by one or all certain ones, or ignored; and what is bought by hand on purpose."""

from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.ports import Store
from purchasing.unbind.start import start_unbind
from purchasing.words import LineStatus, Role
from tests.handlers.gateway import BLUE, NICK, RED, Gateway
from tests.handlers.test_link import linked, statuses
from tests.handlers.test_to_pay import sync


async def open_list(gateway: Gateway, count: int = 1) -> None:
    await sync(gateway)
    await gateway.desk.owner.send("/start")
    await gateway.desk.owner.press(f"Not linked · {count}")
    await gateway.desk.owner.press(NICK)


async def test_one_is_linked_with_the_order_that_wants_its_goods(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await gateway.lines((*RED, 10))
    number = await gateway.order((*RED, 10))
    await open_list(gateway)
    await owner.press(number)
    assert "These orders still want goods" in owner.screen.text
    await owner.press("Link with 1001")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.RESERVED]
    await owner.send("/start")
    assert not any("Not linked" in label for label in owner.screen.labels)


async def test_one_is_linked_with_an_order_named_by_its_number(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await gateway.lines((*RED, 10))
    number = await gateway.order((*RED, 10))
    await open_list(gateway)
    await owner.press(number)
    await owner.press("Link with another order")
    await owner.send("9999")
    assert "no customer's order with this number" in owner.screen.text
    assert "9999" in owner.screen.text
    await owner.send("1001")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.RESERVED]


async def test_all_certain_ones_are_linked_at_once_and_the_rest_is_left(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await gateway.lines((*RED, 10), (*BLUE, 5))
    await gateway.order((*RED, 10))
    await gateway.order((*BLUE, 7))
    await open_list(gateway, 2)
    await owner.press("Link all certain ones")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.RESERVED, LineStatus.READY]
    assert "not certain" in owner.screen.text
    assert not any("Answer" in label for label in owner.screen.labels), "nobody is asked about the rest"


async def test_two_orders_that_want_the_same_goods_are_not_certain(gateway: Gateway) -> None:
    await gateway.lines((*RED, 10))
    await gateway.lines((*RED, 10), order="1002")
    await gateway.order((*RED, 10))
    await open_list(gateway)
    await gateway.desk.owner.press("Link all certain ones")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.READY]


async def test_an_unbound_pair_never_comes_back_by_itself(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await owner.send("/start")
    await linked(gateway, (*RED, 10))

    def unbind(store: Store) -> None:
        order = store.orders.by_number("1001")
        person = store.people.by_telegram(1001)
        assert order
        assert person
        ids = [line.id for line in store.lines.of_order(order.id)]
        start_unbind(store, person, ids, gateway.desk.clock())

    await gateway.desk.write(unbind)
    await gateway.rest()
    await owner.press("Only take the tie off")
    await gateway.rest()
    await open_list(gateway)
    await owner.press("Link all certain ones")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.READY]


async def test_a_private_order_is_ignored_and_taken_back(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await gateway.order((*RED, 10))
    await open_list(gateway)
    await owner.press(number)
    await owner.press("Ignore: it is private")
    assert "Nothing is left here" in owner.screen.text
    await sync(gateway)
    await owner.send("/start")
    assert "to pay" not in owner.screen.text
    assert "linked" not in owner.screen.text

    def address(store: Store) -> int:
        return store.provider_orders.unlinked(None, 0, 1, ignored=True)[1]

    assert await gateway.desk.read(address) == 1


async def test_an_ignored_order_is_noticed_again(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await gateway.order((*RED, 10))
    await open_list(gateway)
    await owner.press(number)
    await owner.press("Ignore: it is private")
    await owner.press("Ignored · 1")
    await owner.press(number)
    await owner.press("Don't ignore it any more")
    assert any(number in label for label in owner.screen.labels)


async def test_all_are_ignored_after_a_confirmation(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await gateway.order((*RED, 10))
    await gateway.order((*BLUE, 10))
    await open_list(gateway, 2)
    await owner.press("Ignore all 2")
    assert "Ignore all 2 orders?" in owner.screen.text
    await owner.press("Yes, ignore all")
    assert "Nothing is left here" in owner.screen.text
    assert "Ignored · 2" in owner.screen.labels


async def by_hand(gateway: Gateway, why: str) -> None:
    lines = await gateway.lines((*RED, 10))
    now = gateway.desk.clock()
    await gateway.desk.write(lambda s: move(s, lines, LineStatus.BY_HAND, Mover.PERSON, now, why=why))
    await gateway.desk.owner.send("/start")
    await gateway.desk.owner.press("By hand · 1")


async def test_what_was_ordered_by_hand_is_linked_by_its_number(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await by_hand(gateway, "tmall")
    number = await gateway.order((*RED, 10))
    assert "1001" in owner.screen.text
    await owner.press("item 1")
    assert {"Copy the link", "Copy the configuration", "Copy the quantity"} <= set(owner.screen.labels)
    assert "Back to ready" not in owner.screen.labels, "Tmall goods would only come back"
    await owner.press("I ordered it")
    await owner.send(number)
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.RESERVED]


async def test_what_was_not_ordered_goes_back_to_ready_after_a_confirmation(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await by_hand(gateway, "outcome_unknown")
    await owner.press("item 1")
    await owner.press("Back to ready")
    assert "would come twice" in owner.screen.text
    assert await statuses(gateway) == [LineStatus.BY_HAND]
    await owner.press("Yes, back to ready")
    assert await statuses(gateway) == [LineStatus.READY]
    assert "Nothing is to be bought by hand" in owner.screen.text


async def test_russian(gateway: Gateway) -> None:
    await by_hand(gateway, "tmall")
    await gateway.order((*BLUE, 10))
    await sync(gateway)
    buyer = await gateway.desk.person(1002, Role.BUYER, "ru")
    await buyer.send("/start")
    assert "заказ площадки не связан" in buyer.screen.text
    await buyer.press("Вручную · 1")
    assert "1 товар покупается вручную" in buyer.screen.text
    await buyer.send("/start")
    await buyer.press("Не связаны · 1")
    await buyer.press(NICK)
    assert "Связать все бесспорные" in buyer.screen.labels
