"""Serves the chat page and the list of people with what they have not read yet."""

from pathlib import Path

import jinja2
from aiohttp import web

from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.model import Bot, Json, Person
from sandbox.telegram.page.texts import DEFAULT_LANGUAGE, TEXTS
from sandbox.telegram.people import Desk
from sandbox.telegram.server import Server

HERE = Path(__file__).parent
ONLY_OURS = "default-src 'self'; img-src 'self' blob:; base-uri 'none'; object-src 'none'"
LANGUAGE_COOKIE = "sandbox_language"
templates = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True)
routes = web.RouteTableDef()
routes.static("/_page/static", HERE / "static")


@routes.get("/")
async def people(request: web.Request) -> web.Response:
    return _page(request, None)


@routes.get("/chat/{user_id:\\d+}")
async def chat(request: web.Request) -> web.Response:
    """Opening the chat of somebody new makes them exist."""
    return _page(request, request.app[SERVER].person(int(request.match_info["user_id"])))


def _page(request: web.Request, person: Person | None) -> web.Response:
    asked = request.query.get("lang") or request.cookies.get(LANGUAGE_COOKIE) or DEFAULT_LANGUAGE
    language = asked if asked in TEXTS else DEFAULT_LANGUAGE
    body = templates.get_template("chat.html").render(
        language=language,
        other_language="en" if language == "ru" else "ru",
        texts=TEXTS[language],
        person=person,
        query=request.query_string,
    )
    headers = {"Content-Security-Policy": ONLY_OURS, "Cache-Control": "no-store"}
    response = web.Response(text=body, content_type="text/html", headers=headers)
    response.set_cookie(LANGUAGE_COOKIE, language, samesite="Lax")
    return response


@routes.get("/_page/people")
async def people_json(request: web.Request) -> web.Response:
    """Everybody with the last message and the number of unread ones; works before a bot has connected."""
    server = request.app[SERVER]
    bot = server.newest_bot(int(request.query["bot"]) if request.query.get("bot") else None)
    return web.json_response({"people": [_row(server, bot, person) for person in server.people.values()]})


def _row(server: Server, bot: Bot | None, person: Person) -> Json:
    row: Json = {"id": person.id, "name": person.first_name, "username": person.username, "unread": 0}
    chat = bot.chats.get(person.id) if bot else None
    if bot is None or chat is None:
        return row
    row["unread"] = Desk(server, bot, chat, person).unread()
    if chat.messages:
        last = chat.messages[max(chat.messages)]
        row["last"] = server.shown(bot, last)
    return row
