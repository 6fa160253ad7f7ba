"""The screens kit: what a message shows is a pure function of state and reader; nothing here may send or store.

A screen is registered under the first word of its addresses::

    @screen("order", load=load_order)
    def order_screen(state: OrderState, reader: Reader) -> Screen: ...

`load(store, address, viewer, now)` reads the state in one unit of work. It raises Stale when the thing is gone and
NotAllowed when the viewer may not see it; both are shown as a sentence with a way home.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from aiogram.filters.callback_data import CallbackData
from aiogram.types import CopyTextButton, DisabledButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.texts import Reader, lines, plain
from purchasing.cards import Address
from purchasing.errors import NotAllowed, Stale
from purchasing.people import Person
from purchasing.ports import Store

log = logging.getLogger(__name__)

MAX_TEXT, MAX_CAPTION, MAX_LABEL = 4096, 1024, 64
HOME = Address.of("home")

Style = Literal["danger", "success", "primary"]
"""danger: can't be undone; success: the main step; primary: chosen now."""


class Go(CallbackData, prefix="go", sep="|"):
    """A button that only shows another address in place."""

    address: str


@dataclass(frozen=True)
class Url:
    url: str


@dataclass(frozen=True)
class Copy:
    """Puts 1-256 characters into the reader's clipboard."""

    text: str


@dataclass(frozen=True)
class Button:
    """`label` is plain text (what `reader.text` made is fine). A disabled one is shown and does nothing."""

    label: str
    action: Address | CallbackData | Url | Copy | None = None
    style: Style | None = None
    disabled: bool = False


Row = tuple[Button, ...]


@dataclass(frozen=True)
class Document:
    name: str
    content: bytes


@dataclass(frozen=True)
class Screen:
    """`text` is HTML, at most 4096 characters shown (1024 beside a photo or document); longer ones are clipped.

    `photo` is a picture's bytes, or a file_id or https address as text."""

    text: str
    rows: tuple[Row, ...] = ()
    photo: bytes | str | None = None
    document: Document | None = None

    @property
    def media(self) -> str:
        """The kind of message as `purchasing.cards.Card.media` names it."""
        if self.photo is not None:
            return "photo"
        return "document" if self.document is not None else ""


S = TypeVar("S")
Load = Callable[[Store, Address, Person, datetime], S]
Render = Callable[[S, Reader], Screen]


@dataclass(frozen=True)
class Loaded:
    """A state read for a screen, ready to be rendered outside of the unit of work."""

    render: Render[Any]
    state: Any
    heavy: bool = False
    """Makes a file or a picture: to be rendered in a thread."""

    def rendered(self, reader: Reader) -> Screen:
        return self.render(self.state, reader)


_SCREENS: dict[str, tuple[Load[Any], Render[Any], bool]] = {}


def screen(name: str, *, load: Load[S], heavy: bool = False) -> Callable[[Render[S]], Render[S]]:
    """Registers a renderer for the addresses that begin with `name`; a heavy one makes a file or a picture."""

    def register(render: Render[S]) -> Render[S]:
        if name in _SCREENS and _SCREENS[name][1].__module__ != render.__module__:
            raise ValueError(f"two screens named {name}")
        _SCREENS[name] = (load, render, heavy)
        return render

    return register


def screen_names() -> frozenset[str]:
    return frozenset(_SCREENS)


def load(store: Store, address: Address, viewer: Person, now: datetime) -> Loaded:
    """Reads what `address` shows. An address that no screen knows, or whose thing is gone, gives a polite screen."""
    if address.screen not in _SCREENS:
        return Loaded(_unknown, None)
    loader, render, heavy = _SCREENS[address.screen]
    try:
        return Loaded(render, loader(store, address, viewer, now), heavy)
    except Stale:
        return Loaded(_gone, None)
    except NotAllowed:
        return Loaded(_forbidden, None)
    except (ValueError, LookupError, OverflowError, StopIteration):
        # most likely an address of an older version, whose arguments no longer fit the loader
        log.warning("the address %s can't be read", address, exc_info=True)
        return Loaded(_gone, None)


def opens(store: Store, address: Address, viewer: Person, now: datetime) -> bool:
    """Whether the person gets to see what the address names; False when it is gone, forbidden or was made up."""
    return load(store, address, viewer, now).render not in (_unknown, _gone, _forbidden)


def _unknown(_state: None, reader: Reader) -> Screen:
    return Screen(
        reader.text("This screen doesn't exist here yet. The start screen shows all there is."),
        (home_row(reader),),
    )


def _gone(_state: None, reader: Reader) -> Screen:
    return Screen(
        reader.text("What this message showed is gone. The start screen shows what is current."), (home_row(reader),)
    )


def _forbidden(_state: None, reader: Reader) -> Screen:
    return notice(reader, reader.text("Your role doesn't allow this. An owner can change roles."))


def home_row(reader: Reader) -> Row:
    return (Button(reader.text("⌂ Home"), HOME),)


def back_row(reader: Reader, address: Address) -> Row:
    """One step back and, where that isn't home already, home."""
    back = Button(reader.text("‹ Back"), address)
    return (back,) if address == HOME else (back, *home_row(reader))


def pages(reader: Reader, at: Callable[[int], Address], page: int, total: int, size: int) -> tuple[Row, ...]:
    """The pager's row, or none when all fits one page. `page` counts from 0, `at` gives a page's address."""
    last = max(0, (total - 1) // size)
    if last == 0:
        return ()
    page = min(page, last)
    earlier = Button(reader.text("‹ Previous"), at(page - 1) if page else None, disabled=page == 0)
    later = Button(reader.text("Next ›"), at(page + 1) if page < last else None, disabled=page == last)
    return ((earlier, Button(f"{page + 1}/{last + 1}", disabled=True), later),)


def keyboard(rows: tuple[Row, ...]) -> InlineKeyboardMarkup | None:
    """Raises ValueError when a button's data is over 64 bytes."""
    filled = [[_inline(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=filled) if filled else None


def _inline(button: Button) -> InlineKeyboardButton:
    label = _shortened(plain(button.label))
    style = button.style
    if button.disabled or button.action is None:
        return InlineKeyboardButton(text=label, disabled=DisabledButton(), style=style)
    match button.action:
        case Address():
            return InlineKeyboardButton(text=label, callback_data=Go(address=str(button.action)).pack(), style=style)
        case Url(url):
            return InlineKeyboardButton(text=label, url=url, style=style)
        case Copy(text):
            return InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=text[:256]), style=style)
        case _:
            return InlineKeyboardButton(text=label, callback_data=button.action.pack(), style=style)


def _shortened(label: str) -> str:
    return label if len(label) <= MAX_LABEL else label[: MAX_LABEL - 1] + "…"


def notice(reader: Reader, text: str, *more: str) -> Screen:
    """A short message with a way home."""
    return Screen(lines(text, *more), (home_row(reader),))
