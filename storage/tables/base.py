"""What all tables share: one MetaData with named constraints (so that migrations can drop them) and short columns."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Text, text

from storage.types import BigId, UtcDateTime, Word

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# Without it SQLite gives the number of the newest row, once that is deleted, to the next one: an old button or a
# late `done` would then meet another row.
KEYED: dict[str, Any] = {"sqlite_autoincrement": True}


def key() -> Column[int]:
    return Column("id", BigId, primary_key=True, autoincrement=True)


def ref(
    name: str, target: str, *, optional: bool = False, primary_key: bool = False, cascade: bool = False
) -> Column[int]:
    """A reference to a table's id; `cascade`: the row goes with the one it refers to."""
    kind = ForeignKey(f"{target}.id", ondelete="CASCADE" if cascade else None)
    return Column(name, BigId, kind, nullable=optional, primary_key=primary_key, autoincrement=False)


def words(name: str, *, optional: bool = False, primary_key: bool = False, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=optional, primary_key=primary_key, server_default=None if optional else default)


def number(name: str, *, optional: bool = False, default: str | None = "0") -> Column[int]:
    return Column(name, Integer, nullable=optional, server_default=None if optional else default)


def fen(name: str, *, optional: bool = False) -> Column[int]:
    """A sum: 64 bits on Postgres too."""
    return Column(name, BigId, nullable=optional, server_default=None if optional else "0")


def flag(name: str, *, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("true" if default else "false"))


def moment(name: str, *, optional: bool = True) -> Column[Any]:
    return Column(name, UtcDateTime, nullable=optional)


def word(name: str, kind: type[StrEnum], *, optional: bool = False) -> Column[Any]:
    return Column(name, Word(kind), nullable=optional)


def unique_where(name: str, *columns: Column[Any], where: str) -> Index:
    """A unique index over part of a table; `where` is SQL of our own, alike in both dialects."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))
