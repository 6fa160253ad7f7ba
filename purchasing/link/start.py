"""What people press to link lines with provider orders that exist already."""

from datetime import datetime

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.errors import Stale
from purchasing.link.number import check_number
from purchasing.link.plan import LinkPlan
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check, check_account
from purchasing.pieces import missing_pieces
from purchasing.ports import AuditEntry, Store
from purchasing.words import ActivityKind, ActivityState, LineStatus, Priority, ProviderName, SessionState

LINKABLE = frozenset({LineStatus.READY, LineStatus.BY_HAND, LineStatus.RESERVED, LineStatus.BOUGHT, LineStatus.SHIPPED})


def linkable(store: Store, order_id: int, provider: ProviderName | None = None) -> list[OrderLine]:
    """Lines of the order with pieces that nothing covers."""
    lines = [line for line in store.lines.of_order(order_id) if line.status in LINKABLE]
    missing = missing_pieces(store, lines)
    return [line for line in lines if missing[line.id] > 0 and provider in (None, line.provider)]


def accounts_for(store: Store, order_id: int) -> list[Account]:
    """Accounts on which the goods of the order's open lines may have been ordered."""
    providers = {line.provider for line in linkable(store, order_id)}
    return [a for a in store.accounts.all() if a.provider in providers and a.session is not SessionState.OFF]


def start_link(store: Store, person: Person, order_id: int, account_id: int, typed: str, now: datetime) -> Activity:
    """Links all lines of the customer's order that are in the provider order `typed`. An untied pair is tied again
    here, because a person asks for it. Raises BadInput (see `check_number`), Stale when no line is left to link."""
    check(person, Right.BUY)
    check_account(person, account_id)
    account, order = store.accounts.get(account_id), store.orders.get(order_id)
    if account is None or order is None:
        raise Stale("order_gone")
    number = check_number(store, account, typed)
    if not linkable(store, order_id, account.provider):
        raise Stale("nothing_to_link")
    store.audit.add(AuditEntry(now, person.id, "link", f"order:{order_id}", "", number))
    plan = LinkPlan(numbers=[number], order_id=order_id)
    return start(store, account, plan, f"{order.number} ← {number}", person, now)


def start(store: Store, account: Account, plan: LinkPlan, title: str, person: Person, now: datetime) -> Activity:
    draft = Activity(
        0,
        ActivityKind.LINK,
        ActivityState.QUEUED,
        plan.model_dump_json(),
        Priority.PERSON,
        account_id=account.id,
        provider=account.provider,
        started_by=person.id,
        title=title,
    )
    return store.activities.add(draft, now)
