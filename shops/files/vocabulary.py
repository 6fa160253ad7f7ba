"""The kinds of files that a shop exports: which headers each knows, and without which it can't be understood."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from shops.files.headers import HEADERS
from shops.files.parcel_headers import PARCEL_HEADERS


@dataclass(frozen=True)
class Vocabulary:
    """`by_name` tells the column of a header; `missing` names the columns that are lacking among those there;
    `naming` are columns of which a row that is no total fills at least one; `refusal` is said when none is known."""

    by_name: Mapping[str, str]
    missing: Callable[[Collection[str]], list[str]]
    naming: tuple[str, ...]
    refusal: str


def _lacks_of_orders(named: Collection[str]) -> list[str]:
    needed = {"order": "order" in named, "item_url": bool({"item_url", "item_id"} & set(named))}
    return [*(column for column, there in needed.items() if not there), *({"quantity"} - set(named))]


def _lacks_of_parcels(named: Collection[str]) -> list[str]:
    needed = {"parcel": bool({"parcel", "order", "external_id"} & set(named)), "track": bool(_TOLD & set(named))}
    return [column for column, there in needed.items() if not there]


_TOLD = {"parcel", "track", "external_id"}
"""Columns that only a list of parcels has."""


def _by_name(headers: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: column for column, names in headers.items() for name in names}


ORDERS = Vocabulary(
    _by_name(HEADERS),
    _lacks_of_orders,
    ("order", "line", "customer", "item_url", "item_id", "sku", "title"),
    "no_order_file",
)
PARCELS = Vocabulary(
    _by_name(PARCEL_HEADERS), _lacks_of_parcels, ("parcel", "order", "external_id", "track"), "no_parcel_file"
)
