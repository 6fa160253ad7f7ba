"""Tables to take away as XLSX; each is made when it is sent, from what holds then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Document, Screen, back_row, home_row, screen
from bot.sheets import Sheet, delimited, workbook
from bot.texts import Reader, bold, lazy_text, lines, plain
from bot.turn import Turn
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.export import COLUMNS, FOR_OWNERS, MOST, REPORTS, Table, note_export, table
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.words import Lane

router = Router(name="exports")

TITLES: Mapping[str, str] = {
    "orders": lazy_text("Customers' orders as a table"),
    "lines": lazy_text("Lines with prices as a table"),
    "purchases": lazy_text("Purchases with track numbers as a table"),
    "refunds": lazy_text("Refunds as a table"),
    "customer": lazy_text("Lines for the customer as a table"),
    "statuses": lazy_text("Statuses for the shop's import"),
    "audit": lazy_text("Who did what as a table"),
    "cost_order": lazy_text("Cost by order as a table"),
    "cost_person": lazy_text("Cost by person as a table"),
    "cost_month": lazy_text("Cost by month as a table"),
    "profit_order": lazy_text("Cost and profit by order as a table"),
    "profit_person": lazy_text("Cost and profit by person as a table"),
    "profit_month": lazy_text("Cost and profit by month as a table"),
}
HEADS: Mapping[str, str] = {
    "order": lazy_text("Order"),
    "line": lazy_text("Line"),
    "customer": lazy_text("Customer"),
    "currency": lazy_text("Currency"),
    "rate": lazy_text("Rate"),
    "created": lazy_text("Created"),
    "lines": lazy_text("Lines"),
    "ready": lazy_text("Ready"),
    "bought": lazy_text("Bought"),
    "attention": lazy_text("Needs attention"),
    "provider": lazy_text("Marketplace"),
    "item_id": lazy_text("Item"),
    "sku": lazy_text("Configuration"),
    "choice": lazy_text("Configuration"),
    "title": lazy_text("Title"),
    "seller": lazy_text("Seller"),
    "quantity": lazy_text("Quantity"),
    "price": lazy_text("Price, ¥"),
    "shipping": lazy_text("Delivery, ¥"),
    "customer_price": lazy_text("Customer's price"),
    "purchase_price": lazy_text("Purchase price, ¥"),
    "purchase_shipping": lazy_text("Purchase delivery, ¥"),
    "weight": lazy_text("Weight, g"),
    "status": lazy_text("Status code"),
    "why": lazy_text("Hindrance"),
    "comment": lazy_text("Comment"),
    "account": lazy_text("Account"),
    "provider_order": lazy_text("Provider order number"),
    "raw_status": lazy_text("Marketplace's status"),
    "stage": lazy_text("Stage"),
    "total": lazy_text("Total, ¥"),
    "freight": lazy_text("Freight, ¥"),
    "placed_at": lazy_text("Placed"),
    "paid_at": lazy_text("Paid"),
    "unit_price": lazy_text("Unit price, ¥"),
    "waybills": lazy_text("Track numbers"),
    "group": lazy_text("Group"),
    "ordered": lazy_text("Orders' price, ¥"),
    "cost": lazy_text("Cost, ¥"),
    "left": lazy_text("Left, ¥"),
    "income": lazy_text("Customers pay, ¥"),
    "profit": lazy_text("Profit, ¥"),
    "margin": lazy_text("Margin, %"),
    "refund_state": lazy_text("Refund"),
    "reason": lazy_text("Reason code"),
    "owed": lazy_text("Owed to the customer"),
    "opened_at": lazy_text("Opened"),
    "refunded_at": lazy_text("Refunded"),
    "closed_at": lazy_text("Closed"),
    "at": lazy_text("Time"),
    "person": lazy_text("Person"),
    "action": lazy_text("Action"),
    "subject": lazy_text("Subject"),
    "before": lazy_text("Before"),
    "after": lazy_text("After"),
}


FOR_PROGRAMS = frozenset({"statuses"})
"""Tables that a program reads in: their headers are the codes themselves, and they come as CSV too."""


class Export(CallbackData, prefix="export"):
    """`what`: a table, with `.csv` behind its name for that kind of file."""

    what: str


def load_exports(_store: Store, _address: Address, viewer: Person, _now: datetime) -> Person:
    return viewer


@screen("exports", load=load_exports)
def exports_screen(viewer: Person, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Tables")),
        reader.text("Each comes as an XLSX file with at most {n} rows, the newest.", n=MOST),
        reader.text(
            "The table for the customer holds no purchase price, seller, account or domestic track number; the others "
            "are for the desk only."
        ),
    )
    listed = [what for what in TITLES if what not in REPORTS]
    offered = [what for what in listed if what not in FOR_OWNERS or has(viewer, Right.MANAGE)]
    rows = [tuple(_ways(what, reader)) for what in offered]
    report = (Button(reader.text("Cost against the orders' price"), Address.of("report")),)
    return Screen(text, (*rows, report, back_row(reader, Address.of("orders"))))


def _ways(what: str, reader: Reader) -> Iterator[Button]:
    yield Button(reader.text(TITLES[what]), Export(what=what))
    if what in FOR_PROGRAMS:
        yield Button("CSV", Export(what=f"{what}.csv"))


@dataclass(frozen=True)
class File:
    table: Table
    kind: str


def load_table(store: Store, address: Address, viewer: Person, _now: datetime) -> File:
    return File(table(store, viewer, address.args[0]), "csv" if "csv" in address.args else "xlsx")


@screen("export", load=load_table, heavy=True)
def export_screen(state: File, reader: Reader) -> Screen:
    what, rows = state.table.what, state.table.rows
    title, columns = reader.text(TITLES[what]), COLUMNS[what]
    header = columns if what in FOR_PROGRAMS else [plain(reader.text(HEADS[column])) for column in columns]
    sheet = Sheet(plain(title), header, rows)
    content = delimited(sheet) if state.kind == "csv" else workbook(sheet, reader.zone)
    count = reader.plural("{n} row", "{n} rows", len(rows))
    return Screen(lines(title, count), (home_row(reader),), document=Document(f"{what}.{state.kind}", content))


@router.callback_query(Export.filter())
async def export(_query: CallbackQuery, callback_data: Export, turn: Turn) -> None:
    """A new message, so that the list of tables stays."""

    def change(store: Store) -> None:
        what, _, kind = callback_data.what.partition(".")
        if what not in TITLES:
            raise Stale("no_such_table")
        note_export(store, turn.person, what, turn.clock())
        turn.post(store, Address.of("export", what, kind or "xlsx"), Lane.RESULT)

    await turn.act(change, turn.reader.text("The table is being made."))
