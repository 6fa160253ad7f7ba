"""The accounts' sessions: the list, the choice of a marketplace for a new one, and what is done with one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, Style, back_row, home_row, pages, screen
from bot.texts import Html, Reader, add_rules, bold, esc, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers import names
from handlers.forms import asking_screen, mistake, submit
from handlers.limits import used
from handlers.session_presses import OnAccount, StartLogin
from purchasing.accounts import Account
from purchasing.cards import Address
from purchasing.errors import BadInput
from purchasing.limits import Usage, usage
from purchasing.logins import without_session
from purchasing.manage_accounts import account_of, allow_sync, keep_account, remove_account, set_order_limit
from purchasing.options import enabled
from purchasing.people import Person, Right, check, may_use
from purchasing.ports import Store
from purchasing.sync_account import start_sync
from purchasing.words import ProviderName, SessionState

router = Router(name="sessions")

PAGE = 8

add_rules(
    {
        "provider_off": lazy_text("This marketplace is switched off in the settings. Nothing was changed."),
        "limit_1_1000": lazy_text("The limit is a whole number from 1 to 1000, like 20."),
        "account_busy": lazy_text(
            "A reservation or another task of {value} is not finished. Stop it or let it end, then remove the session."
        ),
    }
)


@dataclass(frozen=True)
class Sessions:
    """`rows`: accounts of the page with what is used of their limits."""

    rows: list[Usage]
    total: int
    page: int
    providers: list[ProviderName]


def load_sessions(store: Store, address: Address, viewer: Person, _now: datetime) -> Sessions:
    check(viewer, Right.BUY)
    mine = [account for account in store.accounts.all() if may_use(viewer, account.id)]
    kept = [account for account in mine if account.session is not SessionState.OFF]
    kept.sort(key=lambda account: (list(ProviderName).index(account.provider), account.id))
    page = min(int(address.args[0]) if address.args else 0, max(0, len(kept) - 1) // PAGE)
    rows = [usage(store, account) for account in kept[page * PAGE : (page + 1) * PAGE]]
    return Sessions(rows, len(kept), page, [p for p in ProviderName if enabled(store, p)])


@screen("sessions", load=load_sessions)
def sessions(state: Sessions, reader: Reader) -> Screen:
    return Screen(lines(*_list(state, reader)), tuple(_list_rows(state, reader)))


def _list(state: Sessions, reader: Reader) -> Iterator[object]:
    yield bold(reader.text("Sessions"))
    if not state.total:
        yield ""
        yield reader.text(
            "No session yet. Add one: for Taobao you scan a QR code with the phone, for 1688 you allow the app on "
            "1688's own page."
        )
    provider = None
    for one in state.rows:
        account = one.account
        if account.provider != provider:
            provider = account.provider
            yield ""
            yield bold(names.provider(provider))
        yield Html(
            " · ".join((f"{names.SESSION_SIGNS[account.session]} {esc(account.nick)}", *_facts(account, reader)))
        )
        if one.unpaid:
            yield Html(f"    💳 {used(one, reader)}")


def _facts(account: Account, reader: Reader) -> Iterator[str]:
    yield reader.text(names.SESSIONS[account.session])
    if account.last_sync_at:
        yield reader.text("synced {when}", when=reader.when(account.last_sync_at))


def _list_rows(state: Sessions, reader: Reader) -> Iterator[Row]:
    for account in (one.account for one in state.rows):
        label = f"{names.SESSION_SIGNS[account.session]} {account.nick} · {names.provider(account.provider)}"
        yield (Button(label, Address.of("session", account.id)),)
    yield from pages(reader, lambda page: Address.of("sessions", page), state.page, state.total, PAGE)
    yield _add_buttons(state.providers, main=False)
    yield home_row(reader)


def _add_buttons(providers: list[ProviderName], *, main: bool) -> Row:
    style: Style | None = "success" if main else None
    return tuple(Button(f"➕ {names.provider(p)}", StartLogin(provider=p, account_id=0), style) for p in providers)


@dataclass(frozen=True)
class AddSession:
    providers: list[ProviderName]
    missing: list[str]


def load_add_session(store: Store, _address: Address, viewer: Person, _now: datetime) -> AddSession:
    check(viewer, Right.BUY)
    return AddSession([p for p in ProviderName if enabled(store, p)], without_session(store))


@screen("add_session", load=load_add_session)
def add_session(state: AddSession, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Add a session")),
        reader.text(
            "Taobao: a QR code comes here, the account's owner scans it with the Taobao app. 1688: you allow the app "
            "on 1688's own page; a Taobao account serves there too. Passwords are never typed here."
        ),
        None if state.providers else reader.text("All marketplaces are switched off in the settings."),
        reader.text("Listed Taobao logins without a session: {nicks}", nicks=", ".join(state.missing[:20]))
        if state.missing
        else None,
    )
    return Screen(text, (_add_buttons(state.providers, main=True), back_row(reader, Address.of("sessions"))))


@router.callback_query(OnAccount.filter(F.what.in_({"allow", "forbid"})))
async def background_sync(_query: CallbackQuery, callback_data: OnAccount, turn: Turn) -> None:
    def change(store: Store) -> None:
        allowed = callback_data.what == "allow"
        allow_sync(store, turn.person, callback_data.account_id, allowed, turn.clock())
        turn.show(store, Address.of("session", callback_data.account_id))

    await turn.act(change)


@router.callback_query(OnAccount.filter(F.what == "sync"))
async def sync(_query: CallbackQuery, callback_data: OnAccount, turn: Turn) -> None:
    def change(store: Store) -> None:
        account_of(store, turn.person, callback_data.account_id)
        activity = start_sync(store, callback_data.account_id, turn.person, turn.clock())
        turn.show(store, Address.of("activity", activity.id))

    await turn.act(change)


@router.callback_query(OnAccount.filter(F.what == "keep"))
async def keep(_query: CallbackQuery, callback_data: OnAccount, turn: Turn) -> None:
    def change(store: Store) -> None:
        keep_account(store, turn.person, callback_data.account_id, turn.clock())
        turn.show(store, Address.of("session", callback_data.account_id))

    await turn.act(change)


@router.callback_query(OnAccount.filter(F.what == "remove"))
async def remove(_query: CallbackQuery, callback_data: OnAccount, turn: Turn) -> None:
    def change(store: Store) -> None:
        turn.confirmed(store, Address.of("session", callback_data.account_id, "remove"))
        remove_account(store, turn.person, callback_data.account_id, turn.clock())
        turn.show(store, Address.of("sessions"))

    await turn.act(change, turn.reader.text("Removed. Orders and history stay."))


@dataclass(frozen=True)
class LimitForm:
    account: Account
    wrong: BadInput | None


def load_limit(store: Store, address: Address, viewer: Person, _now: datetime) -> LimitForm:
    return LimitForm(account_of(store, viewer, int(address.args[0])), mistake(store, viewer, address))


@screen("session_limit", load=load_limit)
def limit_screen(state: LimitForm, reader: Reader) -> Screen:
    account = state.account
    text = lines(
        bold(reader.text("Limit of {nick}", nick=account.nick)),
        reader.text("How many unpaid orders may this account have at a time? Type a number, like 20."),
    )
    no_limit = Button(reader.text("No limit"), OnAccount(what="no_limit", account_id=account.id))
    back = back_row(reader, Address.of("session", account.id))
    return asking_screen(text, state.wrong, reader, (no_limit,), back)


@router.message(F.text, AwaitsText("session_limit"))
async def limit(message: Message, turn: Turn) -> None:
    account_id = int(turn.form.args[0]) if turn.form else 0

    def change(store: Store) -> None:
        def save() -> Address:
            set_order_limit(store, turn.person, account_id, message.text or "", turn.clock())
            return Address.of("session", account_id)

        submit(store, turn, save)

    await turn.act(change)


@router.callback_query(OnAccount.filter(F.what == "no_limit"))
async def no_limit(_query: CallbackQuery, callback_data: OnAccount, turn: Turn) -> None:
    def change(store: Store) -> None:
        set_order_limit(store, turn.person, callback_data.account_id, "", turn.clock())
        turn.end_form(store)
        turn.show(store, Address.of("session", callback_data.account_id))

    await turn.act(change)
