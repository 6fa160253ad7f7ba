"""Says of an activity that met a trouble when it is tried again, and lets a person try it at once."""

from collections.abc import Iterator

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row
from bot.texts import Html, Reader
from bot.turn import Turn
from purchasing.activities import Activity
from purchasing.people import Person, Right, has, may_use
from purchasing.ports import Store
from purchasing.try_now import try_now

router = Router(name="next_try")


class TryNow(CallbackData, prefix="now"):
    activity_id: int


def next_try(reader: Reader, activity: Activity) -> Html | None:
    """That it is tried again, and when; None while nothing is wrong."""
    if not activity.put_off:
        return None
    return reader.text(
        "⏳ no answer from the marketplace; the next try is at {when}", when=reader.when(activity.not_before)
    )


def try_now_rows(reader: Reader, activity: Activity, viewer: Person | None, nick: str = "") -> Iterator[Row]:
    """`nick` tells several activities of one card apart."""
    may = viewer is not None and has(viewer, Right.BUY) and may_use(viewer, activity.account_id or 0)
    if activity.put_off and may:
        label = reader.text("🔁 Try now: {nick}", nick=nick) if nick else reader.text("🔁 Try now")
        yield (Button(label, TryNow(activity_id=activity.id)),)


@router.callback_query(TryNow.filter())
async def at_once(_query: CallbackQuery, callback_data: TryNow, turn: Turn) -> None:
    def change(store: Store) -> None:
        try_now(store, turn.person, callback_data.activity_id, turn.clock())

    await turn.act(change, turn.reader.text("Trying again…"))
