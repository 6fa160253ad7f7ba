"""A digest: what waited for the reader, each thing with its first lines as they are now and a button that opens it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.markup import first_lines
from bot.screens import Button, Loaded, Row, Screen, home_row, load, pages, screen
from bot.texts import Html, Reader, bold, lines
from purchasing.cards import Address
from purchasing.errors import NotAllowed, Stale
from purchasing.people import Person
from purchasing.ports import Store

router = Router(name="digest")

PAGE = 6
SHOWN_LINES = 4


@dataclass(frozen=True)
class DigestCard:
    digest_id: int
    items: list[tuple[Address, Loaded]]
    page: int
    total: int


def load_digest(store: Store, address: Address, viewer: Person, now: datetime) -> DigestCard:
    digest = store.told.digest(int(address.args[0]))
    if digest is None:
        raise Stale("digest_gone")
    if digest.person_id != viewer.id:
        raise NotAllowed("digest")
    page = int(address.args[1]) if len(address.args) > 1 else 0
    told = list(dict.fromkeys(digest.told))
    items = [(one, load(store, one, viewer, now)) for one in told[page * PAGE : (page + 1) * PAGE]]
    return DigestCard(digest.id, items, page, len(told))


@screen("digest", load=load_digest)
def digest_screen(state: DigestCard, reader: Reader) -> Screen:
    shown = [(address, loaded.rendered(reader)) for address, loaded in state.items]
    text = lines(bold(reader.plural("🗞 {n} thing for you", "🗞 {n} things for you", state.total)), *_texts(state, shown))
    return Screen(text, tuple(_rows(state, shown, reader)))


def _texts(state: DigestCard, shown: list[tuple[Address, Screen]]) -> Iterator[Html]:
    for number, (_address, card) in enumerate(shown, state.page * PAGE + 1):
        yield Html("")
        yield Html(f"{number}. {first_lines(card.text, SHOWN_LINES)}")


def _rows(state: DigestCard, shown: list[tuple[Address, Screen]], reader: Reader) -> Iterator[Row]:
    first = state.page * PAGE + 1
    opened = [Button(reader.text("Open {n}", n=n), address) for n, (address, _card) in enumerate(shown, first)]
    yield from (tuple(opened[at : at + 3]) for at in range(0, len(opened), 3))
    yield from pages(reader, lambda n: Address.of("digest", state.digest_id, n), state.page, state.total, PAGE)
    yield home_row(reader)
