"""Presses that only show another screen, and the answer to what nobody understands; none of it changes any work."""

from datetime import datetime

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.screens import Go, Screen, notice, screen
from bot.texts import Reader
from bot.turn import Turn
from purchasing.cards import Address
from purchasing.people import Person
from purchasing.ports import Store

router = Router(name="navigation")
last = Router(name="last")


@router.callback_query(Go.filter())
async def go(_query: CallbackQuery, callback_data: Go, turn: Turn) -> None:
    """Whoever leaves a form has given it up: the next text is no answer to it."""

    def change(store: Store) -> None:
        turn.end_form(store)
        turn.show(store, Address.parse(callback_data.address))

    await turn.act(change)


@router.my_chat_member()
async def blocked_or_back(event: ChatMemberUpdated, turn: Turn) -> None:
    gone = event.new_chat_member.status in {ChatMemberStatus.KICKED, ChatMemberStatus.LEFT}
    await turn.act(lambda store: store.people.set_blocked(turn.person.id, turn.clock() if gone else None))


@last.callback_query()
async def unknown_button(_query: CallbackQuery, turn: Turn) -> None:
    turn_notice = turn.reader.text("This button belongs to an older version and does nothing any more.")
    await turn.act(lambda _store: None, turn_notice, alert=True)


@last.message()
async def unknown_message(_message: Message, turn: Turn) -> None:
    await turn.act(lambda store: turn.post(store, Address.of("not_understood")))


def load_nothing(_store: Store, _address: Address, _viewer: Person, _now: datetime) -> None:
    return None


@screen("not_understood", load=load_nothing)
def not_understood(_state: None, reader: Reader) -> Screen:
    return notice(
        reader,
        reader.text(
            "I don't know what to do with this. Send me an order file, a track number, an order number or a link to a "
            "product, or a photo of a label."
        ),
    )
