"""What recurs by itself, as rows: each slot of a schedule starts its activity once, whatever is restarted."""

from datetime import datetime, timedelta

from purchasing.accounts import Account
from purchasing.look_for_stuck import look_for_stuck
from purchasing.ports import Store
from purchasing.sync_account import start_sync, sync_interval
from purchasing.work_ports import Schedule

SYNC, STUCK = "sync", "stuck"
LOOK_EVERY = 300
"""Seconds between two looks for stuck things."""


def keep_schedules(store: Store, now: datetime) -> None:
    """The look for stuck things, and a sync per account, switched on where it is allowed and the session works."""
    every = sync_interval(store)
    for account in store.accounts.all():
        store.schedules.ensure(SYNC, str(account.id), every, now + timedelta(seconds=every), _wanted(account))
    store.schedules.ensure(STUCK, "", LOOK_EVERY, now, True)


def _wanted(account: Account) -> bool:
    return account.sync_allowed and account.usable


def run_due(store: Store, now: datetime) -> int:
    """Starts what is due: a slot that was missed while nothing ran is caught up once, not once per miss."""
    taken = _take(store, SYNC, now)
    for schedule in taken:
        _start(store, schedule, now)
    return len(taken)


def look_when_due(store: Store, now: datetime) -> None:
    """The look for stuck things and the slot that it belongs to are one unit of work, too."""
    if _take(store, STUCK, now):
        look_for_stuck(store, now)


def _take(store: Store, action: str, now: datetime) -> list[Schedule]:
    """The schedules whose slots are due and were not taken before."""
    due = [schedule for schedule in store.schedules.due(now) if schedule.action == action]
    return [one for one in due if store.schedules.take_slot(one.id, _slot(one), _after(one, now), now)]


def _slot(schedule: Schedule) -> str:
    return f"{schedule.next_due_at:%Y-%m-%dT%H:%M:%S}"


def _after(schedule: Schedule, now: datetime) -> datetime:
    """The first due time after `now` on the schedule's own grid."""
    step = timedelta(seconds=schedule.every_seconds)
    missed = (now - schedule.next_due_at) // step
    return schedule.next_due_at + (missed + 1) * step


def _start(store: Store, schedule: Schedule, now: datetime) -> None:
    account = store.accounts.get(int(schedule.subject))
    if schedule.action == SYNC and account and _wanted(account):
        start_sync(store, account.id, None, now)
