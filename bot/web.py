"""The bot's own web server: webhook, intake and pages with one-time links stand on it as routes that `bot.app` names;
it serves nothing else."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from purchasing.errors import VykupError

MAX_BODY = 1024 * 1024


class CantListen(VykupError):
    """WEB_LISTEN can't be used."""


async def serve(listen: str, routes: Sequence[web.AbstractRouteDef]) -> None:
    """Listens on `host:port` until cancelled. Raises CantListen."""
    application = web.Application(client_max_size=MAX_BODY)
    application.router.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2, auto_decompress=False)
    await runner.setup()
    host, _, port = listen.rpartition(":")
    try:
        await web.TCPSite(runner, host, int(port)).start()
        await asyncio.Event().wait()
    except OSError as error:
        raise CantListen(f"WEB_LISTEN: nothing can listen on {listen} ({error.strerror}).") from None
    finally:
        await runner.cleanup()
