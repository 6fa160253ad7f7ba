"""JSON: a list of rows, or {"orders": […]} whose orders may hold their `lines`, or {"parcels": […]}. Numbers stay
exact."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from shops.files.cells import Cell
from shops.files.headers import column_of
from shops.files.table import BadFile, Header, Record, Records, check_count
from shops.files.vocabulary import Vocabulary

_LISTS = ("orders", "parcels")
_LINES = ("lines", "items")


def is_json(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")


def read_json(content: bytes, kind: Vocabulary) -> Records:
    """Raises BadFile: encoding, broken, the kind's refusal, columns_missing, empty, too_many_rows."""
    objects = _objects(_parsed(content), kind)
    records = [Record(row, _cells(item, kind)) for row, item in enumerate(objects, 1)]
    check_count(len(records))
    named = Header(0, dict(enumerate({column for record in records for column in record.cells})), kind)
    if len(named.columns) < 2:
        raise BadFile(kind.refusal)
    if named.missing:
        raise BadFile("columns_missing", ", ".join(named.missing), named.columns.values())
    return Records(tuple(records))


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        raise BadFile("encoding") from None
    except (ValueError, RecursionError):
        raise BadFile("broken") from None


def _objects(parsed: object, kind: Vocabulary) -> Iterator[Mapping[str, object]]:
    """Rows, each with what its order says of itself."""
    if isinstance(parsed, dict):
        parsed = next((parsed[key] for key in _LISTS if key in parsed), None)
    if not isinstance(parsed, list):
        raise BadFile(kind.refusal)
    for item in parsed:
        if not isinstance(item, dict):
            raise BadFile(kind.refusal)
        lines = next((item[key] for key in _LINES if isinstance(item.get(key), list)), None)
        if lines is None:
            yield item
        else:
            yield from ({**item, **line} for line in lines if isinstance(line, dict))


def _cells(item: Mapping[str, object], kind: Vocabulary) -> dict[str, Cell]:
    named = ((column_of(key, kind.by_name), value) for key, value in item.items())
    return {column: _cell(value) for column, value in named if column}


def _cell(value: object) -> Cell:
    """A nested value is no cell; its text shows what was refused."""
    return value if value is None or isinstance(value, str | int | Decimal | float | bool) else str(value)
