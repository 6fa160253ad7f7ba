"""Track numbers that staff type for a provider order: for when the marketplace shows none, or a wrong one.

A typed number stays whatever a sync reads; one that was replaced stays findable and never comes back by itself."""

from dataclasses import dataclass, replace
from datetime import datetime

from purchasing.carriers import kind_of, normalise
from purchasing.errors import BadInput, Stale
from purchasing.hand_edits import note_edit, touch_line
from purchasing.orders import OrderLine
from purchasing.parcels import parcel_id_of
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.provider_orders import ProviderLine, ProviderOrder, Waybill
from purchasing.typed import one_line
from purchasing.wanted_numbers import tell_wanted

LONGEST_TYPED = 100
COLUMN = "waybill"


def add_waybill(
    store: Store, person: Person, line_id: int, provider_order_id: int, typed: str, now: datetime
) -> Waybill:
    """One more number for the goods of this line. Raises NotAllowed, Stale, BadInput."""
    tied = _tied(store, person, line_id, provider_order_id)
    number = _number(typed)
    if any(normalise(w.number) == number and _current_in(w, tied.parts) for w in tied.order.waybills):
        raise BadInput(COLUMN, "waybill_known", typed)
    return _put(store, person, tied, number, "", now)


def replace_waybill(store: Store, person: Person, line_id: int, waybill_id: int, typed: str, now: datetime) -> Waybill:
    """Another number instead of this one. Raises NotAllowed, Stale, BadInput."""
    tied, old = _waybill(store, person, line_id, waybill_id)
    number = _number(typed)
    if number == normalise(old.number):
        raise BadInput(COLUMN, "waybill_known", typed)
    store.waybills.set_aside(old.id, person.id, now)
    return _put(store, person, replace(tied, parts=old.sub_numbers), number, old.number, now)


def set_aside(store: Store, person: Person, line_id: int, waybill_id: int, now: datetime) -> None:
    """It isn't this order's number. Raises NotAllowed, Stale."""
    tied, old = _waybill(store, person, line_id, waybill_id)
    if old.replaced_at is not None:
        raise Stale("waybill_changed")
    store.waybills.set_aside(old.id, person.id, now)
    note_edit(store, person, tied.line, COLUMN, old.number, "", now)
    _touch(store, old.provider_order_id, now)


def bring_back(store: Store, person: Person, line_id: int, waybill_id: int, now: datetime) -> None:
    """It is this order's number after all. Raises NotAllowed, Stale."""
    tied, old = _waybill(store, person, line_id, waybill_id)
    if old.replaced_at is None:
        raise Stale("waybill_changed")
    store.waybills.put(old.provider_order_id, normalise(old.number), old.sub_numbers, person.id, now)
    note_edit(store, person, tied.line, COLUMN, "", old.number, now)
    _touch(store, old.provider_order_id, now)


@dataclass(frozen=True)
class _Tied:
    """A line, a provider order that covers it, and the numbers of the provider lines that do; none: the whole order."""

    line: OrderLine
    order: ProviderOrder
    parts: tuple[str, ...]


def _tied(store: Store, person: Person, line_id: int, provider_order_id: int) -> _Tied:
    check(person, Right.BUY)
    line, order = store.lines.get(line_id), store.provider_orders.get(provider_order_id)
    if line is None or order is None:
        raise Stale("line_gone")
    ties = {tie.provider_line_id for tie in store.bindings.of_lines([line_id])}
    parts = [part for part in order.lines if part.id in ties]
    if not parts:
        raise Stale("line_not_bound")
    return _Tied(line, order, _numbers(order, parts))


def _numbers(order: ProviderOrder, parts: list[ProviderLine]) -> tuple[str, ...]:
    """None while only a stand-in for a line's own number is known (a driver couldn't read the order back yet)."""
    numbers = tuple(part.sub_number for part in parts)
    known = all(number not in ("", order.number) and not number.startswith("?") for number in numbers)
    return numbers if known and len(parts) < len(order.lines) else ()


def _current_in(waybill: Waybill, parts: tuple[str, ...]) -> bool:
    whole = not waybill.sub_numbers or (bool(parts) and set(parts) <= set(waybill.sub_numbers))
    return waybill.replaced_at is None and whole


def _waybill(store: Store, person: Person, line_id: int, waybill_id: int) -> tuple[_Tied, Waybill]:
    check(person, Right.BUY)
    waybill = store.waybills.get(waybill_id)
    if waybill is None:
        raise Stale("waybill_changed")
    return _tied(store, person, line_id, waybill.provider_order_id), waybill


def _number(typed: str) -> str:
    number = normalise(one_line(typed)) if len(typed) <= LONGEST_TYPED else ""
    if kind_of(number) != "waybill" or parcel_id_of(number) is not None:
        raise BadInput(COLUMN, "waybill_8_24", typed)
    return number


def _put(store: Store, person: Person, tied: _Tied, number: str, before: str, now: datetime) -> Waybill:
    order = tied.order
    made = store.waybills.put(order.id, number, tied.parts, person.id, now)
    note_edit(store, person, tied.line, COLUMN, before, number, now)
    after = store.provider_orders.get(order.id)
    if after is not None:
        tell_wanted(store, order, after, now)
    _touch(store, order.id, now)
    return made


def _touch(store: Store, provider_order_id: int, now: datetime) -> None:
    for line in {line.id: line for _tie, line in store.lines.of_provider_order(provider_order_id)}.values():
        touch_line(store, line, now)
