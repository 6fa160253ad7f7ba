"""The live card of a login: QR code, codes and checks, each shown when the provider asks.

No password passes through here; a code that was typed is taken out of the chat and never shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, Url, back_row, home_row, screen
from bot.texts import Html, Reader, bold, lazy_text, lines
from bot.turn import Turn
from handlers import names
from handlers.forms import Ask, erase
from handlers.login_pages import Links, link_rows, load_links
from handlers.session_presses import OnAccount, OnLogin, StartLogin
from handlers.steps import step_text
from purchasing.accounts import Account
from purchasing.activities import Activity, Step
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.log_in import LoginPlan, give_code, human_done, start_login
from purchasing.logins import list_login, unlisted
from purchasing.manage_accounts import account_of
from purchasing.open_pages import looking
from purchasing.people import Person, Right, check, has
from purchasing.ports import Store
from purchasing.stop_activity import stop_activity
from purchasing.words import ActivityKind, ActivityState, ProviderName, SessionState

router = Router(name="login")

CODES = {
    "sms": lazy_text("The marketplace has sent a code by SMS. Type it here."),
    "authorisation": lazy_text(
        "Open the page with the button below, log in there and allow the app. Then copy the code, or the whole address "
        "that you were sent to, and paste it here."
    ),
}
CHECKS = {
    "slider": lazy_text("The marketplace shows a slider. Move it on the marketplace's own page."),
    "password": lazy_text("The marketplace wants the password. Type it only on its own page, never here."),
    "identity": lazy_text("The marketplace asks who you are. Answer on the marketplace's own page."),
    "punish": lazy_text("The marketplace shows a check. Pass it on the marketplace's own page."),
    "page": lazy_text("The marketplace's page is open in a browser, in a person's hands."),
}


@dataclass(frozen=True)
class Login:
    viewer: Person
    activity: Activity
    plan: LoginPlan
    account: Account | None
    """The one that is logged in, when done."""
    picture: bytes | None
    unlisted: bool
    links: Links | None
    outcome: Step | None
    looking: Person | None
    """Who has the marketplace's page open."""
    ticked: int
    """Lines that the person had chosen to buy before a session was missing."""

    @property
    def waits(self) -> bool:
        return self.activity.state is ActivityState.WAITING


def load_login(store: Store, address: Address, viewer: Person, now: datetime) -> Login:
    check(viewer, Right.BUY)
    activity = _login(store, int(address.args[0]))
    plan = LoginPlan.model_validate_json(activity.plan)
    account = store.accounts.get(plan.account_id) if plan.account_id else None
    steps = store.activities.steps(activity.id, limit=1)
    return Login(
        viewer,
        activity,
        plan,
        account,
        _picture(store, activity, plan),
        plan.stage == "done" and unlisted(store, plan.provider, plan.nick),
        load_links(store, activity, viewer, now),
        steps[-1] if steps else None,
        None if activity.over else looking(store, activity.id, now),
        len(store.selection.of(viewer.id)),
    )


def _login(store: Store, activity_id: int) -> Activity:
    activity = store.activities.get(activity_id)
    if activity is None or activity.kind is not ActivityKind.LOGIN:
        raise Stale("login_gone")
    return activity


def _picture(store: Store, activity: Activity, plan: LoginPlan) -> bytes | None:
    blob = {"qr": plan.qr_blob, "human_wanted": plan.picture_blob}.get(plan.stage)
    found = store.blobs.get(blob) if blob and not activity.over else None
    return found[0] if found else None


@screen("login", load=load_login)
def login_screen(state: Login, reader: Reader) -> Screen:
    head = Html(f"🔑 {bold(reader.text('Login'))} · {names.provider(state.plan.provider)}")
    return Screen(lines(head, "", *_text(state, reader)), tuple(_rows(state, reader)), photo=state.picture)


def _text(state: Login, reader: Reader) -> Iterator[object]:
    if state.plan.stage == "done":
        yield from _done_text(state, reader)
    elif state.activity.over:
        yield from _over_text(state, reader)
    else:
        yield from _stage_text(state, reader)
        if state.looking:
            yield reader.text("👁 {name} has its page open.", name=state.looking.name)


def _done_text(state: Login, reader: Reader) -> Iterator[object]:
    yield reader.text(
        "✅ Logged in as {nick}. What waited for this login goes on by itself.", nick=bold(state.plan.nick)
    )
    if state.unlisted:
        yield reader.text("This nick isn't in the list of logins in the settings.")
    if state.account and not state.account.sync_allowed:
        yield reader.text("Background sync is forbidden: nothing is asked by itself.")


def _over_text(state: Login, reader: Reader) -> Iterator[object]:
    if state.activity.state is ActivityState.CANCELLED:
        yield reader.text("The login was cancelled.")
    elif state.activity.failure == "login_expired":
        yield reader.text("The time for this login is over. Start again when the phone is at hand.")
    else:
        yield reader.text("The login did not work.")
        yield step_text(reader, state.outcome) if state.outcome else None


def _stage_text(state: Login, reader: Reader) -> Iterator[object]:
    plan = state.plan
    match plan.stage:
        case "qr":
            yield reader.text(
                "Scan this code with the Taobao app: the scan sign beside its search field. The code is renewed here "
                "by itself; you have about three minutes."
            )
        case "scanned":
            yield reader.text("Scanned. Now confirm the login on the phone.")
        case "code_wanted" if state.waits:
            yield reader.text("That did not fit. Try again.") if plan.asked_again else None
            yield reader.text(CODES.get(plan.wanted, CODES["sms"]))
            yield reader.text("Your message with it is removed from the chat at once.")
        case "human_wanted" if state.waits:
            yield reader.text(CHECKS.get(plan.wanted, CHECKS["punish"]))
            yield reader.text("When it is passed, press Done: I only look again.")
            if state.links is None:
                yield reader.text("To open that page from here, set WEB_LISTEN and WEB_URL in the bot's settings file.")
        case "code_wanted" | "human_wanted":
            yield reader.text("Checking…")
        case _:
            yield reader.text("Starting…")
            if state.activity.attempts:
                yield reader.text("The marketplace doesn't answer; I keep trying.")


def _rows(state: Login, reader: Reader) -> Iterator[Row]:
    if state.plan.stage == "done":
        yield from _next_steps(state, reader)
    elif state.activity.over:
        again = StartLogin(provider=state.plan.provider, account_id=state.plan.account_id or 0)
        yield (Button(reader.text("Start again"), again, "success"),)
        yield back_row(reader, Address.of("sessions"))
    else:
        yield from _stage_rows(state, reader)
        yield (Button(reader.text("Cancel"), OnLogin(what="cancel", activity_id=state.activity.id)),)


def _stage_rows(state: Login, reader: Reader) -> Iterator[Row]:
    plan, waiting = state.plan, state.waits
    if plan.link.startswith(("https://", "http://")) and (waiting or plan.stage == "qr"):
        label = reader.text("Open the page") if waiting else reader.text("Open on this phone")
        yield (Button(label, Url(plan.link), "primary"),)
    if state.links is not None:
        yield from link_rows(state.links, state.activity, plan, reader)
    if plan.stage == "code_wanted" and waiting:
        yield (Button(reader.text("Type the code"), Ask.of("login", state.activity.id)),)
    if plan.stage == "human_wanted" and waiting:
        yield (Button(reader.text("Done"), OnLogin(what="done", activity_id=state.activity.id), "success"),)


def _next_steps(state: Login, reader: Reader) -> Iterator[Row]:
    account, viewer = state.account, state.viewer
    back = reader.text("Back to the ticked lines · {n}", n=state.ticked) if state.ticked else reader.text("To buy")
    yield (Button(back, Address.of("to_buy"), "success"),)
    if account:
        yield (Button(reader.text("Start sync"), OnAccount(what="sync", account_id=account.id)),)
        if not account.sync_allowed:
            yield (Button(reader.text("Allow background sync"), OnAccount(what="allow", account_id=account.id)),)
        yield (Button(reader.text("Session {nick}", nick=account.nick), Address.of("session", account.id)),)
    if state.unlisted and has(viewer, Right.MANAGE):
        yield (Button(reader.text("Add to the logins"), OnLogin(what="list", activity_id=state.activity.id)),)
    yield home_row(reader)


@router.callback_query(StartLogin.filter())
async def start(_query: CallbackQuery, callback_data: StartLogin, turn: Turn) -> None:
    """The next text is the code, should one be wanted: see WantsCode."""

    def change(store: Store) -> None:
        account_id = callback_data.account_id or None
        activity = start_login(store, callback_data.provider, account_id, turn.person, turn.clock())
        turn.ask(store, Address.of("login", activity.id))
        turn.show(store, Address.of("login", activity.id))

    await turn.act(change)


@router.callback_query(OnAccount.filter(F.what == "page"))
async def resume(_query: CallbackQuery, callback_data: OnAccount, turn: Turn) -> None:
    """The account's session goes on where the marketplace wanted a person."""

    def change(store: Store) -> None:
        account = account_of(store, turn.person, callback_data.account_id)
        if account.session is not SessionState.NEEDS_HUMAN:
            raise Stale("session_works")
        activity = start_login(store, account.provider, account.id, turn.person, turn.clock(), resume=True)
        turn.show(store, Address.of("login", activity.id))

    await turn.act(change)


class WantsCode(Filter):
    """Passes texts of a person whose login waits for a code right now; other texts go on to other handlers."""

    async def __call__(self, _message: Message, turn: Turn, **_data: Any) -> bool | dict[str, Any]:
        form = turn.form
        if form is None or form.screen != "login":
            return False
        activity = await turn.read(lambda store: store.activities.get(int(form.args[0])))
        waits = activity is not None and activity.state is ActivityState.WAITING and activity.failure == "code_wanted"
        return {"login_id": int(form.args[0])} if waits else False


@router.message(F.text, WantsCode())
async def take_code(message: Message, turn: Turn, login_id: int) -> None:
    def change(store: Store) -> None:
        erase(store, turn, message.message_id)
        give_code(store, turn.person, login_id, message.text or "", turn.clock())

    await turn.act(change)


@router.callback_query(OnLogin.filter(F.what == "done"))
async def done(_query: CallbackQuery, callback_data: OnLogin, turn: Turn) -> None:
    def change(store: Store) -> None:
        human_done(store, turn.person, callback_data.activity_id, turn.clock())
        turn.show(store, Address.of("login", callback_data.activity_id))

    await turn.act(change)


@router.callback_query(OnLogin.filter(F.what == "cancel"))
async def cancel(_query: CallbackQuery, callback_data: OnLogin, turn: Turn) -> None:
    def change(store: Store) -> None:
        stop_activity(store, turn.person, callback_data.activity_id, turn.clock())
        turn.end_form(store)
        turn.show(store, Address.of("login", callback_data.activity_id))

    await turn.act(change)


@router.callback_query(OnLogin.filter(F.what == "list"))
async def add_to_list(_query: CallbackQuery, callback_data: OnLogin, turn: Turn) -> None:
    def change(store: Store) -> None:
        plan = LoginPlan.model_validate_json(_login(store, callback_data.activity_id).plan)
        if plan.provider is not ProviderName.TAOBAO or not plan.nick:
            raise Stale("login_not_done")
        list_login(store, turn.person, plan.nick, turn.clock())
        turn.show(store, Address.of("login", callback_data.activity_id))

    await turn.act(change)
