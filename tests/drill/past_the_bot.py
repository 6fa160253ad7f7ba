"""What people do past the bot: in the database as if in the settings, at BotFather's, on marketplaces, in a shell."""

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Executable, delete, insert, text, update
from sqlalchemy.exc import OperationalError

from sandbox.market.model import Address, Wanted
from sandbox.taobao.address import MOST
from storage.tables import metadata, schedule, setting
from tests.drill.goods import Row
from tests.drill.world import World


def set_option(world: World, key: str, value: str) -> None:
    _change(world, delete(setting).where(setting.c.key == key))
    _change(world, insert(setting).values(key=key, value=value, set_at=datetime.now(UTC)))


def rename_bot(world: World) -> None:
    bot = world.server.newest_bot()
    assert bot is not None
    bot.username = f"vykup_{len(world.begun)}_bot"


def switch_backups(world: World) -> None:
    """On when they are off, else off."""
    on = world.count("SELECT count(*) FROM schedule WHERE action = 'backup' AND enabled")
    set_option(world, "backup.keep", "0" if on else "14")


def make_backup_due(world: World) -> None:
    _free_backups(world)
    set_option(world, "backup.keep", "14")
    due = {"enabled": True, "next_due_at": datetime.now(UTC) - timedelta(minutes=1)}
    _change(world, update(schedule).where(schedule.c.action == "backup").values(due))


def block_backups(world: World) -> None:
    """A backup is due, and where it is to go is a file."""
    make_backup_due(world)
    if _backups(world).is_dir():
        shutil.rmtree(_backups(world))
    _backups(world).touch()


def restore_once(world: World) -> None:
    """While no bot runs a backup is made and put back; it is there for the next restore."""
    world.backup.unlink(missing_ok=True)
    world.engine.dispose()  # a connection that is kept would go on with the file that was put aside
    for command in ("backup", "restore"):
        with world.log.open("ab") as log:
            called = (sys.executable, "-m", "bot", command, str(world.backup))
            code = subprocess.call(called, cwd=world.directory, env=world.environment(""), stdout=log, stderr=log)
        if code:
            world.figures.breach("other_breaches", f"{world.name}: {command} ended with {code}; see {world.log}")


def clear_backups(world: World) -> None:
    """What was made of the database for this scene, and what a restore that was killed has left."""
    _free_backups(world)
    for left in (world.backup, *world.data_dir.glob("vykup.db.*")):
        left.unlink(missing_ok=True)


def _free_backups(world: World) -> None:
    if _backups(world).is_file():
        _backups(world).unlink()


def _backups(world: World) -> Path:
    return world.data_dir / "backups"


def trouble(world: World, what: str) -> bool:
    """Whether the bot knows of this one."""
    return bool(world.count("SELECT count(*) FROM setting WHERE key = :key", key=f"trouble:{what}"))


def backdate_trouble(world: World, what: str, hours: int) -> None:
    since = datetime.now(UTC) - timedelta(hours=hours)
    set_option(world, f"trouble:{what}", json.dumps({"since": since.isoformat()}))


def lock_some(world: World, seconds: float) -> None:
    """The database is locked by somebody else."""
    _lock(world, threading.Event(), seconds, "inbox, outbox, activity, intent", "EXCLUSIVE")


def lock_all(world: World, released: threading.Event, longest: float) -> None:
    """So that nobody can write at all; on Postgres nobody can read then, either."""
    _lock(world, released, longest, ", ".join(metadata.tables), "ACCESS EXCLUSIVE")


def _lock(world: World, released: threading.Event, longest: float, tables: str, mode: str) -> None:
    if world.engine.dialect.name == "sqlite":
        with contextlib.closing(sqlite3.connect(world.data_dir / "vykup.db", timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            released.wait(longest)
        return
    held = False
    while not (held or released.is_set()):
        # table after table: whoever has one of them and waits for another may end either of us
        with contextlib.suppress(OperationalError), world.engine.begin() as connection:
            connection.execute(text(f"LOCK TABLE {tables} IN {mode} MODE"))
            held = True
            released.wait(longest)


def order_by_hand(world: World, row: Row) -> str:
    """The number of an order for just these goods, which a person makes on the marketplace."""
    market, login = world.markets[row.provider], world.nicks[0].name
    wanted = [Wanted(row.item_id, row.sku, row.quantity)]
    made = market.place(login, wanted, market.account(login).addresses[0])
    world.hand_made.add(made.id)
    return made.id


def trim_address_book(world: World) -> None:
    """All but the first entry goes: a book takes twenty."""
    judge_address_book(world)
    del _address_book(world)[1:]


def fill_address_book(world: World) -> None:
    book = _address_book(world)
    book += [replace(book[0], name=f"No {n}", address_id=str(n)) for n in range(MOST - len(book))]


def judge_address_book(world: World) -> None:
    """No entry was added twice."""
    for entry, times in Counter((one.name, one.detail) for one in _address_book(world)).items():
        if times > 1:
            world.figures.breach("other_breaches", f"{world.name}: {times} entries of {entry[0]} in the address book")


def _address_book(world: World) -> list[Address]:
    return world.markets["taobao"].account(world.nicks[0].name).addresses


def _change(world: World, statement: Executable) -> None:
    with world.engine.begin() as connection:
        connection.execute(statement)
