"""Rates of customers' currencies: their history, and the form that adds one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.explain import STALE
from bot.screens import Button, Row, Screen, back_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.forms import Ask, asking_screen, mistake, submit
from purchasing.cards import Address
from purchasing.errors import BadInput
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.rates import Rate
from purchasing.set_rates import add_rate, remove_rate

router = Router(name="rates")

PAGE = 8

add_rules(
    {
        "rate_currency": lazy_text("It begins with the currency's code of three letters, other than CNY, like RUB."),
        "rate_form": lazy_text("Currency, rate, markup and date, like RUB 13.2 5% 25.11.2026."),
        "rate_source": lazy_text("A rate is above 0 and at most 1,000,000, with up to 8 decimals, like 13.2."),
        "rate_markup": lazy_text("A markup is from -50% to 200%, like 5%."),
        "rate_date": lazy_text("There is no such date. Write it like 25.11.2026."),
    }
)
STALE.update({"rate_gone": lazy_text("This rate is no longer there.")})


class RemoveRate(CallbackData, prefix="rate"):
    rate_id: int


@dataclass(frozen=True)
class Rates:
    """`current`: ids of those in force now."""

    rows: list[Rate]
    names: dict[int, str]
    current: frozenset[int]
    total: int
    page: int


def load_rates(store: Store, address: Address, viewer: Person, now: datetime) -> Rates:
    check(viewer, Right.MANAGE)
    page = int(address.args[0]) if address.args else 0
    rows, total = store.rates.page(page * PAGE, PAGE)
    names = {i: person.name for i in {rate.set_by for rate in rows} if (person := store.people.get(i))}
    current = frozenset(rate.id for c in store.rates.currencies() if (rate := store.rates.at(c, now)))
    return Rates(rows, names, current, total, page)


@screen("rates", load=load_rates)
def rates_screen(state: Rates, reader: Reader) -> Screen:
    empty = reader.text("No rates yet. Add one: orders that come in without a rate get it, and keep it.")
    text = lines(
        bold(reader.text("Rates")),
        reader.text("An order without a rate of its own gets the one of its day, once and for all."),
        "",
        *(_row(state, rate, reader) for rate in state.rows),
        None if state.rows else empty,
    )
    return Screen(text, tuple(_rows(state, reader)))


def _row(state: Rates, rate: Rate, reader: Reader) -> Html:
    told = reader.text(
        "{currency} from {date}: {source} {sign} {markup} % = {value} per yuan · {who}",
        currency=rate.currency,
        date=reader.date(rate.since),
        source=reader.number(rate.source),
        sign="−" if rate.markup < 0 else "+",
        markup=reader.number(abs(rate.markup)),
        value=reader.number(rate.value),
        who=state.names.get(rate.set_by, "—"),
    )
    return bold(told) if rate.id in state.current else told


def _rows(state: Rates, reader: Reader) -> Iterator[Row]:
    yield (Button(reader.text("➕ Add a rate"), Ask.of("rate_form")),)
    for rate in state.rows:
        label = reader.text("🗑 {currency} from {date}", currency=rate.currency, date=reader.date(rate.since))
        yield (Button(label, Address.of("rate_remove", rate.id)),)
    yield from pages(reader, lambda n: Address.of("rates", n), state.page, state.total, PAGE)
    yield back_row(reader, Address.of("settings"))


def load_rate(store: Store, address: Address, viewer: Person, _now: datetime) -> Rate:
    check(viewer, Right.MANAGE)
    found = store.rates.get(int(address.args[0]))
    if found is None:
        raise ValueError(address)
    return found


@screen("rate_remove", load=load_rate)
def remove_screen(rate: Rate, reader: Reader) -> Screen:
    text = reader.text(
        "Remove the rate of {currency} from {date}? Orders that have got it keep it.",
        currency=rate.currency,
        date=reader.date(rate.since),
    )
    yes = Button(reader.text("Remove"), RemoveRate(rate_id=rate.id), "danger")
    return Screen(text, ((yes,), back_row(reader, Address.of("rates"))))


@router.callback_query(RemoveRate.filter())
async def remove(_query: CallbackQuery, callback_data: RemoveRate, turn: Turn) -> None:
    def change(store: Store) -> None:
        remove_rate(store, turn.person, callback_data.rate_id, turn.clock())
        turn.show(store, Address.of("rates"))

    await turn.act(change)


def load_form(store: Store, address: Address, viewer: Person, _now: datetime) -> BadInput | None:
    check(viewer, Right.MANAGE)
    return mistake(store, viewer, address)


@screen("rate_form", load=load_form)
def form_screen(wrong: BadInput | None, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Add a rate")),
        reader.text("Currency, units of it per yuan, your markup, and the day from which it holds, like this:"),
        code("RUB 13.2 5% 25.11.2026"),
        reader.text("Without a markup it is 0 %, without a day today."),
    )
    return asking_screen(text, wrong, reader, back_row(reader, Address.of("rates")))


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("rate_form"))
async def take(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        def save() -> Address:
            add_rate(store, turn.person, message.text or "", turn.clock())
            return Address.of("rates")

        submit(store, turn, save)

    await turn.act(change)
