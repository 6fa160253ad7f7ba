"""A customer is asked about a new price: from ticked lines to each answer, by pressing buttons."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from purchasing.late_consents import tell_late
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.words import LineStatus
from tests.handlers.gateway import BLUE, NICK, RED, Gateway
from tests.handlers.test_link import linked, open_order, statuses
from tests.handlers.test_to_pay import sync

SELLER = "SellerCanary"


async def bought(gateway: Gateway, *goods: tuple[str, str, int]) -> str:
    """A linked order of a customer who pays in roubles."""
    await gateway.desk.owner.send("/start")
    number = await linked(gateway, *(goods or ((*RED, 10),)))

    def unit(store: Store) -> None:
        order = store.orders.by_number("1001")
        assert order
        store.orders.save(replace(order, customer="Ivan", currency="RUB", rate=Decimal(10)))
        for line in store.lines.of_order(order.id):
            told = replace(line, title="Red cup", seller=SELLER, customer_price=Decimal(30), item_url="https://canary")
            store.lines.save(line.id, told)

    await gateway.desk.write(unit)
    return number


async def line_of(gateway: Gateway) -> OrderLine:
    def unit(store: Store) -> OrderLine:
        order = store.orders.by_number("1001")
        assert order
        return store.lines.of_order(order.id)[0]

    return await gateway.desk.read(unit)


async def ask(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await open_order(gateway)
    await owner.press("Bought")
    await owner.press("☑ All")
    await owner.press("Recalculate")
    await owner.press("Ask the customer")


async def test_before_and_after_are_shown_and_the_parts_can_be_chosen(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await bought(gateway)
    await open_order(gateway)
    await owner.press("Bought")
    await owner.press("☑ All")
    await owner.press("Recalculate · 1")
    assert "¥26.00 → ¥31.00" in owner.screen.text
    assert "RUB" in owner.screen.text or "₽" in owner.screen.text
    assert "300.00 → " in owner.screen.text
    await owner.press("☑ Delivery")
    assert "nothing changes" in owner.screen.text, "the price of the goods alone is what the customer pays already"
    await owner.press("☐ Delivery")
    await owner.press("Ask the customer · 1")
    assert "waits for the customer" in owner.screen.text
    assert (await line_of(gateway)).price == Decimal("2.60"), "it changes once they agree"


async def test_agreed_and_paid_changes_the_price_and_nothing_else(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await bought(gateway)
    await ask(gateway)
    await owner.send("/start")
    assert "waiting for the customer's answer · 1" in owner.screen.text
    await owner.press("Answers · 1")
    await owner.press("1001 · Ivan")
    await owner.press("Agreed and paid")
    assert "agreed and paid" in owner.screen.text
    line = await line_of(gateway)
    assert (line.price, line.shipping, line.customer_price) == (Decimal("3.10"), 0, Decimal("35.00"))
    assert line.status is LineStatus.RESERVED
    await owner.send("/start")
    assert "customer's answer" not in owner.screen.text


async def test_a_debt_is_typed_and_shown_until_it_is_paid(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await bought(gateway)
    await ask(gateway)
    await owner.press("Agreed, owes…")
    assert any("The whole difference" in label for label in owner.screen.labels)
    for wrong in ("nothing", "-5", "0", "1.234", "9" * 30):
        await owner.send(wrong)
        assert "A sum of money above 0" in owner.screen.text
        assert wrong in owner.screen.text
    await owner.send("45,50 ₽")
    assert "The customer owes" in owner.screen.text
    assert "45.50" in owner.screen.text
    await open_order(gateway)
    assert "1 line waits for the customer's answer" in owner.screen.text
    await owner.press("🤝 Customer's answer")
    await owner.press("The customer has paid the rest")
    assert "agreed and paid" in owner.screen.text


async def test_a_refusal_unbinds_cancels_and_never_buys_again(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await bought(gateway)
    await gateway.world("advance_clock", seconds=60)
    await ask(gateway)
    await owner.press("Refused")
    await owner.press("Yes, the customer refuses")
    await gateway.rest()
    assert await gateway.on_provider() == ["closed"]
    assert await statuses(gateway) == [LineStatus.CANCELLED]


async def test_refused_one_by_one_leaves_the_others_asked(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await bought(gateway, (*RED, 10), (*BLUE, 20))
    await ask(gateway)
    await owner.press("One by one")
    await owner.press("Red cup ×20")
    await owner.press("Agreed and paid")
    assert "agreed and paid" in owner.screen.text
    assert "waits for the customer" in owner.screen.text
    await owner.press("Take the question back")
    assert "taken back" in owner.screen.text


async def test_the_text_for_the_customer_holds_nothing_they_may_not_see(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await bought(gateway)
    await gateway.world("pay", order_id=number)
    await gateway.world("ship", order_id=number, parcels=[{"waybill": "YT7777777777777"}])
    await sync(gateway)
    await ask(gateway)
    copied = [button["copy_text"]["text"] for row in owner.screen.buttons for button in row if "copy_text" in button]
    assert [len(text) <= 256 for text in copied] == [True, True]
    for language in ("ru", "en"):
        await owner.press(f"Text to forward · {language}")
        assert owner.screen.text in copied, "the same words to copy and to forward"
        assert not owner.screen.labels
        seller = await gateway.desk.read(lambda s: s.provider_orders.by_number(gateway.account.provider, number))
        assert seller
        line = await line_of(gateway)
        hidden = (SELLER, seller.seller, NICK, number, "YT7777777777777", "canary", line.item_id, "2.60", "3.10", "31")
        assert not [word for word in hidden if word in owner.screen.text]
        assert "1001" in owner.screen.text
        assert "Red cup" in owner.screen.text
        await owner.send("/start")
        await owner.press("Answers · 1")
        await owner.press("1001 · Ivan")


async def test_a_long_text_comes_as_messages_to_forward_only(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await bought(gateway)

    def unit(store: Store) -> None:
        line = store.lines.of_order(1)[0]
        store.lines.save(line.id, replace(line, title="Very long name " * 6, sku="blue with white dots " * 6))

    await gateway.desk.write(unit)
    await ask(gateway)
    assert not any("Copy the text" in label for label in owner.screen.labels)
    await owner.press("Text to forward · en")
    assert "Please answer by" in owner.screen.text


async def test_no_answer_in_time_is_told_once(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await bought(gateway)
    await ask(gateway)
    gateway.desk.clock.advance(timedelta(days=3, minutes=1))
    before = len(await owner.messages())
    for _ in range(2):
        await gateway.desk.write(lambda store: tell_late(store, gateway.desk.clock()))
        await owner.look()
    assert len(await owner.messages()) == before + 1
    assert "No answer came by" in owner.screen.text


async def test_a_line_that_is_asked_about_is_not_asked_again(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await bought(gateway)
    await ask(gateway)
    await open_order(gateway)
    await owner.press("Bought")
    await owner.press("Red cup")
    assert "Waits for the customer's answer" in owner.screen.text
    assert not any("Recalculate" in label for label in owner.screen.labels)


async def test_a_recalculation_from_the_check_asks_the_customer(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await bought(gateway)
    await gateway.world("set_order_price", order_id=number, goods_fen=4000)
    await sync(gateway)
    await owner.press("Recalculate and ask the customer")
    await gateway.rest()
    assert "Customer's answer · order 1001" in owner.screen.text
    assert "waits for the customer" in owner.screen.text
