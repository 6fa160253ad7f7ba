"""Everybody's own language."""

from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Screen, home_row, screen
from bot.texts import Reader, lines
from bot.turn import Turn
from purchasing.cards import Address
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.set_options import LANGUAGES, choose_language

router = Router(name="language")

NAMES = {"ru": "Русский", "en": "English", "zh_CN": "中文"}


class Speak(CallbackData, prefix="lang"):
    language: str


def load_language(_store: Store, _address: Address, viewer: Person, _now: datetime) -> str:
    return viewer.language


@screen("language", load=load_language)
def language_screen(chosen: str, reader: Reader) -> Screen:
    text = lines(
        reader.text("Which language do you read?"),
        reader.text("Chinese has the screens for the warehouse, logins and questions; the rest is shown in English."),
    )
    buttons = (Button(NAMES[one], Speak(language=one), "primary" if one == chosen else None) for one in LANGUAGES)
    return Screen(text, (tuple(buttons), home_row(reader)))


@router.callback_query(Speak.filter())
async def speak(_query: CallbackQuery, callback_data: Speak, turn: Turn) -> None:
    def change(store: Store) -> None:
        choose_language(store, turn.person, callback_data.language)
        turn.show(store, Address.of("language"))

    await turn.act(change)
