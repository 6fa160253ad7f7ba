"""Ticking lines for the next preview: per person, only ready ones, never one that somebody else holds."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from purchasing.errors import Conflict, Stale
from purchasing.options import check_enabled, disabled_providers
from purchasing.order_ports import LineFilter
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.words import LineStatus


def toggle(store: Store, person: Person, line_id: int, now: datetime) -> bool:
    """True when the line is ticked now. Raises Conflict with the holder's name, Stale when it isn't ready any more,
    BadInput when its provider is switched off."""
    check(person, Right.BUY)
    if line_id in store.selection.of(person.id):
        return store.selection.toggle(person.id, line_id)
    line = store.lines.get(line_id)
    if line is None or line.status is not LineStatus.READY:
        raise Stale("line_not_ready")
    check_enabled(store, line.provider)
    holder_id = store.lines.holders([line_id], now).get(line_id)
    if holder_id is not None and holder_id != person.id:
        holder = store.people.get(holder_id)
        raise Conflict("line_held", holder.name if holder else "")
    return store.selection.toggle(person.id, line_id)


def select_all(store: Store, person: Person, where: LineFilter) -> int:
    """Ticks every ready line that the filter shows and nobody else holds, on providers that are switched on; how many
    are ticked by this."""
    check(person, Right.BUY)
    offered = replace(where, without=disabled_providers(store))
    ids = [line_id for line_id in store.lines.ids(offered) if line_id not in store.selection.of(person.id)]
    store.selection.add(person.id, ids)
    return len(ids)


def count_ready(store: Store) -> int:
    """Lines to buy on the providers that are switched on."""
    return store.lines.page(LineFilter(frozenset({LineStatus.READY}), without=disabled_providers(store)), 0, 1)[1]


def selected(store: Store, person: Person) -> list[int]:
    """The ticked lines that are still ready; others are silently let go."""
    ids = store.selection.of(person.id)
    ready = {line.id for line in store.lines.many(ids) if line.status is LineStatus.READY}
    store.selection.remove(person.id, _gone(ids, ready))
    return [line_id for line_id in ids if line_id in ready]


def _gone(ids: Collection[int], ready: set[int]) -> list[int]:
    return [line_id for line_id in ids if line_id not in ready]
