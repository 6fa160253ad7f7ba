"""Where a refusal is put right: the button that belongs to each code of the catalogue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.screens import Button, Row
from bot.texts import Html, Reader, esc, lazy_text
from handlers import refusals
from purchasing.cards import Address
from purchasing.people import Person, Right, has
from purchasing.refusals import Refusal
from purchasing.words import ProviderName

MOST = 6
"""Buttons and pieces of advice on one card."""


@dataclass(frozen=True)
class About:
    """What was refused; `line_id` where it is about one line."""

    provider: ProviderName | None = None
    account_id: int | None = None
    line_id: int | None = None


LABELS: dict[str, str] = {
    "line": lazy_text("The line"),
    "to_buy": lazy_text("To buy"),
    "by_hand": lazy_text("By hand"),
    "session": lazy_text("The account"),
    "to_pay": lazy_text("To pay at this account"),
    "recipient": lazy_text("Set the recipient"),
    "add_session": lazy_text("Add a session"),
    "settings_provider": lazy_text("The marketplace's settings"),
    "settings": lazy_text("Settings"),
    "activities": lazy_text("What waits for an answer"),
}
NEEDED: dict[str, Right] = {
    "recipient": Right.MANAGE,
    "settings_provider": Right.MANAGE,
    "settings": Right.MANAGE,
    "session": Right.BUY,
    "add_session": Right.BUY,
}

PLACES: dict[str, str] = {
    Refusal.SOLD_OUT: "line",
    Refusal.STOCK_SHORT: "line",
    Refusal.ITEM_GONE: "line",
    Refusal.CONFIGURATION_CHANGED: "line",
    Refusal.CONFIGURATION_UNCLEAR: "line",
    Refusal.BELOW_MINIMUM: "line",
    Refusal.MIXED_BATCH: "to_buy",
    Refusal.QUANTITY_LIMIT: "line",
    Refusal.PRICE_CHANGED: "line",
    Refusal.TOTAL_DIFFERS: "to_buy",
    Refusal.SEVERAL_SELLERS: "to_buy",
    Refusal.TMALL: "by_hand",
    Refusal.NOT_FOR_SALE_ONLINE: "by_hand",
    Refusal.NO_DELIVERY: "line",
    Refusal.ADDRESS_DIFFERS: "recipient",
    Refusal.ADDRESS_INVALID: "recipient",
    Refusal.ADDRESS_BOOK_FULL: "session",
    Refusal.RECIPIENT_MISSING: "recipient",
    Refusal.PAYS_AT_ONCE: "session",
    Refusal.NO_ESCROW: "by_hand",
    Refusal.TOO_MANY_LINES: "to_buy",
    Refusal.LIMIT_REACHED: "to_pay",
    Refusal.ACCOUNT_LIMIT: "to_pay",
    Refusal.NO_SESSION: "add_session",
    Refusal.PROVIDER_OFF: "settings_provider",
    Refusal.ORDER_NOT_FOUND: "session",
    Refusal.ORDER_PAID: "session",
    Refusal.TOO_SOON: "activities",
    Refusal.HELD: "to_buy",
    Refusal.UNKNOWN_OUTCOME: "activities",
    Refusal.NOTE_TOO_LONG: "line",
    Refusal.UNKNOWN: "line",
    "outcome_unknown": "activities",
    "not_bound": "by_hand",
    "buying_stopped": "settings",
    "stopped": "settings",
    "order_limit": "settings",
    "day_limit": "settings",
    "session_expired": "session",
    "needs_human": "session",
    "slider": "session",
    "identity": "session",
    "password": "session",
    "punish": "session",
    "provider_away": "to_buy",
    "page_changed": "by_hand",
    "poison": "to_buy",
}
"""Code → the screen on which it is put right."""


def button(reader: Reader, code: str, about: About, viewer: Person | None) -> Button | None:
    """None where nothing in the bot puts it right, or not by this person."""
    place = PLACES.get(code)
    address = _address(place, about) if place else None
    if address is None or place is None:
        return None
    needed = NEEDED.get(address.screen)
    if needed and not (viewer and has(viewer, needed)):
        return None
    return Button(reader.text(LABELS[place]), address)


def _address(place: str, about: About) -> Address | None:
    match place:
        case "line":
            return Address.of("line", about.line_id) if about.line_id else Address.of("to_buy")
        case "session":
            return Address.of("session", about.account_id) if about.account_id else None
        case "to_pay":
            return Address.of("to_pay_at", about.account_id, 0) if about.account_id else None
        case "recipient" | "settings_provider":
            return Address.of(place, about.provider) if about.provider else None
        case "activities":
            return Address.of("activities", "waiting")
        case _:
            return Address.of(place)


def advice(reader: Reader, codes: Sequence[str]) -> Iterator[Html]:
    """What to do, once for each code: `sold out: cancel the line…`."""
    for code in list(dict.fromkeys(codes))[:MOST]:
        if what_to_do := refusals.remedy(reader, code):
            yield Html(f"💡 {esc(refusals.happened(reader, code))}: {what_to_do}")


def rows(
    reader: Reader, refused: Sequence[tuple[str, About]], viewer: Person | None, without: Sequence[str] = ()
) -> Iterator[Row]:
    """One button for each place, whatever leads there; none to the places `without`."""
    shown: dict[object, Button] = {}
    for code, about in refused:
        found = button(reader, code, about, viewer)
        if found is not None and PLACES[code] not in without:
            shown.setdefault(found.action, found)
    yield from ((one,) for one in list(shown.values())[:MOST])
