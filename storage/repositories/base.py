"""What repositories share: running statements and turning rows into records. No rule of the domain belongs here."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from itertools import accumulate
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, Column, ColumnElement, Connection, Executable, Row, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Select

from storage.sealed import row_name
from storage.vault import Vault

R = TypeVar("R")
Named = Mapping[str, Any]
"""A row by its columns' names: a plain mapping is read many times faster than the driver's own."""


class Repository:
    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    # What is asked often is a constant with named parameters: to build a statement costs more than to run it.

    def _rows(self, statement: Executable, **values: Any) -> Sequence[Named]:
        found = self._connection.execute(statement, values)
        names = tuple(found.keys())
        return [dict(zip(names, row, strict=True)) for row in found.all()]

    def _row(self, statement: Executable, **values: Any) -> Named | None:
        found = self._connection.execute(statement, values)
        names, row = tuple(found.keys()), found.first()
        return None if row is None else dict(zip(names, row, strict=True))

    def _column(self, statement: Executable, **values: Any) -> Sequence[Any]:
        return self._connection.execute(statement, values).scalars().all()

    def _tuples(self, statement: Executable, **values: Any) -> Sequence[Row[Any]]:
        return self._connection.execute(statement, values).all()

    def _value(self, statement: Executable, **values: Any) -> Any:
        return self._connection.execute(statement, values).scalar()

    def _run(self, statement: Executable, **values: Any) -> int:
        """Executes a change; the number of rows that it met."""
        return self._connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount

    def _run_many(self, statement: Executable, rows: Iterable[Mapping[str, Any]]) -> None:
        many = [dict(row) for row in rows]
        if many:
            self._connection.execute(statement, many)

    def _count(self, statement: Select[Any], **values: Any) -> int:
        return int(self._value(select(func.count()).select_from(statement.order_by(None).subquery()), **values))

    def _insert(self, table: Table) -> sqlite.Insert:
        """An insert that knows ON CONFLICT; both dialects offer the same methods."""
        if self._connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return cast(sqlite.Insert, postgresql.insert(table))

    def _seal(self, column: Column[Any], content: bytes, *keys: object) -> bytes:
        return self._vault.seal(content, column.table.name, row_name(*keys), column.name)

    def _open(self, column: Column[Any], sealed: bytes, *keys: object) -> bytes:
        return self._vault.open(sealed, column.table.name, row_name(*keys), column.name)


class Joined:
    """Columns of several tables in one row, which may have the same names, and each table's part of such a row."""

    def __init__(self, *tables: Iterable[ColumnElement[Any]]) -> None:
        parts = [tuple(table) for table in tables]
        self.columns = [column.label(f"{at}_{column.key}") for at, part in enumerate(parts) for column in part]
        ends = list(accumulate(map(len, parts)))
        self._parts = [
            (tuple(str(column.key) for column in part), slice(end - len(part), end))
            for part, end in zip(parts, ends, strict=True)
        ]

    def parts(self, row: Row[Any]) -> list[Named]:
        return [dict(zip(names, row[place], strict=True)) for names, place in self._parts]


def record(kind: type[R], row: Named, **more: Any) -> R:
    """A record from the columns of the same names; `more` gives what is no column."""
    given: dict[str, Any] = {name: row[name] for name in _names(kind) if name in row}
    return kind(**given | more)


def columns_of(value: Any, table: Table, *without: str) -> dict[str, Any]:
    """A record's fields that are columns of `table`, for writing; all but `without`."""
    return {n: getattr(value, n) for n in _names(type(value)) if n in table.c and n not in without}


def grouped(rows: Iterable[Named], key: str) -> dict[Any, list[Named]]:
    groups: dict[Any, list[Named]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def unique(ids: Collection[int]) -> list[int]:
    return sorted(set(ids))


def any_of(name: str) -> BindParameter[Any]:
    """A parameter for `in_`, of as many values as are given."""
    return bindparam(name, expanding=True)


_names: Callable[[Any], tuple[str, ...]] = cache(lambda kind: tuple(field.name for field in fields(kind)))
