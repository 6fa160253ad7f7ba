"""Digests: what waited for a person, told by one quiet message. Gathered and posted in one unit of work, so that a
crash neither loses nor repeats anything."""

from datetime import datetime, timedelta

from purchasing.cards import Address
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.quiet_hours import quiet_since
from purchasing.tell import digest_minutes
from purchasing.words import Lane


def send_digests(store: Store, now: datetime) -> int:
    """Posts those that are due; their number."""
    sent = 0
    for person_id, oldest in store.told.waiting().items():
        person = store.people.get(person_id)
        if person and person.reachable and _due(store, person, oldest, now):
            made = store.told.gather(person.id, now)
            address = Address.of("digest", made.id)
            store.cards.post(person.telegram_id, address, Lane.PROGRESS, now, f"digest:{made.id}")
            sent += 1
    return sent


def _due(store: Store, person: Person, oldest: datetime, now: datetime) -> bool:
    if quiet_since(person, now) is not None:
        return False
    return oldest + timedelta(minutes=digest_minutes(store, person)) <= now
