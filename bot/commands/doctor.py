"""`vykup doctor`: looks for what would keep the bot from working. It writes nothing, anywhere."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import typer

from bot.settings import Settings

Check = Callable[[Settings], str]
TIMEOUT = aiohttp.ClientTimeout(total=10)
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
    prefix = "sqlite:///"
    if not settings.database.startswith(prefix):
        return "on a server; `vykup migrate` tells whether it answers"
    path = Path(settings.database.removeprefix(prefix))
    if not path.exists():
        return f"{path} will be made at the first start"
    try:
        with closing(sqlite3.connect(f"file:{path.absolute()}?{_reading(path)}", uri=True)) as connection:
            verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise NotWell(f"{path} can't be read: {error}.") from None
    if verdict != "ok":
        raise NotWell(f"{path} is damaged ({verdict}): restore a backup.")
    return str(path)


def _reading(path: Path) -> str:
    """Even a read-only reader makes files beside a database that nobody has open, unless told that it can't change."""
    return "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"


def _key(settings: Settings) -> str:
    if settings.secret_key.get_secret_value():
        return "from the environment"
    path = settings.key_file
    if not path.exists():
        return f"{path} will be made at the first start"
    if path.stat().st_mode & 0o077:
        raise NotWell(f"{path} can be read by others: chmod 600 {path}")
    return str(path)


def _telegram(settings: Settings) -> str:
    url = f"{settings.bot_api_url}/bot{settings.bot_token.get_secret_value()}/getMe"
    try:
        answer = asyncio.run(_get_json(url))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        # the error's text may hold the address, and that the token
        raise NotWell(f"{settings.bot_api_url} does not answer ({type(error).__name__}).") from None
    if not answer.get("ok"):
        raise NotWell("Telegram refuses BOT_TOKEN: take the current one from BotFather.")
    return f"@{answer['result'].get('username', '?')}"


async def _get_json(url: str) -> dict[str, Any]:
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(url) as response:
        answer: dict[str, Any] = await response.json(content_type=None)
        return answer


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
    "key": _key,
    "Telegram": _telegram,
    "Chromium": _chromium,
    "1688": _alibaba1688,
}
