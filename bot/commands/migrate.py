"""`vykup migrate`: the database's tables as this version wants them."""

from bot.settings import Settings


def migrate(settings: Settings) -> None:
    """Raises VykupError with one sentence when the database can't be migrated."""
    from storage.migrate import upgrade

    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.database)
