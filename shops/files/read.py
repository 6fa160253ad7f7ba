"""Has a shop's file read by a limited process; the bot's own process never parses what people send."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from pathlib import Path

from pydantic import TypeAdapter

from purchasing.errors import BadInput
from purchasing.order_file import OrderFile
from purchasing.parcel_file import ParcelFile

LARGEST = 5 * 1024 * 1024
PATIENCE = 45.0
"""Seconds by the clock; the worker itself has 30 s of processor time."""

log = logging.getLogger(__name__)
_ORDERS, _PARCELS = TypeAdapter(OrderFile), TypeAdapter(ParcelFile)
_ROOT = Path(__file__).parents[2]


async def read_shop_file(name: str, content: bytes) -> OrderFile | ParcelFile:
    """See purchasing.parcel_file.ShopFileReader."""
    if len(content) > LARGEST:
        raise BadInput("file", "too_big", name)
    if not content:
        raise BadInput("file", "empty", name)
    status, answer = await _worker(content)
    if status:
        log.warning("the file's reader ended with %s", status)
        raise BadInput("file", "too_heavy" if status < 0 else "broken", name)
    return _understood(answer, name)


def _understood(answer: bytes, name: str) -> OrderFile | ParcelFile:
    parsed = json.loads(answer)
    if "rule" in parsed:
        raise BadInput("file", parsed["rule"], parsed["value"] or name)
    if "parcels" in parsed:
        return _PARCELS.validate_python(parsed["parcels"])
    return _ORDERS.validate_python(parsed["orders"])


async def _worker(content: bytes) -> tuple[int, bytes]:
    """Its exit status (negative when a limit or the clock ended it) and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shops.files.worker",
        cwd=_ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},  # none of the bot's secrets
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        return -signal.SIGKILL, b""
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return process.returncode or 0, answer
