"""Customers who haven't answered by the deadline: whoever asked is told, once, with the card to answer on."""

from datetime import datetime

from purchasing.cards import Address
from purchasing.ports import Store
from purchasing.tell import buyers_of, tell
from purchasing.words import Lane


def tell_late(store: Store, now: datetime) -> None:
    """May run as often as one likes: each person is told of each request once."""
    for request in store.consents.overdue(now):
        asker = store.people.get(request.asked_by)
        people = [asker] if asker and asker.reachable else buyers_of(store, request.order_id)
        address = Address.of("consent", request.id)
        tell(store, people, address, Lane.RESULT, now, f"consent_late:{request.id}")
