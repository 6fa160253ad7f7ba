"""What an owner types in the settings: numbers and the list of logins, each checked at once by the rule on the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Copy, Row, Screen, back_row, screen
from bot.texts import RULES, Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.alert_settings import ALERTS_EXPLAINED, alert_labels, shown_alert
from handlers.forms import asking_screen, mistake, submit
from handlers.settings import number_labels, shown_number
from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.logins import listed_logins, set_logins
from purchasing.options import option
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.set_options import ALERTS, NUMBERS, reset_number, set_number
from purchasing.words import ProviderName

router = Router(name="setting_forms")

add_rules(
    {
        "minutes_1_1440": lazy_text("Minutes from 1 to 1440, like 15."),
        "yuan_0_1000": lazy_text("Yuan from 0 to 1000, like 1 or 1.50."),
        "percent_0_50": lazy_text("Per cent from 0 to 50, like 2 or 2.5."),
        "yuan_limit": lazy_text("Yuan from 1 to 10,000,000, like 5000."),
        "days_1_365": lazy_text("Days from 1 to 365, like 30."),
        "number_0_10000": lazy_text("A whole number from 0 to 10,000, like 200."),
        "seconds_0_600": lazy_text("Seconds from 0 (no delay) to 600, like 30."),
        "days_1_30": lazy_text("Whole days from 1 to 30, like 3."),
        "backups_0_365": lazy_text("A whole number from 0 (no backups) to 365, like 14."),
        "login_is_phone": lazy_text(
            "A phone number is no login: the login is the account's nick, as Taobao shows it after logging in."
        ),
        "login_1_60": lazy_text("A login has 1 to 60 characters."),
    }
)

EXPLAINED: Mapping[str, str] = {
    "sync.every": lazy_text("How often allowed accounts are asked for news by themselves."),
    "tolerance.fen": lazy_text(
        "A sum higher than expected is a question only above both bounds: this one in yuan and the other in per cent."
    ),
    "tolerance.percent": lazy_text(
        "A sum higher than expected is a question only above both bounds: this one in per cent and the other in yuan."
    ),
    "limit.order.fen": lazy_text("A marketplace's order above this sum isn't placed."),
    "limit.day.fen": lazy_text("Orders that would take the sum of 24 hours above this aren't placed."),
    "reserve.delay": lazy_text(
        "How long a confirmed reservation waits before anything is sent; as long it can be taken back with a button."
    ),
    "activities.days": lazy_text(
        "Activities that ended longer ago are cleared away bit by bit; never one with an open question or order."
    ),
    "activities.keep": lazy_text("So many of the newest past activities stay, however old they are."),
    "consent.days": lazy_text(
        "How long a customer who was asked about a new price may take; then whoever asked is told that no answer came."
    ),
    "backup.keep": lazy_text(
        "The database is copied into the folder backups every night; so many copies are kept. Not for Postgres."
    ),
    **ALERTS_EXPLAINED,
}


class ResetNumber(CallbackData, prefix="setdef"):
    key: str


class EmptyList(CallbackData, prefix="nologins"):
    """Takes all logins off the list."""


@dataclass(frozen=True)
class NumberForm:
    key: str
    value: str
    own: bool
    """Whether it was set in chat."""
    wrong: BadInput | None


def load_number(store: Store, address: Address, viewer: Person, _now: datetime) -> NumberForm:
    check(viewer, Right.MANAGE)
    key = address.args[0]
    if key not in NUMBERS:
        raise Stale("no_such_setting")
    return NumberForm(key, option(store, key), store.settings.get(key) is not None, mistake(store, viewer, address))


@screen("set_number", load=load_number)
def number_screen(state: NumberForm, reader: Reader) -> Screen:
    labels = {**number_labels(reader), **alert_labels(reader)}
    shown = (shown_alert if state.key in ALERTS else shown_number)(state.key, state.value, reader)
    text = lines(
        bold(labels[state.key]),
        reader.text(EXPLAINED[state.key]),
        reader.text("Now: {value}", value=shown),
        "",
        reader.text("Type the new value. {rule}", rule=reader.text(RULES[NUMBERS[state.key].rule])),
    )
    default = (Button(reader.text("Back to the default"), ResetNumber(key=state.key)),) if state.own else ()
    return asking_screen(text, state.wrong, reader, default, back_row(reader, _screen_of(state.key)))


def _screen_of(key: str) -> Address:
    return Address.of("settings_alerts" if key in ALERTS else "settings")


@router.message(F.text, AwaitsText("set_number"))
async def take_number(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        key = turn.form.args[0] if turn.form else ""

        def save() -> Address:
            set_number(store, turn.person, key, message.text or "", turn.clock())
            return Address.of(_screen_of(key).screen, "saved")

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(ResetNumber.filter())
async def default_number(_query: CallbackQuery, callback_data: ResetNumber, turn: Turn) -> None:
    def change(store: Store) -> None:
        reset_number(store, turn.person, callback_data.key, turn.clock())
        turn.end_form(store)
        turn.show(store, Address.of(_screen_of(callback_data.key).screen, "saved"))

    await turn.act(change)


@dataclass(frozen=True)
class LoginsForm:
    nicks: list[str]
    wrong: BadInput | None


def load_logins(store: Store, address: Address, viewer: Person, _now: datetime) -> LoginsForm:
    check(viewer, Right.MANAGE)
    return LoginsForm(listed_logins(store), mistake(store, viewer, address))


@screen("set_logins", load=load_logins)
def logins_screen(state: LoginsForm, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Taobao logins")),
        *[code(nick) for nick in state.nicks[:60]],
        None if state.nicks else reader.text("The list is empty."),
        "",
        reader.text("Type the whole list anew: one login a line, as many as there are. Phone numbers are no logins."),
    )
    rows: list[Row] = []
    if state.nicks:
        listed = "\n".join(state.nicks)
        if len(listed) <= 256:
            rows.append((Button(reader.text("Copy the list"), Copy(listed)),))
        rows.append((Button(reader.text("Empty the list"), EmptyList(), "danger"),))
    back = back_row(reader, Address.of("settings_provider", ProviderName.TAOBAO))
    return asking_screen(text, state.wrong, reader, *rows, back)


@router.message(F.text, AwaitsText("set_logins"))
async def take_logins(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        def save() -> Address:
            set_logins(store, turn.person, message.text or "", turn.clock())
            return Address.of("settings_provider", ProviderName.TAOBAO)

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(EmptyList.filter())
async def empty_list(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        set_logins(store, turn.person, "", turn.clock())
        turn.end_form(store)
        turn.show(store, Address.of("settings_provider", ProviderName.TAOBAO))

    await turn.act(change)
