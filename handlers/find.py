"""Finding goods by what people type: a track number in a sentence, an order, a provider order, a link, a word."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, home_row, screen
from bot.texts import Reader, bold, lines
from bot.turn import Turn
from handlers.found import LookFor, ReceiveThis, all_found_text, found_rows, found_summary
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.find_goods import UNKNOWN, Found, find
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.recognise import recognise
from purchasing.sync_account import may_sync_for_number, sync_for_number
from purchasing.wanted_numbers import want_unknown

router = Router(name="find")

ASKED = "asked"
KEPT = 20
"""Questions of one person that are remembered, so that their cards can be shown anew."""
SHOWN = 6
LONG_LIST = 10
"""Numbers in one message above which the answer is a report and a file."""


class SyncForThis(CallbackData, prefix="fsync"):
    """Syncs the accounts that the number which isn't known yet may come from."""

    asked_id: int


def remember(store: Store, person: Person, asked_id: int, text: str) -> None:
    earlier: dict[str, str] = json.loads(store.notes.get(person.id, ASKED) or "{}")
    newest = dict(list({**earlier, str(asked_id): text}.items())[-KEPT:])
    store.notes.put(person.id, ASKED, json.dumps(newest, ensure_ascii=False))


def asked_text(store: Store, person: Person, asked_id: str) -> str:
    """Raises Stale for a question that is too old."""
    earlier: dict[str, str] = json.loads(store.notes.get(person.id, ASKED) or "{}")
    if asked_id not in earlier:
        raise Stale("asked_gone")
    return earlier[asked_id]


def look_for(store: Store, turn: Turn, text: str, found: list[Found] | None = None) -> None:
    """Shows what `text` finds; a long list gets its spreadsheet at once. `found`: when it was looked up before."""
    asked_id, asked = turn.incoming.update_id, recognise(text)
    found = find(store, asked) if found is None else found
    remember(store, turn.person, asked_id, text)
    want_unknown(store, turn.person, found, turn.clock())
    turn.post(store, Address.of("found", asked_id))
    if len(asked) > LONG_LIST:
        turn.post(store, Address.of("found_file", asked_id))


@router.message(F.text, ~F.text.startswith("/"))
async def look_up(message: Message, turn: Turn) -> None:
    text = (message.text or "").strip()
    found = await turn.read(lambda store: find(store, recognise(text)))  # a list may take a while

    def change(store: Store) -> None:
        if found:
            look_for(store, turn, text, found)
        else:
            turn.post(store, Address.of("not_understood"))

    await turn.act(change)


def load_nothing(_store: Store, _address: Address, _viewer: Person, _now: datetime) -> None:
    return None


@screen("find", load=load_nothing)
def find_screen(_state: None, reader: Reader) -> Screen:
    return Screen(
        lines(
            bold(reader.text("Find goods")),
            reader.text(
                "Type or paste a track number (also in a longer text, several at once), an order number, a provider "
                "order number or a link to a product. Or send a photo of the label."
            ),
        ),
        (home_row(reader),),
    )


@dataclass(frozen=True)
class Answers:
    """`receivable`: track numbers that the viewer, who is receiving, may want to take in. `syncs`: they may sync."""

    asked_id: str
    found: list[Found]
    receivable: list[str]
    syncs: bool


def load_found(store: Store, address: Address, viewer: Person, _now: datetime) -> Answers:
    text = asked_text(store, viewer, address.args[0])
    found = find(store, recognise(text))
    receiving = store.warehouse.open_of(viewer.id) is not None
    numbers = dict.fromkeys(one.asked.text for one in found if one.kind == "waybill" and not _in(one))
    return Answers(address.args[0], found, list(numbers)[:SHOWN] if receiving else [], may_sync_for_number(viewer))


def _in(found: Found) -> bool:
    return found.waybill is not None and found.waybill.received_at is not None


@screen("found", load=load_found)
def found_screen(state: Answers, reader: Reader) -> Screen:
    parts: list[object] = [*found_summary(reader, state.found), ""] if len(state.found) > SHOWN else []
    parts += all_found_text(reader, state.found[:SHOWN])
    if len(state.found) > SHOWN:
        parts.append(reader.text("…and {n} more", n=len(state.found) - SHOWN))
    return Screen(lines(*parts), tuple(_rows(state, reader)))


def _rows(state: Answers, reader: Reader) -> Iterator[Row]:
    yield from found_rows(reader, state.found[:SHOWN])
    for number in state.receivable:
        label = reader.text("📥 Receive {number}", number=number)
        yield (Button(label, ReceiveThis(number=number), "success"),)
    if len(state.found) > SHOWN:
        yield (Button(reader.text("All of it as a file"), Address.of("found_file", state.asked_id)),)
    if state.syncs and any(found.kind == UNKNOWN for found in state.found):
        yield (Button(reader.text("🔄 Sync the accounts"), SyncForThis(asked_id=int(state.asked_id))),)
    yield home_row(reader)


@router.callback_query(LookFor.filter())
async def look_for_candidate(_query: CallbackQuery, callback_data: LookFor, turn: Turn) -> None:
    await turn.act(lambda store: look_for(store, turn, callback_data.number))


def load_came(store: Store, address: Address, _viewer: Person, _now: datetime) -> list[Found]:
    return find(store, recognise(address.args[0]))


@screen("came", load=load_came)
def came_screen(found: list[Found], reader: Reader) -> Screen:
    """A number that the person had asked for in vain."""
    head = bold(reader.text("🔔 The number that you asked for is known now:"))
    return Screen(lines(head, "", *all_found_text(reader, found)), (*found_rows(reader, found), home_row(reader)))


@router.callback_query(SyncForThis.filter())
async def sync_for_this(_query: CallbackQuery, callback_data: SyncForThis, turn: Turn) -> None:
    def change(store: Store) -> None:
        started = sync_for_number(store, turn.person, turn.clock())
        words = turn.reader.plural("{n} account is being synced", "{n} accounts are being synced", len(started))
        turn.notice(
            words if started else turn.reader.text("No account can be used now: log in first."), alert=not started
        )
        turn.show(store, Address.of("found", callback_data.asked_id))

    await turn.act(change)
