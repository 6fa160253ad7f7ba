"""What staff change in a line by hand: audited, shown on the line, and never undone by the shop's same file again.

What the file last said of a changed column stays known (`OrderLine.told`); an import compares with that, not with
ours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from purchasing.moves import touch_order
from purchasing.orders import OrderLine, data_of, said
from purchasing.people import Person
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import LineChange
from purchasing.words import Lane

EDITED = "edited"
"""Kind of the event; its params: column, before, after and who."""


def edit_line(store: Store, person: Person, line: OrderLine, values: Mapping[str, Any], now: datetime) -> None:
    """Writes these columns of the line, each remembered as changed by the person."""
    changed = {name: value for name, value in values.items() if value != getattr(line, name)}
    write_columns(store, line, changed, now)
    for column, value in changed.items():
        note_edit(store, person, line, column, said(getattr(line, column)), said(value), now)


def write_columns(store: Store, line: OrderLine, values: Mapping[str, Any], now: datetime) -> None:
    """The same without a note in the history: the caller writes its own."""
    if not values:
        return
    store.lines.save(line.id, replace(data_of(line), **values))
    remember_told(store, line.id, {name: said(getattr(line, name)) for name in values} | dict(line.told))
    touch_line(store, line, now)


def remember_told(store: Store, line_id: int, told: Mapping[str, str]) -> None:
    """What the shop says of columns that are otherwise here; what agrees needs no remembering."""
    line = store.lines.get(line_id)
    if line is not None:
        store.lines.set_told(line_id, {name: word for name, word in told.items() if said(getattr(line, name)) != word})


def note_edit(
    store: Store, person: Person, line: OrderLine, column: str, before: str, after: str, now: datetime
) -> None:
    store.audit.add(AuditEntry(now, person.id, f"line_{column}", f"line:{line.id}", before, after))
    params = (("column", column), ("before", before), ("after", after), ("who", person.name))
    store.events.add(LineChange(line.order_id, line.id, EDITED, params), None, now)


def touch_line(store: Store, line: OrderLine, now: datetime) -> None:
    store.cards.touch(f"line:{line.id}", Lane.PRESS, now)
    touch_order(store, line.order_id, now)
