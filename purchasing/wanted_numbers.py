"""Numbers that somebody asked for in vain: kept, and told about as soon as a provider shows them."""

from collections.abc import Iterable
from datetime import datetime

from purchasing.cards import Address
from purchasing.carriers import normalise
from purchasing.find_goods import UNKNOWN, Found
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder
from purchasing.tell import tell
from purchasing.words import Lane


def want_unknown(store: Store, person: Person, found: Iterable[Found], now: datetime) -> None:
    """Remembers what of this is a number that nobody knows. Raises NotAllowed."""
    check(person, Right.SEE)
    for one in found:
        if one.kind == UNKNOWN and one.asked.kind == "number":
            store.warehouse.want(one.asked.text, person.id, now)


def tell_wanted(store: Store, before: ProviderOrder | None, order: ProviderOrder, now: datetime) -> None:
    """Tells those who asked for a number that `order` has and `before` had not."""
    new = _numbers(order) - (_numbers(before) if before else set())
    wanted = store.warehouse.wanted(new) if new else []
    for number, person_id in wanted:
        person = store.people.get(person_id)
        if person is not None:
            address = Address.of("came", number)
            tell(store, [person], address, Lane.RESULT, now, f"came:{number}:{now.isoformat()}")
    store.warehouse.found({number for number, _ in wanted}, now)


def _numbers(order: ProviderOrder) -> set[str]:
    return {order.number, *(normalise(waybill.number) for waybill in order.waybills)}
