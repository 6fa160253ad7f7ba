"""The refused rows as a spreadsheet. Cells hold what people sent: written as text, never as a formula."""

import io

from xlsxwriter import Workbook

from bot.texts import Reader, plain
from handlers.columns import column_name
from handlers.import_rules import cell_rule
from purchasing.import_result import ImportResult

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def report(result: ImportResult, reader: Reader) -> bytes:
    """An XLSX with a row per refused or noted cell."""
    buffer = io.BytesIO()
    with Workbook(buffer, OPTIONS) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        head = (reader.text("Row"), reader.text("Column"), reader.text("Value"), reader.text("Reason"))
        for column, title in enumerate(head):
            sheet.write_string(0, column, plain(title), bold)
        for number, problem in enumerate([*result.refused, *result.notes], 1):
            sheet.write_number(number, 0, problem.row)
            sheet.write_string(number, 1, plain(column_name(reader, problem.column)))
            sheet.write_string(number, 2, problem.value)
            sheet.write_string(number, 3, plain(cell_rule(reader, problem)))
        sheet.set_column(0, 1, 12)
        sheet.set_column(2, 3, 44)
    return buffer.getvalue()
