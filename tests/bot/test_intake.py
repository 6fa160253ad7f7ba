"""Updates are stored before they count as taken, worked off in order per chat, once, and never lost."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.access import Raw
from bot.clock import utc_now
from bot.intake import Intake
from purchasing.errors import StorageUnavailable
from purchasing.inbox import Incoming
from purchasing.words import Role
from storage.engine import SqlDatabase
from tests.bot.telegram import OWNER
from tests.support.waiting import until

BOT = 424242
BUYER = 1002
STRANGER = 6666


def message(update_id: int, user_id: int = OWNER, text: str = "hi") -> Raw:
    user = {"id": user_id, "is_bot": False, "first_name": "X"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1,
            "from": user,
            "chat": {"id": user_id, "type": "private"},
            "text": text,
        },
    }


class Handler:
    """Notes what it is given; waits or fails when told to."""

    def __init__(self, db: SqlDatabase) -> None:
        self.db = db
        self.seen: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.failing: dict[int, int] = {}
        self.mistake: Exception = RuntimeError("a handler's mistake")

    async def handle(self, incoming: Incoming) -> None:
        self.seen.append(incoming.update_id)
        if gate := self.gates.get(incoming.update_id):
            await gate.wait()
        if self.failing.get(incoming.update_id, 0) > 0:
            self.failing[incoming.update_id] -= 1
            raise self.mistake
        await self.db.write(lambda store: store.inbox.done(incoming.bot_id, incoming.update_id, utc_now()))


@pytest.fixture
def handler(db: SqlDatabase) -> Handler:
    return Handler(db)


@pytest.fixture
async def intake(db: SqlDatabase, handler: Handler) -> AsyncIterator[Intake]:
    await db.write(lambda store: store.people.ensure(BUYER, Role.BUYER, "Buyer", "en", "UTC"))
    made = Intake(db, utc_now, BOT, handler.handle, pauses=(0, 0))
    yield made
    await made.stop(5)


async def pending(db: SqlDatabase) -> list[int]:
    return [incoming.update_id for incoming in await db.read(lambda store: store.inbox.pending())]


async def test_an_update_is_stored_before_take_returns(db: SqlDatabase, intake: Intake, handler: Handler) -> None:
    handler.gates[1] = asyncio.Event()
    await intake.take([message(1)])
    assert await pending(db) == [1]
    handler.gates[1].set()
    await until(lambda: not intake.working)
    assert await pending(db) == []


async def test_a_repeated_update_is_applied_once(intake: Intake, handler: Handler) -> None:
    await intake.take([message(1), message(1)])
    await intake.take([message(1), message(2)])
    await until(lambda: not intake.working)
    await intake.take([message(1)])
    await until(lambda: not intake.working)
    assert handler.seen == [1, 2]


async def test_one_chat_keeps_its_order_while_another_goes_on(intake: Intake, handler: Handler) -> None:
    handler.gates[1] = asyncio.Event()
    await intake.take([message(1), message(2), message(3, BUYER), message(4)])
    await until(lambda: 3 in handler.seen)
    assert handler.seen == [1, 3]
    handler.gates[1].set()
    await until(lambda: not intake.working)
    assert handler.seen == [1, 3, 2, 4]


async def test_what_was_left_is_replayed_in_order(db: SqlDatabase, handler: Handler) -> None:
    first = Intake(db, utc_now, BOT, handler.handle)
    handler.gates[1] = asyncio.Event()
    await first.take([message(1), message(2)])
    await until(lambda: handler.seen == [1])
    await first.stop(0)
    assert await pending(db) == [1, 2]

    handler.gates.clear()
    second = Intake(db, utc_now, BOT, handler.handle)
    await second.replay()
    await second.take([message(1), message(3)])
    await until(lambda: not second.working)
    assert handler.seen == [1, 1, 2, 3]
    assert await pending(db) == []


async def test_stopping_lets_the_handler_under_way_end(db: SqlDatabase, intake: Intake, handler: Handler) -> None:
    handler.gates[1] = asyncio.Event()
    await intake.take([message(1), message(2)])
    await until(lambda: handler.seen == [1])
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.stop(10))
        await asyncio.sleep(0)
        handler.gates[1].set()
    assert handler.seen == [1]
    assert await pending(db) == [2]


async def test_a_stranger_writes_nothing(
    db: SqlDatabase, intake: Intake, handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    writes: list[int] = []
    db.after_write(lambda: writes.append(1))
    with caplog.at_level(logging.WARNING):
        for number in range(50):
            await intake.take([message(number, STRANGER, "/start")])
    assert (writes, handler.seen, intake.working, await pending(db)) == ([], [], False, [])
    assert len(caplog.records) == 1


async def test_a_failure_is_tried_again_and_then_well(db: SqlDatabase, intake: Intake, handler: Handler) -> None:
    handler.failing[1] = 2
    await intake.take([message(1), message(2)])
    await until(lambda: not intake.working)
    assert handler.seen == [1, 1, 1, 2]
    assert await pending(db) == []


async def test_three_failures_park_it_and_tell_people(db: SqlDatabase, intake: Intake, handler: Handler) -> None:
    handler.failing[1] = 99
    await intake.take([message(1, BUYER), message(2, BUYER)])
    await until(lambda: not intake.working)
    assert handler.seen == [1, 1, 1, 2]
    assert await pending(db) == []
    due = await db.read(lambda store: store.cards.next(utc_now(), (), 9))
    assert sorted((row.card.chat_id, str(row.card.address)) for row in due) == [
        (OWNER, "trouble:update:1"),
        (BUYER, "trouble:yours:1"),
    ]


async def test_a_database_that_is_away_is_no_failure_of_the_update(
    db: SqlDatabase, intake: Intake, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.DATABASE_AWAY", 0)
    handler.failing[1], handler.mistake = 9, StorageUnavailable("locked")
    await intake.take([message(1), message(2)])
    await until(lambda: not intake.working)
    assert handler.seen == [*[1] * 10, 2]
    assert await pending(db) == []
    assert await db.read(lambda store: store.cards.next(utc_now(), (), 9)) == []


async def test_payloads_are_kept_sealed(db: SqlDatabase, intake: Intake, handler: Handler, data_dir: Any) -> None:
    handler.gates[1] = asyncio.Event()
    await intake.take([message(1, text="planted-words")])
    assert not [path for path in data_dir.iterdir() if b"planted-words" in path.read_bytes()]
    handler.gates[1].set()
    await until(lambda: not intake.working)
