"""Risk control: the punish page with its draggable slider, and what calls answer instead of data.

A challenged session stays so until somebody drags the slider (or the verb `pass_challenges`)."""

import json
import secrets

from aiohttp import web

from sandbox.taobao.hosts import host_of, path
from sandbox.taobao.pages import page
from sandbox.taobao.state import punish_path, session_of

MIN_MOVES = 4
"""A drag with fewer moves than this came from a script that jumped; the slider refuses it."""


def challenged(request: web.Request) -> bool:
    return bool(session_of(request).challenge)


def with_punish(request: web.Request) -> web.StreamResponse:
    """Send a page to the slider."""
    raise web.HTTPFound(punish_path(request))


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
    session_of(request).challenge = ""
    answer = web.json_response({"passed": True})
    answer.set_cookie("x5sec", secrets.token_hex(20), path="/", max_age=1200)
    return answer


def blocked_json(request: web.Request, back: str = "") -> web.Response:
    """What the older calls answer to a suspect: no data, `rgv587_flag` and the punish address."""
    url = f"//{request.host}{punish_path(request, back or request.headers.get('Referer', ''))}"
    body = {
        "rgv587_flag": "sm",
        "url": url,
        "ret": ["FAIL_SYS_USER_VALIDATE", "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试"],
    }
    return web.json_response(body, dumps=lambda one: json.dumps(one, ensure_ascii=False))
