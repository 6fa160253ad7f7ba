"""Which columns are sealed, and what is done to all of them at once: look for any, check the key, seal anew."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, delete, insert, inspect, select, update

from purchasing.errors import StorageUnavailable
from storage import tables
from storage.errors import KeyRefused
from storage.urls import open_for_maintenance
from storage.vault import Vault

_CHECK = b"vykup"


@dataclass(frozen=True)
class SealedColumn:
    column: Column[Any]

    @property
    def keys(self) -> tuple[Column[Any], ...]:
        return tuple(self.column.table.primary_key.columns)

    @property
    def place(self) -> tuple[str, str]:
        return self.column.table.name, self.column.name


SEALED = tuple(
    SealedColumn(column)
    for column in (
        tables.account.c.secret,
        tables.account.c.proxy,
        tables.customer_order.c.parcel,
        tables.inbox.c.payload,
        tables.invitation.c.token,
        tables.page_link.c.token,
        tables.blob.c.content,
        tables.parcel.c.details,
        tables.shop.c.secret,
    )
)


def row_name(*keys: object) -> str:
    """A row's primary key as a sealed value names it."""
    return ":".join(str(key) for key in keys)


def has_sealed(url: str) -> bool:
    """Whether the database holds anything that only its key opens; False for one that isn't there yet."""
    with open_for_maintenance(url) as connection:
        return connection is not None and inspect(connection).has_table("vault_check") and _any_sealed(connection)


def check_vault(connection: Connection, vault: Vault) -> None:
    """Raises KeyRefused when the database was sealed with another key. Marks one that was not sealed yet.
    Raises StorageUnavailable when it has no tables."""
    check = tables.vault_check
    if not inspect(connection).has_table(check.name):
        raise StorageUnavailable("The database has no tables yet: run `vykup migrate`.")
    mark = connection.execute(select(check.c.sealed).where(check.c.id == 1)).scalar()
    if mark is not None:
        try:
            vault.open(mark, "vault_check", 1, "sealed")
        except KeyRefused:
            if _any_sealed(connection):
                raise KeyRefused(
                    "The secret key is not the one that sealed this database: put the old key back."
                ) from None
        else:
            return
    _mark(connection, vault)


def seal_anew(connection: Connection, vault: Vault) -> int:
    """Has the vault's current key seal what older ones sealed; the number of values. Run it in one unit."""
    count = 0
    for sealed in SEALED:
        table, name = sealed.place
        rows = connection.execute(select(*sealed.keys, sealed.column).where(sealed.column.is_not(None))).all()
        for row in rows:
            *keys, value = row
            if vault.is_current(value):
                continue
            place = (table, row_name(*keys), name)
            fresh = vault.seal(vault.open(value, *place), *place)
            connection.execute(
                update(tables.metadata.tables[table])
                .where(*(key == part for key, part in zip(sealed.keys, keys, strict=True)))
                .values({name: fresh})
            )
            count += 1
    _mark(connection, vault)
    return count


def _any_sealed(connection: Connection) -> bool:
    return any(
        connection.execute(select(s.keys[0]).where(s.column.is_not(None)).limit(1)).first() is not None for s in SEALED
    )


def _mark(connection: Connection, vault: Vault) -> None:
    check = tables.vault_check
    connection.execute(delete(check))
    connection.execute(insert(check).values(id=1, sealed=vault.seal(_CHECK, "vault_check", 1, "sealed")))
