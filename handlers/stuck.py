"""Stuck things: their list with filters by kind, and a card for each with buttons to what helps."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, Style, Url, back_row, home_row, pages, screen
from bot.texts import Html, Reader, bold, code, esc, lazy_text, lines
from bot.turn import Turn
from handlers import names
from handlers.to_pay import age
from purchasing.accounts import Account
from purchasing.cards import Address
from purchasing.order_pages import order_page
from purchasing.orders import Order
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder
from purchasing.put_aside import bring_back, ignore, remind_tomorrow, seen_by, thing_of
from purchasing.refunds import Refund
from purchasing.stuck_things import StuckKind, StuckThing
from purchasing.sync_account import start_check

router = Router(name="stuck")

PAGE = 7
REFUNDS = 4
"""Refunds that one card has buttons for; all of them are in Refunds."""
ALL, ASIDE = "all", "aside"
ABOUT_PROVIDER_ORDERS = frozenset(StuckKind) - {
    StuckKind.QUESTION,
    StuckKind.SESSION,
    StuckKind.FAILED,
    StuckKind.READY,
}

SIGNS: Mapping[StuckKind, str] = {
    StuckKind.CLOSING: "⏰",
    StuckKind.CLOSED_PAID: "💸",
    StuckKind.NOT_SHIPPED: "🐌",
    StuckKind.NO_MOVEMENT: "🚚",
    StuckKind.AUTO_CONFIRM: "✍️",
    StuckKind.NOT_SCANNED: "📦",
    StuckKind.QUESTION: "❓",
    StuckKind.SESSION: "🔑",
    StuckKind.FAILED: "❗",
    StuckKind.READY: "🛒",
}
NAMES: Mapping[StuckKind, str] = {
    StuckKind.CLOSING: lazy_text("about to close unpaid"),
    StuckKind.CLOSED_PAID: lazy_text("closed after the payment"),
    StuckKind.NOT_SHIPPED: lazy_text("paid, not shipped"),
    StuckKind.NO_MOVEMENT: lazy_text("shipped, no movement"),
    StuckKind.AUTO_CONFIRM: lazy_text("receipt confirms itself"),
    StuckKind.NOT_SCANNED: lazy_text("signed, not scanned"),
    StuckKind.QUESTION: lazy_text("question unanswered"),
    StuckKind.SESSION: lazy_text("session needs a login"),
    StuckKind.FAILED: lazy_text("activity failed"),
    StuckKind.READY: lazy_text("ready, not bought"),
}
HELPS: Mapping[StuckKind, str] = {
    StuckKind.CLOSING: lazy_text("Pay it on the marketplace, or its lines become ready to buy again."),
    StuckKind.CLOSED_PAID: lazy_text(
        "The money comes back to the account. Unbind its lines, so that they can be bought anew, and settle it with "
        "the customer."
    ),
    StuckKind.NOT_SHIPPED: lazy_text("Ask the seller on the marketplace, or ask for a refund there."),
    StuckKind.NO_MOVEMENT: lazy_text("Look at the carrier's page, and ask the seller on the marketplace."),
    StuckKind.AUTO_CONFIRM: lazy_text(
        "Nothing of it has reached the warehouse. Put the receipt off on the marketplace before it confirms itself: "
        "after that a refund is hard to get."
    ),
    StuckKind.NOT_SCANNED: lazy_text("The carrier says that it was handed over. Look for it and scan it."),
    StuckKind.QUESTION: lazy_text("Anybody who buys with this account may answer."),
    StuckKind.SESSION: lazy_text("Log in again, before syncs and reservations have to wait for it."),
    StuckKind.FAILED: lazy_text("Look at its errors, then start it again."),
    StuckKind.READY: lazy_text("Buy its lines, or cancel what isn't wanted any more."),
}


class OnStuck(CallbackData, prefix="stk"):
    """`what`: tomorrow, ignore, back, sync."""

    what: str
    stuck_id: int


@dataclass(frozen=True)
class StuckList:
    """`which`: a kind, all, or aside for what was put aside."""

    which: str
    page: int
    shown: list[StuckThing]
    total: int
    counts: Counter[StuckKind]
    aside: int
    labels: dict[int, str]


def load_stuck(store: Store, address: Address, viewer: Person, now: datetime) -> StuckList:
    which = address.args[0] if address.args else ALL
    page = int(address.args[1]) if len(address.args) > 1 else 0
    current, aside = seen_by(store, viewer, now), seen_by(store, viewer, now, aside=True)
    wanted = aside if which == ASIDE else [one for one in current if which in (ALL, one.kind)]
    shown = wanted[page * PAGE : (page + 1) * PAGE]
    labels = {one.id: _about(store, one) for one in shown}
    counts = Counter(one.kind for one in current)
    return StuckList(which, page, shown, len(wanted), counts, len(aside), labels)


def _about(store: Store, thing: StuckThing) -> str:
    """What the thing is, in a few words that need no translation."""
    order = store.orders.get(thing.order_id) if thing.order_id else None
    account = store.accounts.get(thing.account_id) if thing.account_id else None
    if order:
        return " · ".join(filter(None, (order.number, order.customer[:16])))
    return account.nick if account else f"№ {thing.subject_id}"


@screen("stuck", load=load_stuck)
def stuck_screen(state: StuckList, reader: Reader) -> Screen:
    whole = state.counts.total()
    text = lines(
        bold(reader.text("Put aside")) if state.which == ASIDE else bold(reader.text("Stuck")),
        None if whole or state.which == ASIDE else reader.text("Nothing is stuck. What is will be found by itself."),
        *[Html(f"{SIGNS[kind]} {reader.text(NAMES[kind])}: {n}") for kind, n in sorted(state.counts.items())],
    )
    return Screen(text, tuple(_list_rows(state, reader)))


def _list_rows(state: StuckList, reader: Reader) -> Iterator[Row]:
    for one in state.shown:
        label = f"{SIGNS[one.kind]} {state.labels[one.id]} · {_how_long(one, reader)}"
        yield (Button(label, Address.of("stuck_one", one.id)),)
    yield from pages(reader, lambda n: Address.of("stuck", state.which, n), state.page, state.total, PAGE)
    kinds = [_tab(state, kind, f"{SIGNS[kind]} {n}") for kind, n in sorted(state.counts.items())]
    if len(kinds) > 1 or state.which not in (ALL, *state.counts):
        tabs = [_tab(state, ALL, reader.text("All · {n}", n=state.counts.total())), *kinds]
        yield from (tuple(tabs[at : at + 4]) for at in range(0, len(tabs), 4))
    if state.aside:
        yield (_tab(state, ASIDE, reader.text("Put aside · {n}", n=state.aside)),)
    yield home_row(reader)


def _tab(state: StuckList, which: str, label: str) -> Button:
    style: Style | None = "primary" if which == state.which else None
    return Button(label, Address.of("stuck", which), style)


def _how_long(thing: StuckThing, reader: Reader) -> Html:
    """Since when, or when it will happen."""
    if thing.since > reader.now:
        return reader.when(thing.since)
    return age(reader, reader.now - thing.since)


@dataclass(frozen=True)
class StuckCard:
    viewer: Person
    thing: StuckThing
    provider_order: ProviderOrder | None
    account: Account | None
    order: Order | None
    aside_by: str
    url: str
    refunds: list[Refund]
    """Open ones, of the lines that the closed provider order is or was for."""


def load_one(store: Store, address: Address, viewer: Person, _now: datetime) -> StuckCard:
    thing = thing_of(store, viewer, int(address.args[0]))
    provider_order = store.provider_orders.get(thing.subject_id) if thing.kind in ABOUT_PROVIDER_ORDERS else None
    account = store.accounts.get(thing.account_id) if thing.account_id else None
    who = store.people.get(thing.put_aside_by) if thing.put_aside_by else None
    url = ""
    if provider_order and account:
        url = order_page(store, account.provider, account.nick, provider_order.number)
    order = store.orders.get(thing.order_id) if thing.order_id else None
    refunds = _refunds(store, provider_order) if thing.kind is StuckKind.CLOSED_PAID else []
    return StuckCard(viewer, thing, provider_order, account, order, who.name if who else "", url, refunds)


def _refunds(store: Store, provider_order: ProviderOrder | None) -> list[Refund]:
    refunds = store.refunds.of_provider_order(provider_order.id) if provider_order else []
    return [refund for refund in refunds if refund.open]


@screen("stuck_one", load=load_one)
def stuck_one(state: StuckCard, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: StuckCard, reader: Reader) -> Iterator[Html | None]:
    thing = state.thing
    if thing.gone_at:
        yield reader.text("✅ Not stuck any more since {when}", when=reader.when(thing.gone_at))
    yield bold(Html(f"{SIGNS[thing.kind]} {reader.text(NAMES[thing.kind])} · {_how_long(thing, reader)}"))
    if state.order:
        yield reader.text(
            "Order {number} · {customer}", number=state.order.number, customer=state.order.customer or "—"
        )
    if state.account:
        yield Html(f"{names.provider(state.account.provider)} · {esc(state.account.nick)}")
    if state.provider_order:
        yield Html(f"{code(state.provider_order.number)} · {reader.yuan(state.provider_order.total)}")
        numbers = [code(waybill.number) for waybill in state.provider_order.waybills if waybill.replaced_at is None]
        yield Html(", ".join(numbers[:5])) if numbers else None
    yield Html("")
    yield reader.text(HELPS[thing.kind])
    if state.aside_by:
        until = reader.when(thing.snoozed_until) if thing.snoozed_until else reader.text("it changes")
        yield reader.text("Put aside by {who} until {until}", who=state.aside_by, until=until)


def _rows(state: StuckCard, reader: Reader) -> Iterator[Row]:
    thing = state.thing
    yield from _ways(state, reader)
    if thing.gone_at is None:
        if thing.shown(reader.now):
            tomorrow = OnStuck(what="tomorrow", stuck_id=thing.id)
            yield (
                Button(reader.text("Remind tomorrow"), tomorrow),
                Button(reader.text("Ignore"), OnStuck(what="ignore", stuck_id=thing.id)),
            )
        else:
            yield (Button(reader.text("Bring back"), OnStuck(what="back", stuck_id=thing.id)),)
    yield back_row(reader, Address.of("stuck", thing.kind))


def _ways(state: StuckCard, reader: Reader) -> Iterator[Row]:
    """What helps with this kind."""
    thing, viewer = state.thing, state.viewer
    match thing.kind:
        case StuckKind.QUESTION:
            yield (Button(reader.text("Answer"), Address.of("question", thing.subject_id), "success"),)
        case StuckKind.SESSION:
            yield (Button(reader.text("Session"), Address.of("session", thing.subject_id), "success"),)
        case StuckKind.FAILED:
            yield (Button(reader.text("Activity"), Address.of("activity", thing.subject_id), "success"),)
        case StuckKind.CLOSING:
            yield (Button(reader.text("To pay"), Address.of("closing", thing.account_id), "success"),)
        case StuckKind.NOT_SCANNED if has(viewer, Right.RECEIVE):
            yield (Button(reader.text("Receiving"), Address.of("receive"), "success"),)
        case _:
            pass
    for refund in state.refunds[:REFUNDS]:
        label = reader.text("↩️ Refund ×{n} · {sum}", n=refund.quantity, sum=reader.money(refund.owed, refund.currency))
        yield (Button(label, Address.of("refund", refund.id), "success"),)
    if state.order:
        section = "ready" if thing.kind is StuckKind.READY else "bought"
        yield (Button(reader.text("Order"), Address.of("order", state.order.id, section)),)
    if state.provider_order:
        opened = Button(reader.text("On the marketplace"), Url(state.url))
        sync = Button(reader.text("Look again"), OnStuck(what="sync", stuck_id=thing.id))
        yield (opened, sync) if has(viewer, Right.BUY) else (opened,)


@router.callback_query(OnStuck.filter(F.what == "sync"))
async def look_again(_query: CallbackQuery, callback_data: OnStuck, turn: Turn) -> None:
    """Reads just this provider order anew."""

    def change(store: Store) -> None:
        thing = thing_of(store, turn.person, callback_data.stuck_id)
        order = store.provider_orders.get(thing.subject_id) if thing.kind in ABOUT_PROVIDER_ORDERS else None
        if order is None:
            return
        activity = start_check(store, order.account_id, [order.number], turn.person, turn.clock())
        turn.show(store, Address.of("activity", activity.id))

    await turn.act(change)


@router.callback_query(OnStuck.filter())
async def put_aside(_query: CallbackQuery, callback_data: OnStuck, turn: Turn) -> None:
    verbs = {"tomorrow": remind_tomorrow, "ignore": ignore, "back": bring_back}

    def change(store: Store) -> None:
        verb = verbs.get(callback_data.what)
        if verb is not None:
            verb(store, turn.person, callback_data.stuck_id, turn.clock())
            turn.show(store, Address.of("stuck_one", callback_data.stuck_id))

    await turn.act(change)
