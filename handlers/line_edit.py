"""A line's data that staff type by hand: the list of its fields, and the form of one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.changes import change_text
from handlers.columns import column_name
from handlers.forms import Ask, asking_screen, mistake, submit
from handlers.lines import LineCard, load_line
from purchasing.cards import Address
from purchasing.errors import BadInput, NotAllowed, Stale
from purchasing.hand_edits import EDITED
from purchasing.line_fields import FIELDS, last_edit, may_edit, put_back, set_line_field
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.provider_orders import LineChange

router = Router(name="line_edit")

SHOWN_CHANGES = 5

NAMES: dict[str, str] = {
    "weight": lazy_text("Weight"),
    "purchase_price": lazy_text("Purchase price"),
    "purchase_shipping": lazy_text("Purchase delivery"),
    "comment": lazy_text("Comment"),
}
HINTS: dict[str, str] = {
    "weight": lazy_text("In kilograms like 1.24, or grams like 850."),
    "purchase_price": lazy_text("Yuan per piece, like 12.50. A recalculation starts from it."),
    "purchase_shipping": lazy_text("Yuan for the whole line inside China, like 8; 0 when it is free."),
}
add_rules(
    {
        "yuan_price": lazy_text("A price in yuan is above 0 and at most 1,000,000, with up to 4 decimals, like 12.50."),
        "yuan_delivery": lazy_text("Delivery in yuan is from 0 to 1,000,000, with up to 2 decimals, like 8 or 8.50."),
        "text_500": lazy_text("At most 500 characters."),
    }
)
STALE.update({"nothing_to_put_back": lazy_text("There is nothing to put back: it has changed since.")})


class PutBack(CallbackData, prefix="lback"):
    line_id: int


@dataclass(frozen=True)
class EditCard:
    """`fields`: those that the viewer may change; `undo`: the last change, while a press can take it back."""

    card: LineCard
    fields: tuple[str, ...]
    changes: list[LineChange]
    undo: LineChange | None


def load_edit(store: Store, address: Address, viewer: Person, now: datetime) -> EditCard:
    card = load_line(store, address, viewer, now)
    fields = tuple(field for field in FIELDS if may_edit(viewer, field))
    if not fields:
        raise NotAllowed(Right.BUY)
    changes = store.events.of_line(card.line, {EDITED}, SHOWN_CHANGES)
    undo = last_edit(store, card.line)
    if undo is not None and not may_edit(viewer, dict(undo.params)["column"]):
        undo = None
    return EditCard(card, fields, changes, undo)


@screen("line_edit", load=load_edit)
def edit_screen(state: EditCard, reader: Reader) -> Screen:
    return Screen(lines(*_listed(state, reader)), tuple(_rows(state, reader)))


def _listed(state: EditCard, reader: Reader) -> Iterator[object]:
    line = state.card.line
    yield Html(f"{bold(line.title or line.item_id)} · {code(line.order_number)}")
    for field in state.fields:
        value = value_text(reader, line, field)
        yield reader.text("{name}: {value}", name=reader.text(NAMES[field]), value=value or "—")
    if state.changes:
        yield from ("", bold(reader.text("Changed by hand")))
    for change in state.changes:
        who = dict(change.params).get("who", "")
        yield reader.text(
            "{when} · {who}: {what}", when=reader.when(change.at), who=who, what=change_text(reader, change)
        )


def _rows(state: EditCard, reader: Reader) -> Iterator[Row]:
    line_id = state.card.line.id
    buttons = [Button(reader.text(NAMES[field]), Ask.of("line_field", line_id, field)) for field in state.fields]
    for at in range(0, len(buttons), 2):
        yield tuple(buttons[at : at + 2])
    if has(state.card.viewer, Right.BUY):
        for tie in state.card.ties:
            add = Ask.of("line_waybill", line_id, tie.order.id)
            yield (Button(reader.text("➕ Track number · {number}", number=tie.order.number), add),)
            for waybill in tie.waybills:
                old = "✖️" if waybill.replaced_at else "📮"
                yield (Button(f"{old} {waybill.number}", Address.of("waybill", line_id, waybill.id)),)
    if state.undo is not None:
        column = column_name(reader, dict(state.undo.params)["column"])
        yield (Button(reader.text("↩️ Put back: {column}", column=column), PutBack(line_id=line_id)),)
    yield back_row(reader, Address.of("line", line_id))


def value_text(reader: Reader, line: OrderLine, field: str) -> str:
    """ "" for an empty field."""
    match field:
        case "weight":
            return reader.text("{grams} g", grams=line.weight) if line.weight else ""
        case "purchase_price":
            return "" if line.purchase_price is None else reader.money(line.purchase_price, "CNY")
        case "purchase_shipping":
            return "" if line.purchase_shipping is None else reader.yuan(line.purchase_shipping)
        case _:
            return line.comment


@dataclass(frozen=True)
class FieldForm:
    line: OrderLine
    field: str
    wrong: BadInput | None


def load_field(store: Store, address: Address, viewer: Person, _now: datetime) -> FieldForm:
    line, field = store.lines.get(int(address.args[0])), address.args[1]
    if line is None or field not in FIELDS:
        raise Stale("line_gone")
    if not may_edit(viewer, field):
        raise NotAllowed(Right.BUY)
    return FieldForm(line, field, mistake(store, viewer, address))


@screen("line_field", load=load_field)
def field_screen(state: FieldForm, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text(NAMES[state.field])),
        reader.text("Now: {value}", value=code(value_text(reader, state.line, state.field) or "—")),
        reader.text(HINTS[state.field]) if state.field in HINTS else None,
        reader.text("Type the new value, or - to empty it."),
    )
    back = back_row(reader, Address.of("line_edit", state.line.id))
    return asking_screen(text, state.wrong, reader, back)


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("line_field"))
async def take(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id, field = turn.form.args if turn.form else ("0", "")

        def save() -> Address:
            set_line_field(store, turn.person, int(line_id), field, message.text or "", turn.clock())
            return Address.of("line_edit", line_id)

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(PutBack.filter())
async def undo(_query: CallbackQuery, callback_data: PutBack, turn: Turn) -> None:
    def change(store: Store) -> None:
        put_back(store, turn.person, callback_data.line_id, turn.clock())
        turn.show(store, Address.of("line_edit", callback_data.line_id))

    await turn.act(change, turn.reader.text("Put back as it was."))
