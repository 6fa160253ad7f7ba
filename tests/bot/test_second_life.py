"""What an earlier life of the process left undone is done by the next one, once."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import utc_now
from purchasing.activities import Activity
from purchasing.cards import Address
from purchasing.digests import send_digests
from purchasing.inbox import Incoming
from purchasing.ledger import Effect, Intent
from purchasing.ports import Store
from purchasing.tell import tell
from purchasing.words import ActivityKind, ActivityState, IntentState, Lane, Priority, ProviderName
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


async def test_a_digest_cut_by_a_crash_comes_once_and_whole(data_dir: Path) -> None:
    """Killed before the digest's transaction ends, and again between it and Telegram."""
    sandbox = make_app(PartOptions())
    server = sandbox[SERVER]
    server.flood.change(LimitRules(enabled=False))
    async with start_app(sandbox) as url:
        async with open_desk_on(url, server, data_dir, digest_minutes=15) as first:
            await first.owner.send("/start")
            await first.write(lambda store: _happened(store, "1001"))
            await first.write(lambda store: _happened(store, "1002"))
            later = utc_now() + timedelta(minutes=16)
            with pytest.raises(ZeroDivisionError):
                await first.write(lambda store: (send_digests(store, later), 1 / 0))
            server.faults.order({"at": "sendMessage", "fault": "http_500", "times": 99})
            assert await first.write(lambda store: send_digests(store, later)) == 1
        server.faults.clear()
        async with open_desk_on(url, server, data_dir, digest_minutes=15) as second:
            assert await second.write(lambda store: send_digests(store, later)) == 0
            await second.owner.look()
            texts = [message.text for message in await second.owner.messages() if message.from_bot]
    digests = [text for text in texts if "things for you" in text]
    assert len(digests) == 1
    assert "1001" in digests[0]
    assert "1002" in digests[0]


def _happened(store: Store, number: str) -> None:
    order = store.orders.ensure(number, "files", utc_now())
    news = Address.of("order_news", order.id)
    tell(store, store.people.all(), news, Lane.RESULT, utc_now(), f"news:{number}")


async def test_a_start_says_what_it_goes_on_with(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    sandbox = make_app(PartOptions())
    async with start_app(sandbox) as url:
        async with open_desk_on(url, sandbox[SERVER], data_dir) as first:
            await first.write(lambda store: leave_behind(store, first))
            assert "left" not in caplog.text
        async with open_desk_on(url, sandbox[SERVER], data_dir):
            assert "1 activities under way; 1 orders, cancellations and addresses that were being sent" in caplog.text


def leave_behind(store: Store, desk: Desk) -> None:
    """A reservation that died while its order was being sent, and is due tomorrow."""
    now = desk.clock()
    account = store.accounts.ensure(ProviderName.ALIBABA1688, "nick", None, now)
    later = now + timedelta(days=1)
    draft = Activity(0, ActivityKind.SYNC, ActivityState.QUEUED, "{}", Priority.PERSON, started_by=1, not_before=later)
    activity = store.activities.add(draft, now)
    intent = Intent(0, "VK1", Effect.PLACE, activity.id, account.id, IntentState.PREPARED, "", 100)
    prepared = store.ledger.prepare(intent, now)
    store.ledger.mark_sending(prepared.id, prepared.fence, now, "", now)
