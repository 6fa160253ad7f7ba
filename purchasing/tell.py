"""Who is told of what, and by which card. Nobody is told twice of one thing: every post carries its dedupe key."""

from collections.abc import Iterable
from datetime import datetime

from purchasing.cards import Address
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.words import Lane, Role


def owners(store: Store) -> list[Person]:
    return store.people.with_roles(Role.OWNER)


def tell(store: Store, people: Iterable[Person], address: Address, lane: Lane, now: datetime, dedupe: str) -> None:
    for person in people:
        if person.blocked_at is None:
            store.cards.post(person.telegram_id, address, lane, now, f"{dedupe}:{person.id}")


def starter_or_owners(store: Store, person_id: int | None) -> list[Person]:
    person = store.people.get(person_id) if person_id else None
    return [person] if person and person.blocked_at is None else owners(store)


def buyers_of(store: Store, order_id: int) -> list[Person]:
    """The order's assignee, else everybody who buys."""
    order = store.orders.get(order_id)
    assignee = store.people.get(order.assignee_id) if order and order.assignee_id else None
    if assignee and assignee.blocked_at is None:
        return [assignee]
    return [person for person in store.people.all() if has(person, Right.BUY)]
