"""The gate before an effect: commits `sending` and checks everything that may forbid it, in one unit of work."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from purchasing.crash import write
from purchasing.errors import LimitReached, OutcomeUnknown, Refused, SendingStopped
from purchasing.ledger import Effect, Intent
from purchasing.limits import at_limit
from purchasing.options import option
from purchasing.ports import Clock, Database, Store
from purchasing.provider import AboutToSend
from purchasing.refusals import Refusal

T = TypeVar("T")
DAY = timedelta(days=1)


@dataclass
class LedgerGate:
    """A driver's `gate`. Once `passed`, whatever happens afterwards counts as possibly done."""

    db: Database
    clock: Clock
    intent: Intent
    passed: bool = False

    async def __call__(self, about: AboutToSend) -> datetime:
        """Raises SendingStopped with `stopped`, `order_limit`, `day_limit`, `account_limit` or `fence`."""
        deadline = await write(self.db, "effect.gate", lambda store: self._open(store, about))
        self.passed = True
        return deadline

    async def outcome(self, effect: Awaitable[T]) -> T:
        """What the effect gave. Certain are Refused, LimitReached and SendingStopped, and whatever is raised before the
        gate was passed: nothing was sent, the intent stays prepared. Anything else is OutcomeUnknown."""
        try:
            return await effect
        except (Refused, LimitReached, SendingStopped):
            raise
        except Exception as error:
            if not self.passed:
                raise
            raise OutcomeUnknown(str(error)) from error

    def _open(self, store: Store, about: AboutToSend) -> datetime:
        now = self.clock()
        if option(store, "buying.stopped") == "yes":
            raise SendingStopped("stopped")
        if self.intent.effect is Effect.PLACE:
            self._check_limits(store, about, now)
        deadline = now + timedelta(seconds=float(option(store, "effect.deadline")))
        intent = self.intent
        if not store.ledger.mark_sending(intent.id, intent.fence, deadline, about.evidence, now):
            raise SendingStopped("fence")
        return deadline

    def _check_limits(self, store: Store, about: AboutToSend, now: datetime) -> None:
        if about.total > int(option(store, "limit.order.fen")):
            raise SendingStopped("order_limit")
        _, spent = store.ledger.spent_since(None, now - DAY)
        if spent + about.total > int(option(store, "limit.day.fen")):
            raise SendingStopped("day_limit")
        if at_limit(store, self.intent.account_id, self.intent.id):
            raise SendingStopped(Refusal.ACCOUNT_LIMIT)
