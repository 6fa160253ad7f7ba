"""One account's card: its session, health and last sync, and what can be done with it. Pushed to the keeper when the
session is gone; it never shows the secret."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, bold, esc, lines
from handlers import names
from handlers.forms import Ask
from handlers.limits import refused, used
from handlers.session_presses import OnAccount, StartLogin
from handlers.steps import step_text
from purchasing.accounts import Account
from purchasing.activities import Activity, Step
from purchasing.cards import Address
from purchasing.limits import Usage, usage
from purchasing.manage_accounts import account_of
from purchasing.open_pages import may_open_page
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.sessions import stored_picture, waiting_for
from purchasing.words import ActivityKind, ProviderName, SessionState

router = Router(name="session")

WORKING = (SessionState.ACTIVE, SessionState.EXPIRING)


@dataclass(frozen=True)
class SessionCard:
    """`outcome` is the last step of the newest sync; `trouble` a code of what stopped the account."""

    viewer: Person
    account: Account
    keeper: str
    used: Usage
    waiting: int
    sync: Activity | None
    outcome: Step | None
    picture: bytes | None
    removing: bool
    has_page: bool
    """Whether the page that wants a person can be opened from here."""


def load_session(store: Store, address: Address, viewer: Person, _now: datetime) -> SessionCard:
    account = account_of(store, viewer, int(address.args[0]))
    keeper = store.people.get(account.keeper_id) if account.keeper_id else None
    sync = store.activities.newest(ActivityKind.SYNC, account.id)
    steps = store.activities.steps(sync.id, limit=1) if sync else []
    return SessionCard(
        viewer,
        account,
        keeper.name if keeper else "",
        usage(store, account),
        len(waiting_for(store, account)),
        sync,
        steps[-1] if steps else None,
        stored_picture(store, account),
        "remove" in address.args,
        may_open_page(store, account),
    )


@screen("session", load=load_session)
def session_screen(state: SessionCard, reader: Reader) -> Screen:
    if state.removing:
        return _sure(state, reader)
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)), photo=state.picture)


def _text(state: SessionCard, reader: Reader) -> Iterator[object]:
    account = state.account
    yield Html(f"🔑 {bold(account.nick)} · {esc(names.provider(account.provider))}")
    yield names.session(reader, account.session)
    if account.session is SessionState.NEEDS_HUMAN:
        yield _how_to_pass(state, reader)
    if state.waiting:
        yield reader.plural(
            "{n} activity waits for the login and then goes on by itself.",
            "{n} activities wait for the login and then go on by themselves.",
            state.waiting,
        )
    if account.session_expires_at and account.session in WORKING:
        yield reader.text("Valid until {when}", when=reader.when(account.session_expires_at))
    yield reader.text("Last used: {when}", when=reader.when(account.last_used_at))
    yield from _last_sync(state, reader)
    allowed = reader.text("allowed") if account.sync_allowed else reader.text("forbidden")
    yield reader.text("Background sync: {allowed}", allowed=allowed)
    known = Html("") if state.used.limit is not None else reader.text(" · limit: not set")
    yield Html(f"💳 {used(state.used, reader)}{known}")
    yield from refused(state.used, reader)
    yield reader.text("Keeper, who is asked for the login: {name}", name=state.keeper or reader.text("the owners"))


def _how_to_pass(state: SessionCard, reader: Reader) -> Html:
    if state.has_page:
        return reader.text("Open its page from here and pass the check there; nothing else is needed.")
    text = reader.text("Pass the check on the marketplace's own page with this account, then log in again here.")
    if state.account.provider is not ProviderName.TAOBAO:
        return text
    return lines(
        text, reader.text("To open that page from here, set WEB_LISTEN and WEB_URL in the bot's settings file.")
    )


def _last_sync(state: SessionCard, reader: Reader) -> Iterator[object]:
    if state.sync is None:
        yield reader.text("Not synced yet")
        return
    when = reader.when(state.sync.ended_at or state.sync.created_at)
    yield reader.text("Last sync: {when}, {state}", when=when, state=names.state(reader, state.sync.state))
    if state.outcome:
        yield Html(f"    {step_text(reader, state.outcome)}")


def _rows(state: SessionCard, reader: Reader) -> Iterator[Row]:
    account, viewer = state.account, state.viewer
    works = account.session in WORKING
    if state.has_page:
        yield (Button(reader.text("Open its page"), OnAccount(what="page", account_id=account.id), "success"),)
    login = Button(
        reader.text("Log in again"),
        StartLogin(provider=account.provider, account_id=account.id),
        None if works or state.has_page else "success",
    )
    sync = Button(reader.text("Start sync"), OnAccount(what="sync", account_id=account.id), "primary")
    yield (sync, login) if works else (login,)
    if state.sync:
        yield (Button(reader.text("What the last sync did"), Address.of("activity", state.sync.id)),)
    if account.sync_allowed:
        yield (Button(reader.text("Forbid background sync"), OnAccount(what="forbid", account_id=account.id)),)
    else:
        yield (Button(reader.text("Allow background sync"), OnAccount(what="allow", account_id=account.id)),)
    if state.used.unpaid:
        yield (Button(reader.text("To pay · {n}", n=state.used.unpaid), Address.of("to_pay_at", account.id, 0)),)
    yield (Button(reader.text("Change the limit"), Ask.of("session_limit", account.id)),)
    if account.keeper_id != viewer.id:
        yield (Button(reader.text("Ask me for its login"), OnAccount(what="keep", account_id=account.id)),)
    if has(viewer, Right.MANAGE) and account.provider is ProviderName.TAOBAO:
        yield (Button(reader.text("Browser and proxy"), Address.of("browser", account.id)),)
    if account.session is not SessionState.OFF:
        yield (Button(reader.text("Remove"), Address.of("session", account.id, "remove"), "danger"),)
    yield back_row(reader, Address.of("sessions"))


def _sure(state: SessionCard, reader: Reader) -> Screen:
    account = state.account
    text = lines(
        bold(reader.text("Remove the session of {nick}?", nick=account.nick)),
        reader.text(
            "Its login is forgotten, nothing more is bought or synced with it. Orders, links, track numbers and "
            "history stay. Unpaid orders stay on the marketplace: {n}. A login with the same nick brings all back.",
            n=state.used.unpaid,
        ),
    )
    yes = Button(reader.text("Yes, remove"), OnAccount(what="remove", account_id=account.id), "danger")
    return Screen(text, ((yes, Button(reader.text("No"), Address.of("session", account.id))),))
