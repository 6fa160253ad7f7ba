"""Where a marketplace sends the goods: the recipient, edited field by field, each checked at once by its rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Copy, Row, Screen, back_row, screen
from bot.texts import RULES, Html, Reader, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import Ask, asking_screen, mistake, submit
from handlers.settings import saved_text
from purchasing import recipient as rules
from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.options import recipient_values
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.set_options import reservation_under_way, set_recipient_field
from purchasing.words import ProviderName

router = Router(name="recipient")

FIELDS: Mapping[str, str] = {
    "name": lazy_text("Recipient's name"),
    "mobile": lazy_text("Mobile number"),
    "phone": lazy_text("Phone number"),
    "region": lazy_text("Region code"),
    "zip": lazy_text("Postal code"),
    "province": lazy_text("Province"),
    "city": lazy_text("City"),
    "district": lazy_text("District"),
    "address": lazy_text("Address"),
}
EXAMPLES: Mapping[str, str] = {
    "name": "收货仓库",
    "mobile": "13800138000",
    "phone": "020-88990077",
    "region": "440106",
    "zip": "510540",
    "province": "广东省",
    "city": "广州市",
    "district": "白云区",
    "address": "太和镇大源北路1号仓库",
}


class NoName(CallbackData, prefix="noname"):
    """Leaves Taobao's recipient's name empty."""


@dataclass(frozen=True)
class RecipientState:
    provider: ProviderName
    values: Mapping[str, str]
    broken: Mapping[str, str]
    """Field → the rule that its value breaks."""
    saved: bool
    under_way: bool


def load_recipient(store: Store, address: Address, viewer: Person, _now: datetime) -> RecipientState:
    check(viewer, Right.MANAGE)
    provider = ProviderName(address.args[0])
    values = recipient_values(store, provider)
    return RecipientState(
        provider,
        {field: values[field] for field in rules.RULES[provider]},
        rules.broken_rules(provider, values),
        "saved" in address.args,
        reservation_under_way(store),
    )


@screen("recipient", load=load_recipient)
def recipient_screen(state: RecipientState, reader: Reader) -> Screen:
    rows: list[Row] = [
        (Button(f"{_sign(state, field)} {reader.text(FIELDS[field])}", Ask.of("set_field", state.provider, field)),)
        for field in state.values
    ]
    back = back_row(reader, Address.of("settings_provider", state.provider))
    return Screen(lines(*_recipient_text(state, reader)), (*rows, back))


def _sign(state: RecipientState, field: str) -> str:
    return "⚠️" if field in state.broken else "✅"


def _recipient_text(state: RecipientState, reader: Reader) -> Iterator[object]:
    yield bold(reader.text("Recipient on {name}", name=names.provider(state.provider)))
    if state.provider is ProviderName.TAOBAO:
        yield reader.text(
            "The account's address book must hold the same entry. Where it lacks, the preview says so and a confirmed "
            "reservation adds it first; orders to another address are refused."
        )
        if not state.values["name"]:
            yield reader.text(
                "The name is empty: it is each customer's own in Latin letters, 2 to 14 characters. So every customer "
                "needs an entry in the address book of each account, and a book holds a few dozen at most."
            )
    yield ""
    for field, value in state.values.items():
        yield Html(f"{_sign(state, field)} {reader.text(FIELDS[field])}: {code(value) if value else '—'}")
    yield ""
    if state.broken:
        yield reader.plural("{n} field is missing or wrong", "{n} fields are missing or wrong", len(state.broken))
    else:
        yield reader.text("✅ Complete: orders can be placed.")
    yield from saved_text(reader, saved=state.saved, under_way=state.under_way)


@dataclass(frozen=True)
class FieldForm:
    provider: ProviderName
    field: str
    value: str
    wrong: BadInput | None


def load_field(store: Store, address: Address, viewer: Person, _now: datetime) -> FieldForm:
    check(viewer, Right.MANAGE)
    provider, field = ProviderName(address.args[0]), address.args[1]
    if field not in rules.RULES[provider]:
        raise Stale("no_such_setting")
    return FieldForm(provider, field, recipient_values(store, provider)[field], mistake(store, viewer, address))


@screen("set_field", load=load_field)
def field_screen(state: FieldForm, reader: Reader) -> Screen:
    rule, _ = rules.RULES[state.provider][state.field]
    text = lines(
        bold(reader.text(FIELDS[state.field])),
        reader.text("Now: {value}", value=code(state.value) if state.value else "—"),
        reader.text(RULES[rule]),
        reader.text("Example: {example}", example=code(EXAMPLES[state.field])),
        "",
        reader.text("Type the new value."),
    )
    return asking_screen(text, state.wrong, reader, *_field_rows(state, reader))


def _field_rows(state: FieldForm, reader: Reader) -> Iterator[Row]:
    if state.value:
        yield (Button(reader.text("Copy what is there now"), Copy(state.value)),)
    if state.provider is ProviderName.TAOBAO and state.field == "name":
        label = reader.text("Leave empty: the customer's name in Latin letters")
        yield (Button(label, NoName()),)
    yield back_row(reader, Address.of("recipient", state.provider))


@router.message(F.text, AwaitsText("set_field"))
async def take_field(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        provider, field = turn.form.args if turn.form else ("", "")

        def save() -> Address:
            set_recipient_field(store, turn.person, ProviderName(provider), field, message.text or "", turn.clock())
            return Address.of("recipient", provider, "saved")

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(NoName.filter())
async def empty_name(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        set_recipient_field(store, turn.person, ProviderName.TAOBAO, "name", "", turn.clock())
        turn.end_form(store)
        turn.show(store, Address.of("recipient", ProviderName.TAOBAO, "saved"))

    await turn.act(change)
