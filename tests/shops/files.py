"""Order files made up for the tests, as bytes."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

TAOBAO = "https://item.taobao.com/item.htm?id=640000000001&skuId=5400000000011"
HEADERS = ("Заказ", "Ссылка", "Количество", "Цена")

ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"

MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_MIME}"/></manifest:manifest>'
)


def xlsx(*rows: Sequence[object], merged: Sequence[tuple[int, int, int, int, object]] = ()) -> bytes:
    return workbook({"Лист1": rows}, merged)


def workbook(
    sheets: dict[str, Sequence[Sequence[object]]], merged: Sequence[tuple[int, int, int, int, object]] = ()
) -> bytes:
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
        for cells in merged:
            sheet.merge_range(*cells)
    book.close()
    return out.getvalue()


def ods(*rows: Sequence[str]) -> bytes:
    """The least that OpenDocument asks for."""
    cells = "".join("<table:table-row>" + "".join(_cell(value) for value in row) + "</table:table-row>" for row in rows)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="A">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", ODS_MIME)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)
    return out.getvalue()


def _cell(value: str) -> str:
    escaped = value.replace("&", "&amp;")
    return f'<table:table-cell office:value-type="string"><text:p>{escaped}</text:p></table:table-cell>'


def csv(*rows: Sequence[object], separator: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(separator.join(map(str, row)) for row in rows).encode(encoding)
