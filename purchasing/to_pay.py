"""What waits to be paid, by hand, on the marketplaces. The bot only shows and looks again: it never pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.errors import Stale
from purchasing.options import option
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import ProviderOrder
from purchasing.sync_account import start_check

MOST = 100
"""Orders that one check reads."""


@dataclass(frozen=True)
class Bill:
    """One account's unpaid orders; those that close first come first. `total` is fen."""

    account: Account
    orders: Sequence[ProviderOrder]

    @property
    def total(self) -> int:
        return sum(order.total for order in self.orders)


def bills(store: Store) -> list[Bill]:
    """Accounts that have something to pay."""
    found: dict[int, list[ProviderOrder]] = {}
    for order in store.provider_orders.unpaid():
        found.setdefault(order.account_id, []).append(order)
    return [Bill(account, found[account.id]) for account in store.accounts.all() if account.id in found]


def bill(store: Store, account_id: int) -> Bill:
    """Raises Stale for an account that there isn't."""
    account = store.accounts.get(account_id)
    if account is None:
        raise Stale("account_gone")
    return Bill(account, store.provider_orders.unpaid(account_id))


def closing_soon(store: Store, account_id: int, now: datetime) -> Bill:
    """What the marketplace closes within the hours set for it. Raises Stale for an account that there isn't."""
    whole = bill(store, account_id)
    until = now + timedelta(hours=int(option(store, "stuck.closing.hours")))
    return Bill(whole.account, [order for order in whole.orders if order.closes_at and now < order.closes_at <= until])


def customers_orders(store: Store, order: ProviderOrder) -> list[str]:
    """Numbers of the customers' orders that it is for; none when nothing of ours is tied to it."""
    return sorted({line.order_number for _tie, line in store.lines.of_provider_order(order.id)})


def i_paid(store: Store, person: Person, account_id: int, now: datetime) -> Activity:
    """The person says that they have paid: only these orders are read anew. Raises Stale when none is unpaid."""
    check(person, Right.PAY)
    unpaid = bill(store, account_id).orders[:MOST]
    if not unpaid:
        raise Stale("nothing_to_pay")
    numbers = [order.number for order in unpaid]
    store.audit.add(AuditEntry(now, person.id, "paid", f"account:{account_id}", "", ", ".join(numbers)[:500]))
    return start_check(store, account_id, numbers, person, now)
