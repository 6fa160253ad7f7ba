"""`vykup run`: the bot itself."""

import asyncio
import contextlib
import logging
import os
import signal
import threading

from bot.lock import data_dir_lock
from bot.logs import set_up_logs
from bot.settings import Settings
from purchasing import crash

log = logging.getLogger(__name__)

LAST_SECONDS = 14.5


def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Raises VykupError with one sentence when it can't start."""
    set_up_logs(settings.log_level, settings.log_format, settings.secrets())
    crash.arm(os.environ)
    with data_dir_lock(settings.data_dir):
        asyncio.run(_run(settings))


def _begin_stop(stop: asyncio.Event) -> None:
    """Whatever hangs by then is left as a crash would leave it: by that time no effect is under way."""
    stop.set()
    last = threading.Timer(LAST_SECONDS, _end)
    last.daemon = True
    last.start()


def _end() -> None:
    log.error("stopping took longer than %s s and is cut short", LAST_SECONDS)
    os._exit(0)


async def _run(settings: Settings) -> None:
    from bot.app import build_app

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _begin_stop, stop)
    async with contextlib.AsyncExitStack() as stack:
        app = await build_app(settings, stack)
        log.info("Vykup is ready")
        await app.run(stop)
    log.info("Vykup has stopped")
