"""Sheets of XLSX, XLS and ODS workbooks. A compressed one is measured before anything unpacks it."""

import io
import zipfile
from collections.abc import Iterable, Sequence

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from shops.files.cells import Cell
from shops.files.table import BadFile, Header, Records, find_header, records_below
from shops.files.vocabulary import Vocabulary

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Limits of OWASP ASVS 12.1, measured on real and hostile workbooks.
MOST_ENTRIES = 200
MOST_UNPACKED = 100 * 1024 * 1024
HIGHEST_RATIO = 100
MOST_SHEET_ROWS = 20_000
"""Blank and titled ones too."""

Rows = Sequence[Sequence[Cell]]
_BROKEN = (CalamineError, XmlError, ZipError, OSError, ValueError)


def is_workbook(content: bytes) -> bool:
    return content.startswith((ZIP, OLE))


def read_workbook(content: bytes, kind: Vocabulary) -> Records:
    """The first visible sheet with such a list. Raises BadFile."""
    if content.startswith(ZIP):
        check_zip(content)
    lists = list(_lists(_open(content), kind))
    if not lists:
        raise BadFile(kind.refusal)
    complete = [one for one in lists if not one[2].missing] or lists
    _, rows, header = complete[0]
    others = tuple(name for name, _, _ in complete[1:])
    return Records(records_below(rows, header), others)


def check_zip(content: bytes) -> None:
    """Raises BadFile: zip_bomb, broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BadFile("broken") from None
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > HIGHEST_RATIO * len(content):
        raise BadFile("zip_bomb")


def _open(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        raise BadFile("password") from None
    except _BROKEN:
        raise BadFile("broken") from None


def _lists(book: CalamineWorkbook, kind: Vocabulary) -> Iterable[tuple[str, Rows, Header]]:
    for sheet in book.sheets_metadata:
        if sheet.visible is not SheetVisibleEnum.Visible:
            continue
        try:
            rows = _rows(book.get_sheet_by_name(sheet.name))
        except _BROKEN:
            raise BadFile("broken") from None
        header = find_header(rows, kind)
        if header:
            yield sheet.name, rows, header


def _rows(sheet: CalamineSheet) -> Rows:
    if sheet.total_height > MOST_SHEET_ROWS:
        raise BadFile("too_many_rows", str(sheet.total_height))
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _fill_down(rows, top, left, bottom, right)
    return rows


def _fill_down(rows: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    """A cell merged over several rows belongs to each of them; one merged over columns stays in the first."""
    if bottom == top or right != left or top >= len(rows) or left >= len(rows[top]):
        return
    for row in rows[top + 1 : bottom + 1]:
        row[left] = rows[top][left]
