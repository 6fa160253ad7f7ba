"""Refunds, from what opens them to the customer's money: by pressing buttons, with the marketplace behind."""

from dataclasses import replace
from decimal import Decimal

from purchasing.look_for_stuck import look_for_stuck
from purchasing.ports import Store
from purchasing.words import LineStatus, Role
from tests.handlers.gateway import NICK, Gateway
from tests.handlers.test_consents import ask, bought
from tests.handlers.test_exports import taken
from tests.handlers.test_link import open_order, statuses
from tests.handlers.test_to_pay import sync


async def paid(gateway: Gateway) -> str:
    number = await bought(gateway)
    await gateway.world("pay", order_id=number)
    await sync(gateway)
    return number


async def sub_number(gateway: Gateway, number: str) -> str:
    def unit(store: Store) -> str:
        order = store.provider_orders.by_number(gateway.account.provider, number)
        assert order
        return order.lines[0].sub_number

    return await gateway.desk.read(unit)


async def test_an_order_closed_after_payment_opens_a_refund_until_the_customer_is_credited(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await paid(gateway)
    news = next(message for message in reversed(await owner.messages()) if "🔔 Order 1001" in message.text)
    assert "These lines in the order: ¥26.00 · RUB" in news.text, "in yuan, and in what the customer pays with"
    await gateway.world("close", order_id=number)
    await sync(gateway)
    card = next(message for message in reversed(await owner.messages()) if "Refund · order 1001" in message.text)
    assert "refunded by the marketplace, owed to the customer" in card.text
    assert "closed after it was paid" in card.text
    assert "Owed to Ivan" in card.text
    assert "300.00" in card.text
    assert "The goods cost us ¥31.00" in card.text
    await gateway.desk.write(lambda store: look_for_stuck(store, gateway.desk.clock()))
    await owner.send("/start")
    await owner.press("Stuck · 1")
    await owner.press("💸")
    await owner.press("↩️ Refund ×10")
    assert "Refund · order 1001" in owner.screen.text, "what is stuck leads to whom money is owed"
    await sync(gateway)
    assert await gateway.desk.read(lambda store: store.refunds.open_count()) == 1, (
        "one record, however often it is seen"
    )
    await owner.send("/start")
    assert "1 refund to settle" in owner.screen.text
    await owner.press("Refunds · 1")
    await owner.press("1001 · Red cup")
    await owner.press("The customer is credited")
    assert "credited to the customer" in owner.screen.text
    assert await statuses(gateway) == [LineStatus.CANCELLED]
    await owner.send("/start")
    assert "refund" not in owner.screen.text


async def test_a_refund_on_the_marketplace_is_followed(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await paid(gateway)
    sub = await sub_number(gateway, number)
    await gateway.world("refund", order_id=number, sub_id=sub, amount_fen=2600, quantity=10, state="asked")
    await sync(gateway)
    await owner.send("/refunds")
    await owner.press("1001 · Red cup")
    assert "waits for the marketplace" in owner.screen.text
    assert "refund waits for the seller" in owner.screen.text
    assert "Paid back there" not in owner.screen.text
    asked = owner.screen.id
    await gateway.world("refund", order_id=number, sub_id=sub, amount_fen=1950, quantity=10, state="done")
    await sync(gateway)
    card = next(message for message in await owner.messages() if message.id == asked)
    assert "refunded by the marketplace" in card.text
    assert "Paid back there: ¥19.50 for ×10" in card.text
    assert await statuses(gateway) == [LineStatus.BOUGHT], "a refund is a record beside the status"


async def test_a_customer_who_refuses_what_is_paid_is_owed_their_money(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await paid(gateway)
    await ask(gateway)
    await owner.press("Refused")
    await owner.press("Yes, the customer refuses")
    await gateway.rest()
    await owner.send("/refunds")
    await owner.press("1001 · Red cup")
    assert "the customer refused what is paid already" in owner.screen.text
    assert await gateway.on_provider() == ["paid"], "nothing is cancelled that is paid"


async def test_pieces_and_sum_are_typed_and_a_closed_one_opens_again(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await paid(gateway)
    await open_order(gateway)
    await owner.press("Red cup")
    await owner.press("Open a refund")
    await owner.press("Open a refund")
    await owner.press("Pieces…")
    for wrong in ("0", "11", "x", "٣"):
        await owner.send(wrong)
        assert "A whole number of pieces" in owner.screen.text
        assert wrong in owner.screen.text
    await owner.send("3")
    assert "×3" in owner.screen.text
    assert "90.00" in owner.screen.text
    assert "The goods cost us ¥9.30" in owner.screen.text
    await owner.press("Sum…")
    await owner.send("free")
    assert "A sum of money above 0" in owner.screen.text
    await owner.send("77,70")
    assert "77.70" in owner.screen.text
    await owner.press("Nothing is owed")
    await owner.press("Yes, nothing is owed")
    assert "nothing is owed" in owner.screen.text
    await owner.press("Open it again")
    assert "waits for the marketplace" in owner.screen.text
    await owner.press("The marketplace has refunded")
    await owner.press("The customer is credited")
    assert await statuses(gateway) == [LineStatus.BOUGHT], "seven pieces are still wanted"


async def test_a_line_has_one_open_refund_and_strangers_to_buying_none(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await paid(gateway)
    await open_order(gateway)
    await owner.press("Red cup")
    await owner.press("Open a refund")
    await owner.press("Open a refund")
    await owner.press("Line")
    assert "A refund is open" in owner.screen.text
    assert not any("Open a refund" in label for label in owner.screen.labels)
    viewer = await gateway.desk.person(1005, Role.VIEWER)
    await viewer.send("/start")
    await viewer.press("Orders")
    await viewer.press("1001")
    await viewer.press("Red cup")
    await viewer.press("↩️ Refund ×10")
    assert not any("credited" in label for label in viewer.screen.labels)


async def test_refunds_leave_as_a_table_without_formulas(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    number = await paid(gateway)

    def unit(store: Store) -> None:
        line = store.lines.of_order(1)[0]
        store.lines.save(line.id, replace(line, title="=cmd|' /C calc'!A0"))

    await gateway.desk.write(unit)
    await gateway.world("close", order_id=number)
    await sync(gateway)
    _, rows = await taken(gateway.desk, owner, "Refunds as a table")
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["Title"] == "=cmd|' /C calc'!A0"
    assert (row["Quantity"], row["Cost, ¥"], row["Owed to the customer"]) == (10, 31, Decimal(300))
    assert (row["Account"], row["Provider order number"], row["Refund"]) == (NICK, number, "refunded")


async def test_an_empty_list_says_when_refunds_open(gateway: Gateway) -> None:
    await gateway.desk.owner.send("/refunds")
    assert "There are no refunds" in gateway.desk.owner.screen.text
