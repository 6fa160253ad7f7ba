"""The login activity: leads a person through the provider's own login. Passwords never pass through here."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from purchasing.activities import Activity
from purchasing.activity_log import end, go_on, note, save, wait
from purchasing.crash import crash_point, write
from purchasing.errors import NotAllowed, Stale
from purchasing.live import LivePage
from purchasing.options import check_enabled
from purchasing.people import Person, Right, check, check_account
from purchasing.ports import Clock, Database, Store
from purchasing.provider import (
    CodeWanted,
    HumanWanted,
    LoggedIn,
    LoginAttempt,
    LoginEvent,
    LoginExpired,
    Provider,
    QrShown,
    Scanned,
)
from purchasing.sessions import session_restored
from purchasing.words import ActivityKind, ActivityState, Lane, Priority, ProviderName

LONGEST = timedelta(seconds=180)
KEPT = timedelta(minutes=5)

Stage = Literal["starting", "qr", "scanned", "code_wanted", "human_wanted", "done", "expired"]


class LoginPlan(BaseModel):
    """`code_blob` holds what the person typed (sealed) until the attempt has taken it; `asked_again` when that did not
    fit and another is wanted."""

    provider: ProviderName
    account_id: int | None = None
    stage: Stage = "starting"
    qr_blob: int | None = None
    picture_blob: int | None = None
    link: str = ""
    wanted: str = ""
    code_blob: int | None = None
    asked_again: bool = False
    human_done: bool = False
    nick: str = ""
    resume: bool = False
    """The account's session goes on, once a person has passed what stands in its way."""


def start_login(
    store: Store,
    provider: ProviderName,
    account_id: int | None,
    person: Person,
    now: datetime,
    *,
    resume: bool = False,
) -> Activity:
    """A login for this account, or for a new one; an unfinished one of the same person is taken again. `resume`: its
    session goes on where the provider wanted a person.

    Raises BadInput for a new account of a provider that is switched off; known ones still have orders to watch."""
    check(person, Right.BUY)
    if account_id is None:
        check_enabled(store, provider)
        if person.accounts is not None:
            raise NotAllowed("account")  # who may use only chosen accounts can't add others
    else:
        check_account(person, account_id)
    for activity in store.activities.unfinished(ActivityKind.LOGIN, None):
        plan = LoginPlan.model_validate_json(activity.plan)
        if activity.started_by == person.id and (plan.provider, plan.account_id) == (provider, account_id):
            return activity
    plan = LoginPlan(provider=provider, account_id=account_id, resume=resume)
    account = store.accounts.get(account_id) if account_id else None
    draft = Activity(
        0,
        ActivityKind.LOGIN,
        ActivityState.QUEUED,
        plan.model_dump_json(),
        Priority.PERSON,
        provider=provider,
        started_by=person.id,
        title=account.nick if account else "",
    )
    return store.activities.add(draft, now)


def give_code(store: Store, person: Person, activity_id: int, code: str, now: datetime) -> None:
    """What the person typed: an SMS code, an authorisation code or the address they were sent back to. Raises Stale."""
    check(person, Right.BUY)
    activity = _waiting(store, activity_id)
    plan = LoginPlan.model_validate_json(activity.plan)
    plan.code_blob = store.blobs.put(code.strip().encode(), "text/plain", now + KEPT)
    go_on(store, replace(activity, plan=plan.model_dump_json()), now)


def human_done(store: Store, person: Person, activity_id: int, now: datetime) -> None:
    """The person says that the provider's own page is satisfied; the attempt only looks again. Raises Stale."""
    check(person, Right.BUY)
    activity = _waiting(store, activity_id)
    plan = LoginPlan.model_validate_json(activity.plan)
    plan.human_done = True
    go_on(store, replace(activity, plan=plan.model_dump_json()), now)


def _waiting(store: Store, activity_id: int) -> Activity:
    activity = store.activities.get(activity_id)
    if activity is None or activity.state is not ActivityState.WAITING:
        raise Stale("login_over")
    return activity


class LogIn:
    """Attempts live in this process only: one that is lost is simply started again."""

    def __init__(self, db: Database, clock: Clock, providers: Mapping[ProviderName, Provider]) -> None:
        self._db, self._clock, self._providers = db, clock, providers
        self._attempts: dict[int, tuple[LoginAttempt, AsyncIterator[LoginEvent]]] = {}

    async def advance(self, activity: Activity) -> None:
        plan = LoginPlan.model_validate_json(activity.plan)
        if activity.id not in self._attempts and plan.stage != "starting":
            await self._change(activity, _begin_anew)
        attempt, events = await self._attempt(activity, plan)
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                await self._hand_over(activity, plan, attempt)
                waiting = await self._follow(activity, events)
        except TimeoutError:
            waiting = False
            await self._change(activity, self._expired)
        except BaseException:
            await self._forget(activity.id)
            raise
        if not waiting:
            await self._forget(activity.id)

    async def live(self, activity_id: int) -> LivePage:
        """The page that this login is at. Raises Stale when it is over, or was lost with an earlier life."""
        if activity_id not in self._attempts:
            raise Stale("login_over")
        return await self._attempts[activity_id][0].live()

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        _forget_pictures(store, LoginPlan.model_validate_json(activity.plan))

    async def _attempt(self, activity: Activity, plan: LoginPlan) -> tuple[LoginAttempt, AsyncIterator[LoginEvent]]:
        if activity.id not in self._attempts:
            account = None
            if plan.account_id:
                known = await self._db.read(lambda store: store.accounts.get(plan.account_id or 0))
                account = known.ref if known else None
            attempt = self._providers[plan.provider].login(account, resume=plan.resume)
            self._attempts[activity.id] = attempt, attempt.events()
        return self._attempts[activity.id]

    async def _forget(self, activity_id: int) -> None:
        attempt, _ = self._attempts.pop(activity_id, (None, None))
        if attempt:
            with contextlib.suppress(Exception):
                await attempt.cancel()

    async def _hand_over(self, activity: Activity, plan: LoginPlan, attempt: LoginAttempt) -> None:
        """Gives the attempt what the person has typed or done meanwhile."""
        if plan.code_blob is not None:
            blob = await self._db.read(lambda store: store.blobs.get(plan.code_blob or 0))
            if blob:
                await attempt.submit_code(blob[0].decode())
            crash_point("login.code")
            await self._change(activity, _code_taken)
        if plan.human_done:
            await attempt.human_done()
            await self._change(activity, _human_taken)

    async def _follow(self, activity: Activity, events: AsyncIterator[LoginEvent]) -> bool:
        """Follows the login until it ends (False) or a person must type or do something (True)."""
        async for event in events:
            await self._change(activity, _changes(event))
            if isinstance(event, CodeWanted | HumanWanted):
                return True
            if isinstance(event, LoggedIn | LoginExpired):
                return False
        await self._change(activity, self._expired)
        return False

    @staticmethod
    def _expired(store: Store, activity: Activity, plan: LoginPlan, now: datetime) -> None:
        _on_expired(LoginExpired(), store, activity, plan, now)

    async def _change(self, activity: Activity, change: "Change") -> None:
        def unit(store: Store) -> None:
            current = store.activities.get(activity.id)
            if current is not None and not current.over:
                change(store, current, LoginPlan.model_validate_json(current.plan), self._clock())

        await write(self._db, "login.change", unit)


Change = Callable[[Store, Activity, LoginPlan, datetime], None]


def _changes(event: LoginEvent) -> Change:
    def change(store: Store, activity: Activity, plan: LoginPlan, now: datetime) -> None:
        match event:
            case QrShown():
                _forget_pictures(store, plan)
                plan.stage, plan.link = "qr", event.link
                plan.qr_blob = store.blobs.put(event.png, "image/png", now + KEPT)
                _save(store, activity, plan, now)
            case Scanned():
                plan.stage = "scanned"
                _save(store, activity, plan, now)
            case CodeWanted():
                plan.asked_again = plan.stage == "code_wanted"
                plan.stage, plan.wanted, plan.link = "code_wanted", event.kind, event.link
                wait(store, _with(activity, plan), now, "code_wanted")
            case HumanWanted():
                plan.stage, plan.wanted = "human_wanted", event.kind
                plan.picture_blob = store.blobs.put(event.picture, "image/png", now + KEPT) if event.picture else None
                wait(store, _with(activity, plan), now, "human_wanted")
            case LoggedIn():
                _on_logged_in(event, store, activity, plan, now)
            case LoginExpired():
                _on_expired(event, store, activity, plan, now)

    return change


def _on_logged_in(event: LoggedIn, store: Store, activity: Activity, plan: LoginPlan, now: datetime) -> None:
    wanted = store.accounts.get(plan.account_id) if plan.account_id else None
    if wanted and wanted.nick != event.nick:
        note(store, activity, "info", "other_nick", now, wanted=wanted.nick, got=event.nick)
    account = session_restored(
        store, plan.provider, event.nick, event.secret, event.expires_at, activity.started_by, now
    )
    _forget_pictures(store, plan)
    plan.stage, plan.nick, plan.account_id, plan.qr_blob, plan.picture_blob = "done", event.nick, account.id, None, None
    note(store, activity, "ok", "logged_in", now, nick=event.nick)
    end(store, _with(replace(activity, title=event.nick), plan), ActivityState.DONE, now)


def _on_expired(_: LoginExpired, store: Store, activity: Activity, plan: LoginPlan, now: datetime) -> None:
    _forget_pictures(store, plan)
    plan.stage, plan.qr_blob, plan.picture_blob = "expired", None, None
    end(store, _with(activity, plan), ActivityState.FAILED, now, "login_expired")


def _begin_anew(store: Store, activity: Activity, plan: LoginPlan, now: datetime) -> None:
    """The attempt was lost with its process: what it had shown leads nowhere any more."""
    _forget_pictures(store, plan)
    plan.stage, plan.link, plan.qr_blob, plan.picture_blob = "starting", "", None, None
    _save(store, activity, plan, now)


def _code_taken(store: Store, activity: Activity, plan: LoginPlan, now: datetime) -> None:
    if plan.code_blob is not None:
        store.blobs.remove(plan.code_blob)
    plan.code_blob = None
    store.activities.save(_with(activity, plan))


def _human_taken(store: Store, activity: Activity, plan: LoginPlan, now: datetime) -> None:
    plan.human_done = False
    store.activities.save(_with(activity, plan))


def _forget_pictures(store: Store, plan: LoginPlan) -> None:
    for blob in (plan.qr_blob, plan.picture_blob):
        if blob is not None:
            store.blobs.remove(blob)


def _with(activity: Activity, plan: LoginPlan) -> Activity:
    return replace(activity, plan=plan.model_dump_json())


def _save(store: Store, activity: Activity, plan: LoginPlan, now: datetime) -> None:
    save(store, _with(activity, plan), now, Lane.RESULT)
