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
from handlers.found import found_rows, found_text
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.find_goods import UNKNOWN, Found, find
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.recognise import recognise
from purchasing.sync_account import start_sync

router = Router(name="find")

ASKED = "asked"
KEPT = 20
"""Questions of one person that are remembered, so that their cards can be shown anew."""
SHOWN = 6


class SyncForThis(CallbackData, prefix="fsync"):
    """Syncs every account that can be used: a sync may bring the number that isn't known yet."""

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


@router.message(F.text, ~F.text.startswith("/"))
async def look_up(message: Message, turn: Turn) -> None:
    text = (message.text or "").strip()[:2000]

    def change(store: Store) -> None:
        if not recognise(text):
            turn.post(store, Address.of("not_understood"))
            return
        remember(store, turn.person, turn.incoming.update_id, text)
        turn.post(store, Address.of("found", turn.incoming.update_id))

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
    asked_id: str
    found: list[Found]


def load_found(store: Store, address: Address, viewer: Person, now: datetime) -> Answers:
    text = asked_text(store, viewer, address.args[0])
    return Answers(address.args[0], find(store, recognise(text), now))


@screen("found", load=load_found)
def found_screen(state: Answers, reader: Reader) -> Screen:
    parts = [part for found in state.found[:SHOWN] for part in (*found_text(reader, found), "")]
    if len(state.found) > SHOWN:
        parts.append(reader.text("…and {n} more", n=len(state.found) - SHOWN))
    return Screen(lines(*parts), tuple(_rows(state, reader)))


def _rows(state: Answers, reader: Reader) -> Iterator[Row]:
    yield from found_rows(reader, state.found[:SHOWN])
    if any(found.kind == UNKNOWN for found in state.found):
        yield (Button(reader.text("🔄 Sync the accounts"), SyncForThis(asked_id=int(state.asked_id))),)
    yield home_row(reader)


@router.callback_query(SyncForThis.filter())
async def sync_for_this(_query: CallbackQuery, callback_data: SyncForThis, turn: Turn) -> None:
    def change(store: Store) -> None:
        check(turn.person, Right.SEE)
        usable = [account for account in store.accounts.all() if account.usable]
        for account in usable:
            start_sync(store, account.id, turn.person, turn.clock())
        words = turn.reader.plural("{n} account is being synced", "{n} accounts are being synced", len(usable))
        turn.notice(
            words if usable else turn.reader.text("No account can be used now: log in first."), alert=not usable
        )
        turn.show(store, Address.of("found", callback_data.asked_id))

    await turn.act(change)
