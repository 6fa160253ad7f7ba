"""The names of a marketplace's statuses: the list, and one of them to be changed or reset by an owner."""

from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, back_row, pages, screen
from bot.texts import Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import Ask, asking_screen, mistake, submit
from handlers.statuses import built_in_name, status_name
from purchasing.cards import Address
from purchasing.errors import BadInput
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.status_names import DEFAULTS, CustomNames, custom_names, reset_status_name, set_status_name
from purchasing.words import ProviderName

router = Router(name="status_names")

PAGE = 10

add_rules({"name_1_60": lazy_text("The name has 1 to 60 characters.")})


class ResetName(CallbackData, prefix="stdef", sep="|"):
    provider: ProviderName
    raw: str


@dataclass(frozen=True)
class StatusNames:
    provider: ProviderName
    custom: CustomNames
    page: int


def load_names(store: Store, address: Address, viewer: Person, _now: datetime) -> StatusNames:
    check(viewer, Right.MANAGE)
    page = int(address.args[1]) if len(address.args) > 1 else 0
    return StatusNames(ProviderName(address.args[0]), custom_names(store), page)


@screen("status_names", load=load_names)
def names_screen(state: StatusNames, reader: Reader) -> Screen:
    known = list(DEFAULTS[state.provider])
    shown = known[state.page * PAGE : (state.page + 1) * PAGE]
    text = lines(
        bold(reader.text("Names of {name}'s statuses", name=names.provider(state.provider))),
        reader.text("They are shown wherever a status is. ✏️ marks those that were changed here."),
        reader.text("A status that isn't in the list is shown in the marketplace's own words."),
    )
    rows = [(_name_button(state, raw, reader),) for raw in shown]
    pager = pages(reader, lambda page: Address.of("status_names", state.provider, page), state.page, len(known), PAGE)
    return Screen(text, (*rows, *pager, back_row(reader, Address.of("settings_provider", state.provider))))


def _name_button(state: StatusNames, raw: str, reader: Reader) -> Button:
    sign = "✏️ " if state.custom.get(state.provider, raw) else ""
    name = status_name(reader, state.provider, raw, state.custom)
    return Button(f"{sign}{name} · {raw}", Ask.of("status_name", state.provider, raw))


@dataclass(frozen=True)
class NameForm:
    provider: ProviderName
    raw: str
    custom: CustomNames
    wrong: BadInput | None


def load_name(store: Store, address: Address, viewer: Person, _now: datetime) -> NameForm:
    check(viewer, Right.MANAGE)
    provider, raw = ProviderName(address.args[0]), address.args[1]
    return NameForm(provider, raw, custom_names(store), mistake(store, viewer, address))


@screen("status_name", load=load_name)
def name_screen(state: NameForm, reader: Reader) -> Screen:
    provider, raw = state.provider, state.raw
    text = lines(
        bold(status_name(reader, provider, raw, state.custom)),
        reader.text("The marketplace's own word: {raw}", raw=code(raw)),
        reader.text("Built-in name: {name}", name=built_in_name(reader, provider, raw)),
        "",
        reader.text("Type a new name, up to 60 characters. It is the same in every language."),
    )
    reset: Row = (Button(reader.text("Back to the built-in name"), ResetName(provider=provider, raw=raw)),)
    offered = reset if state.custom.get(provider, raw) else ()
    return asking_screen(text, state.wrong, reader, offered, back_row(reader, _list_with(provider, raw)))


def _list_with(provider: ProviderName, raw: str) -> Address:
    """The page of the list that holds this status."""
    known = list(DEFAULTS[provider])
    return Address.of("status_names", provider, known.index(raw) // PAGE if raw in known else 0)


@router.message(F.text, AwaitsText("status_name"))
async def take_name(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        provider, raw = turn.form.args if turn.form else ("", "")

        def save() -> Address:
            set_status_name(store, turn.person, ProviderName(provider), raw, message.text or "", turn.clock())
            return _list_with(ProviderName(provider), raw)

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(ResetName.filter())
async def reset_name(_query: CallbackQuery, callback_data: ResetName, turn: Turn) -> None:
    def change(store: Store) -> None:
        reset_status_name(store, turn.person, callback_data.provider, callback_data.raw, turn.clock())
        turn.end_form(store)
        turn.show(store, _list_with(callback_data.provider, callback_data.raw))

    await turn.act(change)
