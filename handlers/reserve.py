"""The preview and what becomes of it, in one live message: which of its screens is shown, and what is pressed on it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, home_row, screen
from bot.texts import Html, Reader
from bot.turn import Turn
from handlers.preview import gathering, ready
from handlers.preview_state import Decide, PreviewState, load_preview
from handlers.reservation import progress
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.ports import Store
from purchasing.previews import Preview
from purchasing.reserve.hold import HELD, over
from purchasing.reserve.start import confirm, drop
from purchasing.reserve.take_back import dont_wait, take_back

router = Router(name="reserve")


@screen("preview", load=load_preview)
def preview_screen(state: PreviewState, reader: Reader) -> Screen:
    if state.preview.dropped_at:
        return Screen(_thrown_away(state.preview, state.preview.dropped_at, reader), tuple(_afterwards(reader)))
    if state.preview.confirmed_at:
        return progress(state, reader)
    return gathering(state, reader) if state.gathering else ready(state, reader)


def _thrown_away(preview: Preview, when: datetime, reader: Reader) -> Html:
    if over(preview, when):
        return reader.text(
            "Nobody confirmed the preview within {n} minutes: it was thrown away, prices may have changed since. "
            "Nothing was ordered, and the lines are ready as before.",
            n=HELD // timedelta(minutes=1),
        )
    return reader.text("The preview was thrown away. Nothing was ordered.")


def _afterwards(reader: Reader) -> Iterator[Row]:
    yield (Button(reader.text("To buy"), Address.of("to_buy")),)
    yield home_row(reader)


@router.callback_query(Decide.filter(F.what == "reserve"))
async def reserve(_query: CallbackQuery, callback_data: Decide, turn: Turn) -> None:
    def change(store: Store) -> None:
        if turn.late:
            raise Stale("late")
        preview = store.previews.get(callback_data.preview_id)
        if preview and not preview.confirmed_at and not preview.dropped_at:
            turn.confirmed(store, Address.of("preview", preview.id))
        confirm(store, callback_data.preview_id, turn.person, turn.clock())
        turn.show(store, Address.of("preview", callback_data.preview_id))

    await turn.act(change)


@router.callback_query(Decide.filter(F.what == "drop"))
async def throw_away(_query: CallbackQuery, callback_data: Decide, turn: Turn) -> None:
    def change(store: Store) -> None:
        drop(store, callback_data.preview_id, turn.person, turn.clock())
        turn.show(store, Address.of("preview", callback_data.preview_id))

    await turn.act(change)


@router.callback_query(Decide.filter(F.what == "back"))
async def back(_query: CallbackQuery, callback_data: Decide, turn: Turn) -> None:
    def change(store: Store) -> None:
        take_back(store, callback_data.preview_id, turn.person, turn.clock())
        turn.show(store, Address.of("preview", callback_data.preview_id))

    await turn.act(change)


@router.callback_query(Decide.filter(F.what == "now"))
async def at_once(_query: CallbackQuery, callback_data: Decide, turn: Turn) -> None:
    def change(store: Store) -> None:
        if turn.late:
            raise Stale("late")
        dont_wait(store, callback_data.preview_id, turn.person, turn.clock())
        turn.show(store, Address.of("preview", callback_data.preview_id))

    await turn.act(change)
