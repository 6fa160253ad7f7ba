"""`vykup doctor`: looks for what would keep the bot from working. It writes nothing, anywhere."""

import asyncio
import os
import shutil
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp
import typer

from bot.clock import utc_now
from bot.settings import Settings
from purchasing.errors import VykupError

Check = Callable[[Settings], str]
TIMEOUT = aiohttp.ClientTimeout(total=10)
CLOCK_SECONDS = 60
"""More than this spoils signatures of 1688 and what is thought to be late."""
CHROMIUM_NAMES = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")


class NotWell(Exception):
    """What is wrong and what to do, in one sentence."""


def doctor(settings: Settings) -> bool:
    """Prints a line for each check; False when something is wrong."""
    fine = True
    for name, check in CHECKS.items():
        try:
            typer.echo(f"ok      {name}: {check(settings)}")
        except NotWell as trouble:
            fine = False
            typer.echo(f"FAILED  {name}: {trouble}")
    return fine


def _data(settings: Settings) -> str:
    place = settings.data_dir
    existing = place if place.exists() else next(parent for parent in place.absolute().parents if parent.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        raise NotWell(f"{existing} is not writable for this user.")
    free = shutil.disk_usage(existing).free // 2**20
    if free < 200:
        raise NotWell(f"only {free} MB are free on the disk of {existing}.")
    return f"{place} ({free} MB free)"


def _database(settings: Settings) -> str:
    from purchasing.errors import StorageUnavailable
    from storage.backup import look_over
    from storage.migrate import current, head
    from storage.urls import sqlite_file

    path = sqlite_file(settings.database)
    if path is None:
        try:
            return _at(current(settings.database), head(), "a server that answers")
        except StorageUnavailable:
            raise NotWell("the server of DATABASE_URL does not answer, or refuses user, password or name.") from None
    if not path.exists():
        return f"{path} will be made at the first start"
    try:
        found = look_over(path)
    except VykupError as error:
        raise NotWell(str(error)) from None
    if found.damage:
        raise NotWell(f"{path} is damaged ({found.damage}): restore a backup.")
    return _at(found.revision, head(), str(path))


def _at(revision: str | None, newest: str, place: str) -> str:
    from storage.migrate import knows

    if revision is None:
        return f"{place}, without tables; they will be made at the next start"
    if not knows(revision):
        raise NotWell(f"it was made by a newer Vykup (schema {revision}): update the program.")
    waits = "" if revision == newest else f"; the next start brings it to {newest}"
    return f"{place}, schema {revision}{waits}"


def _backups(settings: Settings) -> str:
    from storage.urls import sqlite_file

    if sqlite_file(settings.database) is None:
        return "the server's own (pg_dump)"
    newest = max((settings.data_dir / "backups").glob("vykup-*.db"), default=None)
    return f"the newest is {newest}" if newest else "none yet; one is made every night while the bot runs"


def _key(settings: Settings) -> str:
    if settings.secret_key.get_secret_value():
        return "from the environment"
    path = settings.key_file
    if not path.exists():
        return f"{path} will be made at the first start"
    if path.stat().st_mode & 0o077:
        raise NotWell(f"{path} can be read by others: chmod 600 {path}")
    count = len(path.read_text(encoding="ascii", errors="replace").split())
    if count > 1:
        return f"{path}, with {count} keys: `vykup rotate-key` finishes what was broken off"
    return str(path)


def _telegram(settings: Settings) -> str:
    url = f"{settings.bot_api_url}/bot{settings.bot_token.get_secret_value()}/getMe"
    try:
        answer, ahead = asyncio.run(_get_json(url))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        # the error's text may hold the address, and that the token
        raise NotWell(f"{settings.bot_api_url} does not answer ({type(error).__name__}).") from None
    if not answer.get("ok"):
        raise NotWell("Telegram refuses BOT_TOKEN: take the current one from BotFather.")
    if abs(ahead) > CLOCK_SECONDS:
        raise NotWell(f"this machine's clock is {ahead:+.0f} s off Telegram's: switch time synchronisation on.")
    return f"@{answer['result'].get('username', '?')}, clocks agree"


async def _get_json(url: str) -> tuple[dict[str, Any], float]:
    """The answer, and by how many seconds our clock is ahead of the server's."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(url) as response:
        answer: dict[str, Any] = await response.json(content_type=None)
        said = response.headers.get("Date")
        return answer, (utc_now() - parsedate_to_datetime(said)).total_seconds() if said else 0.0


def _chromium(settings: Settings) -> str:
    if settings.chromium_cdp_url:
        return f"Chrome at {settings.chromium_cdp_url}"
    found = str(settings.chromium_path or "") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")
    if not found and not any((Path.home() / ".cache" / "ms-playwright").glob("chromium*")):
        raise NotWell("no Chromium was found: install one or set CHROMIUM_PATH; without it Taobao can't be used.")
    return found or "Playwright's own"


def _alibaba1688(settings: Settings) -> str:
    return settings.alibaba1688_gateway if settings.alibaba1688_app_key else "off (no ALIBABA1688_APP_KEY)"


CHECKS: dict[str, Check] = {
    "data directory": _data,
    "database": _database,
    "backups": _backups,
    "key": _key,
    "Telegram": _telegram,
    "Chromium": _chromium,
    "1688": _alibaba1688,
}
