"""Cards reach their chats whatever Telegram says, and one that can't holds up nothing else."""

import io
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import pytest
from limits import RateLimitItemPerSecond
from PIL import Image

from bot.flood import CHAT, Flood
from bot.outbox import Outbox
from bot.screens import Document, Screen, screen
from bot.tasks import Nursery
from bot.texts import Reader, lines
from purchasing.cards import Address
from purchasing.errors import StorageUnavailable
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import Lane, Role
from storage.engine import SqlDatabase
from tests.bot.telegram import OWNER, Telegram
from tests.support.desk import TestClock
from tests.support.waiting import until

T = TypeVar("T")
BUYER, WAREHOUSE = 1002, 1003
TROUBLES: list[Exception] = []
"""What reading the next notes meets."""


def _png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(content, "PNG")
    return content.getvalue()


PNG = _png()


def load_note(store: Store, address: Address, viewer: Person, _now: datetime) -> tuple[str, str]:
    """The text of a note, so that tests can change what a card shows."""
    if TROUBLES:
        raise TROUBLES.pop()
    return address.args[0], store.settings.get(f"note.{address.args[0]}") or ""


@screen("test_note", load=load_note)
def note_screen(state: tuple[str, str], reader: Reader) -> Screen:
    kind, text = state
    match kind:
        case "broken":
            raise RuntimeError("a renderer's mistake")
        case "bad_html":
            return Screen("<b>never closed")
        case "picture" if text:
            return Screen(text, photo=PNG)
        case "file":
            return Screen(lines(text), document=Document("rows.csv", text.encode()))
        case "language":
            return Screen(reader.text("Next ›"))
        case "long":
            return Screen("<b>" + "x" * 5000 + "</b>")
        case _:
            return Screen(lines(text or kind))


@dataclass
class Post:
    db: SqlDatabase
    outbox: Outbox
    clock: TestClock = field(default_factory=TestClock)

    async def post(self, kind: str, chat: int = OWNER, lane: Lane = Lane.RESULT) -> int:
        return await self.db.write(lambda s: s.cards.post(chat, Address.of("test_note", kind), lane, self.clock()))

    async def note(self, kind: str, text: str) -> None:
        def change(store: Store) -> None:
            store.settings.put(f"note.{kind}", text, None, self.clock())
            store.cards.touch(f"test_note:{kind}", Lane.PROGRESS, self.clock())

        await self.db.write(change)

    async def pending(self) -> int:
        far = self.clock() + timedelta(days=1)
        return len(await self.db.read(lambda store: store.cards.next(far, (), 99)))

    async def sent(self) -> None:
        await until(self._at_rest)

    async def _at_rest(self) -> bool:
        return not self.outbox.sending and not await self.pending()


def _ensure(chat: int, store: Store) -> Person:
    return store.people.ensure(chat, Role.BUYER, f"Person {chat}", "en", "UTC")


@pytest.fixture
async def post(db: SqlDatabase, telegram: Telegram) -> AsyncIterator[Post]:
    for chat in (BUYER, WAREHOUSE):
        await db.write(partial(_ensure, chat))
    no_limits = Flood(RateLimitItemPerSecond(10_000), RateLimitItemPerSecond(10_000))
    clock, nursery = TestClock(), Nursery()
    outbox = Outbox(telegram.bot, db, clock, no_limits)
    db.after_write(outbox.wake)
    for chat in (OWNER, BUYER, WAREHOUSE):
        await telegram.bot.get_me()
        async with telegram.person(chat) as person:
            await person.start()
    nursery.spawn(outbox.run(), "outbox")
    yield Post(db, outbox, clock)
    await nursery.close()
    await outbox.stop(2)


async def test_a_card_is_sent_then_edited_in_place(post: Post, telegram: Telegram) -> None:
    await post.post("a")
    await post.sent()
    await post.note("a", "newer")
    await post.sent()
    assert telegram.texts() == ["newer"]
    assert len(telegram.calls("sendMessage")) == 1


async def test_nothing_is_called_when_nothing_visible_changed(post: Post, telegram: Telegram) -> None:
    await post.note("a", "same")
    await post.post("a")
    await post.sent()
    await post.note("a", "same")
    await post.sent()
    assert telegram.calls("editMessageText") == []


async def test_many_changes_coalesce_into_the_newest(post: Post, telegram: Telegram) -> None:
    await post.post("a")
    for number in range(30):
        await post.note("a", f"state {number}")
    await post.sent()
    assert telegram.texts() == ["state 29"]


async def test_every_reader_has_their_language(post: Post, telegram: Telegram) -> None:
    buyer = await post.db.read(lambda s: s.people.by_telegram(BUYER))
    assert buyer is not None
    await post.db.write(lambda s: s.people.set_language(buyer.id, "ru"))
    await post.post("language")
    await post.post("language", BUYER)
    await post.sent()
    assert (telegram.texts(), telegram.texts(BUYER)) == (["Next ›"], ["Дальше ›"])


async def test_pictures_and_files_and_the_way_back_to_text(post: Post, telegram: Telegram) -> None:
    await post.note("file", "a,b")
    await post.post("file")
    await post.post("picture", BUYER)
    await post.sent()
    await post.note("picture", "now with a picture")
    await post.sent()
    await post.note("file", "a < b & c")
    await post.note("picture", "another caption")
    await post.sent()
    await post.note("picture", "")
    await post.sent()
    assert telegram.texts() == ["a < b & c"]
    assert telegram.texts(BUYER) == ["picture"]
    assert len(telegram.calls("editMessageMedia")) == 2


async def test_a_text_too_long_is_clipped_not_refused(post: Post, telegram: Telegram) -> None:
    await post.post("long")
    await post.sent()
    assert [len(text) for text in telegram.texts()] == [4096]


async def test_a_deleted_message_comes_back_as_a_new_one(post: Post, telegram: Telegram) -> None:
    await post.post("a")
    await post.sent()
    (bot,) = telegram.server.bots.values()
    del bot.chats[OWNER].messages[max(bot.chats[OWNER].messages)]
    await post.note("a", "again")
    await post.sent()
    assert telegram.texts() == ["again"]
    assert len(telegram.calls("sendMessage")) == 2


async def test_a_removed_card_is_deleted(post: Post, telegram: Telegram) -> None:
    card = await post.post("a")
    await post.sent()
    await post.db.write(lambda store: store.cards.remove(card, post.clock()))
    await post.sent()
    assert telegram.texts() == []


@pytest.mark.parametrize("fault", ["http_500", "http_502", "drop_connection", "bad_json"])
async def test_what_passes_is_tried_again(
    post: Post, telegram: Telegram, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fault("sendMessage", fault, times=1)
    with caplog.at_level(logging.WARNING, logger="bot.away"):
        await post.post("a")
        await post.sent()
    assert telegram.texts()[-1] == "a"
    assert len(caplog.records) == 2  # once when it went, once when it was back


async def test_a_pause_asked_for_in_one_chat_stops_only_that_one(post: Post, telegram: Telegram) -> None:
    telegram.fault("sendMessage", "http_429", retry_after=2, chat_id=OWNER)
    await post.post("a")
    await until(lambda: len(telegram.calls("sendMessage")) == 1)
    await post.post("b", BUYER)
    await until(lambda: telegram.texts(BUYER) == ["b"])
    assert telegram.texts() == []
    await post.sent()
    first, second = (call for call in telegram.calls("sendMessage") if call.params["chat_id"] in (OWNER, str(OWNER)))
    assert (second.at - first.at).total_seconds() >= 2
    assert telegram.texts() == ["a"]


async def test_a_blocked_chat_is_given_up_and_the_owner_told(post: Post, telegram: Telegram) -> None:
    async with telegram.person(BUYER) as buyer:
        await buyer.block()
    await post.post("a", BUYER)
    await post.post("b", BUYER)
    await post.sent()
    person = await post.db.read(lambda store: store.people.by_telegram(BUYER))
    assert person is not None
    assert person.blocked_at is not None
    (told,) = telegram.texts()
    assert f"Person {BUYER} can't be reached" in told


@pytest.mark.parametrize("kind", ["broken", "bad_html"])
async def test_a_card_that_cannot_be_shown_holds_up_nothing(post: Post, telegram: Telegram, kind: str) -> None:
    await post.post(kind, BUYER, Lane.QUESTION)
    await until(lambda: not post.outbox.sending)
    await post.post("a", BUYER)
    await post.post("b", WAREHOUSE)
    await until(lambda: telegram.texts(BUYER) == ["a"] and telegram.texts(WAREHOUSE) == ["b"])
    await _passing(post, lambda: bool(telegram.texts()))
    (told,) = telegram.texts()
    assert f"could not be shown, three times over: test_note:{kind}" in told
    await post.sent()


async def test_a_database_that_is_away_gives_up_no_card(
    post: Post, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pauses.GROWTH", (0.0,))
    monkeypatch.setattr("tests.bot.test_outbox.TROUBLES", [StorageUnavailable("locked")] * 5)
    await post.post("a", BUYER)
    await until(lambda: telegram.texts(BUYER) == ["a"])
    assert telegram.texts() == []


async def test_a_database_that_is_away_repeats_no_message(
    post: Post, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.NOTE_AGAIN", 0.0)
    monkeypatch.setattr("bot.pauses.GROWTH", (0.0,))
    await post.post("a")
    working, refused = post.db.write, Counter[str]()

    async def write(unit: Callable[[Store], T]) -> T:
        if refused["writes"] < 3:
            refused["writes"] += 1
            raise StorageUnavailable("locked")
        return await working(unit)

    monkeypatch.setattr(post.db, "write", write)
    await post.sent()
    assert (refused["writes"], telegram.texts()) == (3, ["a"])


async def _passing(post: Post, condition: Callable[[], bool]) -> None:
    """Lets the clock run faster until something is so."""

    def so_or_later() -> bool:
        post.clock.advance(timedelta(seconds=5))
        post.outbox.wake()
        return condition()

    await until(so_or_later)


async def test_who_is_no_longer_known_gets_nothing(post: Post, telegram: Telegram) -> None:
    await post.post("a", 7777)
    await post.post("b")
    await post.sent()
    assert telegram.texts() == ["b"]
    assert [call.params["chat_id"] for call in telegram.calls("sendMessage")] in ([OWNER], [str(OWNER)])


def test_the_real_limits_are_kept() -> None:
    flood = Flood()
    waits = [flood.take(OWNER) for _ in range(10)]
    assert waits[:9] == [0] * 9
    assert 0 < waits[9] <= CHAT.get_expiry()
    many = [flood.take(chat) for chat in range(100, 130)]
    assert sum(wait == 0 for wait in many) == 16
    group = Flood(RateLimitItemPerSecond(10_000), RateLimitItemPerSecond(10_000))
    assert sum(group.take(-5) == 0 for _ in range(30)) == 18
