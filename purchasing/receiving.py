"""Parcels that reach the warehouse: who receives, what was scanned, what was wrong. Records only, no rules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ScanKind(StrEnum):
    """`part`: a box of a parcel, or a parcel of a provider order, whose others are still to come: the goods count as
    received with the last one. `again`: the parcel was scanned before. `unexpected`: no line of ours is in it."""

    RECEIVED = "received"
    PART = "part"
    AGAIN = "again"
    UNEXPECTED = "unexpected"


class DefectKind(StrEnum):
    DAMAGED = "damaged"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True)
class Receiving:
    """One person's time at the table, from start to finish; a person has at most one open."""

    id: int
    person_id: int
    started_at: datetime
    ended_at: datetime | None = None
    card_id: int | None = None
    card_scans: int = 0


@dataclass(frozen=True)
class Scan:
    """`number` normalised; `box` of `boxes`, 0 of 0 for a whole parcel; `weight` in grams."""

    id: int
    receiving_id: int
    number: str
    kind: ScanKind
    at: datetime
    box: int = 0
    boxes: int = 0
    weight: int | None = None
    undone_at: datetime | None = None
    pieces: tuple[tuple[int, int], ...] = ()
    """(binding, pieces of it received by this scan)."""


@dataclass(frozen=True)
class Defect:
    """What is wrong with goods of a line; `told_at` since when its buyer knows."""

    id: int
    line_id: int
    scan_id: int | None
    kind: DefectKind
    note: str
    reported_by: int
    at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True)
class LinePhoto:
    """A photo of a line's goods, kept by Telegram."""

    id: int
    line_id: int
    file_id: str
    added_by: int
    at: datetime
    defect_id: int | None = None


@dataclass(frozen=True)
class Arrivals:
    """Parcels under way with goods of ours, by the carrier's name as the marketplace tells it."""

    expected: tuple[tuple[str, int], ...] = ()
    overdue: tuple[tuple[str, int], ...] = ()
