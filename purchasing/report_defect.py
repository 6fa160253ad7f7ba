"""Damaged, wrong or missing goods: noted at the table with photos, told to the line's buyer. Moves no status."""

from datetime import datetime

from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.receiving import Defect, DefectKind
from purchasing.tell import buyers_of, tell
from purchasing.words import Lane

LONGEST_NOTE = 1000
MOST_PHOTOS = 20


def report_defect(
    store: Store, person: Person, line_id: int, scan_id: int | None, kind: DefectKind, now: datetime
) -> Defect:
    """Begins a report; `send_defect` tells it. Raises NotAllowed, Stale."""
    check(person, Right.RECEIVE)
    if store.lines.get(line_id) is None:
        raise Stale("line_gone")
    return store.warehouse.add_defect(line_id, scan_id, kind, person.id, now)


def add_note(store: Store, person: Person, defect_id: int, text: str, now: datetime) -> None:
    """One more paragraph. Raises NotAllowed, Stale, BadInput."""
    defect = _open(store, person, defect_id)
    note = "\n".join(filter(None, (defect.note, text.strip())))
    if len(note) > LONGEST_NOTE:
        raise BadInput("note", "note_1000", text)
    store.warehouse.save_defect(defect_id, note, None)
    store.cards.touch(f"defect:{defect_id}", Lane.PRESS, now)


def add_defect_photo(store: Store, person: Person, defect_id: int, file_id: str, unique_id: str, now: datetime) -> None:
    """Raises NotAllowed, Stale, BadInput."""
    defect = _open(store, person, defect_id)
    add_photo(store, person, defect.line_id, file_id, unique_id, now, defect_id)
    store.cards.touch(f"defect:{defect_id}", Lane.PRESS, now)


def send_defect(store: Store, person: Person, defect_id: int, now: datetime) -> None:
    """Tells the line's buyer, once. Raises NotAllowed, Stale."""
    defect = _open(store, person, defect_id)
    line = store.lines.get(defect.line_id)
    assert line is not None  # noqa: S101  # lines are never deleted
    store.warehouse.save_defect(defect_id, defect.note, now)
    address = Address.of("defect_card", defect_id)
    tell(store, buyers_of(store, line.order_id), address, Lane.RESULT, now, f"defect:{defect_id}")
    store.audit.add(AuditEntry(now, person.id, "defect", f"line:{line.id}", after=defect.kind.value))
    store.cards.touch(f"defect:{defect_id}", Lane.PRESS, now)


def add_photo(
    store: Store,
    person: Person,
    line_id: int,
    file_id: str,
    unique_id: str,
    now: datetime,
    defect_id: int | None = None,
) -> bool:
    """Keeps a photo of goods with their line; False when it is there already. Raises NotAllowed, BadInput."""
    check(person, Right.RECEIVE)
    if len(store.warehouse.photos(line_id)) >= MOST_PHOTOS:
        raise BadInput("photo", "photos_20")
    added = store.warehouse.add_photo(line_id, file_id, unique_id, defect_id, person.id, now)
    store.cards.touch(f"line_photos:{line_id}", Lane.PRESS, now)
    return added


def remove_photo(store: Store, person: Person, line_id: int, photo_id: int, now: datetime) -> None:
    """Its file goes a little later, by itself. Raises NotAllowed, Stale."""
    check(person, Right.RECEIVE)
    if all(photo.id != photo_id for photo in store.warehouse.photos(line_id)):
        raise Stale("photo_gone")
    store.warehouse.remove_photo(photo_id)
    store.audit.add(AuditEntry(now, person.id, "photo_removed", f"line:{line_id}"))
    store.cards.touch(f"line_photos:{line_id}", Lane.PRESS, now)


def _open(store: Store, person: Person, defect_id: int) -> Defect:
    check(person, Right.RECEIVE)
    defect = store.warehouse.defect(defect_id)
    if defect is None or defect.told_at is not None:
        raise Stale("defect_told")
    return defect
