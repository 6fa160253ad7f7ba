"""Aiogram that runs the statements of Vykup's press through SQLAlchemy and aiosqlite, in one transaction as durable as
Vykup's, but has no inbox and no outbox: an update or an edit that fails is lost."""

import asyncio
import sys
from datetime import UTC, datetime

from aiogram import Dispatcher
from aiogram.types import CallbackQuery, Message
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from benchmarks.bots import KEY
from benchmarks.peers.bare import make_bot
from benchmarks.peers.board import Row, keyboard, text
from handlers.to_buy import ToBuy, load_to_buy
from purchasing.cards import Address
from purchasing.choose_lines import toggle
from purchasing.ports import Store
from storage import sqlite
from storage.store import SqlStore
from storage.vault import Vault

dispatcher = Dispatcher()
VAULT = Vault([KEY])


@dispatcher.message()
async def show(message: Message, engine: AsyncEngine) -> None:
    state = await run(engine, message.chat.id, None)
    await message.answer(shown(state), reply_markup=keyboard(rows(state), state.ticked))


@dispatcher.callback_query()
async def tick(query: CallbackQuery, engine: AsyncEngine) -> None:
    state = await run(engine, query.from_user.id, int((query.data or "").split(":")[1]))
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(shown(state), reply_markup=keyboard(rows(state), state.ticked))


async def run(engine: AsyncEngine, telegram_id: int, line_id: int | None) -> ToBuy:
    def unit(store: Store) -> ToBuy:
        now = datetime.now(UTC)
        person = store.people.by_telegram(telegram_id)
        assert person is not None
        if line_id is not None:
            toggle(store, person, line_id, now)
        return load_to_buy(store, Address.of("to_buy"), person, now)

    async with engine.begin() as connection:
        return await connection.run_sync(lambda c: unit(SqlStore(c, VAULT)))


def shown(state: ToBuy) -> str:
    return text(state.total, len(state.ticked), f"{state.ticked_sum / 100:.2f}")


def rows(state: ToBuy) -> list[Row]:
    return [Row(x.id, x.order_number, x.title, x.quantity, f"{x.price * x.quantity:.2f}") for x in state.rows]


async def main(url: str, token: str, file: str) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    sqlite.set_up_writer(engine.sync_engine)
    try:
        await dispatcher.start_polling(make_bot(url, token), engine=engine)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
