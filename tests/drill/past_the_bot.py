"""What people do past the bot: in the database as if in the settings, at BotFather's, on the marketplaces."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Executable, delete, insert, update

from sandbox.market.model import Address, Wanted
from sandbox.taobao.address import MOST
from storage.tables import schedule, setting
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
    set_option(world, "backup.keep", "14")
    due = {"enabled": True, "next_due_at": datetime.now(UTC) - timedelta(minutes=1)}
    _change(world, update(schedule).where(schedule.c.action == "backup").values(due))


def block_backups(world: World) -> None:
    """A backup is due, and where it is to go is a file."""
    make_backup_due(world)
    free_backups(world)
    if _backups(world).is_dir():
        shutil.rmtree(_backups(world))
    _backups(world).touch()


def free_backups(world: World) -> None:
    if _backups(world).is_file():
        _backups(world).unlink()


def _backups(world: World) -> Path:
    return world.data_dir / "backups"


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
