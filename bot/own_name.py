"""Learns the bot's own name once it is started, for links that lead to it."""

from aiogram import Bot

from handlers.deep_links import BOT_NAME
from purchasing.crash import write
from purchasing.ports import Clock, Database


async def learn_name(bot: Bot, db: Database, clock: Clock) -> None:
    """Raises what Telegram's client raises while it is away: the part is then started anew."""
    name = (await bot.me()).username or ""
    if await db.read(lambda store: store.settings.get(BOT_NAME)) != name:
        await write(db, "start.name", lambda store: store.settings.put(BOT_NAME, name, None, clock()))
