"""Tables and the log of who did what: real types, no formula from outside, nothing that a customer may not see."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from purchasing.change_goods import split_line
from purchasing.export import COLUMNS
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.words import LineStatus, ProviderName, Role, Stage
from tests.support.desk import Chatter, Desk

EVIL = ('=HYPERLINK("http://evil","x")', "+1+1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0")
SECRETS = {"seller": "secret-seller", "account": "secret-account", "waybill": "YT9998887776665", "price": 77}


async def filled(desk: Desk) -> None:
    """An order with a bought line; whatever a customer may not see is one of SECRETS."""

    def unit(store: Store) -> None:
        order = store.orders.ensure("A-1", "files", desk.clock())
        for number, title in enumerate(EVIL):
            data = LineData(
                key=str(number),
                provider=ProviderName.TAOBAO,
                item_id="1234567890123456789",
                title=title,
                seller=str(SECRETS["seller"]),
                quantity=3,
                price=Decimal("12.345"),
                customer_price=Decimal("199.90"),
                purchase_price=Decimal(str(SECRETS["price"])),
            )
            line = store.lines.add(order.id, data, LineStatus.BOUGHT)
        account = store.accounts.ensure(ProviderName.TAOBAO, str(SECRETS["account"]), None, desk.clock())
        seen = ProviderOrderSeen(
            number="2222222222222222222",
            raw_status="WAIT",
            stage=Stage.PAID,
            total=3703,
            freight=0,
            seller=str(SECRETS["seller"]),
            created_at=desk.clock(),
            lines=(ProviderLineSeen("1", "1234567890123456789", "", "", "=1+1", 3, Decimal("12.34")),),
            waybills=(WaybillSeen(str(SECRETS["waybill"])),),
        )
        made = store.provider_orders.upsert(account.id, ProviderName.TAOBAO, seen, "placed", desk.clock())
        store.bindings.bind(line.id, made.lines[0].id, 3, desk.clock())

    await desk.write(unit)


async def taken(desk: Desk, person: Chatter, label: str) -> tuple[bytes, list[list[Any]]]:
    await person.send("/orders")
    await person.press("Tables")
    await person.press(label)
    document = person.screen.raw["document"]
    content = await desk.app.bot.download(document["file_id"])
    assert content is not None
    whole = content.read()
    return whole, CalamineWorkbook.from_filelike(io.BytesIO(whole)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    "label", ["Customers' orders", "Lines with prices", "Purchases with", "Lines for the customer"]
)
async def test_no_cell_is_a_formula_or_a_link(desk: Desk, label: str) -> None:
    await filled(desk)
    whole, rows = await taken(desk, desk.owner, label)
    assert len(rows) > 1
    with zipfile.ZipFile(io.BytesIO(whole)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<f " not in sheet
        assert b"hyperlink" not in sheet
        assert not [name for name in parts.namelist() if "external" in name]


async def test_lines_have_real_types(desk: Desk) -> None:
    await filled(desk)
    _, rows = await taken(desk, desk.owner, "Lines with prices")
    first = dict(zip(COLUMNS["lines"], rows[1], strict=True))
    assert (first["price"], first["quantity"], first["customer_price"]) == (12.345, 3, 199.9)
    assert first["item_id"] == "1234567890123456789", "19 digits stay text"
    assert [row[COLUMNS["lines"].index("title")] for row in rows[1:]] == list(EVIL)


async def test_a_split_line_keeps_the_key_by_which_the_shop_knows_it(desk: Desk) -> None:
    def unit(store: Store) -> None:
        order = store.orders.ensure("A-1", "files", desk.clock())
        data = LineData(key="7", provider=ProviderName.TAOBAO, item_id="640000000001", title="Cup", quantity=5)
        line = store.lines.add(order.id, data, LineStatus.READY)
        split_line(store, owner, line.id, 2, desk.clock())

    owner = await desk.somebody()
    await desk.write(unit)
    for label, table in (("Lines with prices", "lines"), ("Lines for the customer", "customer")):
        _, rows = await taken(desk, desk.owner, label)
        key, quantity = COLUMNS[table].index("line"), COLUMNS[table].index("quantity")
        assert [(row[key], row[quantity]) for row in rows[1:]] == [("7", 3), ("7", 2)]


async def test_purchases_tie_lines_to_provider_orders(desk: Desk) -> None:
    await filled(desk)
    _, rows = await taken(desk, desk.owner, "Purchases with")
    only = dict(zip(COLUMNS["purchases"], rows[1], strict=True))
    assert (only["provider_order"], only["order"], only["total"]) == ("2222222222222222222", "A-1", 37.03)
    assert only["waybills"] == SECRETS["waybill"]
    assert only["placed_at"].year == desk.clock().year


async def test_the_customers_table_carries_nothing_that_they_may_not_see(desk: Desk) -> None:
    await filled(desk)
    whole, rows = await taken(desk, desk.owner, "Lines for the customer")
    cells = {cell for row in rows for cell in row}
    assert not cells & set(SECRETS.values())
    with zipfile.ZipFile(io.BytesIO(whole)) as parts:
        text = b"".join(parts.read(name) for name in parts.namelist())
    for secret in ("secret-seller", "secret-account", "YT9998887776665", "12.345"):
        assert secret.encode() not in text


async def test_the_log_is_searched_paged_and_taken_away_by_owners_only(desk: Desk) -> None:
    owner, viewer = desk.owner, await desk.person(2002, Role.VIEWER)
    for value in range(1, 14):
        await owner.send("/settings")
        await owner.press("Daily backups kept")
        await owner.send(str(value))
    await owner.press("Staff")
    await owner.press("Who did what")
    assert "1/2" in owner.screen.labels
    assert "backup.keep" in owner.screen.text
    await owner.press("Next")
    assert "2/2" in owner.screen.labels
    await owner.press("🔎 Search")
    await owner.send("no such thing")
    assert "Nothing here yet" in owner.screen.text
    await owner.press("Show all")
    await owner.press("The whole log as a file")
    assert owner.screen.raw["document"]["file_name"] == "audit.xlsx"
    await viewer.send("/start")
    await viewer.press_stale(viewer.screen.id, "export:audit:xlsx")
    assert "does nothing any more" in viewer.answer
    await viewer.press_stale(viewer.screen.id, "go|audit")
    assert "role doesn't allow" in viewer.screen.text
    assert not any("document" in message.raw for message in await viewer.messages())
