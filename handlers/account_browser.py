"""The browser and the proxy of an account: set, tried and taken back by owners. A proxy's password is never shown, and
the message that brought it is taken out of the chat."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import Ask, asking_screen, erase, mistake, submit
from handlers.steps import step_text
from purchasing.account_browser import masked, owned_account, set_browser, set_proxy
from purchasing.accounts import Account
from purchasing.activities import Activity, Step
from purchasing.cards import Address
from purchasing.errors import BadInput
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.try_browser import try_browser
from purchasing.words import ActivityKind

router = Router(name="account_browser")

add_rules(
    {
        "cdp_address": lazy_text("The address of a Chrome has a host and a port, like http://127.0.0.1:9222."),
        "cdp_private": lazy_text(
            "Whoever reaches this address rules that browser, so it must be this machine's or a private network's, by "
            "number, like http://127.0.0.1:9222 or http://192.168.1.20:9222."
        ),
        "proxy_address": lazy_text(
            "A proxy is http, https or socks5 with a host and a port, like http://name:password@proxy.example:8080."
        ),
        "proxy_socks_login": lazy_text(
            "Chromium can't log in to a socks5 proxy. Take one without a password, or an http one."
        ),
        "browser_busy": lazy_text("Something is at work with {value} now. Let it end or stop it, then change this."),
    }
)


class OnBrowser(CallbackData, prefix="brow"):
    """`what`: try, own (browser), direct (no proxy)."""

    what: str
    account_id: int


@dataclass(frozen=True)
class Browser:
    """`tried` is the newest try, with its `outcome` once it is over."""

    account: Account
    tried: Activity | None
    outcome: Step | None


def load_browser(store: Store, address: Address, viewer: Person, _now: datetime) -> Browser:
    account = owned_account(store, viewer, int(address.args[0]))
    tried = store.activities.newest(ActivityKind.BROWSER, account.id)
    steps = store.activities.steps(tried.id, limit=1) if tried and tried.over else []
    return Browser(account, tried, steps[-1] if steps else None)


@screen("browser", load=load_browser)
def browser_screen(state: Browser, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: Browser, reader: Reader) -> Iterator[object]:
    account = state.account
    title = reader.text("Browser of {nick}", nick=account.nick)
    yield Html(f"🧭 {bold(title)}")
    if account.cdp_url:
        yield reader.text("A Chrome of its own: {address}", address=code(account.cdp_url))
        if account.proxy:
            yield reader.text("It goes its own way to the marketplace: the proxy here isn't used.")
    else:
        yield reader.text("The bot's own Chromium")
    yield reader.text("Proxy: {proxy}", proxy=code(masked(account.proxy)) if account.proxy else reader.text("none"))
    yield ""
    yield from _tried(state, reader)
    yield reader.text("A session lives in its browser: after another browser was set, log in again.")


def _tried(state: Browser, reader: Reader) -> Iterator[object]:
    if state.tried is None:
        yield reader.text("Not tried yet.")
    elif state.outcome is None:
        yield reader.text("Being tried…")
    else:
        what = Html(f"{names.STATE_SIGNS[state.tried.state]} {step_text(reader, state.outcome)}")
        yield reader.text("Tried {when}: {what}", when=reader.when(state.tried.ended_at), what=what)


def _rows(state: Browser, reader: Reader) -> Iterator[Row]:
    account = state.account
    busy = state.tried is not None and not state.tried.over
    yield (Button(reader.text("Try it"), OnBrowser(what="try", account_id=account.id), "primary", disabled=busy),)
    yield (
        Button(reader.text("Set a Chrome"), Ask.of("browser_cdp", account.id)),
        Button(reader.text("Set a proxy"), Ask.of("browser_proxy", account.id)),
    )
    if account.cdp_url:
        yield (Button(reader.text("Back to the bot's own browser"), OnBrowser(what="own", account_id=account.id)),)
    if account.proxy:
        yield (Button(reader.text("Without a proxy"), OnBrowser(what="direct", account_id=account.id)),)
    yield back_row(reader, Address.of("session", account.id))


@dataclass(frozen=True)
class Form:
    account: Account
    wrong: BadInput | None


def load_form(store: Store, address: Address, viewer: Person, _now: datetime) -> Form:
    return Form(owned_account(store, viewer, int(address.args[0])), mistake(store, viewer, address))


@screen("browser_cdp", load=load_form)
def cdp_form(state: Form, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("A Chrome for {nick}", nick=state.account.nick)),
        reader.text(
            "Start that Chrome with --remote-debugging-port and a profile of its own, log in to the marketplace there, "
            "and type its address, like http://127.0.0.1:9222. Let nobody but the bot reach that port."
        ),
    )
    return asking_screen(text, state.wrong, reader, back_row(reader, Address.of("browser", state.account.id)))


@screen("browser_proxy", load=load_form)
def proxy_form(state: Form, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("A proxy for {nick}", nick=state.account.nick)),
        reader.text(
            "Type its address, like http://name:password@proxy.example:8080 or socks5://127.0.0.1:1080. Your message "
            "is removed from the chat at once, and the password is kept sealed."
        ),
    )
    return asking_screen(text, state.wrong, reader, back_row(reader, Address.of("browser", state.account.id)))


@router.message(F.text, AwaitsText("browser_cdp"))
async def take_cdp(message: Message, turn: Turn) -> None:
    account_id = int(turn.form.args[0]) if turn.form else 0

    def change(store: Store) -> None:
        def save() -> Address:
            set_browser(store, turn.person, account_id, message.text or "", turn.clock())
            return Address.of("browser", account_id)

        submit(store, turn, save)

    await turn.act(change)


@router.message(F.text, AwaitsText("browser_proxy"))
async def take_proxy(message: Message, turn: Turn) -> None:
    account_id = int(turn.form.args[0]) if turn.form else 0

    def change(store: Store) -> None:
        def save() -> Address:
            set_proxy(store, turn.person, account_id, message.text or "", turn.clock())
            return Address.of("browser", account_id)

        erase(store, turn, message.message_id)
        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(OnBrowser.filter())
async def act(_query: CallbackQuery, callback_data: OnBrowser, turn: Turn) -> None:
    account_id = callback_data.account_id

    def change(store: Store) -> None:
        match callback_data.what:
            case "try":
                try_browser(store, turn.person, account_id, turn.clock())
            case "own":
                set_browser(store, turn.person, account_id, "", turn.clock())
            case "direct":
                set_proxy(store, turn.person, account_id, "", turn.clock())
        turn.show(store, Address.of("browser", account_id))

    await turn.act(change)
