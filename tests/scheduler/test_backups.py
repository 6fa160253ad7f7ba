"""The nightly backup that can't be made: tried again, told to the owners once, and once when it works again."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from purchasing.cards import Address
from purchasing.errors import VykupError
from purchasing.words import Role
from scheduler.backups import Backups
from storage.engine import SqlDatabase
from storage.tables import card
from tests.scheduler.test_year import Clock, db

__all__ = ["db"]


async def _told(db: SqlDatabase) -> list[str]:
    addresses = await db.inspect(
        lambda connection: connection.scalars(select(card.c.address).order_by(card.c.id)).all()
    )
    return [Address.parse(str(one)).screen for one in addresses]


async def test_a_backup_that_fails_is_told_once_tried_again_and_said_to_be_over(
    db: SqlDatabase, tmp_path: Path
) -> None:
    clock, full = Clock(), True

    def copy(target: Path, _now: object) -> None:
        if full:
            raise VykupError("no space is left")
        target.parent.mkdir(exist_ok=True)
        target.touch()

    await db.write(lambda store: store.people.ensure(1, Role.OWNER, "owner", "en", "UTC"))
    backups = Backups(db, clock, tmp_path / "backups", "UTC", copy)
    assert not await backups.look(), "the first start only makes the plan"
    clock.now += timedelta(days=1)
    for _ in range(3):
        assert not await backups.look()
        clock.now += timedelta(minutes=1)
    assert await _told(db) == ["away"]
    full = False
    assert await backups.look()
    assert await _told(db) == ["away", "over"]
    assert len(list((tmp_path / "backups").iterdir())) == 1
