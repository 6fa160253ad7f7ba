"""How many unpaid orders an account may have: set by a person, or learnt when the marketplace refused one more.

A limit that a person set is kept before every order; one that was learnt only warns, since nobody knows its rule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from purchasing.accounts import Account
from purchasing.ledger import Effect
from purchasing.ports import Store
from purchasing.reserve.plan import ReservePlan
from purchasing.words import ActivityKind, IntentState

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Usage:
    """`coming`: orders that confirmed reservations will still add."""

    account: Account
    unpaid: int
    coming: int = 0

    @property
    def limit(self) -> int | None:
        return self.account.order_limit or self.account.refused_unpaid or None

    @property
    def learnt(self) -> bool:
        """The limit is what the marketplace refused at, nobody set it."""
        return not self.account.order_limit and self.limit is not None

    @property
    def room(self) -> int | None:
        """Orders that the limit still allows; None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.unpaid - self.coming)


def usage(store: Store, account: Account, without: int = 0) -> Usage:
    """`without`: the id of a reservation that is not to be counted."""
    reserving = [a for a in store.activities.unfinished(ActivityKind.RESERVE, account.id) if a.id != without]
    plans = [plan for plan in map(ReservePlan.of, reserving) if plan.phase == "place" and not plan.stopped]
    coming = sum(not checkout.done for plan in plans for checkout in plan.checkouts)
    return Usage(account, len(store.provider_orders.unpaid(account.id)), coming)


def by_use(usages: Sequence[Usage]) -> list[Usage]:
    """Those with room first, then by orders that aren't paid, then by how long an account wasn't used."""
    return sorted(usages, key=_rank)


def least_used(usages: Sequence[Usage]) -> int | None:
    """The account to propose."""
    ranked = by_use(usages)
    return ranked[0].account.id if ranked else None


def _rank(one: Usage) -> tuple[bool, int, datetime]:
    return one.room == 0, one.unpaid + one.coming, one.account.last_used_at or datetime.min.replace(tzinfo=UTC)


def learn_limit(store: Store, account_id: int | None, now: datetime) -> None:
    """The marketplace allows this account no more for now: how many it had is worth knowing."""
    account = store.accounts.get(account_id) if account_id else None
    if account is None:
        return
    unpaid = len(store.provider_orders.unpaid(account.id))
    in_a_day, _ = store.ledger.spent_since(account.id, now - DAY)
    store.accounts.save(replace(account, refused_unpaid=unpaid, refused_in_day=in_a_day, refused_at=now))


def went_over(store: Store, account: Account) -> Account:
    """An order was placed beyond what was learnt: that was no limit, or is none any more."""
    learnt = account.refused_unpaid
    if learnt is None or len(store.provider_orders.unpaid(account.id)) <= learnt:
        return account
    return replace(account, refused_unpaid=None, refused_in_day=None, refused_at=None)


def at_limit(store: Store, account_id: int, intent_id: int) -> bool:
    """Whether one more order would go over the limit that a person set; what may have been ordered counts too."""
    account = store.accounts.get(account_id)
    if account is None or not account.order_limit:
        return False
    open_states = (IntentState.SENDING, IntentState.UNKNOWN)
    intents = [i for i in store.ledger.live(account_id) if i.effect is Effect.PLACE and i.id != intent_id]
    maybe = sum(intent.state in open_states for intent in intents)
    return len(store.provider_orders.unpaid(account_id)) + maybe >= account.order_limit
