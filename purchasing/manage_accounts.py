"""What people change about an account: background sync, limit, keeper, and that it is removed. Never its secret."""

from dataclasses import replace
from datetime import datetime

from purchasing.accounts import Account
from purchasing.activity_log import end
from purchasing.errors import BadInput, Stale
from purchasing.people import Person, Right, check, check_account
from purchasing.ports import AuditEntry, Store
from purchasing.words import ActivityKind, ActivityState, Lane

MOST_UNPAID = 1000
_IN_THE_WAY = (ActivityKind.RESERVE, ActivityKind.LINK, ActivityKind.UNBIND)


def account_of(store: Store, person: Person, account_id: int) -> Account:
    """Raises NotAllowed, Stale."""
    check(person, Right.BUY)
    check_account(person, account_id)
    account = store.accounts.get(account_id)
    if account is None:
        raise Stale("account_gone")
    return account


def allow_sync(store: Store, person: Person, account_id: int, allowed: bool, now: datetime) -> None:
    account = account_of(store, person, account_id)
    before = "yes" if account.sync_allowed else "no"
    _save(store, person, replace(account, sync_allowed=allowed), now, "sync", before, "yes" if allowed else "no")


def set_order_limit(store: Store, person: Person, account_id: int, typed: str, now: datetime) -> None:
    """How many unpaid orders the account may have, "" for no limit of ours. Raises BadInput."""
    account = account_of(store, person, account_id)
    text = typed.strip()
    valid = text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST_UNPAID
    if text and not valid:
        raise BadInput("order_limit", "limit_1_1000", typed)
    limit = int(text) if text else None
    before = "" if account.order_limit is None else str(account.order_limit)
    _save(store, person, replace(account, order_limit=limit), now, "order_limit", before, text)


def keep_account(store: Store, person: Person, account_id: int, now: datetime) -> None:
    """The person becomes the one who is asked for the account's logins."""
    account = account_of(store, person, account_id)
    before = str(account.keeper_id or "")
    _save(store, person, replace(account, keeper_id=person.id), now, "keeper", before, str(person.id))


def remove_account(store: Store, person: Person, account_id: int, now: datetime) -> None:
    """Forgets the login; orders, bindings and history stay. Raises BadInput while work that needs it is unfinished."""
    account = account_of(store, person, account_id)
    if any(store.activities.unfinished(kind, account_id) for kind in _IN_THE_WAY):
        raise BadInput("account", "account_busy", account.nick)
    for activity in store.activities.unfinished(ActivityKind.SYNC, account_id):
        end(store, activity, ActivityState.CANCELLED, now)
    store.accounts.save(replace(account, login_asked_at=None))
    store.accounts.remove(account_id)
    _audit(store, person, account, now, "removed", account.session, "")


def _save(store: Store, person: Person, account: Account, now: datetime, what: str, before: str, after: str) -> None:
    store.accounts.save(account)
    _audit(store, person, account, now, what, before, after)


def _audit(store: Store, person: Person, account: Account, now: datetime, what: str, before: str, after: str) -> None:
    if before != after:
        subject = f"account:{account.id}"
        store.audit.add(AuditEntry(now, person.id, f"account.{what}", subject, before, after))
    store.cards.touch(f"session:{account.id}", Lane.PRESS, now)
