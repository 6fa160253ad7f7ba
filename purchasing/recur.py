"""What recurs by itself, as rows: each slot of a schedule starts its activity once, whatever is restarted."""

from datetime import datetime, timedelta

from purchasing.accounts import Account
from purchasing.ports import Schedule, Store
from purchasing.sync_account import start_sync, sync_interval

SYNC = "sync"


def keep_schedules(store: Store, now: datetime) -> None:
    """One sync schedule per account, switched on where it is allowed and the session can be used."""
    every = sync_interval(store)
    for account in store.accounts.all():
        store.schedules.ensure(SYNC, str(account.id), every, now + timedelta(seconds=every), _wanted(account))


def _wanted(account: Account) -> bool:
    return account.sync_allowed and account.usable


def run_due(store: Store, now: datetime) -> int:
    """Starts what is due: a slot that was missed while nothing ran is caught up once, not once per miss."""
    started = 0
    for schedule in store.schedules.due(now):
        if schedule.action != SYNC:
            continue
        next_due = _after(schedule, now)
        slot = f"{schedule.next_due_at:%Y-%m-%dT%H:%M:%S}"
        if store.schedules.take_slot(schedule.id, slot, next_due, now):
            _start(store, schedule, now)
            started += 1
    return started


def _after(schedule: Schedule, now: datetime) -> datetime:
    """The first due time after `now` on the schedule's own grid."""
    step = timedelta(seconds=schedule.every_seconds)
    missed = (now - schedule.next_due_at) // step
    return schedule.next_due_at + (missed + 1) * step


def _start(store: Store, schedule: Schedule, now: datetime) -> None:
    account = store.accounts.get(int(schedule.subject))
    if schedule.action == SYNC and account and _wanted(account):
        start_sync(store, account.id, None, now)
