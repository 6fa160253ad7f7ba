"""JSON: a list of rows, or {"orders": […]} whose orders may hold their `lines`. Numbers stay exact."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from shops.files.cells import Cell
from shops.files.headers import column_of
from shops.files.table import BadFile, Header, Record, Records, check_count

_LINES = ("lines", "items")


def is_json(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")


def read_json(content: bytes) -> Records:
    """Raises BadFile: encoding, broken, no_order_file, columns_missing, empty, too_many_rows."""
    records = [Record(row, _cells(item)) for row, item in enumerate(_objects(_parsed(content)), 1)]
    check_count(len(records))
    named = Header(0, dict(enumerate({column for record in records for column in record.cells})))
    if len(named.columns) < 2:
        raise BadFile("no_order_file")
    if named.missing:
        raise BadFile("columns_missing", ", ".join(named.missing))
    return Records(tuple(records))


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        raise BadFile("encoding") from None
    except (ValueError, RecursionError):
        raise BadFile("broken") from None


def _objects(parsed: object) -> Iterator[Mapping[str, object]]:
    """Rows, each with what its order says of itself."""
    if isinstance(parsed, dict):
        parsed = parsed.get("orders")
    if not isinstance(parsed, list):
        raise BadFile("no_order_file")
    for item in parsed:
        if not isinstance(item, dict):
            raise BadFile("no_order_file")
        lines = next((item[key] for key in _LINES if isinstance(item.get(key), list)), None)
        if lines is None:
            yield item
        else:
            yield from ({**item, **line} for line in lines if isinstance(line, dict))


def _cells(item: Mapping[str, object]) -> dict[str, Cell]:
    named = ((column_of(key), value) for key, value in item.items())
    return {column: _cell(value) for column, value in named if column}


def _cell(value: object) -> Cell:
    """A nested value is no cell; its text shows what was refused."""
    return value if value is None or isinstance(value, str | int | Decimal | float | bool) else str(value)
