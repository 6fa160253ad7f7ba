"""The key's rules, and that what must be sealed can't be read in the file."""

import base64
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from purchasing.inbox import Incoming
from purchasing.invitations import Invitation
from purchasing.orders import Order, ParcelDetails
from purchasing.page_links import PageKind, PageLink
from purchasing.parcels import Addressee
from purchasing.ports import Store
from purchasing.words import Role
from storage.engine import SqlDatabase, open_database
from storage.errors import KeyRefused
from storage.sealed import SEALED, has_sealed, seal_anew
from storage.vault import Vault, load_vault, new_key, write_keys
from tests.storage.databases import Templates
from tests.storage.world import NOW, account, activity, person

OLD, NEW = b"k" * 32, b"n" * 32
CANARY = "canary-4711"


def everything_in(directory: Path) -> list[Path]:
    return list(directory.glob("test.db*"))


def seal_everything(store: Store) -> None:
    known = account(store)
    store.accounts.set_secret(known.id, CANARY.encode(), None)
    store.accounts.save(replace(known, proxy=CANARY))
    store.inbox.accept([Incoming(1, 2, "7", CANARY, NOW)])
    store.blobs.put(CANARY.encode(), "text/plain", NOW + timedelta(days=1))
    owner = person(store, role=Role.OWNER)
    store.invitations.add(Invitation(0, Role.BUYER, owner.id, NOW, NOW + timedelta(days=1)), CANARY)
    order = store.orders.ensure("A-1", "files", NOW)
    store.orders.save(Order(order.id, "A-1", parcel=ParcelDetails(recipient="R", passport=CANARY)))
    store.parcels.add(order.id, Addressee(passport=CANARY), "", owner.id, NOW)
    store.shops.set_secret(store.shops.add("main", "main", NOW).id, CANARY)
    login = activity(store)
    link = PageLink(0, PageKind.QR, login.id, owner.id, NOW, NOW + timedelta(minutes=5))
    store.page_links.add(link, CANARY)


def what_was_sealed(store: Store) -> list[object]:
    blob = store.blobs.get(1)
    return [
        (store.accounts.secret(1) or b"").decode(),
        store.inbox.pending()[0].payload,
        blob and blob[0].decode(),
        store.orders.parcel(1).passport,
        store.invitations.token(1),
        store.accounts.all()[0].proxy,
        store.parcels.details(1).passport,
        store.shops.secret(1),
        store.page_links.waiting(1, 1, NOW)[PageKind.QR][1],
    ]


def test_what_is_sealed_opens_only_in_its_place() -> None:
    vault = Vault([OLD])
    sealed = vault.seal(b"secret", "account", 1, "secret")
    assert b"secret" not in sealed
    assert sealed != vault.seal(b"secret", "account", 1, "secret")
    assert vault.open(sealed, "account", 1, "secret") == b"secret"
    for place in (("account", 2, "secret"), ("blob", 1, "secret"), ("account", 1, "content")):
        with pytest.raises(KeyRefused, match="changed or moved"):
            vault.open(sealed, *place)


def test_a_changed_value_or_another_key_is_refused() -> None:
    sealed = Vault([OLD]).seal(b"secret", "account", 1, "secret")
    with pytest.raises(KeyRefused):
        Vault([OLD]).open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "account", 1, "secret")
    with pytest.raises(KeyRefused, match="not the one"):
        Vault([NEW]).open(sealed, "account", 1, "secret")


def test_older_keys_still_open() -> None:
    sealed = Vault([OLD]).seal(b"secret", "t", 1, "c")
    both = Vault([NEW, OLD])
    assert both.open(sealed, "t", 1, "c") == b"secret"
    assert not both.is_current(sealed)
    assert both.is_current(both.seal(b"secret", "t", 1, "c"))


def test_a_key_file_is_made_only_for_a_database_without_sealed_data(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret.key"
    with pytest.raises(KeyRefused, match=str(file)):
        load_vault("", file, database_has_sealed=True)
    assert not file.exists()
    vault, made = load_vault("", file, database_has_sealed=False)
    assert made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again, made = load_vault("", file, database_has_sealed=True)
    assert not made
    assert again.open(vault.seal(b"x", "t", 1, "c"), "t", 1, "c") == b"x"


def test_the_setting_wins_over_the_file_and_may_hold_several_keys(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    sealed = Vault([base64.urlsafe_b64decode(old)]).seal(b"x", "t", 1, "c")
    vault, made = load_vault(f"{new} {old}", tmp_path / "none", database_has_sealed=True)
    assert not made
    assert vault.open(sealed, "t", 1, "c") == b"x"


@pytest.mark.parametrize("text", ["short", "@@@@", base64.b64encode(b"x" * 31).decode(), "ключ"])
def test_a_malformed_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    for given in (text, ""):
        file = tmp_path / "secret.key"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(KeyRefused) as caught:
            load_vault(given, file, database_has_sealed=False)
        assert text not in str(caught.value)
        assert file.read_text(encoding="utf-8") == text


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    with pytest.raises(KeyRefused):
        load_vault("", tmp_path / "secret.key", database_has_sealed=False)


def test_keys_are_replaced_in_one_step(tmp_path: Path) -> None:
    write_keys(tmp_path / "key", ["a"])
    write_keys(tmp_path / "key", ["b", "a"])
    assert (tmp_path / "key").read_text().split() == ["b", "a"]
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


async def test_sealed_columns_are_sealed_in_the_file(tmp_path: Path, templates: Templates, vault: Vault) -> None:
    db = await open_database(templates.sqlite(tmp_path), vault)
    await db.write(seal_everything)
    assert await db.read(what_was_sealed) == [CANARY] * len(SEALED)
    await db.close()
    assert CANARY.encode() not in b"".join(file.read_bytes() for file in everything_in(tmp_path))


async def test_sealed_columns_are_sealed_in_the_table(db: SqlDatabase) -> None:
    await db.write(seal_everything)
    with db.reader.connect() as connection:
        for sealed in SEALED:
            value = connection.execute(select(sealed.column)).scalar_one()
            assert value
            assert CANARY.encode() not in bytes(value)


async def test_a_wrong_key_is_refused_at_the_start(url: str, db: SqlDatabase) -> None:
    assert not has_sealed(url)
    await db.write(seal_everything)
    assert has_sealed(url)
    with pytest.raises(KeyRefused, match="not the one that sealed"):
        await open_database(url, Vault([NEW]))
    other = await open_database(url, Vault([NEW, OLD]))
    assert await other.read(what_was_sealed) == [CANARY] * len(SEALED)
    await other.close()


async def test_another_key_is_fine_while_nothing_is_sealed(url: str, db: SqlDatabase) -> None:
    await db.close()
    other = await open_database(url, Vault([NEW]))
    await other.write(seal_everything)
    await other.close()
    with pytest.raises(KeyRefused):
        await open_database(url, Vault([OLD]))


def test_nothing_is_sealed_in_a_database_without_tables(empty_url: str, tmp_path: Path) -> None:
    assert not has_sealed(empty_url)
    assert list(tmp_path.iterdir()) == []


async def test_rotation_seals_everything_anew(url: str, db: SqlDatabase) -> None:
    await db.write(seal_everything)
    await db.close()
    both = Vault([NEW, OLD])
    rotating = await open_database(url, both)
    assert await rotating.maintain(lambda connection: seal_anew(connection, both)) == len(SEALED)
    assert await rotating.maintain(lambda connection: seal_anew(connection, both)) == 0
    await rotating.close()
    fresh = await open_database(url, Vault([NEW]))
    assert await fresh.read(what_was_sealed) == [CANARY] * len(SEALED)
    await fresh.close()


async def test_the_payload_of_an_update_is_erased_when_it_is_done(db: SqlDatabase, now: datetime) -> None:
    await db.write(seal_everything)
    await db.write(lambda store: store.inbox.done(1, 2, now))
    with db.reader.connect() as connection:
        assert connection.execute(text("SELECT payload FROM inbox")).scalar_one() is None
