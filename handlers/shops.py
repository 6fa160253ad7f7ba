"""The owner's shops: which may push orders, their secrets, and where they are told of changes; last requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.explain import STALE
from bot.screens import Button, Copy, Row, Screen, back_row, pages, screen
from bot.texts import Html, Reader, bold, code, esc, lazy_text, lines
from bot.turn import Turn
from handlers.forms import Ask
from handlers.shop_words import answer_text, request_text
from purchasing.cards import Address
from purchasing.manage_shops import (
    SHOWN_FOR,
    ask_test,
    hide_secret,
    renew_secret,
    revive,
    secret_to_show,
    shop_of,
    switch_intake,
)
from purchasing.options import option
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.shops import FILES, CallbackCounts, Shop, ShopRequest

router = Router(name="shops")

PAGE = 8
NEWEST = 3
ORDERS_PATH = "/shop/orders"

STALE.update(
    {
        "shop_gone": lazy_text("This shop is no longer there."),
        "no_callback": lazy_text("This shop has no address for callbacks yet."),
    }
)


class OnShop(CallbackData, prefix="shop"):
    """`what`: intake_on, intake_off, hide, test, resend."""

    what: str
    shop_id: int


class NewSecret(CallbackData, prefix="shopsec"):
    shop_id: int


def load_shops(store: Store, _address: Address, viewer: Person, _now: datetime) -> list[Shop]:
    check(viewer, Right.MANAGE)
    return store.shops.all()


@screen("shops", load=load_shops)
def shops_screen(shops: list[Shop], reader: Reader) -> Screen:
    text = [bold(reader.text("Shops"))]
    if not shops:
        text.append(
            reader.text(
                "A shop can push its orders here over HTTP and be told when they change. None is set up yet: files "
                "sent to this chat work without. Press “Add a shop”, give its developer the secret and the page "
                "docs/shop-api.md, then switch its intake on."
            )
        )
    rows = [(Button(_label(shop), Address.of("shop", shop.id)),) for shop in shops]
    add = (Button(reader.text("➕ Add a shop"), Ask.of("shop_new"), None if shops else "success"),)
    return Screen(lines(*text), (*rows, add, back_row(reader, Address.of("settings"))))


def _label(shop: Shop) -> str:
    sign = "❗" if shop.failing_since else "🟢" if shop.intake or shop.callback_url else "⚪"
    return f"{sign} {shop.code}"


@dataclass(frozen=True)
class ShopCard:
    """`web` is our own address, "" when no web server is set up."""

    shop: Shop
    web: str
    counts: CallbackCounts
    newest: list[ShopRequest]


def load_shop(store: Store, address: Address, viewer: Person, _now: datetime) -> ShopCard:
    shop = shop_of(store, viewer, int(address.args[0]))
    newest, _ = store.shops.requests(shop.id, 0, NEWEST)
    return ShopCard(shop, option(store, "web.url"), store.callbacks.counts(shop.id), newest)


@screen("shop", load=load_shop)
def shop_screen(state: ShopCard, reader: Reader) -> Screen:
    text = [*_intake(state, reader), "", *_callback(state, reader)]
    return Screen(lines(bold(reader.text("Shop {name}", name=state.shop.code)), *text), tuple(_rows(state, reader)))


def _intake(state: ShopCard, reader: Reader) -> Iterator[object]:
    shop = state.shop
    if shop.source == FILES:
        yield reader.text("Order files sent to the chat are this shop's too.")
    yield ""
    yield reader.text("Orders over HTTP: {on}", on=reader.text("✅ on") if shop.intake else reader.text("▫️ off"))
    if state.web:
        yield code(state.web + ORDERS_PATH)
    else:
        yield reader.text("⚠️ The web server isn't set up: WEB_LISTEN and WEB_URL in settings.env.")
    yield from (request_text(reader, request) for request in state.newest)
    if shop.intake and not state.newest:
        yield reader.text("Nothing has come in yet.")


def _callback(state: ShopCard, reader: Reader) -> Iterator[object]:
    shop, counts = state.shop, state.counts
    yield reader.text("Told of changes at: {url}", url=code(shop.callback_url) if shop.callback_url else "—")
    if not shop.callback_url:
        yield reader.text("Set the address at which the shop wants to be told of statuses and parcels.")
        return
    if shop.test_asked_at:
        yield reader.text("⏳ A test is being sent…")
    elif shop.callback_at:
        when = reader.when(shop.callback_at)
        yield reader.text("Last answer, {when}: {answer}", when=when, answer=answer_text(reader, shop.callback_result))
    if shop.failing_since:
        yield bold(reader.text("❗ It fails since {when} and is tried again.", when=reader.when(shop.failing_since)))
    if counts.waiting:
        yield reader.plural("{n} order is still to be told", "{n} orders are still to be told", counts.waiting)
    if counts.buried:
        yield bold(reader.plural("❗ {n} order was given up", "❗ {n} orders were given up", counts.buried))


def _rows(state: ShopCard, reader: Reader) -> Iterator[Row]:
    shop = state.shop
    if shop.intake:
        yield (Button(reader.text("Switch orders over HTTP off"), OnShop(what="intake_off", shop_id=shop.id)),)
    else:
        on = OnShop(what="intake_on", shop_id=shop.id)
        yield (Button(reader.text("Switch orders over HTTP on"), on, "success"),)
    if state.newest:
        yield (Button(reader.text("Last requests"), Address.of("shop_requests", shop.id)),)
    yield (Button(reader.text("Address for callbacks"), Ask.of("shop_url", shop.id)),)
    if shop.callback_url:
        yield (Button(reader.text("Send a test"), OnShop(what="test", shop_id=shop.id)),)
    if state.counts.buried:
        yield (Button(reader.text("Send what was given up again"), OnShop(what="resend", shop_id=shop.id)),)
    yield (Button(reader.text("New secret"), Address.of("shop_renew", shop.id), "danger"),)
    yield back_row(reader, Address.of("shops"))


@router.callback_query(OnShop.filter(F.what == "hide"))
async def hide(_query: CallbackQuery, callback_data: OnShop, turn: Turn) -> None:
    def change(store: Store) -> None:
        hide_secret(store, turn.person, callback_data.shop_id, turn.clock())
        turn.show(store, Address.of("shop", callback_data.shop_id))

    await turn.act(change)


@router.callback_query(OnShop.filter())
async def on_shop(_query: CallbackQuery, callback_data: OnShop, turn: Turn) -> None:
    def change(store: Store) -> None:
        shop_id, now = callback_data.shop_id, turn.clock()
        match callback_data.what:
            case "intake_on" | "intake_off":
                switch_intake(store, turn.person, shop_id, callback_data.what == "intake_on", now)
            case "test":
                ask_test(store, turn.person, shop_id, now)
            case "resend":
                revive(store, turn.person, shop_id, now)
        turn.show(store, Address.of("shop", shop_id))

    await turn.act(change)


def load_renew(store: Store, address: Address, viewer: Person, _now: datetime) -> Shop:
    return shop_of(store, viewer, int(address.args[0]))


@screen("shop_renew", load=load_renew)
def renew_screen(shop: Shop, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Make a new secret for {name}?", name=shop.code)),
        reader.text(
            "The present one stops working at once, for what the shop sends and for what it is sent, until the new one "
            "is set up there."
        ),
    )
    yes = Button(reader.text("Yes, make a new one"), NewSecret(shop_id=shop.id), "danger")
    return Screen(text, ((yes, Button(reader.text("No"), Address.of("shop", shop.id))),))


@router.callback_query(NewSecret.filter())
async def new_secret(_query: CallbackQuery, callback_data: NewSecret, turn: Turn) -> None:
    def change(store: Store) -> None:
        turn.confirmed(store, Address.of("shop_renew", callback_data.shop_id))
        shop = renew_secret(store, turn.person, callback_data.shop_id, turn.clock())
        turn.show(store, Address.of("shop_secret", shop.id))

    await turn.act(change)


@dataclass(frozen=True)
class Shown:
    shop: Shop
    secret: str


def load_secret(store: Store, address: Address, viewer: Person, now: datetime) -> Shown:
    shop = shop_of(store, viewer, int(address.args[0]))
    return Shown(shop, secret_to_show(store, viewer, shop, now))


@screen("shop_secret", load=load_secret)
def secret_screen(state: Shown, reader: Reader) -> Screen:
    shop = state.shop
    title = bold(reader.text("The secret of {name}", name=shop.code))
    if not state.secret:
        hidden = reader.text("It isn't shown any more. If it got lost, make a new one.")
        return Screen(lines(title, hidden), (back_row(reader, Address.of("shop", shop.id)),))
    text = lines(
        title,
        code(state.secret),
        reader.text(
            "It is shown only now, to you, for {n} minutes. Put it into the shop's settings; whoever has it can send "
            "orders in its name.",
            n=int(SHOWN_FOR.total_seconds() // 60),
        ),
    )
    copy = (Button(reader.text("Copy the secret"), Copy(state.secret)),)
    return Screen(text, (copy, (Button(reader.text("I have it"), OnShop(what="hide", shop_id=shop.id), "success"),)))


@dataclass(frozen=True)
class Requests:
    shop: Shop
    rows: list[ShopRequest]
    total: int
    page: int


def load_requests(store: Store, address: Address, viewer: Person, _now: datetime) -> Requests:
    shop = shop_of(store, viewer, int(address.args[0]))
    page = int(address.args[1]) if len(address.args) > 1 else 0
    rows, total = store.shops.requests(shop.id, page * PAGE, PAGE)
    return Requests(shop, rows, total, page)


@screen("shop_requests", load=load_requests)
def requests_screen(state: Requests, reader: Reader) -> Screen:
    shop_id = state.shop.id
    text = [bold(reader.text("What {name} sent", name=state.shop.code))]
    text += [request_text(reader, request) for request in state.rows] or [reader.text("Nothing in the last week.")]
    rows: list[Row] = [
        (Button(_opened(reader, request), Address.of("import", request.activity_id)),) for request in state.rows
    ]
    rows += pages(reader, lambda n: Address.of("shop_requests", shop_id, n), state.page, state.total, PAGE)
    return Screen(lines(*text), (*rows, back_row(reader, Address.of("shop", shop_id))))


def _opened(reader: Reader, request: ShopRequest) -> Html:
    return Html(f"{reader.when(request.at)} · {esc(request.key[:24])}")
