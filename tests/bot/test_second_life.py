"""What an earlier life of the process left undone is done by the next one, once."""

import json
from pathlib import Path

from bot.clock import utc_now
from purchasing.cards import Address
from purchasing.inbox import Incoming
from purchasing.words import Lane
from sandbox.options import PartOptions
from sandbox.telegram.app import make_app
from sandbox.telegram.dispatch import SERVER
from sandbox.telegram.limits import LimitRules
from sandbox.testing import start_app
from tests.support.desk import OWNER_ID, Desk, open_desk_on


def left_behind(desk: Desk, update_id: int, text: str) -> Incoming:
    user = {"id": OWNER_ID, "is_bot": False, "first_name": "Owner"}
    chat = {"id": OWNER_ID, "type": "private"}
    message = {"message_id": update_id, "date": 1, "from": user, "chat": chat, "text": text}
    payload = json.dumps({"update_id": update_id, "message": message})
    return Incoming(desk.app.bot.id, update_id, str(OWNER_ID), payload, utc_now())


async def test_updates_and_cards_left_behind_are_done_once(data_dir: Path) -> None:
    sandbox = make_app(PartOptions())
    server = sandbox[SERVER]
    server.flood.change(LimitRules(enabled=False))
    async with start_app(sandbox) as url:
        async with open_desk_on(url, server, data_dir) as first:
            await first.owner.send("/start")
            update = left_behind(first, 5, "/help")
            server.faults.order({"at": "sendMessage", "fault": "http_500", "times": 99})
            await first.write(lambda store: store.inbox.accept([update]))
            await first.write(
                lambda store: store.cards.post(OWNER_ID, Address.of("not_understood"), Lane.RESULT, utc_now())
            )
        server.faults.clear()
        async with open_desk_on(url, server, data_dir) as second:
            await second.owner.look()
            texts = [message.text for message in await second.owner.messages() if message.from_bot]
    assert sum("What the bot can do" in text for text in texts) == 1
    assert sum("I don't know what to do" in text for text in texts) == 1
    assert len(texts) == 3


async def test_updates_delivered_twice_are_applied_once(desk: Desk) -> None:
    await desk.owner.send("/start")
    desk.server.faults.order({"at": "getUpdates", "fault": "duplicate_updates", "times": 3})
    for _ in range(3):
        await desk.owner.send("/help")
    texts = [message.text for message in await desk.owner.messages() if message.from_bot]
    assert len(texts) == 4
