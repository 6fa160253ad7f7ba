"""The kit: buttons fit 64 bytes, addresses of any kind show something, pagers lead where they say."""

from datetime import UTC, datetime
from typing import cast

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.screens import HOME, Button, Copy, Go, Screen, Url, back_row, keyboard, load, pages, screen
from bot.texts import Reader
from purchasing.cards import Address
from purchasing.errors import NotAllowed, Stale
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import Role

EN = Reader("en")
VIEWER = Person(1, 1001, "viewer", Role.VIEWER, "en", "UTC")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Longest(CallbackData, prefix="longest"):
    line: int
    question: int


def load_broken(_store: Store, address: Address, _viewer: Person, _now: datetime) -> int:
    match address.args:
        case ("gone",):
            raise Stale
        case ("secret",):
            raise NotAllowed
        case _:
            return int(address.args[0])


@screen("test_kit", load=load_broken)
def broken_screen(number: int, _reader: Reader) -> Screen:
    return Screen(str(number))


def shown(address: Address) -> str:
    return load(cast(Store, None), address, VIEWER, NOW).rendered(EN).text


def test_an_address_of_48_bytes_fits_a_button() -> None:
    address = Address.of("x" * 48)
    assert len(Go(address=str(address)).pack().encode()) <= 64
    assert keyboard(((Button("a", address),),)) is not None


def test_too_long_data_is_refused_when_built() -> None:
    with pytest.raises(ValueError, match="too long"):
        keyboard(((Button("a", Address.of("x" * 64)),),))


def test_buttons_of_every_kind() -> None:
    rows = (
        (Button("Go", Address.of("order", 12, "bought")), Button("Act", Longest(line=1, question=2), "danger")),
        (Button("Copy", Copy("SF1")), Button("Open", Url("https://example.org")), Button("Busy", disabled=True)),
        (),
    )
    markup = keyboard(rows)
    assert markup is not None
    (go, act), (copy, url, busy) = markup.inline_keyboard
    assert Go.unpack(go.callback_data or "").address == "order:12:bought"
    assert (act.callback_data, act.style) == ("longest:1:2", "danger")
    assert copy.copy_text is not None
    assert copy.copy_text.text == "SF1"
    assert url.url == "https://example.org"
    assert busy.disabled is not None
    assert busy.callback_data is None


def test_labels_are_plain_and_short() -> None:
    markup = keyboard(((Button(EN.text("{t}", t="A & <B>" + "x" * 99), HOME),),))
    assert markup is not None
    label = markup.inline_keyboard[0][0].text
    assert label.startswith("A & <B>x")
    assert len(label) == 64


def test_two_modules_cannot_share_a_name() -> None:
    def other(_number: int, _reader: Reader) -> Screen:
        return Screen("")

    other.__module__ = "elsewhere"
    with pytest.raises(ValueError, match="two screens named test_kit"):
        screen("test_kit", load=load_broken)(other)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("test_kit:5", "5"),
        ("test_kit:gone", "is gone"),
        ("test_kit:secret", "role"),
        ("test_kit:words", "is gone"),
        ("test_kit", "is gone"),
        ("no_such_screen:1", "doesn't exist"),
        ("", "doesn't exist"),
    ],
)
def test_every_address_shows_something(address: str, text: str) -> None:
    assert text in shown(Address.parse(address))


def test_pager() -> None:
    def at(page: int) -> Address:
        return Address.of("orders", page)

    assert pages(EN, at, 0, 10, 10) == ()
    ((first, where, later),) = pages(EN, at, 0, 25, 10)
    assert (first.disabled, where.label, later.action) == (True, "1/3", at(1))
    ((earlier, where, later),) = pages(EN, at, 9, 25, 10)
    assert (earlier.action, where.label, later.disabled) == (at(1), "3/3", True)


def test_every_screen_leads_back() -> None:
    assert [b.action for b in back_row(EN, Address.of("orders"))] == [Address.of("orders"), HOME]
    assert [b.action for b in back_row(EN, HOME)] == [HOME]
