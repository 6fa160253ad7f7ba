"""Backup, restore and a new key: whole copies, nothing lost when killed in between, nothing bought after a restore."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.commands import rotate_key as rotation
from bot.commands.backup import backup
from bot.commands.restore import restore
from bot.commands.rotate_key import rotate_key
from bot.lock import AlreadyRunning, data_dir_lock
from bot.settings import Settings
from purchasing.errors import StorageUnavailable
from purchasing.options import option
from purchasing.ports import Store
from purchasing.words import ActivityKind, IntentState, ProviderName, Role, SessionState
from scheduler.backups import Backups
from storage.backup import CantBackUp, check_whole, copy_database, look_over
from storage.engine import SqlDatabase, open_database
from storage.errors import KeyRefused
from storage.migrate import upgrade
from storage.vault import Vault, load_vault, new_key, parse_keys, write_keys
from tests.storage.world import account, activity, intent, line
from tests.support.desk import desk_settings

CANARY = b"session-canary-4711"


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    """A data directory with a migrated database and a key."""
    made = desk_settings("http://127.0.0.1:9", data_dir)
    write_keys(made.key_file, [new_key()])
    return made


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[SqlDatabase]:
    db = await open_database(settings.database, vault(settings))
    yield db
    await db.close()


def vault(settings: Settings) -> Vault:
    return load_vault("", settings.key_file, True)[0]


def desk_of(store: Store) -> None:
    store.people.ensure(1001, Role.OWNER, "owner", "en", "UTC")
    shop = account(store)
    store.accounts.set_secret(shop.id, CANARY, None)


async def fill(settings: Settings, fn: Any = desk_of) -> None:
    async with opened(settings) as db:
        await db.write(fn)


async def set_back(settings: Settings, file: Path) -> None:
    """As the command does it: in a process without a loop."""
    await asyncio.to_thread(restore, settings, file)


async def secret(settings: Settings) -> bytes | None:
    async with opened(settings) as db:
        return await db.read(lambda store: store.accounts.secret(1))


async def add_orders(db: SqlDatabase, upto: int) -> None:
    def unit(store: Store) -> None:
        for number in range(upto):
            store.orders.ensure(str(number), "files", datetime.now(UTC))

    await db.write(unit)


async def orders(settings: Settings) -> int:
    async with opened(settings) as db:
        return await db.read(lambda store: store.orders.page("", "", 0, 1)[1])


async def test_a_backup_beside_a_writing_bot_is_whole(settings: Settings, tmp_path: Path) -> None:
    async with opened(settings) as db:
        await db.write(desk_of)
        await add_orders(db, 10)
        backup(settings, tmp_path / "copy.db")
        await add_orders(db, 20)
    found = look_over(tmp_path / "copy.db")
    assert found.damage == ""
    assert found.made_at is not None
    assert abs(found.made_at - datetime.now(UTC)) < timedelta(minutes=1)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM customer_order").fetchone() == (10,)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert CANARY not in (tmp_path / "copy.db").read_bytes()


def test_a_backup_overwrites_nothing_and_leaves_no_half(settings: Settings, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(CantBackUp, match="is there already"):
        backup(settings, target)
    assert target.read_text() == "mine"
    with pytest.raises(CantBackUp, match="No backup could be made"):
        backup(settings, target / "below" / "copy.db")
    assert list(tmp_path.glob("*.part")) == []


def test_postgres_has_its_own_way(settings: Settings, tmp_path: Path) -> None:
    other = settings.model_copy(update={"database_url": "postgresql://user:hidden@host/vykup"})
    with pytest.raises(CantBackUp, match="pg_dump") as told:
        backup(other, tmp_path / "copy.db")
    assert "hidden" not in str(told.value)
    with pytest.raises(CantBackUp, match="pg_restore"):
        restore(other, tmp_path / "copy.db")


async def test_a_restore_sets_back_and_keeps_what_was(settings: Settings, tmp_path: Path) -> None:
    await fill(settings)
    backup(settings, tmp_path / "copy.db")
    await fill(settings, lambda store: store.orders.ensure("later", "files", datetime.now(UTC)))
    assert await orders(settings) == 1
    await set_back(settings, tmp_path / "copy.db")
    assert await orders(settings) == 0
    assert await secret(settings) == CANARY
    kept = [path for path in settings.data_dir.glob("vykup.db.before-*") if path.suffix not in {"-wal", "-shm"}]
    with closing(sqlite3.connect(kept[0])) as former:
        assert former.execute("SELECT number FROM customer_order").fetchall() == [("later",)]
    assert list(settings.data_dir.glob("*.restoring*")) == []


async def test_after_a_restore_nothing_is_bought_before_somebody_looked(settings: Settings, tmp_path: Path) -> None:
    def under_way(store: Store) -> None:
        """One order being sent, one prepared: the second may have been sent after the backup was made."""
        desk_of(store)
        shop = store.accounts.ensure(ProviderName.TAOBAO, "shop1", None, datetime.now(UTC))
        store.accounts.save(replace(shop, session=SessionState.ACTIVE))
        sent, prepared = line(store, "A-1"), line(store, "A-2")
        for key, bought in (("sent", sent), ("prepared", prepared)):
            work = activity(store, shop.id, at=datetime.now(UTC))
            made = store.ledger.prepare(intent(key, work.id, shop.id, [bought.id]), datetime.now(UTC))
            if key == "sent":
                store.ledger.mark_sending(made.id, made.fence, datetime.now(UTC), "", datetime.now(UTC))

    await fill(settings, under_way)
    backup(settings, tmp_path / "copy.db")
    await set_back(settings, tmp_path / "copy.db")
    async with opened(settings) as db:
        assert {i.state for i in await db.read(lambda store: store.ledger.live())} == {IntentState.SENDING}
        assert await db.read(lambda store: option(store, "buying.stopped")) == "yes"
        assert len(await db.read(lambda store: store.activities.unfinished(ActivityKind.SYNC, 1))) == 1
        cards = await db.read(lambda store: store.cards.next(datetime.now(UTC), (), 9))
        assert [card.card.address.screen for card in cards] == ["restored"]


def test_a_restore_is_refused_while_a_bot_runs(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "copy.db")
    with data_dir_lock(settings.data_dir), pytest.raises(AlreadyRunning):
        restore(settings, tmp_path / "copy.db")


async def test_what_can_not_be_restored_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    await fill(settings)
    good = tmp_path / "good.db"
    backup(settings, good)
    words, broken, newer, foreign = (tmp_path / name for name in ("words.db", "broken.db", "newer.db", "foreign.db"))
    words.write_text("no database at all, but long enough to be read as one" * 20)
    broken.write_bytes(good.read_bytes()[:30_000])
    newer.write_bytes(good.read_bytes())
    with closing(sqlite3.connect(newer)) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
        copy.commit()
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE x (y)")
    for file, why in (
        (words, "damaged"),
        (broken, "damaged"),
        (newer, "newer Vykup"),
        (foreign, "no database of Vykup"),
    ):
        with pytest.raises(CantBackUp, match=why):
            await set_back(settings, file)
    write_keys(settings.key_file, [new_key()])
    with pytest.raises(KeyRefused):
        await set_back(settings, good)
    assert list(settings.data_dir.glob("*.before-*")) == []
    assert list(settings.data_dir.glob("*.restoring*")) == []


def test_a_database_of_a_newer_program_or_a_damaged_one_stops_the_start(settings: Settings) -> None:
    file = settings.data_dir / "vykup.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    with pytest.raises(StorageUnavailable, match=r"made by a newer Vykup \(schema 9999\)"):
        upgrade(settings.database)


async def test_a_new_key_opens_everything_and_the_old_one_nothing(settings: Settings) -> None:
    await fill(settings)
    old = parse_keys(settings.key_file.read_text())
    rotate_key(settings)
    fresh = parse_keys(settings.key_file.read_text())
    assert len(fresh) == 1
    assert fresh != old
    assert await secret(settings) == CANARY
    with pytest.raises(KeyRefused):
        await open_database(settings.database, Vault(old))
    retired = settings.key_file.with_name("secret.key.old")
    assert parse_keys(retired.read_text()) == old
    assert retired.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["begun", "sealing", "sealed", "retired"])
async def test_a_rotation_killed_anywhere_loses_nothing_and_is_finished(
    settings: Settings, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(settings)
    old = parse_keys(settings.key_file.read_text())

    class Killed(BaseException):
        """The process ends here."""

    def dies(*_: object) -> None:
        raise Killed

    writes: list[Path] = []

    def written(path: Path, keys: list[str]) -> None:
        if (step, len(writes)) in {("sealed", 1), ("retired", 2)}:
            raise Killed
        writes.append(path)
        write_keys(path, keys)
        if (step, len(writes)) == ("begun", 1):
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(rotation, "write_keys", written)
        if step == "sealing":
            patched.setattr(rotation, "seal_anew", dies)
        with pytest.raises(Killed):
            rotate_key(settings)
    assert await secret(settings) == CANARY
    rotate_key(settings)
    assert await secret(settings) == CANARY
    assert len(parse_keys(settings.key_file.read_text())) == 1
    assert parse_keys(settings.key_file.read_text()) != old


async def test_a_key_from_the_environment_is_rotated_by_hand(settings: Settings) -> None:
    await fill(settings)
    old, fresh = settings.key_file.read_text().strip(), new_key()
    settings.key_file.unlink()
    alone = settings.model_copy(update={"secret_key": SecretStr(old)})
    with pytest.raises(KeyRefused, match="in front of the old one") as told:
        rotate_key(alone)
    assert old not in str(told.value)
    rotate_key(settings.model_copy(update={"secret_key": SecretStr(f"{fresh} {old}")}))
    write_keys(settings.key_file, [fresh])
    assert await secret(settings) == CANARY


def test_a_copy_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CantBackUp, match="no database"):
        copy_database(tmp_path / "none.db", tmp_path / "copy.db", datetime.now(UTC))


def test_a_damaged_database_stops_the_start_with_a_sentence(settings: Settings) -> None:
    file = settings.data_dir / "vykup.db"
    content = bytearray(file.read_bytes())
    content[8192:40960] = b"\xff" * 32768
    file.write_bytes(content)
    with pytest.raises(StorageUnavailable, match=r"is damaged .*`vykup restore FILE`"):
        check_whole(settings.database)


class Night:
    """A clock for the backups of one night after another."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def test_every_night_one_backup_and_only_so_many_are_kept(settings: Settings) -> None:
    night, folder = Night(), settings.data_dir / "backups"
    async with opened(settings) as db:
        await db.write(lambda store: store.settings.put("backup.keep", "2", None, night.now))

        def keeper() -> Backups:
            """As after a restart."""
            copy = partial(copy_database, settings.data_dir / "vykup.db")
            return Backups(db, night, folder, "Europe/Moscow", copy)

        assert not await keeper().look(), "nothing at the first start"
        for day in range(4):
            night.now = datetime(2026, 3, 2 + day, 3, 0, tzinfo=UTC)
            assert await keeper().look()
            assert not await keeper().look()
        assert sorted(path.name for path in folder.iterdir()) == ["vykup-2026-03-04.db", "vykup-2026-03-05.db"]
        night.now += timedelta(days=30)
        assert await keeper().look(), "missed nights are caught up once"
        assert not await keeper().look()
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_backup_that_fails_is_told_once_and_once_when_it_is_over(settings: Settings) -> None:
    night = Night()

    def fails(_target: Path, _now: datetime) -> None:
        raise CantBackUp("no space")

    async with opened(settings) as db:
        await db.write(desk_of)
        await Backups(db, night, settings.data_dir / "backups", "UTC", fails).look()
        night.now += timedelta(days=1)
        for _ in range(3):
            assert not await Backups(db, night, settings.data_dir / "backups", "UTC", fails).look()
            night.now += timedelta(minutes=1)
        assert await told(db) == ["away:backup:20260302T1200"]
        copy = partial(copy_database, settings.data_dir / "vykup.db")
        assert await Backups(db, night, settings.data_dir / "backups", "UTC", copy).look()
        assert await told(db) == ["away:backup:20260302T1200", "over:backup:20260302T1200:20260302T1203"]


async def told(db: SqlDatabase) -> list[str]:
    with db.reader.connect() as connection:
        return list(connection.execute(text("SELECT address FROM card ORDER BY id")).scalars())
