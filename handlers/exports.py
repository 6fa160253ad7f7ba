"""Tables to take away as XLSX; each is made when it is sent, from what holds then."""

from collections.abc import Mapping
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Document, Screen, back_row, home_row, screen
from bot.sheets import Sheet, workbook
from bot.texts import Reader, bold, lazy_text, lines, plain
from bot.turn import Turn
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.export import COLUMNS, MOST, Table, note_export, table
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.words import Lane

router = Router(name="exports")

TITLES: Mapping[str, str] = {
    "orders": lazy_text("Customers' orders as a table"),
    "lines": lazy_text("Lines with prices as a table"),
    "purchases": lazy_text("Purchases with track numbers as a table"),
    "customer": lazy_text("Lines for the customer as a table"),
    "audit": lazy_text("Who did what as a table"),
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
    "at": lazy_text("Time"),
    "person": lazy_text("Person"),
    "action": lazy_text("Action"),
    "subject": lazy_text("Subject"),
    "before": lazy_text("Before"),
    "after": lazy_text("After"),
}


class Export(CallbackData, prefix="export"):
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
    offered = [what for what in TITLES if what != "audit" or has(viewer, Right.MANAGE)]
    rows = [(Button(reader.text(TITLES[what]), Export(what=what)),) for what in offered]
    return Screen(text, (*rows, back_row(reader, Address.of("orders"))))


def load_table(store: Store, address: Address, viewer: Person, _now: datetime) -> Table:
    return table(store, viewer, address.args[0])


@screen("export", load=load_table)
def export_screen(state: Table, reader: Reader) -> Screen:
    title = reader.text(TITLES[state.what])
    header = [plain(reader.text(HEADS[column])) for column in COLUMNS[state.what]]
    content = workbook(Sheet(plain(title), header, state.rows), reader.zone)
    count = reader.plural("{n} row", "{n} rows", len(state.rows))
    return Screen(lines(title, count), (home_row(reader),), document=Document(f"{state.what}.xlsx", content))


@router.callback_query(Export.filter())
async def export(_query: CallbackQuery, callback_data: Export, turn: Turn) -> None:
    """A new message, so that the list of tables stays."""

    def change(store: Store) -> None:
        if callback_data.what not in TITLES:
            raise Stale("no_such_table")
        note_export(store, turn.person, callback_data.what, turn.clock())
        turn.post(store, Address.of("export", callback_data.what), Lane.RESULT)

    await turn.act(change, turn.reader.text("The table is being made."))
