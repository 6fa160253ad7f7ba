"""Finds the header row of a table and turns the rows below it into records; titles, totals and blanks are no rows."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shops.files.cells import Cell, text
from shops.files.headers import columns_of
from shops.files.vocabulary import Vocabulary

HEADER_WITHIN = 50
"""Titles above the header take at most this many rows."""
MOST_ROWS = 5_000

_TOTAL = re.compile(r"(?:итого|итог|всего|total|sum|сумма|合计|总计)\b", re.IGNORECASE)


class BadFile(Exception):
    """The whole file is refused; `rule` is a code of the texts, `value` what it is about, `named` the columns that
    its headers do name."""

    def __init__(self, rule: str, value: str = "", named: Collection[str] = ()) -> None:
        super().__init__(rule)
        self.rule, self.value, self.named = rule, value, named


@dataclass(frozen=True)
class Record:
    """One row's cells by column; `row` is counted from 1 as the person's program does."""

    row: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Records:
    records: tuple[Record, ...]
    skipped_sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    position: int
    columns: Mapping[int, str]
    kind: Vocabulary

    @property
    def missing(self) -> list[str]:
        """Columns without which no row can be understood."""
        return self.kind.missing(set(self.columns.values()))


def find_header(rows: Sequence[Sequence[Cell]], kind: Vocabulary) -> Header | None:
    """The row that names most columns, at least two of them."""
    best: Header | None = None
    for position, row in enumerate(rows[:HEADER_WITHIN]):
        columns = columns_of(row, kind.by_name)
        if len(columns) > max(1, len(best.columns) if best else 0):
            best = Header(position, columns, kind)
    return best


def records_below(rows: Sequence[Sequence[Cell]], header: Header) -> tuple[Record, ...]:
    """Raises BadFile: columns_missing, empty, too_many_rows."""
    if header.missing:
        raise BadFile("columns_missing", ", ".join(header.missing), header.columns.values())
    found = tuple(_records(rows, header))
    check_count(len(found))
    return found


def check_count(rows: int) -> None:
    if not rows:
        raise BadFile("empty")
    if rows > MOST_ROWS:
        raise BadFile("too_many_rows", str(rows))


def _records(rows: Sequence[Sequence[Cell]], header: Header) -> Iterator[Record]:
    for position, row in enumerate(rows[header.position + 1 :], header.position + 1):
        cells = {column: row[i] if i < len(row) else None for i, column in header.columns.items()}
        if not _is_total(row, cells, header.kind) and columns_of(row, header.kind.by_name) != header.columns:
            yield Record(position + 1, cells)


def _is_total(row: Sequence[Cell], cells: Mapping[str, Cell], kind: Vocabulary) -> bool:
    """Blank rows too. A row that links to goods is never taken for a total."""
    if text(cells.get("item_url")) or text(cells.get("item_id")):
        return False
    first = next((shown for cell in row if (shown := text(cell))), "")
    return bool(_TOTAL.match(first)) or not any(text(cells.get(column)) for column in kind.naming)
