"""Spreadsheets that people get. Cells hold what came from outside: written as text, never as a formula or a link."""

import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook

from bot.texts import plain

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDTH = 18

Cell = str | int | None


def sheet(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """An XLSX of one sheet; numbers stay numbers, track numbers are texts and keep all their digits."""
    buffer = io.BytesIO()
    with Workbook(buffer, OPTIONS) as book:
        page = book.add_worksheet()
        bold = book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        page.set_column(0, len(head) - 1, WIDTH)
        for column, title in enumerate(head):
            page.write_string(0, column, plain(title), bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(number, column, cell)
                elif cell:
                    page.write_string(number, column, plain(cell))
    return buffer.getvalue()
