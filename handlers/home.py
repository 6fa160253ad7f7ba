"""The start screen, help and the commands' menu: what waits for somebody, and the ways to everything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message

from bot.screens import Button, Row, Screen, home_row, screen, screen_names
from bot.texts import Html, Reader, bold, lazy_text, lines
from bot.turn import Turn
from handlers.deep_links import opened
from handlers.first_steps import FirstSteps, first_steps, steps_text
from purchasing.cards import Address
from purchasing.choose_lines import count_ready
from purchasing.options import option
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.put_aside import seen_by
from purchasing.words import LineStatus, SessionState

router = Router(name="home")


@dataclass(frozen=True)
class MenuCommand:
    """`screen` is the address it shows; those whose screen needs a right are offered only to who has it."""

    name: str
    description: str
    screen: str
    right: Right = Right.SEE


COMMANDS = (
    MenuCommand("start", lazy_text("Start screen: what needs somebody"), "home"),
    MenuCommand("buy", lazy_text("Lines to buy"), "to_buy", Right.BUY),
    MenuCommand("pay", lazy_text("Provider orders to pay"), "to_pay", Right.PAY),
    MenuCommand("orders", lazy_text("Customers' orders"), "orders"),
    MenuCommand("refunds", lazy_text("Refunds: whom money is owed"), "refunds", Right.BUY),
    MenuCommand("activities", lazy_text("Background work: running, waiting, past"), "activities"),
    MenuCommand("sessions", lazy_text("Accounts on the marketplaces"), "sessions", Right.BUY),
    MenuCommand("track", lazy_text("Find by track number or order number"), "find"),
    MenuCommand("receive", lazy_text("Take parcels into the warehouse"), "receive", Right.RECEIVE),
    MenuCommand("parcels", lazy_text("Pack parcels for customers"), "parcels", Right.RECEIVE),
    MenuCommand("settings", lazy_text("Settings"), "settings", Right.MANAGE),
    MenuCommand("me", lazy_text("My settings: language, zone, what I am told of"), "me"),
    MenuCommand("language", lazy_text("Language / Язык / 语言"), "language"),
    MenuCommand("help", lazy_text("What the bot can do"), "help"),
)


def menu(person: Person) -> Iterator[MenuCommand]:
    """The commands that a person may use and that have a screen."""
    return (c for c in COMMANDS if has(person, c.right) and c.screen in screen_names())


@router.message(CommandStart())
async def start(_message: Message, command: CommandObject, turn: Turn) -> None:
    """Also with the payload of a link to an order, a line or an activity."""

    def begin(store: Store) -> None:
        turn.end_form(store)
        turn.post(store, opened(command.args or ""))

    await turn.act(begin)


@router.message(Command(*(c.name for c in COMMANDS)))
async def shortcut(_message: Message, command: CommandObject, turn: Turn) -> None:
    wanted = next(c for c in COMMANDS if c.name == command.command)

    def show(store: Store) -> None:
        turn.end_form(store)
        turn.post(store, Address.of(wanted.screen))

    await turn.act(show)


@dataclass(frozen=True)
class HomeState:
    viewer: Person
    to_buy: int
    questions: int
    running: int
    logins: int
    """Sessions that nobody can work with until somebody logs in."""
    unpaid: int
    unlinked: int
    by_hand: int
    stuck: int
    consents: int
    """Customers who are asked about a new price, or owe."""
    refunds: int
    stopped: bool
    """Whether an owner has stopped all buying."""
    first: FirstSteps | None


def load_home(store: Store, _address: Address, viewer: Person, now: datetime) -> HomeState:
    lost = {SessionState.EXPIRED, SessionState.NEEDS_HUMAN}
    return HomeState(
        viewer,
        to_buy=count_ready(store),
        questions=len(store.questions.open()),
        running=store.activities.page("running", 0, 1)[1],
        logins=sum(account.session in lost for account in store.accounts.all()),
        unpaid=len(store.provider_orders.unpaid()),
        unlinked=store.provider_orders.unlinked(None, 0, 1)[1],
        consents=store.consents.waiting(),
        refunds=store.refunds.open_count(),
        by_hand=store.lines.counts().get(LineStatus.BY_HAND, 0),
        stuck=len(seen_by(store, viewer, now)),
        stopped=option(store, "buying.stopped") == "yes",
        first=first_steps(store, viewer),
    )


@screen("home", load=load_home)
def home_screen(state: HomeState, reader: Reader) -> Screen:
    waiting = list(_waiting(state, reader)) or [reader.text("Nothing is waiting for anybody.")]
    first = steps_text(state.first, reader) if state.first else ()
    return Screen(lines(bold(reader.text("Vykup")), "", *waiting, *first), tuple(_ways(state, reader)))


def _waiting(state: HomeState, reader: Reader) -> Iterator[Html]:
    if state.stopped:
        yield reader.text("⛔ Buying is stopped: no order is placed or cancelled until it is resumed.")
    if state.questions:
        yield reader.plural("❓ {n} question is open", "❓ {n} questions are open", state.questions)
    if state.to_buy:
        yield reader.plural("🛒 {n} line to buy", "🛒 {n} lines to buy", state.to_buy)
    if state.unpaid:
        yield reader.plural("💳 {n} provider order to pay", "💳 {n} provider orders to pay", state.unpaid)
    if state.by_hand:
        yield reader.plural("✋ {n} line to buy by hand", "✋ {n} lines to buy by hand", state.by_hand)
    yield from _customers(state, reader)
    if state.unlinked:
        yield reader.plural(
            "🔗 {n} provider order isn't linked", "🔗 {n} provider orders aren't linked", state.unlinked
        )
    if state.stuck:
        yield reader.plural("🐌 {n} thing is stuck", "🐌 {n} things are stuck", state.stuck)
    if state.logins:
        yield reader.plural("🔑 {n} session needs a login", "🔑 {n} sessions need a login", state.logins)
    if state.running:
        yield reader.plural("⏳ {n} activity is running", "⏳ {n} activities are running", state.running)


def _customers(state: HomeState, reader: Reader) -> Iterator[Html]:
    """What customers still have to say or to get."""
    if state.consents:
        yield reader.text("🤝 waiting for the customer's answer · {n}", n=state.consents)
    if state.refunds:
        yield reader.plural("↩️ {n} refund to settle", "↩️ {n} refunds to settle", state.refunds)


def _ways(state: HomeState, reader: Reader) -> Iterator[Row]:
    viewer = state.viewer
    if has(viewer, Right.BUY):
        yield (Button(_counted(reader.text("To buy"), state.to_buy), Address.of("to_buy"), "success"),)
    yield tuple(_when_there_is(state, reader))
    activities = Button(_counted(reader.text("Activities"), state.questions), Address.of("activities"))
    yield (Button(reader.text("Orders"), Address.of("orders")), activities)
    find = Button(reader.text("Find by track number"), Address.of("find"))
    yield (Button(reader.text("Sessions"), Address.of("sessions")), find) if has(viewer, Right.BUY) else (find,)
    if has(viewer, Right.RECEIVE):
        parcels = Button(reader.text("Parcels"), Address.of("parcels"))
        yield (Button(reader.text("Receiving"), Address.of("receive")), parcels)
    me = Button(reader.text("My settings"), Address.of("me"))
    yield (Button(reader.text("Settings"), Address.of("settings")), me) if has(viewer, Right.MANAGE) else (me,)


def _when_there_is(state: HomeState, reader: Reader) -> Iterator[Button]:
    """Ways that are shown only while something is there."""
    buys = has(state.viewer, Right.BUY)
    if state.stuck:
        yield Button(_counted(reader.text("Stuck"), state.stuck), Address.of("stuck"))
    if state.unpaid and (buys or has(state.viewer, Right.PAY)):
        yield Button(_counted(reader.text("To pay"), state.unpaid), Address.of("to_pay"))
    if state.consents and buys:
        yield Button(_counted(reader.text("Answers"), state.consents), Address.of("consents"))
    if state.refunds and buys:
        yield Button(_counted(reader.text("Refunds"), state.refunds), Address.of("refunds"))
    if state.unlinked and buys:
        yield Button(_counted(reader.text("Not linked"), state.unlinked), Address.of("unlinked"))
    if state.by_hand and buys:
        yield Button(_counted(reader.text("By hand"), state.by_hand), Address.of("by_hand"))


def _counted(label: str, count: int) -> str:
    return f"{label} · {count}" if count else label


def load_viewer(_store: Store, _address: Address, viewer: Person, _now: datetime) -> Person:
    return viewer


@screen("help", load=load_viewer)
def help_screen(viewer: Person, reader: Reader) -> Screen:
    commands = [Html(f"/{c.name} · {reader.text(c.description)}") for c in menu(viewer)]
    return Screen(
        lines(
            bold(reader.text("What the bot can do")),
            "",
            reader.text(
                "Send an order file (XLSX, CSV or JSON) to import it. Send a track number, an order number, a link to "
                "a product or a photo of a label to find whose goods it is."
            ),
            reader.text("The bot reserves and watches orders. Paying is always done by a person on the marketplace."),
            "",
            *commands,
        ),
        ((Button(reader.text("Language / Язык / 语言"), Address.of("language")),), home_row(reader)),
    )
