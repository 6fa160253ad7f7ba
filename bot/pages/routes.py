"""Routes of the pages behind one-time links. The page itself is the same for everybody and says nothing: what a link is
for is told over a WebSocket, once, to whoever brings its token from an own page of this very server."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from bot.pages.viewing import Viewing
from purchasing.open_pages import PATH

STATIC = Path(__file__).parent / "static"
FILES = {"page.js": "text/javascript", "page.css": "text/css"}
MOST_VIEWERS = 20
MOST_BYTES = 8 * 1024
HEARTBEAT = 15.0
"""Seconds after which a viewer who is gone without a word is noticed."""


def page_routes(web_url: str, viewing: Viewing) -> list[web.RouteDef]:
    """For a server that people reach at `web_url`; a path in it stays in front of ours."""
    address = urlsplit(web_url)
    here = address.path.rstrip("/") + PATH
    headers = _headers(address.netloc)
    routes = [web.get(here, _file("page.html", "text/html", headers))]
    routes += [web.get(f"{here}/{name}", _file(name, kind, headers)) for name, kind in FILES.items()]
    return [*routes, web.get(f"{here}/ws", _socket(f"{address.scheme}://{address.netloc}", viewing))]


def _headers(host: str) -> dict[str, str]:
    """Nothing of others may be loaded, nobody may frame it, and no copy stays."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; "
        f"connect-src 'self' ws://{host} wss://{host}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


def _file(name: str, kind: str, headers: dict[str, str]) -> Callable[[web.Request], Awaitable[web.Response]]:
    content = (STATIC / name).read_bytes()

    async def serve(_request: web.Request) -> web.Response:
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)

    return serve


def _socket(origin: str, viewing: Viewing) -> Callable[[web.Request], Awaitable[web.WebSocketResponse]]:
    async def serve(request: web.Request) -> web.WebSocketResponse:
        if request.headers.get("Origin") != origin:
            raise web.HTTPForbidden
        if len(viewing) >= MOST_VIEWERS:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MOST_BYTES, compress=False)
        await socket.prepare(request)
        await viewing.serve(socket)
        return socket

    return serve
