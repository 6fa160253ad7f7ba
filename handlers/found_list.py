"""The answer to a long list of numbers: counts on the card, and everything in a spreadsheet."""

from collections.abc import Iterator, Sequence

from aiogram import Router

from bot.screens import Document, Row, Screen, back_row, screen
from bot.texts import Reader, bold, lines
from handlers import names
from handlers.find import Answers, load_found
from handlers.found import carrier_name, found_summary
from handlers.sheets import Cell, sheet
from purchasing.cards import Address
from purchasing.find_goods import UNKNOWN, Found, FoundLine

router = Router(name="found_list")


@screen("found_file", load=load_found)
def found_file(state: Answers, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Everything about these numbers, one line of goods a row.")),
        *found_summary(reader, state.found),
    )
    rows: tuple[Row, ...] = (back_row(reader, Address.of("found", state.asked_id)),)
    return Screen(text, rows, document=Document("found.xlsx", found_sheet(reader, state.found)))


def found_sheet(reader: Reader, found: Sequence[Found]) -> bytes:
    head = [
        reader.text("Number"),
        reader.text("Carrier"),
        reader.text("Result"),
        reader.text("Order"),
        reader.text("Customer"),
        reader.text("Goods"),
        reader.text("Choice"),
        reader.text("Pieces"),
        reader.text("Status"),
        reader.text("Provider order"),
    ]
    return sheet(head, [row for one in found for row in _rows(reader, one)])


def _rows(reader: Reader, found: Found) -> Iterator[list[Cell]]:
    number = found.waybill.number if found.waybill else found.asked.typed or found.asked.text
    result = reader.text("unknown") if found.kind == UNKNOWN else reader.text("found")
    if found.dead:
        result = reader.text("cancelled or refunded")
    start: list[Cell] = [number, carrier_name(reader, found.carrier), result]
    for one in found.lines:
        yield [*start, *_goods(reader, one), found.provider_order.number if found.provider_order else ""]
    if not found.lines:
        yield start


def _goods(reader: Reader, one: FoundLine) -> list[Cell]:
    line = one.line
    title = line.title or line.item_id
    return [line.order_number, line.customer, title, line.sku, one.quantity, names.status(reader, line.status)]
