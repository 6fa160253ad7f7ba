"""For tests only: orders faults, changes limits, makes groups, and tells the truth about all calls and messages."""

import json
from dataclasses import asdict, replace
from typing import Any

from aiohttp import web

from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.limits import LimitRules
from sandbox.telegram.model import CallRecord, Json, Person
from sandbox.telegram.server import Server

routes = web.RouteTableDef()


@routes.post("/_control")
async def order_fault(request: web.Request) -> web.Response:
    """``{"at": method or "*", "fault", "times", "retry_after", "seconds", "chat_id"}``, or ``{"clear": true}``."""
    faults = request.app[SERVER].faults
    body: Json = await request.json()
    if body.get("clear"):
        faults.clear()
        return web.json_response({"ordered": []})
    try:
        faults.order(body)
    except (ValueError, TypeError) as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    request.app[SERVER].incoming.fire()
    return web.json_response({"ordered": faults.left()})


@routes.post("/_control/limits")
async def change_limits(request: web.Request) -> web.Response:
    """Any fields of LimitRules; ``{"enabled": false}`` switches all limits off, ``{}`` restores Telegram's."""
    flood = request.app[SERVER].flood
    body: Json = await request.json()
    flood.change(_changed(flood.rules, body) if body else LimitRules())
    return web.json_response(asdict(flood.rules))


@routes.post("/_control/settings")
async def change_settings(request: web.Request) -> web.Response:
    """Any fields of Settings: how long a press may be answered, the first pause of a webhook, latency."""
    server = request.app[SERVER]
    server.settings = _changed(server.settings, await request.json())
    return web.json_response(asdict(server.settings))


def _changed(record: Any, body: Json) -> Any:
    unknown = body.keys() - asdict(record).keys()
    if unknown:
        raise web.HTTPBadRequest(text=f"unknown: {', '.join(sorted(unknown))}")
    return replace(record, **body)


@routes.post("/_control/group")
async def make_group(request: web.Request) -> web.Response:
    """``{"id": negative, "title", "members": [user ids]}``: a group with the bot (``?bot=``, else the newest)."""
    server = request.app[SERVER]
    body: Json = await request.json()
    bot = server.newest_bot(int(request.query["bot"]) if "bot" in request.query else None)
    if bot is None or int(body["id"]) >= 0:
        raise web.HTTPBadRequest(text="a negative id and a bot that has called are needed")
    chat = bot.chat(int(body["id"]))
    chat.title = str(body.get("title", "Group"))
    chat.members = {server.person(int(user_id)).id for user_id in body.get("members", [])}
    chat.left = False
    if chat.members:
        server.push_membership(bot, chat, server.people[min(chat.members)], inside=True)
    return web.json_response({"id": chat.id})


@routes.post("/_control/person")
async def make_person(request: web.Request) -> web.Response:
    """``{"id", "first_name", "username", "language_code"}``: adds somebody to the list or changes them."""
    body: Json = await request.json()
    person = Person(**{**asdict(request.app[SERVER].person(int(body["id"]))), **body})
    request.app[SERVER].people[person.id] = person
    return web.json_response(asdict(person))


@routes.get("/_truth/messages")
async def true_messages(request: web.Request) -> web.Response:
    """Messages as they are now, of all chats or of ``?chat_id=``, of all bots or of ``?bot=``."""
    server = request.app[SERVER]
    chat_id, bot_id = request.query.get("chat_id"), request.query.get("bot")
    found = [
        server.shown(bot, message)
        for bot in server.bots.values()
        if bot_id in (None, str(bot.id))
        for chat in bot.chats.values()
        if chat_id in (None, str(chat.id))
        for message in chat.messages.values()
    ]
    return web.json_response({"messages": found})


@routes.get("/_truth/calls")
async def true_calls(request: web.Request) -> web.Response:
    """Calls in order (the newest 50,000), narrowed by ``?method=``, ``?chat_id=``, ``?after=`` (a call's number)."""
    server = request.app[SERVER]
    return web.json_response({"calls": [_call_json(call) for call in _chosen(server, request)]})


def _chosen(server: Server, request: web.Request) -> list[CallRecord]:
    method, chat_id = request.query.get("method"), request.query.get("chat_id")
    after = int(request.query.get("after", 0))
    return [
        call
        for call in server.calls
        if call.number > after
        and (method is None or call.method.lower() == method.lower())
        and (chat_id is None or str(call.params.get("chat_id")) == chat_id)
    ]


def _call_json(call: CallRecord) -> Json:
    return {
        "number": call.number,
        "at": call.at.isoformat(),
        "bot": call.bot_id,
        "method": call.method,
        "params": call.params,
        "status": call.status,
        "answer": _parsed(call.answer),
    }


def _parsed(answer: str) -> object:
    try:
        return json.loads(answer)
    except ValueError:
        return answer
