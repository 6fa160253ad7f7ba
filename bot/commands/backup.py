"""`vykup backup FILE`: a whole copy of the database, made while the bot runs."""

from pathlib import Path

import typer

from bot.clock import utc_now
from bot.settings import Settings


def backup(settings: Settings, target: Path) -> None:
    """Raises CantBackUp with one sentence: on Postgres, when the file is there already, or can't be written."""
    from storage.backup import copy_database, own_sqlite_file

    copy_database(own_sqlite_file(settings.database, "pg_dump"), target, utc_now())
    typer.echo(f"{target} holds the whole database; it opens only with the secret key, which is not in it.")
