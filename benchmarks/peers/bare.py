"""Bare aiogram: keeps ticks in memory, answers the press and edits the message. Nothing survives it."""

import asyncio
import logging
import sys
from collections import defaultdict

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.types import CallbackQuery, Message

from benchmarks.peers.board import ROWS, Row, keyboard, text

LINES = [Row(n, f"A-{n // 10:05}", f"Cup with a lid, model {n}", 1 + n % 5, f"{10 + n % 90}.00") for n in range(ROWS)]

dispatcher = Dispatcher()
ticked: defaultdict[int, set[int]] = defaultdict(set)


@dispatcher.message()
async def show(message: Message) -> None:
    await message.answer(text(200, 0, "0.00"), reply_markup=keyboard(LINES, ()))


@dispatcher.callback_query()
async def tick(query: CallbackQuery) -> None:
    mine = ticked[query.from_user.id]
    mine ^= {int((query.data or "").split(":")[1])}
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(text(200, len(mine), f"{len(mine)}0.00"), reply_markup=keyboard(LINES, mine))


def make_bot(url: str, token: str) -> Bot:
    logging.basicConfig(level=logging.ERROR)
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    return Bot(token, session, DefaultBotProperties(parse_mode=ParseMode.HTML))


if __name__ == "__main__":
    asyncio.run(dispatcher.start_polling(make_bot(*sys.argv[1:3])))
