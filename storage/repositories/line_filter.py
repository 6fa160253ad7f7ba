"""What a filter of lines asks, as statements: one for each set of conditions, built once and kept."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select, union

from purchasing.order_ports import LineFilter
from storage.repositories.base import any_of
from storage.repositories.words import containing
from storage.tables import customer_order, line_hold, order_line

LINE_COLUMNS = (
    *(column for column in order_line.c if column.name != "search"),
    customer_order.c.number.label("order_number"),
    customer_order.c.customer,
)
"""What a line's record is made of; its order's row is joined."""
_HELD_BY_OTHERS = exists().where(
    line_hold.c.line_id == order_line.c.id,
    line_hold.c.person_id != bindparam("free_for"),
    line_hold.c.until > bindparam("now"),
)
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "statuses": order_line.c.status.in_(any_of("statuses")),
    "provider": order_line.c.provider == bindparam("provider"),
    "without": order_line.c.provider.not_in(any_of("without")),
    "order_id": order_line.c.order_id == bindparam("order_id"),
    "assignee_id": customer_order.c.assignee_id == bindparam("assignee_id"),
    "item_id": order_line.c.item_id == bindparam("item_id"),
    "ids": order_line.c.id.in_(any_of("ids")),
    "free_for": ~_HELD_BY_OTHERS,
}
"""By the filter's field; the parameters have the fields' names."""

Shape = tuple[str, ...]
"""Names of the conditions that hold."""
Texts = tuple[str, str] | None
"""How the words of orders and those of lines are looked through (`storage.repositories.words`)."""


def shape_of(where: LineFilter) -> tuple[Shape, dict[str, Any]]:
    """All that it sets but the text, with the values. Raises ValueError for `free_for` without `now`."""
    given = {name: getattr(where, name) for name in _CONDITIONS}
    values = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in given.items()}
    shape = tuple(name for name, value in values.items() if value or (name == "ids" and value is not None))
    if where.free_for is not None and where.now is None:
        raise ValueError("`free_for` needs `now`")
    now = {"now": where.now} if where.free_for is not None else {}
    return shape, {name: values[name] for name in shape} | now


@cache
def a_page(shape: Shape, texts: Texts) -> Select[Any]:
    """Lines, oldest order first; takes `offset` and `limit`."""
    return (
        _ordered(_narrowed(select(*LINE_COLUMNS), shape, texts)).offset(bindparam("offset")).limit(bindparam("limit"))
    )


@cache
def the_ids(shape: Shape, texts: Texts) -> Select[Any]:
    return _ordered(_narrowed(select(order_line.c.id), shape, texts))


@cache
def the_count(shape: Shape, texts: Texts) -> Select[Any]:
    return _narrowed(select(func.count()), shape, texts)


def _narrowed(wanted: Select[Any], shape: Shape, texts: Texts) -> Select[Any]:
    narrowed = wanted.join_from(order_line, customer_order).where(*(_CONDITIONS[name] for name in shape))
    return narrowed if texts is None else narrowed.where(_has_text(*texts))


def _has_text(in_order: str, in_line: str) -> ColumnElement[bool]:
    """A union, not an OR: SQLite would look through the words a second time for each row that it found."""
    orders = select(customer_order.c.id).where(containing(customer_order, in_order))
    of_orders = select(order_line.c.id).where(order_line.c.order_id.in_(orders))
    return order_line.c.id.in_(union(of_orders, select(order_line.c.id).where(containing(order_line, in_line))))


def _ordered(wanted: Select[Any]) -> Select[Any]:
    return wanted.order_by(order_line.c.order_id, order_line.c.id)
