"""What a shop's parcel file says once read: which parcel a row is about, and its fields as texts."""

from dataclasses import dataclass
from typing import Protocol

from purchasing.order_file import OrderFile, RowProblem


@dataclass(frozen=True)
class ParcelRow:
    """`fields` by the names of `purchasing.parcel_fields`, none of them empty; weight in grams. `parcel` is our number
    (VYK…), `order` the customer's order; one of them or the field `external_id` is there."""

    row: int
    parcel: str = ""
    order: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> dict[str, str]:
        return dict(self.fields)


@dataclass(frozen=True)
class ParcelFile:
    rows: tuple[ParcelRow, ...] = ()
    refused: tuple[RowProblem, ...] = ()
    skipped_sheets: tuple[str, ...] = ()


class ShopFileReader(Protocol):
    async def __call__(self, name: str, content: bytes) -> OrderFile | ParcelFile:
        """An order file or a parcel file, as its headers say. Raises BadInput("file", rule): no_order_file,
        columns_missing (the value names them), empty, encoding, too_big, too_many_rows, zip_bomb, password, too_heavy
        (took too long or too much memory) or broken."""
        ...
