"""Updates of every kind from people of every role: nothing unhandled, nothing done without the right, no dead chat."""

import asyncio
import logging
import random
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import bot.app
from bot.screens import screen_names
from purchasing.words import Role
from tests.bot.test_rights import MAY, forged, forms, rows, world
from tests.fuzz.dice import ODD, throws, told
from tests.support.desk import OWNER_ID, Desk, open_desk
from tests.support.marketplace import as_providers, marketplaces

LOOKED_UP = {"activity", "activity_step", "blob", "person", "question", "question_line", "wanted_number"}
"""What a text, photo or file may leave behind from somebody who may only look: what was looked up for them."""
UNREAD = "can't be read"
"""What the log says of an address that no screen understands; it is shown as gone."""
KINDS = (
    *("text", "photo", "document", "sticker", "location", "contact", "voice", "dice", "video_note", "poll", "venue"),
    *("pinned_message", "new_chat_title", "web_app_data", "successful_payment", "story", "unknown_thing"),
)
TEXTS = (
    *("/start", "/start x", "/buy", "/help@x", "/nothing", "/stop_buyingx", "YT1234567890123", "2200000000000000001"),
    *("https://item.taobao.com/item.htm?id=1", "https://detail.1688.com/offer/1.html", "\u202eabc", "<b>", "😀" * 400),
    *("-1", "0", "1e9", "=1+1", "'; DROP TABLE person;--", "a\nb\nc", " ", "１２３", "9" * 400, "null"),
)
WORDS = (
    "1",
    "0",
    "-1",
    "2",
    "99",
    "taobao",
    "alibaba1688",
    "sync",
    "saved",
    "remove",
    "bought",
    "ready",
    "x",
    "",
    "9" * 25,
)


class Sender:
    """Makes updates of one person."""

    def __init__(self, user_id: int, data: list[str], numbers: "count[int]") -> None:
        self._user = {"id": user_id, "is_bot": False, "first_name": "F"}
        self._chat = {"id": user_id, "type": "private", "first_name": "F"}
        self._data, self._numbers = data, numbers

    def update(self, dice: random.Random) -> dict[str, Any]:
        kinds: tuple[Callable[[random.Random], dict[str, Any]], ...] = (self._press, self._message, self._member)
        return {"update_id": next(self._numbers)} | dice.choices(kinds, (6, 4, 1))[0](dice)

    def _press(self, dice: random.Random) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": dice.randint(1, 40),
            "date": dice.choice([0, 1700000000]),
            "chat": self._chat,
        }
        query = {"id": str(next(self._numbers)), "from": self._user, "chat_instance": "1", "data": self._pressed(dice)}
        return {"callback_query": query | dice.choice([{"message": message}, {"message": message | {"text": "x"}}])}

    def _pressed(self, dice: random.Random) -> str:
        if dice.random() < 0.4:
            address = ":".join((dice.choice(sorted(screen_names())), *dice.choices(WORDS, k=dice.randint(0, 3))))
            return f"go|{address}"[:64]
        if dice.random() < 0.2:
            return f"ask|{dice.choice(sorted(forms()))}:{':'.join(dice.choices(WORDS, k=dice.randint(0, 3)))}"[:64]
        parts = dice.choice(self._data).split(":")
        parts[dice.randrange(len(parts))] = dice.choice(WORDS)
        return ":".join(parts)[:64]

    def _message(self, dice: random.Random) -> dict[str, Any]:
        message: dict[str, Any] = {"message_id": next(self._numbers), "date": 1700000000, "from": self._user}
        kind = dice.choice(KINDS)
        return {dice.choice(["message"] * 5 + ["edited_message", "channel_post"]): message | self._content(kind, dice)}

    def _content(self, kind: str, dice: random.Random) -> dict[str, Any]:
        file = {
            "file_id": str(dice.choice(ODD))[:50] or "f",
            "file_unique_id": "u",
            "file_size": dice.choice([0, 10**9]),
        }
        shapes: dict[str, Any] = {
            "text": dice.choice(TEXTS),
            "photo": [file | {"width": 1, "height": dice.choice([1, 10**6])}],
            "document": file | {"file_name": dice.choice(["a.csv", "a.xlsx", "../../etc/passwd", "", "\u202etxt.exe"])},
            "voice": file | {"duration": 1},
            "location": {"latitude": 1.0, "longitude": 2.0},
            "contact": {"phone_number": "+7", "first_name": "C"},
            "dice": {"emoji": "🎲", "value": 3},
            "new_chat_title": "t",
        }
        found = {"chat": self._chat, kind: shapes.get(kind, {})} if kind in shapes else {"chat": self._chat}
        return found | dice.choice([{}, {}, {"caption": dice.choice(TEXTS)}, {"media_group_id": "1"}])

    def _member(self, dice: random.Random) -> dict[str, Any]:
        bot = {"id": 424242, "is_bot": True, "first_name": "B"}
        then: dict[str, Any] = {"user": bot, "status": dice.choice(["member", "kicked"])}
        then |= {"until_date": 0} if then["status"] == "kicked" else {}
        change: dict[str, Any] = {"chat": self._chat, "from": self._user, "date": 1700000000}
        return {"my_chat_member": change | {"old_chat_member": then, "new_chat_member": then}}


@pytest.mark.parametrize("role", [Role.OWNER, Role.VIEWER])
async def test_nothing_that_people_send_is_left_unhandled(
    data_dir: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    """Marketplaces that do nothing stand behind it: what they answer is the neighbouring test's business."""
    monkeypatch.setattr(bot.app, "make_providers", lambda *_: as_providers(marketplaces()))
    async with open_desk(data_dir) as desk:
        await _bother(desk, caplog, role)


async def _bother(desk: Desk, caplog: pytest.LogCaptureFixture, role: Role) -> None:
    user_id = OWNER_ID if role is Role.OWNER else 2002
    person = desk.owner if role is Role.OWNER else await desk.person(user_id, role)
    await desk.write(lambda store: world(store, desk))
    await person.send("/start")
    data = [one for one in forged() if role is Role.OWNER or one.split(":")[0].split("|")[0] not in MAY[role]]
    before, sender = rows(desk), Sender(user_id, data, count(10_000))
    for dice in throws(10):
        with told(dice):
            sent = [sender.update(dice) for _ in range(8)]
            await desk.app.intake.take(sent)
            await desk.settle()
            unforeseen = [r for r in caplog.records if r.levelno >= logging.ERROR and r.name.startswith("bot.")]
            assert not unforeseen, (unforeseen[0].getMessage(), unforeseen[0].exc_text, sent)
    if role is Role.VIEWER:
        now = rows(desk)
        assert {name for name in now if now[name] != before[name]} <= LOOKED_UP
    await asyncio.sleep(0)
    await person.send("/start")
    assert "Vykup" in person.screen.text, "no chat is dead"
