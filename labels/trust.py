"""When a number that was read is believed. Light to import: the bot decides with it before any picture is opened."""

from collections.abc import Callable, Sequence

from purchasing import carriers
from purchasing.parcels import parcel_id_of
from purchasing.ports import CodeFound

TRUSTED = frozenset({"code128", "code39", "qr", "datamatrix", "pdf417"})
"""Symbologies that carriers print. EAN is a product's number, and half of an ITF code often passes for a whole one."""

Known = Callable[[str], bool]


def enough(found: Sequence[CodeFound]) -> bool:
    """Something is accepted, and nothing is left that another read could confirm."""
    open_ones = [code for code in found if not code.accepted and may_be_waybill(code.text, code.kind)]
    return not open_ones and any(code.accepted for code in found)


def may_be_waybill(text: str, kind: str) -> bool:
    """A carrier's number, or one of our own parcels'."""
    return kind in TRUSTED and (bool(carriers.carriers_of(text)) or parcel_id_of(text) is not None)
