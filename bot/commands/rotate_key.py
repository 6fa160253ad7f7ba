"""`vykup rotate-key`: a new secret key for everything that is sealed. Killed anywhere, every value still opens."""

from pathlib import Path

import typer

from bot.lock import data_dir_lock
from bot.settings import Settings
from storage.errors import KeyRefused
from storage.sealed import seal_anew
from storage.urls import open_for_maintenance
from storage.vault import Vault, new_key, parse_keys, write_keys


def rotate_key(settings: Settings) -> None:
    """Raises AlreadyRunning while a bot runs, KeyRefused with one sentence.

    More than one key in the file means a rotation that was broken off: it is finished with the first of them."""
    with data_dir_lock(settings.data_dir):
        given = settings.secret_key.get_secret_value()
        if given.strip():
            _reseal(settings, _from_environment(given))
            typer.echo("Everything is sealed by the first key of SECRET_KEY; take the others out of it.")
            return
        keys = _begun(settings.key_file)
        _reseal(settings, keys)
        retired = settings.key_file.with_name(settings.key_file.name + ".old")
        known = retired.read_text(encoding="ascii").split() if retired.exists() else []
        write_keys(retired, list(dict.fromkeys([*keys[1:], *known])))
        write_keys(settings.key_file, keys[:1])
    typer.echo(f"Everything is sealed by a new key in {settings.key_file}: keep a copy of it elsewhere.")
    typer.echo(f"Backups made before need an old key, kept in {retired}: delete it with the last of them.")


def _from_environment(given: str) -> list[str]:
    keys = given.split()
    if len(keys) < 2:
        raise KeyRefused(
            "SECRET_KEY is in the environment: put a new key (openssl rand -base64 32) in front of the old one, parted "
            "by a space, and run this again."
        )
    return keys


def _begun(path: Path) -> list[str]:
    """The keys, a new one first, written down before anything is sealed by it."""
    try:
        keys = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        raise KeyRefused(f"There is no key file {path}: nothing can be sealed anew.") from None
    parse_keys("\n".join(keys))
    if len(keys) == 1:
        keys = [new_key(), *keys]
        write_keys(path, keys)
    return keys


def _reseal(settings: Settings, keys: list[str]) -> None:
    vault = Vault(parse_keys("\n".join(keys)))
    with open_for_maintenance(settings.database) as connection:
        if connection is not None:
            count = seal_anew(connection, vault)
            typer.echo(f"{count} values were sealed anew.")
