"""Linking by number and unbinding, pressed through: from the order's screen to the activity's end."""

from purchasing.link.start import start_link
from purchasing.ports import Store
from purchasing.sessions import session_restored
from purchasing.words import LineStatus, ProviderName, Role
from tests.handlers.gateway import BLUE, NICK, RED, Gateway


async def statuses(gateway: Gateway) -> list[LineStatus]:
    def unit(store: Store) -> list[LineStatus]:
        order = store.orders.by_number("1001")
        assert order
        return [line.status for line in store.lines.of_order(order.id)]

    return await gateway.desk.read(unit)


async def open_order(gateway: Gateway) -> None:
    await gateway.desk.owner.send("/orders")
    await gateway.desk.owner.press("1001")


async def linked(gateway: Gateway, *goods: tuple[str, str, int]) -> str:
    """An order of ours, linked with one that was placed by hand."""
    lines = await gateway.lines(*goods)
    number = await gateway.order(*goods)
    person, now = await gateway.desk.somebody(), gateway.desk.clock()
    order_id, account_id = lines[0].order_id, gateway.account.id
    await gateway.desk.write(lambda s: start_link(s, person, order_id, account_id, number, now))
    await gateway.rest()
    return number


async def test_a_number_typed_in_the_order_links_its_lines(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await gateway.lines((*RED, 10))
    number = await gateway.order((*RED, 10))
    await open_order(gateway)
    await owner.press("Link with a provider order")
    assert "10 to 19 digits" in owner.screen.text
    assert NICK in owner.screen.text

    await owner.send(number)
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.RESERVED]
    assert "Linking" in owner.screen.text
    assert f"linked with {number}" in owner.screen.text
    await owner.press("Order")
    assert "Bought · 1" in " ".join(owner.screen.labels)


async def test_a_wrong_number_is_kept_and_explained(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await gateway.lines((*RED, 10))
    number = await gateway.order((*RED, 10))
    await open_order(gateway)
    await owner.press("Link with a provider order")
    for typed in ("12345", "1" * 40):
        await owner.send(typed)
        assert "A 1688 order number is 10 to 19 digits" in owner.screen.text
        assert typed in owner.screen.text
    await owner.send(f" {number} ")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.RESERVED]


async def test_a_number_of_another_account_names_that_account(gateway: Gateway) -> None:
    owner, desk = gateway.desk.owner, gateway.desk
    number = await linked(gateway, (*RED, 10))
    await gateway.lines((*BLUE, 10), order="1001")
    name, now = ProviderName.ALIBABA1688, desk.clock()
    await desk.write(lambda s: session_restored(s, name, "second", b"secret", None, None, now))
    await open_order(gateway)
    await owner.press("Link with a provider order")
    assert "On which account" in owner.screen.text, "with two accounts the person chooses"
    await owner.press("second")
    await owner.send(number)
    assert f"made from the account {NICK}" in owner.screen.text


async def test_doubtful_goods_are_asked_about_with_one_button_a_line(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await gateway.lines((*RED, 10))
    number = await gateway.order((*BLUE, 10))
    await open_order(gateway)
    await owner.press("Link with a provider order")
    await owner.send(number)
    await gateway.rest()
    assert "Which line is this for?" in owner.screen.text
    assert "None of these" in owner.screen.labels
    await owner.press("item 1")
    await gateway.rest()
    assert "✓" in owner.screen.text
    assert await statuses(gateway) == [LineStatus.RESERVED]


async def test_ticked_bound_lines_are_unbound_after_a_confirmation_and_an_answer(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await linked(gateway, (*RED, 10))
    await gateway.world("advance_clock", seconds=60)
    await open_order(gateway)
    assert "Unbind" not in " ".join(owner.screen.labels), "nothing is ticked yet"
    await owner.press("☐")
    await owner.press("Unbind · 1")
    assert number in owner.screen.text
    assert "not paid" in owner.screen.text
    assert await statuses(gateway) == [LineStatus.RESERVED]

    await owner.press("Yes, unbind · 1")
    await gateway.rest()
    assert "cancel it too?" in owner.screen.text
    await owner.press("Cancel the provider order too")
    assert await gateway.on_provider() == ["unpaid"], "asked once more before it counts"
    await owner.press("Yes: Cancel the provider order too")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.READY]
    assert await gateway.on_provider() == ["closed"]


async def test_other_lines_on_the_order_are_named_and_nothing_is_offered_to_cancel(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await linked(gateway, (*RED, 10), (*BLUE, 10))
    await open_order(gateway)
    await owner.press("☐")
    await owner.press("Unbind · 1")
    await owner.press("Yes, unbind")
    await gateway.rest()
    assert "other lines hang on the same provider order" in owner.screen.text
    assert "item 2" in owner.screen.text
    assert not any("Cancel" in label for label in owner.screen.labels)
    await owner.press("Only take the tie off")
    await gateway.rest()
    assert await statuses(gateway) == [LineStatus.READY, LineStatus.RESERVED]


async def test_all_bound_lines_are_ticked_at_once(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await linked(gateway, (*RED, 10), (*BLUE, 10))
    await open_order(gateway)
    await owner.press("☑ All")
    assert "Unbind · 2" in owner.screen.labels
    await owner.press("☐ None")
    assert "Unbind · 2" not in owner.screen.labels


async def test_a_viewer_can_neither_tick_nor_link(gateway: Gateway) -> None:
    await linked(gateway, (*RED, 10))
    viewer = await gateway.desk.person(1005, Role.VIEWER)
    await viewer.send("/orders")
    await viewer.press("1001")
    assert "☐" not in viewer.screen.labels
    assert "Link with a provider order" not in viewer.screen.labels


async def test_russian(gateway: Gateway) -> None:
    await linked(gateway, (*RED, 10))
    buyer = await gateway.desk.person(1002, Role.BUYER, "ru")
    await buyer.send("/orders")
    await buyer.press("1001")
    await buyer.press("☐")
    await buyer.press("Отвязать · 1")
    assert "не оплачен" in buyer.screen.text
    await buyer.press("Да, отвязать")
    await gateway.rest()
    await buyer.look()
    assert "заказ площадки ещё не оплачен" in buyer.screen.text
