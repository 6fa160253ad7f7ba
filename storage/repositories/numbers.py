"""What a number is the number of, asked of all books in one statement. Tells the kind only: what it is, they tell."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, literal, or_, select, union_all

from storage.repositories.base import Repository, any_of
from storage.tables import customer_order, order_line, parcel, provider_order

_NUMBER: ColumnElement[str] = bindparam("given")


def _known(kind: str, one: Column[Any], where: ColumnElement[bool]) -> Select[Any]:
    return select(literal(kind).label("kind")).where(select(one).where(where).exists())


_KINDS = union_all(
    _known("parcel", parcel.c.id, or_(parcel.c.id == bindparam("own"), parcel.c.track == _NUMBER)),
    _known("provider_order", provider_order.c.id, provider_order.c.number == _NUMBER),
    _known("order", customer_order.c.id, customer_order.c.number.in_(any_of("spellings"))),
    _known("item", order_line.c.id, order_line.c.item_id == _NUMBER),
)


class SqlNumbers(Repository):
    def known_as(self, number: str, spellings: Collection[str], parcel_id: int | None) -> frozenset[str]:
        return frozenset(self._column(_KINDS, given=number, spellings=sorted({*spellings} - {""}), own=parcel_id))
