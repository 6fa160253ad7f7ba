"""Takes a bot's call from the wire to its method and back; every call is recorded, also a refused one."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.telegram.call import Call
from sandbox.telegram.faults import FaultName
from sandbox.telegram.methods import METHODS
from sandbox.telegram.model import Bot, CallRecord, Json
from sandbox.telegram.params import Params, read_params
from sandbox.telegram.refusals import Refusal, Refused
from sandbox.telegram.server import Server

TOKEN = re.compile(r"\d{1,16}:[\w-]{3,64}")  # looser than a real one, so that tests may use short ones
BEFORE: tuple[FaultName, ...] = (
    "http_500",
    "http_502",
    "http_429",
    "blocked",
    "bad_request",
    "drop_connection",
    "timeout_before",
    "slow",
)
AFTER: tuple[FaultName, ...] = ("timeout_after", "bad_json")
SERVER: web.AppKey[Server] = web.AppKey("server", Server)
COUNTED_IN_CHAT = re.compile(r"(?:send(?!chataction)|edit|copy|forward).*")
COUNTED = re.compile(r"(?:send(?!chataction)|edit|copy|forward|answer|delete|pin|unpin|setmessagereaction).*")


async def call_method(request: web.Request) -> web.StreamResponse:
    """Handler of /bot<token>/<method>."""
    server = request.app[SERVER]
    if not TOKEN.fullmatch(request.match_info["token"]):
        return _refused(Refused(Refusal.UNAUTHORIZED))
    bot = server.bot(request.match_info["token"])
    name = request.match_info["method"]
    params = Params()
    try:
        params = await read_params(request)
        call = Call(server, bot, params)
        await _faults_before(request, server, name, _chat_id(params))
        response = _json(200, {"ok": True, "result": await _run(call, name.lower())})
    except Refused as refused:
        response = _refused(refused)
    except web.HTTPRequestEntityTooLarge:
        response = _refused(Refused(Refusal.UPLOAD_TOO_LARGE))
    except _Dropped:
        response = web.Response(status=499)
    _record(server, bot, name, params, response)
    return await _after(request, server, name, response)


class _Dropped(Exception):
    """The connection was cut before anything happened."""


async def _after(request: web.Request, server: Server, name: str, response: web.Response) -> web.Response:
    """Spoils the answer of a call that had its effect, when a test ordered that."""
    fault = server.faults.take(name, *AFTER) if response.status == 200 else None
    if fault and fault.fault == "bad_json":
        return web.Response(text=(response.text or "")[:-3], content_type="application/json")
    if fault:
        await server.pause(fault.seconds)
        _drop(request)
    return response


async def _run(call: Call, name: str) -> Any:
    method = METHODS.get(name)
    if method is None:
        raise Refused(Refusal.METHOD_NOT_FOUND)
    if COUNTED.fullmatch(name):
        in_chat = _chat_id(call.params) if COUNTED_IN_CHAT.fullmatch(name) else None
        retry_after = call.server.flood.retry_after(call.bot.id, in_chat)
        if retry_after is not None:
            raise Refused(Refusal.TOO_MANY_REQUESTS, retry_after=retry_after)
    return await method(call)


async def _faults_before(request: web.Request, server: Server, name: str, chat_id: int | None) -> None:
    fault = server.faults.take(name, *BEFORE, chat_id=chat_id)
    match fault and fault.fault:
        case "http_500":
            raise Refused(Refusal.INTERNAL)
        case "http_502":
            raise Refused(Refusal.BAD_GATEWAY)
        case "http_429":
            raise Refused(Refusal.TOO_MANY_REQUESTS, retry_after=fault.retry_after if fault else 1)
        case "blocked":
            raise Refused(Refusal.BLOCKED)
        case "bad_request":
            raise Refused(Refusal.BAD_PARAMETER, why="ordered by a test")
        case "slow":
            await server.pause(fault.seconds if fault else 0)
        case "timeout_before":
            await server.pause(fault.seconds if fault else 0)
            _drop(request)
            raise _Dropped
        case "drop_connection":
            _drop(request)
            raise _Dropped


def _drop(request: web.Request) -> None:
    if request.transport:
        request.transport.abort()


def _chat_id(params: Params) -> int | None:
    try:
        return int(params.values["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def _refused(refused: Refused) -> web.Response:
    if refused.refusal is Refusal.BAD_GATEWAY:  # comes from a proxy in front of Telegram, so it is no JSON
        return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
    return _json(refused.refusal.code, refused.body())


def _json(status: int, body: Json) -> web.Response:
    return web.json_response(body, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))


def _record(server: Server, bot: Bot, name: str, params: Params, response: web.Response) -> None:
    number = server.calls[-1].number + 1 if server.calls else 1
    server.calls.append(
        CallRecord(number, datetime.now(UTC), bot.id, name, params.recorded(), response.status, response.text or "")
    )


async def download(request: web.Request) -> web.Response:
    """Handler of /file/bot<token>/<path>."""
    if not TOKEN.fullmatch(request.match_info["token"]):
        return _refused(Refused(Refusal.UNAUTHORIZED))
    file = request.app[SERVER].files.by_path(request.match_info["path"])
    if file is None:
        return _refused(Refused(Refusal.FILE_NOT_FOUND))
    return web.Response(body=file.data, content_type="application/octet-stream")
