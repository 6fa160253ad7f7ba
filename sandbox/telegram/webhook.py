"""Delivers updates to a bot's webhook, one after another; an update leaves the queue only after a 2xx answer."""

import time

import aiohttp

from sandbox.telegram.model import Bot, Json, Webhook
from sandbox.telegram.server import Server

LONGEST_PAUSE = 60.0
FOREVER = 10**9
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


async def deliver(server: Server, bot: Bot, hook: Webhook) -> None:
    """Runs until the webhook is removed or replaced. Answers with a method call in them are not carried out."""
    pause = server.settings.webhook_pause
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        while await server.incoming.until(lambda: bot.webhook is not hook or bool(bot.updates), FOREVER):
            if bot.webhook is not hook:
                return
            update = bot.updates[0]
            if await _accepted(session, hook, update):
                _taken(server, bot, update)
                pause = server.settings.webhook_pause
            else:
                server.incoming.fire()  # somebody may wait to see the error
                await server.incoming.until(lambda: bot.webhook is not hook, pause)
                pause = min(LONGEST_PAUSE, pause * 2)


async def _accepted(session: aiohttp.ClientSession, hook: Webhook, update: Json) -> bool:
    headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
    try:
        async with session.post(hook.url, json=update, headers=headers) as response:
            if response.ok:
                return True
            hook.last_error = f"Wrong response from the webhook: {response.status} {response.reason}"
    except (aiohttp.ClientError, TimeoutError) as error:
        hook.last_error = f"Connection failed: {type(error).__name__}"
    hook.last_error_date = int(time.time())
    return False


def _taken(server: Server, bot: Bot, update: Json) -> None:
    if bot.updates and bot.updates[0] is update:
        bot.updates.popleft()
    if server.faults.take("webhook", "duplicate_updates"):
        bot.updates.appendleft(update)
