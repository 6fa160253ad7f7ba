"""The buyer's own word on a line that nothing was ordered for: ready to buy, or cancelled. What can't be undone, or may
have been ordered once, is asked first."""

from collections.abc import Callable, Iterator
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.explain import STALE
from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, bold, code, esc, lazy_text, lines
from bot.turn import Turn
from handlers import names, refusals
from purchasing.cards import Address
from purchasing.decide_line import cancel_line, make_ready, may_cancel, may_start
from purchasing.errors import Stale
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.words import LineStatus

router = Router(name="decide_line")
STALE.update({"line_moved_on": lazy_text("This line has moved on: the card shows how it stands now.")})


class MakeReady(CallbackData, prefix="lnready"):
    line_id: int


class CancelLine(CallbackData, prefix="lncancel"):
    line_id: int


def certain(reader: Reader) -> Html:
    """Asked before a line that may have been ordered is made ready."""
    return reader.text(
        "Is it certain that nothing was ordered for it? Once it is ready, it can be reserved, and what was ordered "
        "already would come twice."
    )


def decision_rows(line: OrderLine, reader: Reader, *, starts: bool, cancels: bool) -> Iterator[Row]:
    row = []
    if starts:
        asked = line.status is LineStatus.CANCELLED
        press = Address.of("line_ready", line.id) if asked else MakeReady(line_id=line.id)
        row.append(Button(reader.text("✅ Make ready"), press))
    if cancels:
        row.append(Button(reader.text("✖️ Cancel the line"), Address.of("line_cancel", line.id)))
    if row:
        yield tuple(row)


def load_cancelling(store: Store, address: Address, viewer: Person, _now: datetime) -> OrderLine:
    return _line(store, address, viewer, may_cancel)


def load_starting(store: Store, address: Address, viewer: Person, _now: datetime) -> OrderLine:
    return _line(store, address, viewer, may_start)


def _line(store: Store, address: Address, viewer: Person, may: Callable[[Store, OrderLine], bool]) -> OrderLine:
    check(viewer, Right.BUY)
    line = store.lines.get(int(address.args[0]))
    if line is None or not may(store, line):
        raise Stale("line_moved_on")
    return line


@screen("line_cancel", load=load_cancelling)
def cancelling_screen(line: OrderLine, reader: Reader) -> Screen:
    means = reader.text("It isn't bought then, and its shop is told. Make ready takes that back.")
    yes = Button(reader.text("Yes, cancel the line"), CancelLine(line_id=line.id), "danger")
    return _question(line, reader, reader.text("Cancel this line?"), means, yes)


@screen("line_ready", load=load_starting)
def starting_screen(line: OrderLine, reader: Reader) -> Screen:
    yes = Button(reader.text("Yes, make ready"), MakeReady(line_id=line.id), "danger")
    return _question(line, reader, reader.text("Buy this line after all?"), certain(reader), yes)


def _question(line: OrderLine, reader: Reader, question: Html, means: Html, yes: Button) -> Screen:
    text = lines(
        bold(question),
        Html(f"{code(line.order_number)} · {esc((line.title or line.item_id)[:80])} ×{line.quantity}"),
        names.status(reader, line.status),
        reader.text("Why: {why}", why=refusals.happened(reader, line.why)) if line.why else None,
        "",
        means,
    )
    return Screen(text, ((yes,), back_row(reader, Address.of("line", line.id))))


@router.callback_query(MakeReady.filter())
async def ready(_query: CallbackQuery, callback_data: MakeReady, turn: Turn) -> None:
    def change(store: Store) -> None:
        line = store.lines.get(callback_data.line_id)
        if line and line.status is LineStatus.CANCELLED:
            turn.confirmed(store, Address.of("line_ready", line.id))
        make_ready(store, turn.person, callback_data.line_id, turn.clock())
        turn.show(store, Address.of("line", callback_data.line_id))

    await turn.act(change)


@router.callback_query(CancelLine.filter())
async def cancel(_query: CallbackQuery, callback_data: CancelLine, turn: Turn) -> None:
    def change(store: Store) -> None:
        turn.confirmed(store, Address.of("line_cancel", callback_data.line_id))
        cancel_line(store, turn.person, callback_data.line_id, turn.clock())
        turn.show(store, Address.of("line", callback_data.line_id))

    await turn.act(change)
