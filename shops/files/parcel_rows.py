"""From the cells of one record of a parcel file to a row, or to what is wrong with it. Fields are texts as a person
would type them: their rules are the domain's."""

from collections.abc import Mapping
from dataclasses import fields

from purchasing.order_file import RowProblem
from purchasing.parcel_file import ParcelRow
from purchasing.parcels import Addressee
from shops.files.cells import BadCell, Cell, grams, identifier, limited, short, text
from shops.files.headers import KILOGRAMS

_IDS = frozenset({"parcel", "order", "external_id", "track", "zip", "phone", "passport", "tax_number"})
"""Their digits must be exact."""
_PRIVATE = frozenset(field.name for field in fields(Addressee))
"""Columns whose values are shown to nobody, not even as an error."""
_NAMING = ("parcel", "order")
LONGEST = 500


def read_parcel_row(row: int, cells: Mapping[str, Cell]) -> ParcelRow | list[RowProblem]:
    """The row, or everything that is wrong with its cells."""
    found: dict[str, str] = {}
    problems: list[RowProblem] = []
    for column, cell in cells.items():
        name = "weight" if column == KILOGRAMS else column
        try:
            found[name] = _told(column, cell)
        except BadCell as bad:
            problems.append(RowProblem(row, name, bad.rule, "" if name in _PRIVATE else short(cell)))
    if not problems and not any(found.get(name) for name in (*_NAMING, "external_id")):
        problems.append(RowProblem(row, "parcel", "missing"))
    told = tuple((name, value) for name, value in found.items() if value and name not in _NAMING)
    return problems or ParcelRow(row, found.get("parcel", ""), found.get("order", ""), told)


def _told(column: str, cell: Cell) -> str:
    """Raises BadCell."""
    if not text(cell):
        return ""
    if column in ("weight", KILOGRAMS):
        return str(round(grams(cell, kilograms=column == KILOGRAMS)))
    return identifier(cell, LONGEST) if column in _IDS else limited(cell, LONGEST)
