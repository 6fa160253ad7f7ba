"""Track numbers of a line's provider orders that staff type: one more, another one instead, or none after all."""

from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Copy, Screen, back_row, screen
from bot.texts import Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.forms import Ask, asking_screen, mistake, submit
from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder, Waybill
from purchasing.waybills import add_waybill, bring_back, replace_waybill, set_aside

router = Router(name="waybills")

add_rules(
    {
        "waybill_8_24": lazy_text("A track number has 8 to 24 Latin letters and digits, like YT1234567890123."),
        "waybill_known": lazy_text("This order has that track number already."),
    }
)
STALE.update(
    {"waybill_changed": lazy_text("This track number has been changed meanwhile. Look at the line once more.")}
)


class Keep(CallbackData, prefix="wbl"):
    """`valid` False: it isn't this order's number."""

    line_id: int
    waybill_id: int
    valid: bool


@dataclass(frozen=True)
class WaybillCard:
    line_id: int
    waybill: Waybill
    order: ProviderOrder
    typed_by: str
    replaced_by: str


def load_waybill(store: Store, address: Address, viewer: Person, _now: datetime) -> WaybillCard:
    check(viewer, Right.BUY)
    waybill = store.waybills.get(int(address.args[1]))
    order = store.provider_orders.get(waybill.provider_order_id) if waybill else None
    if waybill is None or order is None:
        raise Stale("waybill_changed")
    typed, replaced = (_name(store, person_id) for person_id in (waybill.typed_by, waybill.replaced_by))
    return WaybillCard(int(address.args[0]), waybill, order, typed, replaced)


def _name(store: Store, person_id: int | None) -> str:
    person = store.people.get(person_id) if person_id else None
    return person.name if person else ""


@screen("waybill", load=load_waybill)
def waybill_screen(state: WaybillCard, reader: Reader) -> Screen:
    waybill, line_id = state.waybill, state.line_id
    text = lines(
        bold(reader.text("📮 Track number {number}", number=code(waybill.number))),
        reader.text("Provider order: {number}", number=code(state.order.number)),
        reader.text("Typed by {who}: stays whatever a sync reads.", who=state.typed_by) if state.typed_by else None,
        _replaced(state, reader) if waybill.replaced_at else None,
        reader.text("📥 In the warehouse since {when}", when=reader.when(waybill.received_at))
        if waybill.received_at
        else None,
    )
    if waybill.replaced_at:
        press = Keep(line_id=line_id, waybill_id=waybill.id, valid=True)
        rows = [(Button(reader.text("It is valid after all"), press),)]
    else:
        press = Keep(line_id=line_id, waybill_id=waybill.id, valid=False)
        another = Ask.of("line_waybill", line_id, state.order.id, waybill.id)
        rows = [(Button(reader.text("Another number instead"), another),)]
        rows.append((Button(reader.text("Not this order's number"), press),))
    copy = Button(reader.text("Copy track number {number}", number=waybill.number), Copy(waybill.number))
    return Screen(text, (*rows, (copy,), back_row(reader, Address.of("line_edit", line_id))))


def _replaced(state: WaybillCard, reader: Reader) -> str:
    if state.replaced_by:
        return reader.text("Set aside by {who}; it is still found by a search and a scan.", who=state.replaced_by)
    return reader.text("The marketplace shows another one now; it is still found by a search and a scan.")


@router.callback_query(Keep.filter())
async def keep(_query: CallbackQuery, callback_data: Keep, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id, waybill_id = callback_data.line_id, callback_data.waybill_id
        act = bring_back if callback_data.valid else set_aside
        act(store, turn.person, line_id, waybill_id, turn.clock())
        turn.show(store, Address.of("waybill", line_id, waybill_id))

    await turn.act(change)


@dataclass(frozen=True)
class WaybillForm:
    line_id: int
    order: ProviderOrder
    old: Waybill | None
    wrong: BadInput | None


def load_form(store: Store, address: Address, viewer: Person, _now: datetime) -> WaybillForm:
    check(viewer, Right.BUY)
    line_id, order_id, *old = (int(arg) for arg in address.args)
    order = store.provider_orders.get(order_id)
    if order is None:
        raise Stale("line_gone")
    return WaybillForm(line_id, order, store.waybills.get(old[0]) if old else None, mistake(store, viewer, address))


@screen("line_waybill", load=load_form)
def form_screen(state: WaybillForm, reader: Reader) -> Screen:
    number = code(state.order.number)
    text = lines(
        bold(reader.text("Track number of provider order {number}", number=number)),
        reader.text("Instead of {old}", old=code(state.old.number)) if state.old else None,
        reader.text("Type it as the label or the seller has it."),
    )
    back = back_row(reader, Address.of("line_edit", state.line_id))
    return asking_screen(text, state.wrong, reader, back)


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("line_waybill"))
async def take(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        line_id, order_id, *old = (int(arg) for arg in turn.form.args) if turn.form else (0, 0)
        typed, now = message.text or "", turn.clock()

        def save() -> Address:
            if old:
                replace_waybill(store, turn.person, line_id, old[0], typed, now)
            else:
                add_waybill(store, turn.person, line_id, order_id, typed, now)
            return Address.of("line_edit", line_id)

        submit(store, turn, save)

    await turn.act(change)
