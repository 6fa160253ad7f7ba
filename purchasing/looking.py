"""When to look for an effect whose outcome isn't known: never before the hand that sent it must be dead."""

from datetime import datetime, timedelta

from purchasing.ledger import Intent
from purchasing.options import option
from purchasing.ports import Store

SETTLED = timedelta(seconds=1)
"""Beyond the deadline, for a hand whose last call was just leaving."""


def looks(store: Store) -> list[timedelta]:
    """After how long each look is due, counted from the sending."""
    return [timedelta(seconds=float(part)) for part in option(store, "reconcile.looks").split(",")]


def next_look(store: Store, intent: Intent) -> datetime:
    """When the next look for an intent that is being sent is due."""
    assert intent.sent_at is not None and intent.deadline is not None  # noqa: S101, PT018  # it is being sent
    after = looks(store)
    return max(intent.deadline + SETTLED, intent.sent_at + after[min(intent.looks, len(after) - 1)])
