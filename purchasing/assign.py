"""An order is somebody's: news and questions about it go to them. Taken or given by those who buy; seen by all."""

from dataclasses import replace
from datetime import datetime

from purchasing.cards import Address
from purchasing.errors import BadInput, Conflict, Stale
from purchasing.moves import touch_order
from purchasing.orders import Order
from purchasing.people import Person, Right, check, has
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import LineChange
from purchasing.tell import tell
from purchasing.words import Lane

ASSIGNED = "assigned"


def assignable(store: Store) -> list[Person]:
    """Those whom an order may be given to."""
    return [person for person in store.people.all() if has(person, Right.BUY)]


def assign(store: Store, person: Person, order_id: int, to_id: int | None, was_id: int | None, now: datetime) -> Order:
    """Gives the order to `to_id`, None: to nobody; `was_id` is whose it was when the person pressed. Raises NotAllowed,
    Stale, BadInput, Conflict with the name of whom somebody else has given it to meanwhile."""
    check(person, Right.BUY)
    order = store.orders.get(order_id)
    if order is None:
        raise Stale("order_gone")
    if order.assignee_id == to_id:
        return order
    before = store.people.get(order.assignee_id) if order.assignee_id else None
    if order.assignee_id != was_id:
        raise Conflict("order_assigned", before.name if before else "")
    to = next((one for one in assignable(store) if one.id == to_id), None)
    if to is None and to_id is not None:
        raise BadInput("assignee", "not_a_buyer", str(to_id))
    changed = replace(order, assignee_id=to_id)
    store.orders.save(changed)
    _note(store, person, changed, before, to, now)
    return changed


def _note(store: Store, person: Person, order: Order, before: Person | None, to: Person | None, now: datetime) -> None:
    old, new = before.name if before else "", to.name if to else ""
    store.audit.add(AuditEntry(now, person.id, "assign", f"order:{order.number}", old, new))
    store.events.add(LineChange(order.id, None, ASSIGNED, (("who", new or "—"),)), None, now)
    touch_order(store, order.id, now)
    if to is not None and to.id != person.id:
        dedupe = f"assigned:{order.id}:{now.isoformat()}"
        tell(store, [to], Address.of("assigned", order.id), Lane.RESULT, now, dedupe)
