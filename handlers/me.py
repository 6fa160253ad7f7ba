"""Everybody's own settings: language, zone, and what they are told of."""

from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Screen, home_row, screen
from bot.texts import Reader, bold, lines
from handlers.forms import Ask
from handlers.language import NAMES as LANGUAGES
from handlers.staff import role_name
from handlers.told_of import told_text
from purchasing.cards import Address
from purchasing.options import option
from purchasing.people import Person
from purchasing.ports import Store

router = Router(name="me")


@dataclass(frozen=True)
class Me:
    person: Person
    default_digest: int


def load_me(store: Store, _address: Address, viewer: Person, _now: datetime) -> Me:
    return Me(viewer, int(option(store, "digest.minutes")))


@screen("me", load=load_me)
def me_screen(state: Me, reader: Reader) -> Screen:
    person = state.person
    text = lines(
        bold(reader.text("My settings")),
        reader.text("Your role: {role}", role=role_name(person.role, reader)),
        reader.text("Language: {language}", language=LANGUAGES.get(person.language, person.language)),
        reader.text("Time zone: {zone}", zone=person.zone),
        *told_text(person, state.default_digest, reader),
    )
    rows = (
        (
            Button(reader.text("Language"), Address.of("person_language", person.id)),
            Button(reader.text("Time zone"), Ask.of("person_zone", person.id)),
        ),
        (Button(reader.text("What I am told of"), Address.of("told_of", person.id)),),
        home_row(reader),
    )
    return Screen(text, rows)
