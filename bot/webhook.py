"""Updates brought by Telegram itself; whoever doesn't know the secret gets nothing in and learns nothing."""

import hmac
import json
from urllib.parse import urlsplit

from aiogram import Bot
from aiohttp import web

from bot.access import KINDS
from bot.poller import Take

HEADER = "X-Telegram-Bot-Api-Secret-Token"
MIN_SECRET = 32


def webhook_route(url: str, secret: str, take: Take) -> web.RouteDef:
    """The route for the path of `url`. Raises ValueError without a secret of 32 bytes or more."""
    expected = secret.encode()
    if len(expected) < MIN_SECRET:
        raise ValueError(f"WEBHOOK_SECRET must have at least {MIN_SECRET} characters")

    async def receive(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), expected):
            raise web.HTTPUnauthorized
        try:
            update = await request.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise web.HTTPBadRequest from None
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            raise web.HTTPBadRequest
        await take([update])  # stored before Telegram is told 200; a failure here makes Telegram send it again
        return web.Response()

    return web.post(urlsplit(url).path or "/", receive)


async def announce(bot: Bot, url: str, secret: str) -> None:
    await bot.set_webhook(url, secret_token=secret, allowed_updates=list(KINDS))
