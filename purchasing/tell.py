"""Who is told of what, and by which card. Nobody is told twice of one thing: every post carries its dedupe key."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from purchasing.cards import Address
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.words import Lane, Role

TOPICS: Mapping[str, str] = {
    "order_news": "news",
    "came": "parcels",
    "defect_card": "parcels",
    "away": "troubles",
    "over": "troubles",
    "trouble": "troubles",
}
"""What a person may choose not to be told of, by the card's screen. Questions, logins and answers are always told."""


def owners(store: Store) -> list[Person]:
    return store.people.with_roles(Role.OWNER)


def tell(store: Store, people: Iterable[Person], address: Address, lane: Lane, now: datetime, dedupe: str) -> None:
    for person in people:
        if person.reachable and TOPICS.get(address.screen) not in person.muted:
            store.cards.post(person.telegram_id, address, lane, now, f"{dedupe}:{person.id}")


def starter_or_owners(store: Store, person_id: int | None) -> list[Person]:
    person = store.people.get(person_id) if person_id else None
    return [person] if person and person.reachable else owners(store)


def buyers_of(store: Store, order_id: int) -> list[Person]:
    """The order's assignee, else everybody who buys."""
    order = store.orders.get(order_id)
    assignee = store.people.get(order.assignee_id) if order and order.assignee_id else None
    if assignee and assignee.reachable:
        return [assignee]
    return [person for person in store.people.all() if has(person, Right.BUY)]
