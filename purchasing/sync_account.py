"""The sync activity: reads what changed on one account, page by page, and moves the lines that hang on it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel, Field

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.activity_log import end, note, save
from purchasing.cards import Address
from purchasing.crash import crash_point, write
from purchasing.errors import NotAllowed, Refused
from purchasing.options import option
from purchasing.people import Person, Right, check, check_account, has, may_use
from purchasing.ports import Clock, Database, Store
from purchasing.provider import ChangesPage, Provider, ProviderOrderSeen
from purchasing.see_order import see_order
from purchasing.tell import buyers_of, tell
from purchasing.words import ActivityKind, ActivityState, Lane, Priority, ProviderName


class SyncPlan(BaseModel):
    """`cursor` is the driver's own; `orders` are our orders with something to tell. With `numbers` only those provider
    orders are read, one after another, and the account's watermark stays where it is."""

    cursor: str = ""
    started: bool = False
    orders: list[int] = Field(default_factory=list)
    numbers: list[str] = Field(default_factory=list)


def start_sync(store: Store, account_id: int, person: Person | None, now: datetime) -> Activity:
    """A sync of one account; one that is already under way is returned instead. `person` None: the background."""
    if person:
        check(person, Right.BUY)
        check_account(person, account_id)
    return _start(store, account_id, SyncPlan(), person, now)


def may_sync_for_number(person: Person) -> bool:
    return has(person, Right.BUY) or has(person, Right.RECEIVE)


def sync_for_number(store: Store, person: Person, now: datetime) -> list[Activity]:
    """Syncs the accounts that a track number which nobody knows may come from: those with orders that aren't finished,
    or all that the person may use where none has any. Raises NotAllowed."""
    if not may_sync_for_number(person):
        raise NotAllowed
    mine = [account for account in store.accounts.all() if account.usable and may_use(person, account.id)]
    likely = [account for account in mine if store.provider_orders.open_numbers(account.id)]
    return [_start(store, account.id, SyncPlan(), person, now) for account in likely or mine]


def start_check(store: Store, account_id: int, numbers: Sequence[str], person: Person, now: datetime) -> Activity:
    """Reads just these provider orders of one account anew, e.g. because somebody has paid them."""
    if not has(person, Right.BUY):
        check(person, Right.PAY)
    check_account(person, account_id)
    return _start(store, account_id, SyncPlan(numbers=list(numbers)), person, now)


def _start(store: Store, account_id: int, plan: SyncPlan, person: Person | None, now: datetime) -> Activity:
    for activity in store.activities.unfinished(ActivityKind.SYNC, account_id):
        if SyncPlan.model_validate_json(activity.plan).numbers == plan.numbers:
            return activity
    account = store.accounts.get(account_id)
    assert account is not None  # noqa: S101  # accounts are never deleted
    draft = Activity(
        0,
        ActivityKind.SYNC,
        ActivityState.QUEUED,
        plan.model_dump_json(),
        Priority.PERSON if person else Priority.BACKGROUND,
        account_id=account_id,
        provider=account.provider,
        started_by=person.id if person else None,
        title=account.nick,
    )
    activity = store.activities.add(draft, now)
    store.cards.touch(f"session:{account_id}", Lane.PRESS, now)
    return activity


class Sync:
    def __init__(self, db: Database, clock: Clock, providers: Mapping[ProviderName, Provider]) -> None:
        self._db, self._clock, self._providers = db, clock, providers

    async def advance(self, activity: Activity) -> None:
        account, open_numbers = await self._db.read(lambda store: _what_to_ask(store, activity))
        plan = SyncPlan.model_validate_json(activity.plan)
        if plan.numbers:
            page = await _named(self._providers[account.provider], account, plan)
        else:
            cursor = plan.cursor if plan.started else account.watermark
            page = await self._providers[account.provider].changes(account.ref, cursor, open_numbers)
        crash_point("sync.read")
        await write(self._db, "sync.page", lambda store: keep_page(store, activity.id, page, self._clock()))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        account = store.accounts.get(activity.account_id or 0)
        if account and not SyncPlan.model_validate_json(activity.plan).numbers:
            store.accounts.save(replace(account, last_sync_at=now, last_sync_error=activity.failure or "failed"))
            store.cards.touch(f"session:{account.id}", Lane.RESULT, now)


async def _named(provider: Provider, account: Account, plan: SyncPlan) -> ChangesPage:
    """The next of the named orders as a page of its own; one that the account doesn't have is left out. The cursor
    counts."""
    at = int(plan.cursor or 0)
    try:
        orders: tuple[ProviderOrderSeen, ...] = (await provider.order(account.ref, plan.numbers[at]),)
    except Refused:
        orders = ()
    return ChangesPage(orders, str(at + 1), at + 1 >= len(plan.numbers), len(plan.numbers))


def _what_to_ask(store: Store, activity: Activity) -> tuple[Account, list[str]]:
    account = store.accounts.get(activity.account_id or 0)
    assert account is not None  # noqa: S101  # accounts are never deleted
    return account, store.provider_orders.open_numbers(account.id)


def keep_page(store: Store, activity_id: int, page: ChangesPage, now: datetime) -> None:
    """One page of changes, all at once: either all its orders are known and told, or none."""
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    account = store.accounts.get(activity.account_id or 0)
    assert account is not None  # noqa: S101  # accounts are never deleted
    plan = SyncPlan.model_validate_json(activity.plan)
    for order in page.orders:
        changed = see_order(store, account, order, now, activity_id)
        plan.orders = sorted({*plan.orders, *changed})
    plan.cursor, plan.started = page.cursor, True
    seen = activity.orders_found + len(page.orders)
    percent = min(99, 100 * seen // page.total_hint) if page.total_hint else activity.percent
    activity = replace(
        activity,
        plan=plan.model_dump_json(),
        orders_found=seen,
        lines_found=len(plan.orders),
        attempts=0,
        percent=percent,
    )
    if page.done:
        _done(store, account, activity, plan, now)
    else:
        save(store, activity, now)


def _done(store: Store, account: Account, activity: Activity, plan: SyncPlan, now: datetime) -> None:
    if plan.numbers:
        store.accounts.save(replace(account, last_used_at=now))
    else:
        synced = replace(account, watermark=plan.cursor, last_sync_at=now, last_sync_error="", last_used_at=now)
        store.accounts.save(synced)
    note(store, activity, "ok", "synced", now, seen=activity.orders_found, changed=len(plan.orders))
    for order_id in plan.orders:
        news = Address.of("order_news", order_id, activity.id)
        tell(store, buyers_of(store, order_id), news, Lane.RESULT, now, f"news:{order_id}:{activity.id}")
    end(store, activity, ActivityState.DONE, now)
    store.cards.touch(f"session:{account.id}", Lane.RESULT, now)


def sync_interval(store: Store) -> int:
    """Seconds between two background syncs of one account."""
    return int(option(store, "sync.every"))
