"""Parcels for customers; whom they are for stays sealed and comes out only when asked for by itself."""

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, delete, exists, func, insert, or_, select, update

from purchasing.parcels import Addressee, Parcel, ParcelItem, ParcelState
from storage.repositories.base import Repository, any_of, columns_of, grouped, record, unique
from storage.tables import binding, customer_order, order_line, parcel, parcel_item

_PARCELS = select(*(column for column in parcel.c if column.name != "details"), customer_order.c.customer).join_from(
    parcel, customer_order
)
_ONE = _PARCELS.where(parcel.c.id == bindparam("one"))
_TRACKED = _PARCELS.where(parcel.c.track == bindparam("given")).order_by(parcel.c.id)
_ITEMS = select(parcel_item).where(parcel_item.c.parcel_id.in_(any_of("parcels"))).order_by(parcel_item.c.line_id)
_KEPT = ("id", "order_id", "made_by", "created_at")


class SqlParcels(Repository):
    def add(self, order_id: int, details: Addressee, delivery_mode: str, made_by: int, now: datetime) -> Parcel:
        values = {"order_id": order_id, "made_by": made_by, "created_at": now, "delivery_mode": delivery_mode}
        added = insert(parcel).values(values | {"state": ParcelState.OPEN}).returning(parcel.c.id)
        parcel_id = int(self._value(added))
        self.save_details(parcel_id, details)
        return self._load(_ONE, one=parcel_id)[0]

    def get(self, parcel_id: int) -> Parcel | None:
        found = self._load(_ONE, one=parcel_id)
        return found[0] if found else None

    def by_track(self, track: str) -> list[Parcel]:
        return self._load(_TRACKED, given=track) if track else []

    def by_external(self, external_id: str) -> list[Parcel]:
        wanted = _PARCELS.where(parcel.c.external_id == external_id).order_by(parcel.c.id)
        return self._load(wanted) if external_id else []

    def of_order(self, order_id: int) -> list[Parcel]:
        inside = select(parcel_item.c.parcel_id).join(order_line).where(order_line.c.order_id == order_id)
        wanted = _PARCELS.where(or_(parcel.c.order_id == order_id, parcel.c.id.in_(inside)))
        return self._load(wanted.order_by(parcel.c.id))

    def page(self, offset: int, limit: int) -> tuple[list[Parcel], int]:
        closed = case((parcel.c.state == ParcelState.OPEN, 0), else_=1)
        wanted = _PARCELS.order_by(closed, parcel.c.id.desc())
        return self._load(wanted.offset(offset).limit(limit)), self._count(_PARCELS)

    def open_for(self, order_id: int) -> list[Parcel]:
        own = customer_order.alias()
        same = and_(
            own.c.id == order_id,
            own.c.customer != "",
            own.c.customer == customer_order.c.customer,
            own.c.shop == customer_order.c.shop,
        )
        for_them = or_(parcel.c.order_id == order_id, exists().where(same))
        return self._load(_PARCELS.where(parcel.c.state == ParcelState.OPEN, for_them).order_by(parcel.c.id))

    def save(self, changed: Parcel) -> None:
        self._run(update(parcel).where(parcel.c.id == changed.id).values(columns_of(changed, parcel, *_KEPT)))

    def remove(self, parcel_id: int) -> None:
        self._run(delete(parcel_item).where(parcel_item.c.parcel_id == parcel_id))
        self._run(delete(parcel).where(parcel.c.id == parcel_id))

    def put_item(self, parcel_id: int, line_id: int, quantity: int) -> None:
        if quantity == 0:
            pair = parcel_item.c.parcel_id == parcel_id, parcel_item.c.line_id == line_id
            self._run(delete(parcel_item).where(*pair))
            return
        new = self._insert(parcel_item).values(parcel_id=parcel_id, line_id=line_id, quantity=quantity)
        key = [parcel_item.c.parcel_id, parcel_item.c.line_id]
        self._run(new.on_conflict_do_update(index_elements=key, set_={"quantity": quantity}))

    def in_parcels(self, line_ids: Collection[int], *, closed: bool = False) -> dict[int, int]:
        pieces = func.sum(parcel_item.c.quantity).label("pieces")
        wanted = select(parcel_item.c.line_id, pieces).where(parcel_item.c.line_id.in_(unique(line_ids)))
        if closed:
            wanted = wanted.join(parcel).where(parcel.c.state != ParcelState.OPEN)
        return {row["line_id"]: int(row["pieces"]) for row in self._rows(wanted.group_by(parcel_item.c.line_id))}

    def details(self, parcel_id: int) -> Addressee:
        sealed = self._value(select(parcel.c.details).where(parcel.c.id == parcel_id))
        return (
            Addressee() if sealed is None else Addressee(**json.loads(self._open(parcel.c.details, sealed, parcel_id)))
        )

    def save_details(self, parcel_id: int, details: Addressee) -> None:
        sealed = self._seal(parcel.c.details, json.dumps(asdict(details)).encode(), parcel_id)
        self._run(update(parcel).where(parcel.c.id == parcel_id).values(details=sealed))

    def to_pack(self, offset: int, limit: int) -> tuple[list[tuple[int, int]], int]:
        live = binding.c.ended_at.is_(None), binding.c.received > 0
        received = _pieces_of_line(binding.c.line_id, binding.c.received).where(*live).subquery()
        packed = _pieces_of_line(parcel_item.c.line_id, parcel_item.c.quantity).subquery()
        wanted = (
            select(order_line.c.order_id, func.count().label("lines"))
            .join(received, received.c.line_id == order_line.c.id)
            .outerjoin(packed, packed.c.line_id == order_line.c.id)
            .where(received.c.pieces > func.coalesce(packed.c.pieces, 0))
            .group_by(order_line.c.order_id)
        )
        rows = self._rows(wanted.order_by(order_line.c.order_id).offset(offset).limit(limit))
        return [(row["order_id"], row["lines"]) for row in rows], self._count(wanted)

    def _load(self, wanted: Select[Any], **values: Any) -> list[Parcel]:
        rows = self._rows(wanted, **values)
        ids = [row["id"] for row in rows]
        items = grouped(self._rows(_ITEMS, parcels=ids), "parcel_id") if ids else {}
        return [
            record(Parcel, row, items=tuple(record(ParcelItem, item) for item in items.get(row["id"], ())))
            for row in rows
        ]


def _pieces_of_line(line: Any, quantity: Any) -> Select[Any]:
    return select(line, func.sum(quantity).label("pieces")).group_by(line)
