"""Receiving at the warehouse's table: every text, code or photo is a scan; one running card says how far it is."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.explain import STALE
from bot.texts import add_rules, lazy_text
from bot.turn import Turn
from handlers.find import look_for
from handlers.found import ReceiveThis
from handlers.running_card import Press, scan_text
from purchasing.cards import Address
from purchasing.carriers import box_of
from purchasing.errors import Stale
from purchasing.find_goods import UNKNOWN, Found, find
from purchasing.people import Right, check
from purchasing.ports import Store
from purchasing.receive import (
    finish_receiving,
    scan,
    show_card,
    start_receiving,
    undo_last,
    weigh_last,
    weight_of,
)
from purchasing.receiving import Receiving
from purchasing.recognise import recognise
from purchasing.words import Lane

router = Router(name="receive")

STALE.update(
    {
        "receiving_over": lazy_text("This receiving is finished. Start a new one with /receive."),
        "nothing_to_undo": lazy_text("Nothing was scanned yet, so there is nothing to undo."),
        "nothing_scanned": lazy_text("Scan a parcel first, then type its weight."),
        "scan_gone": lazy_text("This scan was taken back."),
    }
)
add_rules(
    {
        "weight_range": lazy_text("A weight is from 1 g to 1000 kg, like 1.24 or 850 g."),
        "pieces_of_line": lazy_text("There are no more pieces than were bought, and no fewer than none."),
        "in_parcel": lazy_text("Goods of order {value} are in a parcel already. Take them out of it first."),
    }
)


class WhileReceiving(Filter):
    """Passes messages of a person who is receiving and wasn't asked for something else; gives `receiving`."""

    async def __call__(self, _event: TelegramObject, turn: Turn, **_data: Any) -> bool | dict[str, Receiving]:
        if turn.form is not None:
            return False
        receiving = await turn.read(lambda store: store.warehouse.open_of(turn.person.id))
        return {"receiving": receiving} if receiving else False


@router.callback_query(Press.filter(F.what == "start"))
async def start(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        receiving = start_receiving(store, turn.person, turn.clock())
        turn.end_form(store)
        if turn.message_id is not None:
            address = Address.of("receiving", receiving.id)
            card = store.cards.show(turn.chat_id, turn.message_id, address, Lane.PRESS, turn.clock())
            store.warehouse.set_card(receiving.id, card, 0)

    await turn.act(change, turn.reader.text("Scan, type or photograph the labels now."))


@router.message(F.text, ~F.text.startswith("/"), WhileReceiving())
async def scanned(message: Message, turn: Turn, receiving: Receiving) -> None:
    await turn.act(lambda store: take_text(store, turn, receiving.id, message.text or ""))


def take_text(store: Store, turn: Turn, receiving_id: int, text: str) -> None:
    """A weight for the last parcel, one or more scans, or else a search."""
    grams, now = weight_of(text), turn.clock()
    if grams is not None:
        weigh_last(store, turn.person, receiving_id, grams, now)
    else:
        scans = [(_parcel_meant(find(store, [asked])), box_of(asked.typed)) for asked in recognise(text)]
        if not any(number for number, _ in scans):
            look_for(store, turn, text)
            return
        for number, box in scans:
            if number:
                scan(store, turn.person, receiving_id, number, box, now)
    show_card(store, turn.chat_id, receiving_id, now)


def _parcel_meant(found: list[Found]) -> str:
    """A track number, known or not; last digits only where they can mean but one parcel. "" for anything else."""
    numbers = {one.asked.text for one in found if one.kind == "waybill"}
    if len(numbers) == 1 and all(one.kind == "waybill" for one in found):
        return numbers.pop()
    unknown = found[0].kind == UNKNOWN and found[0].asked.kind == "number"
    return found[0].asked.text if unknown else ""


@router.callback_query(ReceiveThis.filter())
async def receive_this(_query: CallbackQuery, callback_data: ReceiveThis, turn: Turn) -> None:
    def change(store: Store) -> None:
        check(turn.person, Right.RECEIVE)
        receiving = store.warehouse.open_of(turn.person.id)
        if receiving is None:
            raise Stale("receiving_over")
        made = scan(store, turn.person, receiving.id, callback_data.number, None, turn.clock())
        turn.notice(scan_text(turn.reader, made))
        show_card(store, turn.chat_id, receiving.id, turn.clock())

    await turn.act(change)


@router.callback_query(Press.filter(F.what == "undo"))
async def undo(_query: CallbackQuery, callback_data: Press, turn: Turn) -> None:
    def change(store: Store) -> None:
        undone = undo_last(store, turn.person, callback_data.receiving_id, turn.clock())
        turn.notice(turn.reader.text("Taken back: {number}", number=undone.number))

    await turn.act(change)


@router.callback_query(Press.filter(F.what == "finish"))
async def finish(_query: CallbackQuery, callback_data: Press, turn: Turn) -> None:
    def change(store: Store) -> None:
        finish_receiving(store, turn.person, callback_data.receiving_id, turn.clock())
        turn.show(store, Address.of("received", callback_data.receiving_id))
        turn.post(store, Address.of("received_file", callback_data.receiving_id))

    await turn.act(change)
