"""The people's side over HTTP, for tests and for the chat page alike; it can do nothing that a person could not do."""

import asyncio
import json
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import quote

from aiohttp import web

from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.feed import Event, Feed
from sandbox.telegram.model import Json, Media
from sandbox.telegram.people import Desk, NotPossible
from sandbox.telegram.refusals import Refused

BOT_WAIT_SECONDS = 15.0
LONGEST_WAIT = 60.0
HEARTBEAT_SECONDS = 15.0
routes = web.RouteTableDef()


async def desk_of(request: web.Request, chat_id: int | None = None) -> Desk:
    """Waits for a bot to connect; ``?bot=`` chooses one of several, ``?chat_id=`` a group."""
    server = request.app[SERVER]
    asked = request.query.get("bot")
    bot_id = int(asked) if asked else None
    if not await server.feed.signal.until(lambda: bool(server.newest_bot(bot_id)), BOT_WAIT_SECONDS):
        raise web.HTTPServiceUnavailable(text="no bot has connected yet")
    bot = server.newest_bot(bot_id)
    assert bot is not None  # noqa: S101 - the wait above has just seen it
    person = server.person(int(request.match_info["user_id"]))
    chat_id = chat_id or int(request.query.get("chat_id") or person.id)
    if chat_id < 0 and chat_id not in bot.chats:
        raise web.HTTPNotFound(text=f"there is no group {chat_id}")
    return Desk(server, bot, bot.chat(chat_id), person)


@web.middleware
async def say_why(request: web.Request, handler: Any) -> web.StreamResponse:
    """What a person can't do is a 409 with a sentence; what nobody could have meant is a 400."""
    try:
        response: web.StreamResponse = await handler(request)
    except (NotPossible, Refused) as error:
        return web.json_response({"error": str(error)}, status=409)
    except (ValueError, KeyError, TypeError) as error:
        if not request.path.startswith("/_"):
            raise
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
    return response


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    body = await request.json()
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="a JSON object is expected")
    return body


@routes.post("/_user/{user_id:\\d+}/start")
async def start(request: web.Request) -> web.Response:
    payload = (await _body(request)).get("payload")
    desk = await desk_of(request)
    desk.block(False)
    message = desk.write(f"/start {payload}" if payload else "/start")
    return web.json_response({"message_id": message.id})


@routes.post("/_user/{user_id:\\d+}/text")
async def text(request: web.Request) -> web.Response:
    body = await _body(request)
    desk = await desk_of(request, body.get("chat_id"))
    return web.json_response({"message_id": desk.write(str(body.get("text", ""))).id})


@routes.post("/_user/{user_id:\\d+}/press")
async def press(request: web.Request) -> web.Response:
    """``{"message_id", "label" or "data", "force"}``; ``force`` presses data that the message no longer shows."""
    body = await _body(request)
    desk = await desk_of(request, body.get("chat_id"))
    message_id, data = int(body.get("message_id", 0)), body.get("data")
    if body.get("force"):
        return web.json_response({"callback_query_id": desk.press(message_id, str(data)).id})
    button = desk.button(message_id, body.get("label"), data)
    if "disabled" in button:
        raise NotPossible(f"the button {button['text']!r} is disabled")
    if "callback_data" in button:
        query = desk.press(message_id, button["callback_data"])
        return web.json_response({"callback_query_id": query.id})
    if "copy_text" in button:
        return web.json_response({"copied": button["copy_text"]["text"]})
    return web.json_response({"url": button.get("url") or button.get("web_app", {}).get("url")})


@routes.post("/_user/{user_id:\\d+}/{kind:photo|document|album}")
async def send_files(request: web.Request) -> web.Response:
    """Multipart: every part with a file name, ``caption``, and for an album ``as`` = photo or document."""
    form = await request.post()
    desk = await desk_of(request)
    kind = request.match_info["kind"]
    wanted: Literal["photo", "document"] = "document" if "document" in (kind, form.get("as")) else "photo"
    parts = [part for part in form.values() if isinstance(part, web.FileField)]
    if not parts or (kind != "album" and len(parts) > 1) or len(parts) > 10:
        raise NotPossible("one file is expected, or up to ten for an album")
    media: list[Media] = [
        await asyncio.to_thread(desk.server.files.keep, wanted, part.file.read(), part.filename, part.content_type)
        for part in parts
    ]
    sent = desk.send_media(media, str(form.get("caption", "")))
    return web.json_response({"message_ids": [message.id for message in sent]})


@routes.post("/_user/{user_id:\\d+}/{verb:block|unblock|read}")
async def small_verbs(request: web.Request) -> web.Response:
    desk = await desk_of(request)
    match request.match_info["verb"]:
        case "read":
            desk.read()
        case verb:
            desk.block(verb == "block")
    return web.json_response({"ok": True})


@routes.get("/_user/{user_id:\\d+}/messages")
async def messages(request: web.Request) -> web.Response:
    return web.json_response((await desk_of(request)).state())


@routes.get("/_user/{user_id:\\d+}/wait")
async def wait(request: web.Request) -> web.Response:
    """The state as soon as anything in this chat is newer than ``since``, or after ``seconds`` as it is."""
    desk = await desk_of(request)
    since = int(request.query.get("since", 0))
    seconds = min(LONGEST_WAIT, float(request.query.get("seconds", 25)))
    feed = desk.server.feed
    await feed.signal.until(lambda: any(_concerns(event, desk) for event in feed.since(since)), seconds)
    return web.json_response(desk.state())


@routes.get("/_user/{user_id:\\d+}/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events after ``since`` (or the browser's Last-Event-ID)."""
    desk = await desk_of(request)
    run, _, seen = request.headers.get("Last-Event-ID", "").partition(".")
    last = int(seen or request.query.get("since") or 0)
    another_server = bool(run) and run != desk.server.feed.run
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await stream.prepare(request)
    with suppress(ConnectionError):  # the reader has gone
        await _stream(stream, desk, last, start_again=another_server)
    return stream


async def _stream(stream: web.StreamResponse, desk: Desk, last: int, *, start_again: bool) -> None:
    feed = desk.server.feed
    await stream.write(b"retry: 500\n\n")
    if start_again:
        last = feed.version
        await _tell(stream, feed, last, {"kind": "bot"})
    while not feed.signal.closed:
        for event in feed.since(last):
            last = event.version
            body = _told(event, desk)
            if body is not None:
                await _tell(stream, feed, last, body)
        seen = last
        if not await feed.signal.until(lambda: feed.version > seen, HEARTBEAT_SECONDS):  # noqa: B023 - awaited here
            await stream.write(b": still here\n\n")


async def _tell(stream: web.StreamResponse, feed: Feed, version: int, body: Json) -> None:
    text = json.dumps(body, ensure_ascii=False)
    await stream.write(f"id: {feed.run}.{version}\ndata: {text}\n\n".encode())


def _told(event: Event, desk: Desk) -> Json | None:
    """The whole event of this chat; of other chats only that something may be unread there."""
    if _concerns(event, desk):
        return {"kind": event.kind, **event.body}
    return {"kind": "unread"} if event.kind in ("message", "delete", "read") else None


def _concerns(event: Event, desk: Desk) -> bool:
    return event.bot_id == desk.bot.id and event.chat_id in (None, desk.chat.id)


@routes.get("/_file/{unique_id}")
async def file(request: web.Request) -> web.Response:
    found = request.app[SERVER].files.by_unique_id(request.match_info["unique_id"])
    if found is None:
        raise web.HTTPNotFound
    headers = {}
    if found.kind != "photo":
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name or 'file')}"
    return web.Response(body=found.data, content_type=found.mime_type or "application/octet-stream", headers=headers)
