"""Puts the sandbox Telegram together: the Bot API, the people's side, the control and the chat page as one app."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from sandbox.options import PartOptions
from sandbox.telegram import control, user
from sandbox.telegram.dispatch import SERVER, call_method, download
from sandbox.telegram.files import MAX_UPLOAD_BYTES
from sandbox.telegram.model import Person
from sandbox.telegram.page import routes as page
from sandbox.telegram.server import Server

STAFF = (
    Person(1001, "Owner", "owner"),
    Person(1002, "Buyer", "buyer"),
    Person(1003, "Warehouse", "warehouse"),
)


def make_app(options: PartOptions, staff: Sequence[Person] = STAFF) -> web.Application:
    """``staff`` are the people in the chat page's list; others come into being when their chat is opened."""
    app = web.Application(
        client_max_size=10 * MAX_UPLOAD_BYTES + 1024 * 1024,
        middlewares=[late, user.say_why],
    )
    server = Server(staff, options.seed)
    server.settings.latency_ms = options.latency_ms
    app[SERVER] = server
    app.router.add_route("*", "/bot{token:[^/]+}/{method:\\w+}", call_method)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", download)
    app.router.add_routes(user.routes)
    app.router.add_routes(control.routes)
    app.router.add_routes(page.routes)
    app.on_shutdown.append(_release)
    app.on_cleanup.append(_stop)
    return app


@web.middleware
async def late(request: web.Request, handler: Any) -> web.StreamResponse:
    """Latency of the network; long polls and streams have it once, as everything else."""
    server = request.app[SERVER]
    if server.settings.latency_ms:
        await server.pause(server.settings.latency_ms / 1000)
    response: web.StreamResponse = await handler(request)
    return response


async def _release(app: web.Application) -> None:
    app[SERVER].release()


async def _stop(app: web.Application) -> None:
    await app[SERVER].stop()
