"""What happens to an account's session, and to the work that hangs on it. Its keeper is asked once, not every time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.activity_log import end, go_on, note, quiet, wait
from purchasing.cards import Address
from purchasing.options import sync_default
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.tell import starter_or_owners, tell
from purchasing.words import ActivityKind, ActivityState, Lane, ProviderName, SessionState

PICTURE_KEPT = timedelta(hours=12)


def lose_session(store: Store, activity: Activity, now: datetime) -> None:
    """The provider wants a login: the account is expired, the activity waits for the keeper."""
    _stop_account(store, activity, SessionState.EXPIRED, "session_expired", now)


def need_human(store: Store, activity: Activity, kind: str, picture: bytes | None, now: datetime) -> None:
    """The provider shows a slider, a code or an identity check, which only a person may pass."""
    if picture:
        blob = store.blobs.put(picture, "image/png", now + PICTURE_KEPT)
        store.settings.put(_picture_key(activity.account_id or 0), str(blob), None, now)
    _stop_account(store, activity, SessionState.NEEDS_HUMAN, kind, now)


def stored_picture(store: Store, account: Account) -> bytes | None:
    """What the provider showed when it wanted a person, while it still does and for twelve hours at most."""
    known = store.settings.get(_picture_key(account.id))
    found = store.blobs.get(int(known)) if known and account.session is SessionState.NEEDS_HUMAN else None
    return found[0] if found else None


def _picture_key(account_id: int) -> str:
    return f"account:{account_id}:picture"


def _stop_account(store: Store, activity: Activity, state: SessionState, code: str, now: datetime) -> None:
    note(store, activity, "error", code, now)
    account = store.accounts.get(activity.account_id) if activity.account_id else None
    if account:
        _ask_keeper(store, account, state, activity, now)
    if quiet(activity) or activity.kind is ActivityKind.LOGIN:
        end(store, activity, ActivityState.FAILED, now, code)
    else:
        wait(store, activity, now, code)


def _ask_keeper(store: Store, account: Account, state: SessionState, activity: Activity, now: datetime) -> None:
    asked = account.login_asked_at
    store.accounts.save(replace(account, session=state, login_asked_at=asked or now))
    if asked is None:
        people = starter_or_owners(store, account.keeper_id or activity.started_by)
        ask_for_login(store, account, people, now, now, activity)


def ask_for_login(
    store: Store,
    account: Account,
    people: Iterable[Person],
    asked_at: datetime,
    now: datetime,
    about: Activity | None = None,
) -> None:
    """Asks these people, too, for the login that was first asked for then: each of them once."""
    dedupe = f"login:{account.id}:{asked_at:%Y%m%dT%H%M%S}"
    tell(store, people, Address.of("session", account.id), Lane.QUESTION, now, dedupe, about)


def session_restored(
    store: Store,
    provider: ProviderName,
    nick: str,
    secret: bytes,
    expires_at: datetime | None,
    keeper_id: int | None,
    now: datetime,
) -> Account:
    """A login succeeded: the account is active, and everything that waited for it goes on."""
    known = store.accounts.by_nick(provider, nick)
    account = known or store.accounts.ensure(provider, nick, keeper_id, now)
    account = replace(
        account,
        session=SessionState.ACTIVE,
        session_expires_at=expires_at,
        login_asked_at=None,
        last_used_at=now,
        keeper_id=account.keeper_id or keeper_id,
        sync_allowed=account.sync_allowed if known else sync_default(store, provider),
    )
    store.accounts.save(account)
    store.accounts.set_secret(account.id, secret, expires_at)
    for activity in waiting_for(store, account):
        go_on(store, activity, now)
    store.cards.touch(f"session:{account.id}", Lane.RESULT, now)
    return account


def waiting_for(store: Store, account: Account) -> list[Activity]:
    kinds = (ActivityKind.RESERVE, ActivityKind.SYNC, ActivityKind.LINK, ActivityKind.UNBIND)
    found: list[Activity] = []
    for kind in kinds:
        found += [a for a in store.activities.unfinished(kind, account.id) if _waits_for_session(a)]
    return found


def _waits_for_session(activity: Activity) -> bool:
    return activity.state is ActivityState.WAITING and activity.failure not in ("", "confirm")


def usable_accounts(store: Store, provider: ProviderName) -> Sequence[Account]:
    return [account for account in store.accounts.all(provider) if account.usable]
