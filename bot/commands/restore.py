"""`vykup restore FILE`: sets the database back to a backup. Nothing is bought afterwards until somebody has looked."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.clock import utc_now
from bot.lock import data_dir_lock
from bot.settings import Settings
from purchasing import crash
from purchasing.after_restore import set_back
from purchasing.crash import write
from storage.backup import CantBackUp, Found, check_opens, look_over, own_sqlite_file, private_copy, put_back
from storage.engine import open_database
from storage.migrate import knows, upgrade
from storage.vault import Vault, load_vault


def restore(settings: Settings, source: Path) -> None:
    """Raises AlreadyRunning while a bot runs, CantBackUp and KeyRefused when the backup can't be used: nothing was
    changed then."""
    database = own_sqlite_file(settings.database, "pg_restore")
    crash.arm(os.environ)
    with data_dir_lock(settings.data_dir):
        found = _checked(source)
        vault, _ = load_vault(settings.secret_key.get_secret_value(), settings.key_file, True)
        copy = database.with_name(database.name + ".restoring")
        private_copy(source, copy)
        try:
            check_opens(copy, vault)
            made_at = found.made_at or datetime.fromtimestamp(source.stat().st_mtime, UTC)
            looked_for = asyncio.run(_prepared(copy, vault, made_at))
            aside = database.with_name(f"{database.name}.before-{utc_now():%Y%m%dT%H%M%S}")
            put_back(copy, database, aside)
        finally:
            for left in (copy, *database.parent.glob(copy.name + "-*")):
                left.unlink(missing_ok=True)
    typer.echo(f"The database is as of {made_at:%Y-%m-%d %H:%M} UTC. The former one is kept as {aside.name}.")
    typer.echo(f"Orders that were being sent and are looked for first: {looked_for}. Buying is stopped until resumed.")


def _checked(source: Path) -> Found:
    found = look_over(source)
    if found.damage:
        raise CantBackUp(f"{source} is damaged ({found.damage}): take another backup.")
    if found.revision is None:
        raise CantBackUp(f"{source} is no database of Vykup.")
    if not knows(found.revision):
        raise CantBackUp(f"{source} was made by a newer Vykup (schema {found.revision}): update the program first.")
    return found


async def _prepared(copy: Path, vault: Vault, made_at: datetime) -> int:
    """Migrates the copy and has it stop buying before it becomes the database, so that no moment lies in between."""
    url = f"sqlite:///{copy}"
    upgrade(url)
    db = await open_database(url, vault)
    try:
        return await write(db, "restore.set_back", lambda store: set_back(store, made_at, utc_now()))
    finally:
        await db.close()
