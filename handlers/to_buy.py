"""The buyer's home: ready lines of all orders, ticked here and previewed together. Nothing is placed from here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message
from pydantic import BaseModel

from bot.screens import Button, Row, Screen, back_row, home_row, pages, screen
from bot.texts import Html, Reader, bold, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.limits import refused, used
from purchasing.cards import Address
from purchasing.choose_lines import select_all, selected, toggle
from purchasing.errors import Stale
from purchasing.limits import Usage, by_use, least_used, usage
from purchasing.line_cost import own_total
from purchasing.money import goods_total
from purchasing.options import disabled_providers, enabled
from purchasing.order_ports import LineFilter
from purchasing.orders import OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.reserve.start import accounts_to_choose, start_preview
from purchasing.set_rates import customer_sums
from purchasing.words import LineStatus, ProviderName

router = Router(name="to_buy")

PAGE = 8
FILTER = "to_buy"
CHOSEN = "accounts"


class Filter(BaseModel):
    """What the person narrowed the list to; kept until they change it."""

    provider: ProviderName | None = None
    text: str = ""
    mine: bool = False
    """Only lines of orders that are assigned to the person."""

    def where(self, store: Store, person: Person, now: datetime) -> LineFilter:
        ready, mine = frozenset({LineStatus.READY}), person.id if self.mine else None
        without = disabled_providers(store)
        return LineFilter(ready, self.provider, text=self.text, without=without, now=now, assignee_id=mine)

    def free(self, store: Store, person: Person, now: datetime) -> LineFilter:
        return replace(self.where(store, person, now), free_for=person.id)


class Tick(CallbackData, prefix="tick"):
    line_id: int
    page: int


class Press(CallbackData, prefix="buy"):
    """`what`: all, none, provider, mine, search, unsearch, preview, go (on with the accounts as shown)."""

    what: str


class Choose(CallbackData, prefix="acc"):
    provider: ProviderName
    account_id: int


def filter_of(store: Store, person: Person) -> Filter:
    return Filter.model_validate_json(store.notes.get(person.id, FILTER) or "{}")


def _keep(store: Store, person: Person, narrowed: Filter) -> None:
    store.notes.put(person.id, FILTER, narrowed.model_dump_json())


@dataclass(frozen=True)
class ToBuy:
    viewer: Person
    rows: list[OrderLine]
    total: int
    page: int
    ticked: frozenset[int]
    ticked_sum: int
    customer_sums: tuple[tuple[Decimal, str], ...]
    """The same in the customers' currencies, at their orders' rates."""
    holders: dict[int, str]
    narrowed: Filter


def load_to_buy(store: Store, address: Address, viewer: Person, now: datetime) -> ToBuy:
    narrowed = filter_of(store, viewer)
    page = int(address.args[0]) if address.args else 0
    where = narrowed.where(store, viewer, now)
    rows, total = store.lines.page(where, page * PAGE, PAGE)
    ticked = store.selection.of(viewer.id)
    ready = [line for line in store.lines.many(ticked) if line.status is LineStatus.READY]
    chosen = [line for line in ready if line.provider not in where.without]
    holders = {x.id: _name(store, x.holder_id) for x in rows if x.holder_id not in (None, viewer.id)}
    sums = Counter[int]()
    for line in chosen:
        sums[line.order_id] += own_total(line)
    ids, customers = frozenset(line.id for line in chosen), customer_sums(store, sums)
    return ToBuy(viewer, rows, total, page, ids, sums.total(), customers, holders, narrowed)


def _name(store: Store, person_id: int | None) -> str:
    person = store.people.get(person_id) if person_id else None
    return person.name if person else ""


@screen("to_buy", load=load_to_buy)
def to_buy(state: ToBuy, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: ToBuy, reader: Reader) -> Iterator[object]:
    yield bold(reader.text("To buy"))
    if state.narrowed.provider or state.narrowed.text:
        shown = " · ".join(filter(None, (_provider(state), state.narrowed.text)))
        yield reader.text("Only: {filter}", filter=shown)
    if not state.total:
        yield from ("", _empty(state, reader))
        return
    yield reader.plural("{n} line is ready", "{n} lines are ready", state.total)
    if state.ticked:
        chosen = reader.plural("{n} line is ticked", "{n} lines are ticked", len(state.ticked))
        customers = (reader.money(total, currency) for total, currency in state.customer_sums)
        yield Html(" · ".join((chosen, reader.yuan(state.ticked_sum), *customers)))
    else:
        yield reader.text("Tick lines, then press Preview.")
    for line_id, holder in state.holders.items():
        number = next(x.order_number for x in state.rows if x.id == line_id)
        yield reader.text("🔒 {order}: {holder} has it now", order=number, holder=holder)


def _empty(state: ToBuy, reader: Reader) -> Html:
    if state.narrowed.provider or state.narrowed.text or state.narrowed.mine:
        return reader.text("Nothing fits this filter.")
    return reader.text("Nothing is ready to buy. Send me an order file to bring in orders.")


def _provider(state: ToBuy) -> str:
    return names.provider(state.narrowed.provider) if state.narrowed.provider else ""


def _rows(state: ToBuy, reader: Reader) -> Iterator[Row]:
    for line in state.rows:
        yield (_line_button(state, reader, line),)
    yield from pages(reader, lambda n: Address.of("to_buy", n), state.page, state.total, PAGE)
    if state.total:
        yield (Button(reader.text("☑ All"), Press(what="all")), Button(reader.text("☐ None"), Press(what="none")))
    shown = names.provider(state.narrowed.provider) if state.narrowed.provider else reader.text("all")
    searching = Press(what="unsearch") if state.narrowed.text else Press(what="search")
    yield (
        Button(reader.text("Marketplace: {name}", name=shown), Press(what="provider")),
        Button(reader.text("Whose: mine") if state.narrowed.mine else reader.text("Whose: all"), Press(what="mine")),
        Button(reader.text("✖ Search") if state.narrowed.text else reader.text("🔍 Search"), searching),
    )
    if state.ticked:
        count = len(state.ticked)
        yield (Button(reader.text("Preview · {n}", n=count), Press(what="preview"), "success"),)
    yield home_row(reader)


def _line_button(state: ToBuy, reader: Reader, line: OrderLine) -> Button:
    box = "🔒" if line.id in state.holders else "☑" if line.id in state.ticked else "☐"
    price = reader.yuan(goods_total(line.price, line.quantity))
    label = f"{box} {line.order_number} · {line.title[:24] or line.item_id} ×{line.quantity} · {price}"
    return Button(label, Tick(line_id=line.id, page=state.page))


@router.callback_query(Tick.filter())
async def tick(_query: CallbackQuery, callback_data: Tick, turn: Turn) -> None:
    def change(store: Store) -> None:
        toggle(store, turn.person, callback_data.line_id, turn.clock())
        turn.show(store, Address.of("to_buy", callback_data.page))

    await turn.act(change)


@router.callback_query(Press.filter(F.what.in_({"all", "none"})))
async def tick_all(_query: CallbackQuery, callback_data: Press, turn: Turn) -> None:
    def change(store: Store) -> None:
        if callback_data.what == "all":
            select_all(store, turn.person, filter_of(store, turn.person).free(store, turn.person, turn.clock()))
        else:
            store.selection.clear(turn.person.id)
        turn.show(store, Address.of("to_buy"))

    await turn.act(change)


@router.callback_query(Press.filter(F.what == "provider"))
async def next_provider(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        narrowed = filter_of(store, turn.person)
        choices = [None, *(p for p in ProviderName if enabled(store, p))]
        at = choices.index(narrowed.provider) if narrowed.provider in choices else 0
        following = choices[(at + 1) % len(choices)]
        _keep(store, turn.person, narrowed.model_copy(update={"provider": following}))
        turn.show(store, Address.of("to_buy"))

    await turn.act(change)


@router.callback_query(Press.filter(F.what == "mine"))
async def only_mine(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        narrowed = filter_of(store, turn.person)
        _keep(store, turn.person, narrowed.model_copy(update={"mine": not narrowed.mine}))
        turn.show(store, Address.of("to_buy"))

    await turn.act(change)


@router.callback_query(Press.filter(F.what == "search"))
async def ask_search(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        turn.ask(store, Address.of("to_buy_search"))
        turn.show(store, Address.of("to_buy_search"))

    await turn.act(change)


@router.callback_query(Press.filter(F.what == "unsearch"))
async def unsearch(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        _keep(store, turn.person, filter_of(store, turn.person).model_copy(update={"text": ""}))
        turn.show(store, Address.of("to_buy"))

    await turn.act(change)


@router.message(F.text, AwaitsText("to_buy_search"))
async def search(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        text = (message.text or "").strip()[:60]
        _keep(store, turn.person, filter_of(store, turn.person).model_copy(update={"text": text}))
        turn.end_form(store)
        turn.show(store, Address.of("to_buy"))

    await turn.act(change)


def load_filter(store: Store, _address: Address, viewer: Person, _now: datetime) -> Filter:
    return filter_of(store, viewer)


@screen("to_buy_search", load=load_filter)
def search_screen(_state: Filter, reader: Reader) -> Screen:
    text = reader.text("Type a part of an order number, customer, title or product id.")
    return Screen(text, (back_row(reader, Address.of("to_buy")),))


@router.callback_query(Press.filter(F.what == "preview"))
async def preview(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        show_preview(store, turn, chosen_accounts(store, turn.person))

    await turn.act(change)


def chosen_accounts(store: Store, person: Person) -> dict[ProviderName, int]:
    text = store.notes.get(person.id, CHOSEN)
    return _Chosen.model_validate_json(text).accounts if text else {}


class _Chosen(BaseModel):
    accounts: dict[ProviderName, int]


def show_preview(store: Store, turn: Turn, chosen: dict[ProviderName, int]) -> None:
    """To the preview, or first to the choice of sessions where there is one to make."""
    ids = selected(store, turn.person)
    if not ids:
        raise Stale("no_ready_lines")
    choices = accounts_to_choose(store, turn.person, ids)
    open_choices = [provider for provider, accounts in choices.items() if chosen.get(provider) not in accounts]
    if open_choices:
        turn.show(store, Address.of("choose_session"))
        return
    store.notes.remove(turn.person.id, CHOSEN)
    made = start_preview(store, turn.person, ids, {p: chosen[p] for p in choices}, turn.clock())
    turn.show(store, Address.of("preview", made.id))


@router.callback_query(Press.filter(F.what == "go"))
async def go_on(_query: CallbackQuery, turn: Turn) -> None:
    def change(store: Store) -> None:
        choices = accounts_to_choose(store, turn.person, selected(store, turn.person))
        show_preview(store, turn, _chosen(store, turn.person, choices))

    await turn.act(change)


def _chosen(store: Store, person: Person, choices: Mapping[ProviderName, Sequence[int]]) -> dict[ProviderName, int]:
    """What the person chose, else the account that is used least."""
    chosen = {p: i for p, i in chosen_accounts(store, person).items() if i in choices.get(p, ())}
    for provider, ids in choices.items():
        proposed = least_used(_usages(store, ids))
        if provider not in chosen and proposed is not None:
            chosen[provider] = proposed
    return chosen


def _usages(store: Store, account_ids: Sequence[int]) -> list[Usage]:
    return [usage(store, account) for account in map(store.accounts.get, account_ids) if account]


@dataclass(frozen=True)
class Choice:
    """Accounts to choose from, per provider, the proposed one first, and what is chosen as things stand."""

    accounts: dict[ProviderName, list[Usage]]
    chosen: dict[ProviderName, int]


def load_choice(store: Store, _address: Address, viewer: Person, _now: datetime) -> Choice:
    choices = accounts_to_choose(store, viewer, selected_ids(store, viewer))
    usages = {provider: by_use(_usages(store, ids)) for provider, ids in choices.items()}
    return Choice(usages, _chosen(store, viewer, choices))


def selected_ids(store: Store, viewer: Person) -> list[int]:
    return [line.id for line in store.lines.many(store.selection.of(viewer.id)) if line.status is LineStatus.READY]


@screen("choose_session", load=load_choice)
def choose_session(state: Choice, reader: Reader) -> Screen:
    rows: list[Row] = []
    for provider, accounts in state.accounts.items():
        rows += [(_choice_button(state, reader, provider, one, first=one is accounts[0]),) for one in accounts]
    if state.accounts:
        rows.append((Button(reader.text("Preview"), Press(what="go"), "success"),))
    text = lines(
        bold(reader.text("From which account?")),
        reader.text("Beside an account are its orders that aren't paid yet, and its limit where one is known."),
        reader.text("The account that is used least is chosen already; Preview goes on with it."),
        *[warning for accounts in state.accounts.values() for one in accounts for warning in refused(one, reader)],
    )
    return Screen(text, (*rows, back_row(reader, Address.of("to_buy"))))


def _choice_button(state: Choice, reader: Reader, provider: ProviderName, one: Usage, *, first: bool) -> Button:
    picked = state.chosen.get(provider) == one.account.id
    parts = [names.provider(provider), one.account.nick, used(one, reader)]
    if first:
        parts.append(reader.text("least used"))
    label = f"{'🔘' if picked else '⚪'} {' · '.join(parts)}"
    return Button(label, Choose(provider=provider, account_id=one.account.id), "primary" if picked else None)


@router.callback_query(Choose.filter())
async def choose(_query: CallbackQuery, callback_data: Choose, turn: Turn) -> None:
    """The last choice that is needed goes straight on to the preview."""

    def change(store: Store) -> None:
        chosen = {**chosen_accounts(store, turn.person), callback_data.provider: callback_data.account_id}
        store.notes.put(turn.person.id, CHOSEN, _Chosen(accounts=chosen).model_dump_json())
        show_preview(store, turn, chosen)

    await turn.act(change)
