"""Cost against the orders' price: on the screen, as a picture and as a table; profit for owners only."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from PIL import Image
from python_calamine import CalamineWorkbook

from purchasing.orders import LineData, Order
from purchasing.ports import Store
from purchasing.purchases import Purchase
from purchasing.words import LineStatus, ProviderName, Role
from tests.support.desk import Chatter, Desk

OCTOBER, NOVEMBER = datetime(2026, 10, 31, 22, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC)


async def bought(desk: Desk) -> None:
    """Two orders: one line cost less than the order has for it, one more; of a third the cost isn't known yet."""
    buyer, other = await desk.somebody(), await desk.somebody(2002)

    def unit(store: Store) -> None:
        rows = [
            ("A-1", Decimal(50), Decimal(40), 300, Decimal("900.00"), OCTOBER, buyer.id),
            ("A-2", Decimal(20), Decimal(25), 0, None, NOVEMBER, other.id),
            ("A-2", Decimal(10), None, None, Decimal(200), NOVEMBER, other.id),
        ]
        for n, (number, price, cost, freight, customers, when, person_id) in enumerate(rows):
            order = store.orders.ensure(number, "files", when)
            store.orders.save(Order(order.id, number, "Клиент", "RUB", Decimal(12), created_at=when))
            data = LineData(
                key=str(n),
                provider=ProviderName.TAOBAO,
                item_id=str(n),
                title="=1+1",
                quantity=2,
                price=price,
                shipping=500,
                customer_price=customers,
                purchase_price=cost,
                purchase_shipping=freight,
            )
            line = store.lines.add(order.id, data, LineStatus.BOUGHT)
            store.purchases.put(Purchase(line.id, person_id, when, 0))

    await desk.write(unit)


async def at_report(desk: Desk, person: Chatter) -> None:
    await person.send("/orders")
    await person.press("Tables")
    await person.press("Cost against the orders' price")


async def test_an_empty_report_says_how_it_fills(desk: Desk) -> None:
    await at_report(desk, desk.owner)
    assert "Nothing is bought yet" in desk.owner.screen.text
    assert not any("Chart" in label for label in desk.owner.screen.labels)


async def test_cost_stands_against_the_price_by_month_person_and_order(desk: Desk) -> None:
    owner = desk.owner
    await desk.person(2002, Role.BUYER)
    await bought(desk)
    await at_report(desk, owner)
    assert "orders ¥150.00, cost ¥133.00, left ¥17.00" in owner.screen.text, "all together"
    assert "1 bought line whose cost isn't known" in owner.screen.text
    assert owner.screen.text.index("2026-11") < owner.screen.text.index("2026-10")
    await owner.press("by order")
    assert "🟢 A-1 · 1 line\n   orders ¥105.00, cost ¥83.00, left ¥22.00" in owner.screen.text
    assert "🔴 A-2 · 1 line\n   orders ¥45.00, cost ¥50.00, left -¥5.00" in owner.screen.text
    await owner.press("by person")
    assert "Person 2002" in owner.screen.text


async def test_profit_is_for_owners_only(desk: Desk) -> None:
    buyer = await desk.person(2002, Role.BUYER)
    await bought(desk)
    await at_report(desk, desk.owner)
    assert "customers pay ¥150.00, profit ¥67.00, margin 44.7 %" in desk.owner.screen.text
    await at_report(desk, buyer)
    assert "left ¥17.00" in buyer.screen.text
    assert "profit" not in buyer.screen.text
    header, *_rows = await table(desk, buyer)
    assert header == ["Group", "Lines", "Orders' price, ¥", "Cost, ¥", "Left, ¥"]


async def table(desk: Desk, person: Chatter) -> list[list[Any]]:
    await person.press("As a table")
    content = await person.download(person.screen)  # the newest message: the table came below the report
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


async def test_the_table_has_real_numbers(desk: Desk) -> None:
    await desk.person(2002, Role.BUYER)
    await bought(desk)
    await at_report(desk, desk.owner)
    await desk.owner.press("by order")
    header, first, second = await table(desk, desk.owner)
    assert header[-3:] == ["Customers pay, ¥", "Profit, ¥", "Margin, %"]
    assert first[:5] == ["A-2", 1, 45, 50, -5]
    assert second == ["A-1", 1, 105, 83, 22, 150, 67, 44.7]


async def test_the_chart_is_a_picture_with_both_series(desk: Desk) -> None:
    await desk.person(2002, Role.BUYER)
    await bought(desk)
    await at_report(desk, desk.owner)
    await desk.owner.press("Chart")
    picture = Image.open(io.BytesIO(await desk.owner.download(desk.owner.screen)))
    pixels = picture.convert("RGB").resize((300, 200), Image.Resampling.NEAREST).getcolors(1 << 20) or []
    for wanted in ((0x9A, 0xA7, 0xB4), (0x2F, 0x80, 0xED)):  # as Telegram compresses them
        near = [
            n
            for n, colour in pixels
            if all(abs(a - b) < 16 for a, b in zip(cast("tuple[int, int, int]", colour), wanted, strict=True))
        ]
        assert sum(near) > 500, "bars of each series"
    await desk.owner.press("Back")
    assert "left ¥17.00" in desk.owner.screen.text
