"""`vykup` as a process: it starts, serves, stops at SIGTERM within 15 s, and says in a sentence why it can't."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.bot.telegram import Telegram
from tests.support.desk import TOKEN

VYKUP = (sys.executable, "-c", "from bot.cli import main; main()")
ROOT = Path(__file__).parents[2]


def environment(data_dir: Path, url: str = "http://127.0.0.1:9", **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "OWNER_IDS": "1001",
        "BOT_API_URL": url,
        "DATA_DIR": str(data_dir),
        "LANGUAGE": "en",
        **more,
    }


def vykup(*arguments: str, env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*VYKUP, *arguments], env=env, cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


@asynccontextmanager
async def running(env: dict[str, str], cwd: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(*VYKUP, "run", env=env, cwd=cwd, stderr=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def log_until(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stderr is not None
    seen = ""
    async with asyncio.timeout(60):
        while words not in seen:
            line = (await process.stderr.readline()).decode()
            assert line, f"it ended without saying {words!r}:\n{seen}"
            seen += line
    return seen


async def test_it_serves_and_stops_within_15_seconds(telegram: Telegram, tmp_path: Path) -> None:
    env = environment(tmp_path / "data", telegram.url)
    async with running(env, tmp_path) as process, telegram.person() as owner:
        said = await log_until(process, "Vykup is ready")
        assert "a new secret key was made" in said
        await owner.send("/start")
        await owner.wait_for("Nothing is waiting", within=30)
        second = await asyncio.to_thread(vykup, "run", env=env, cwd=tmp_path)
        assert second.returncode == 1
        assert second.stderr.startswith("Vykup already runs on")
        assert len(second.stderr.splitlines()) == 1
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await process.wait() == 0
    commands = telegram.calls("setMyCommands")
    assert commands


async def test_it_starts_and_stops_while_telegram_is_away(tmp_path: Path) -> None:
    async with running(environment(tmp_path / "data"), tmp_path) as process:
        said = await log_until(process, "no updates come from Telegram")
        assert TOKEN not in said
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await process.wait() == 0


@pytest.mark.parametrize("command", ["run", "migrate", "doctor"])
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, command: str) -> None:
    done = vykup(command, env=environment(tmp_path / "data", TIMEZONE="Mars"), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "TIMEZONE must be a zone's name like Europe/Moscow.\n"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["run", "migrate", "doctor", "backup", "restore", "rotate-key"])
def test_every_command_has_help(tmp_path: Path, command: str) -> None:
    done = vykup(command, "--help", env=environment(tmp_path / "data"), cwd=tmp_path)
    assert done.returncode == 0
    assert f"{command} [OPTIONS]" in done.stdout


def test_a_lost_key_stops_the_start(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", SECRET_KEY="not a key")
    done = vykup("run", env=env, cwd=tmp_path)
    assert done.returncode == 1
    assert "secret key" in done.stderr.lower()
    assert "not a key" not in done.stderr


async def test_doctor_says_what_is_well_and_what_is_not(telegram: Telegram, tmp_path: Path) -> None:
    env = environment(tmp_path / "data", telegram.url)
    migrated = await asyncio.to_thread(vykup, "migrate", env=env, cwd=tmp_path)
    assert migrated.returncode == 0, migrated.stderr
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "data").iterdir()}
    done = await asyncio.to_thread(vykup, "doctor", env=env, cwd=tmp_path)
    assert "ok      Telegram: @vykup_424242_bot" in done.stdout
    assert "ok      database" in done.stdout
    assert ", schema 0" in done.stdout
    assert "clocks agree" in done.stdout
    assert "ok      backups: none yet" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "data").iterdir()} == before
    away = await asyncio.to_thread(vykup, "doctor", env=environment(tmp_path / "data"), cwd=tmp_path)
    assert away.returncode == 1
    assert "FAILED  Telegram: http://127.0.0.1:9 does not answer" in away.stdout
    assert TOKEN not in away.stdout + away.stderr
