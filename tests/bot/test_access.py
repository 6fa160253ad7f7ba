"""Default deny: only messages, presses and membership changes from a known person's own private chat come in."""

import logging
from typing import Any

import pytest

from bot.access import Refusals, Sender, sender

USER = {"id": 7, "is_bot": False, "first_name": "Some", "last_name": "One"}
CHAT = {"id": 7, "type": "private"}


@pytest.mark.parametrize(
    "event",
    [
        {"message": {"from": USER, "chat": CHAT, "text": "hi"}},
        {"callback_query": {"id": "1", "from": USER, "message": {"chat": CHAT}}},
        {"my_chat_member": {"from": USER, "chat": CHAT}},
    ],
)
def test_private_ones_have_a_sender(event: dict[str, Any]) -> None:
    assert sender({"update_id": 1, **event}) == Sender(7, 7, "Some One")


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"message": {"from": USER, "chat": {"id": -5, "type": "supergroup"}}},
        {"message": {"from": USER, "chat": {"id": 8, "type": "private"}}},
        {"message": {"from": {**USER, "is_bot": True}, "chat": CHAT}},
        {"message": {"chat": CHAT}},
        {"message": "text"},
        {"callback_query": {"id": "1", "from": USER}},
        {"callback_query": {"id": "1", "from": USER, "message": {"chat": {"id": -5, "type": "group"}}}},
        {"inline_query": {"id": "1", "from": USER, "query": ""}},
        {"edited_message": {"from": USER, "chat": CHAT}},
        {"channel_post": {"chat": {"id": -9, "type": "channel"}}},
        {"business_message": {"from": USER, "chat": CHAT}},
        {"message_reaction": {"user": USER, "chat": CHAT}},
        {"chat_join_request": {"from": USER, "chat": CHAT}},
        {"something_new": {"from": USER, "chat": CHAT}},
    ],
)
def test_everything_else_has_none(event: dict[str, Any]) -> None:
    assert sender({"update_id": 1, **event}) is None


def test_refusals_are_logged_at_most_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = 100.0
    refusals = Refusals(lambda: now)
    with caplog.at_level(logging.WARNING):
        for _ in range(1000):
            refusals.count()
        now += 61
        refusals.count()
        refusals.flush()
    assert [record.getMessage() for record in caplog.records] == [
        "refused 1 updates from strangers",
        "refused 1000 updates from strangers",
    ]
