"""Notes to a line: staff's own, and what its seller is told with the order."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from purchasing.change_goods import changeable
from purchasing.errors import BadInput, NotAllowed, Stale
from purchasing.hand_edits import note_edit, touch_line
from purchasing.line_ports import LineNote
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check, has
from purchasing.ports import AuditEntry, Store
from purchasing.typed import one_line
from purchasing.words import ProviderName

LONGEST = 500
MOST = 50
"""Notes of one line."""
SELLER_LIMITS: Mapping[ProviderName, int] = {ProviderName.TAOBAO: 200, ProviderName.ALIBABA1688: 500}
"""Characters that a marketplace takes with one order; Taobao's is inferred from its page's own field."""


def add_note(store: Store, person: Person, line_id: int, typed: str, now: datetime) -> None:
    """Who buys, pays or receives may leave one. Raises NotAllowed, Stale, BadInput."""
    if not any(has(person, right) for right in (Right.BUY, Right.PAY, Right.RECEIVE)):
        raise NotAllowed(Right.BUY)
    line, text = _line(store, line_id), one_line(typed)
    if not 1 <= len(text) <= LONGEST:
        raise BadInput("note", "note_500", typed)
    if len(store.line_notes.of_line(line_id)) >= MOST:
        raise BadInput("note", "notes_50", typed)
    store.line_notes.add(line_id, person.id, text, now)
    store.audit.add(AuditEntry(now, person.id, "line_note", f"line:{line_id}", "", text))
    touch_line(store, line, now)


def remove_note(store: Store, person: Person, note_id: int, now: datetime) -> LineNote:
    """One's own, or anybody's for an owner; the log keeps it. Raises NotAllowed, Stale."""
    found = store.line_notes.get(note_id)
    if found is None:
        raise Stale("note_gone")
    if not may_remove(person, found):
        raise NotAllowed(Right.MANAGE)
    store.line_notes.remove(note_id)
    store.audit.add(AuditEntry(now, person.id, "line_note", f"line:{found.line_id}", found.text, ""))
    touch_line(store, _line(store, found.line_id), now)
    return found


def may_remove(person: Person, note: LineNote) -> bool:
    return note.person_id == person.id or has(person, Right.MANAGE)


def set_seller_note(store: Store, person: Person, line_id: int, typed: str, now: datetime) -> None:
    """What the seller is told when the line is ordered; "-" for nothing.
    Raises NotAllowed, Stale (ordered already), Conflict, BadInput."""
    check(person, Right.BUY)
    line, text = changeable(store, person, line_id, now), one_line(typed)
    note = "" if text in ("-", "—") else text
    if len(note) > SELLER_LIMITS[line.provider]:
        raise BadInput("seller_note", f"seller_note_{line.provider}", typed)
    if note != line.seller_note:
        store.lines.set_seller_note(line_id, note)
        note_edit(store, person, line, "seller_note", line.seller_note, note, now)
        touch_line(store, line, now)


def combined(parts: Iterable[tuple[str, str]]) -> str:
    """One note of an order's lines, each (choice, note): said once where all say the same, else after its choice."""
    told = [(choice, note) for choice, note in parts]
    notes = dict.fromkeys(note for _, note in told if note)
    if len(notes) <= 1 and all(note for _, note in told):
        return next(iter(notes), "")
    return "; ".join(dict.fromkeys(f"{choice}: {note}" if choice else note for choice, note in told if note))


def _line(store: Store, line_id: int) -> OrderLine:
    line = store.lines.get(line_id)
    if line is None:
        raise Stale("line_gone")
    return line
