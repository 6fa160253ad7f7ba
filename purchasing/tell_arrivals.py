"""Tells the warehouse each morning what may arrive: once a day a person, never at night."""

from datetime import datetime
from zoneinfo import ZoneInfo

from purchasing.cards import Address
from purchasing.ports import Store
from purchasing.receive import arrivals
from purchasing.tell import tell
from purchasing.words import Lane, Role

FROM_HOUR, TO_HOUR = 8, 12
"""Local hours in which it is told; who was away until noon needs it no more."""
_TOLD = "arrivals_told"


def tell_arrivals(store: Store, now: datetime) -> None:
    for person in store.people.with_roles(Role.WAREHOUSE):
        local = now.astimezone(ZoneInfo(person.zone))
        today = local.date().isoformat()
        if not FROM_HOUR <= local.hour < TO_HOUR or store.notes.get(person.id, _TOLD) == today:
            continue
        store.notes.put(person.id, _TOLD, today)
        coming = arrivals(store, now)
        if coming.expected or coming.overdue:
            tell(store, [person], Address.of("arrivals", today), Lane.RESULT, now, f"arrivals:{today}")
