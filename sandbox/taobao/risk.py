"""Risk control: the punish page with its draggable slider.

A challenged session stays so until somebody drags the slider (or the verb `pass_challenges`)."""

import secrets

from aiohttp import web

from sandbox.taobao.access import session_of
from sandbox.taobao.hosts import host_of, path
from sandbox.taobao.pages import page

MIN_MOVES = 4
"""A drag with fewer moves than this came from a script that jumped; the slider refuses it."""


async def punish(request: web.Request) -> web.Response:
    """The whole page, or the dialog's inside when a call's answer named it (`in_frame`)."""
    back = request.query.get("back", "")
    return page(request, "punish.html", back=back, slider=path(host_of(request), "/_____tmd_____/slider"))


async def slider(request: web.Request) -> web.Response:
    return page(request, "slider.html", verify=path(host_of(request), "/_____tmd_____/verify"))


async def verify(request: web.Request) -> web.Response:
    """Takes the drag's trace. Passing sets `x5sec` and lifts the challenge."""
    body = await request.json()
    moves = body.get("moves", [])
    if not body.get("reached") or len(moves) < MIN_MOVES:
        return web.json_response({"passed": False})
    session_of(request).challenge = False
    answer = web.json_response({"passed": True})
    answer.set_cookie("x5sec", secrets.token_hex(20), path="/", max_age=1200)
    return answer
