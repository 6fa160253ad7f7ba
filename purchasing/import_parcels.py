"""Takes rows of a shop's parcel file in: fills in parcels that are there, and makes none. The same rows again change
nothing; an empty cell erases nothing; a number that is a domestic track number is never taken for the parcel's."""

from collections.abc import Sequence
from datetime import datetime

from purchasing.carriers import normalise
from purchasing.errors import BadInput
from purchasing.import_result import ImportResult
from purchasing.order_file import RowProblem
from purchasing.parcel_fields import ADDRESSEE, check_track, with_field
from purchasing.parcel_file import ParcelRow
from purchasing.parcels import Parcel, parcel_id_of
from purchasing.ports import AuditEntry, Store
from purchasing.shop_news import parcel_changed
from purchasing.words import Lane


class _Refused(Exception):
    def __init__(self, column: str, rule: str, value: str) -> None:
        super().__init__(rule)
        self.column, self.rule, self.value = column, rule, value


def import_parcels(
    store: Store, rows: Sequence[ParcelRow], by: int | None, now: datetime, shop: str | None = None
) -> ImportResult:
    """`by` is the person's id; with `shop` only parcels of that shop's orders are found."""
    result = ImportResult()
    for row in rows:
        try:
            changed = _fill(store, _find(store, row, shop), row, by, now)
        except _Refused as why:
            result.refused.append(RowProblem(row.row, why.column, why.rule, why.value))
        else:
            result.updated += changed
            result.unchanged += not changed
    return result


def _find(store: Store, row: ParcelRow, shop: str | None) -> Parcel:
    """The one parcel that the row is about. Raises _Refused."""
    if row.parcel:
        return _named(store, row, shop)
    number = row.told.get("external_id", "")
    known = [one for one in store.parcels.by_external(number) if _of_shop(store, one, shop)] if number else []
    if len(known) == 1 and (not row.order or row.order in _orders(store, known[0])):
        return known[0]
    if not row.order:
        raise _Refused("external_id", "no_such_parcel", number)
    return _of_order(store, row, shop)


def _named(store: Store, row: ParcelRow, shop: str | None) -> Parcel:
    parcel_id = parcel_id_of(normalise(row.parcel))
    parcel = store.parcels.get(parcel_id) if parcel_id else None
    if parcel is None or not _of_shop(store, parcel, shop):
        raise _Refused("parcel", "no_such_parcel", row.parcel[:60])
    if row.order and row.order not in _orders(store, parcel):
        raise _Refused("order", "other_order", row.order[:60])
    return parcel


def _of_order(store: Store, row: ParcelRow, shop: str | None) -> Parcel:
    orders = store.orders.numbered(row.order, shop)
    if not orders:
        raise _Refused("order", "no_such_order", row.order[:60])
    parcels = [parcel for order in orders for parcel in store.parcels.of_order(order.id)]
    track = normalise(row.told.get("track", ""))
    if not parcels:
        raise _Refused("order", "no_parcel_yet", row.order[:60])
    if len(parcels) > 1:
        same = [parcel for parcel in parcels if track and parcel.track == track]
        if len(same) != 1:
            raise _Refused("order", "several_parcels", row.order[:60])
        return same[0]
    return parcels[0]


def _of_shop(store: Store, parcel: Parcel, shop: str | None) -> bool:
    order = store.orders.get(parcel.order_id)
    return shop is None or (order is not None and order.shop == shop)


def _orders(store: Store, parcel: Parcel) -> set[str]:
    """Numbers of the orders whose goods are in the parcel, and of the one that it was made for."""
    order = store.orders.get(parcel.order_id)
    inside = store.lines.many([item.line_id for item in parcel.items])
    return {line.order_number for line in inside} | ({order.number} if order else set())


def _fill(store: Store, parcel: Parcel, row: ParcelRow, by: int | None, now: datetime) -> bool:
    """Whether anything was changed. Raises _Refused before anything is."""
    details = store.parcels.details(parcel.id)
    filled, told = parcel, details
    for field, text in row.fields:
        try:
            filled, told = with_field(filled, told, field, text)
        except BadInput as bad:
            raise _Refused(field, bad.rule, "" if field in ADDRESSEE else bad.value[:60]) from None
    try:
        check_track(store, filled)
    except BadInput as bad:
        raise _Refused("track", bad.rule, bad.value) from None
    if (filled, told) == (parcel, details):
        return False
    store.parcels.save(filled)
    store.parcels.save_details(parcel.id, told)
    # a passport's number may be among them: only which fields changed is written down
    names = ", ".join(field for field, _ in row.fields)
    store.audit.add(AuditEntry(now, by, "parcel_import", parcel.number, "", names))
    store.cards.touch(f"parcel:{parcel.id}", Lane.PROGRESS, now)
    parcel_changed(store, filled, now)
    return True
