"""Workbooks for people: numbers and dates as such, and no text from outside can ever become a formula or a link."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | datetime | None
"""Money in yuan is a Decimal; ids are text, for 19 digits are too many for a spreadsheet's number."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_FORMULA = frozenset("=+-@\t\r")
LONGEST_CELL = 32_767  # Excel's own limit


@dataclass(frozen=True)
class Sheet:
    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(sheet: Sheet, zone: str) -> bytes:
    """One sheet as XLSX; times are in `zone`. The same rows always give the same bytes."""
    whole = io.BytesIO()
    book = Workbook(whole, _OPTIONS)
    book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
    head, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page = book.add_worksheet(sheet.name[:31])
    for column, title in enumerate(sheet.header):
        page.write_string(0, column, title, head)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, moment, ZoneInfo(zone))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(1, len(sheet.rows)), max(0, len(sheet.header) - 1))
    page.set_column(0, max(0, len(sheet.header) - 1), 16)
    book.close()
    return whole.getvalue()


def delimited(sheet: Sheet) -> bytes:
    """The same as CSV: semicolons and UTF-8 with a mark, which spreadsheets open rightly. What could be taken for a
    formula gets an apostrophe before it, as OWASP advises."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerows([sheet.header, *([_plain(cell) for cell in row] for row in sheet.rows)])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    text = "" if cell is None else cell.isoformat() if isinstance(cell, datetime) else str(cell)
    return f"'{text}" if isinstance(cell, str) and text[:1] in _FORMULA else text


def _write(page: Worksheet, row: int, column: int, cell: Cell, moment: Format, zone: ZoneInfo) -> None:
    match cell:
        case None | "":
            return
        case datetime():
            page.write_datetime(row, column, cell.astimezone(zone).replace(tzinfo=None), moment)
        case int() | Decimal():
            page.write_number(row, column, cell)
        case _:
            page.write_string(row, column, cell[:LONGEST_CELL])
