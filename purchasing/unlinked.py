"""Provider orders that a sync has seen and nothing of ours is tied to: linked by a person, or put aside as private."""

from datetime import datetime

from purchasing.activities import Activity
from purchasing.errors import BadInput, Stale
from purchasing.link.plan import LinkPlan
from purchasing.link.start import LINKABLE, linkable, start, start_link
from purchasing.order_ports import LineFilter
from purchasing.orders import Order
from purchasing.people import Person, Right, check, check_account
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import ProviderOrder

MOST = 100
"""Orders that one linking of all certain ones looks at."""
LOOKED_AT = 50


def counts(store: Store) -> dict[int, int]:
    """Account id → its unlinked orders, where there are any."""
    found = {account.id: store.provider_orders.unlinked(account.id, 0, 1)[1] for account in store.accounts.all()}
    return {account_id: count for account_id, count in found.items() if count}


def unlinked_order(store: Store, provider_order_id: int) -> ProviderOrder:
    """Raises Stale when it is gone or something is tied to it by now."""
    order = store.provider_orders.get(provider_order_id)
    if order is None or store.bindings.of_provider_order(order.id):
        raise Stale("order_linked")
    return order


def orders_for(store: Store, order: ProviderOrder, limit: int = 4) -> list[Order]:
    """Customers' orders that still want one of its items, oldest first."""
    found: list[Order] = []
    for item_id in dict.fromkeys(line.item_id for line in order.lines):
        rows, _ = store.lines.page(LineFilter(LINKABLE, order.provider, text=item_id), 0, LOOKED_AT)
        for order_id in dict.fromkeys(row.order_id for row in rows if row.item_id == item_id):
            ours = store.orders.get(order_id)
            if ours and ours not in found and any(x.item_id == item_id for x in linkable(store, order_id)):
                found.append(ours)
    return found[:limit]


def link_with(store: Store, person: Person, provider_order_id: int, typed: str, now: datetime) -> Activity:
    """Links it with the customer's order of this number. Raises BadInput(customer_order, customer_order_unknown)."""
    check(person, Right.BUY)
    order = unlinked_order(store, provider_order_id)
    check_account(person, order.account_id)
    ours = store.orders.by_number(typed.strip())
    if ours is None:
        raise BadInput("customer_order", "customer_order_unknown", typed.strip())
    if not linkable(store, ours.id, order.provider):
        raise BadInput("customer_order", "customer_order_covered", typed.strip())
    return start_link(store, person, ours.id, order.account_id, order.number, now)


def link_certain(store: Store, person: Person, account_id: int, now: datetime) -> Activity:
    """Links what leaves no doubt, of all customers' orders; pairs that were unbound stay apart. Raises Stale when
    there is nothing to link."""
    check(person, Right.BUY)
    check_account(person, account_id)
    account = store.accounts.get(account_id)
    orders, _ = store.provider_orders.unlinked(account_id, 0, MOST)
    if account is None or not orders:
        raise Stale("nothing_to_link")
    plan = LinkPlan(numbers=[order.number for order in orders])
    store.audit.add(AuditEntry(now, person.id, "link_certain", f"account:{account_id}", "", str(len(orders))))
    return start(store, account, plan, account.nick, person, now)


def ignore(store: Store, person: Person, provider_order_id: int, now: datetime) -> ProviderOrder:
    """Puts a private order aside: it is shown neither here nor among those to pay."""
    check(person, Right.BUY)
    order = unlinked_order(store, provider_order_id)
    check_account(person, order.account_id)
    store.provider_orders.set_ignored([order.id], now)
    store.audit.add(AuditEntry(now, person.id, "ignore", f"provider_order:{order.id}", "", order.number))
    return order


def ignore_all(store: Store, person: Person, account_id: int, now: datetime) -> int:
    """Puts all unlinked orders of an account aside, e.g. those from before it was the agency's; their number."""
    check(person, Right.BUY)
    check_account(person, account_id)
    ids: list[int] = []
    while page := store.provider_orders.unlinked(account_id, len(ids), MOST)[0]:
        ids += [order.id for order in page]
    store.provider_orders.set_ignored(ids, now)
    store.audit.add(AuditEntry(now, person.id, "ignore_all", f"account:{account_id}", "", str(len(ids))))
    return len(ids)


def notice_again(store: Store, person: Person, provider_order_id: int, now: datetime) -> ProviderOrder:
    """Takes an ignored order back into the list."""
    check(person, Right.BUY)
    order = unlinked_order(store, provider_order_id)
    store.provider_orders.set_ignored([order.id], None)
    store.audit.add(AuditEntry(now, person.id, "notice_again", f"provider_order:{order.id}", order.number))
    return order
