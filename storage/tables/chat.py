"""Tables between us and the chats (cards, outbox, inbox), of schedules, of short-lived bytes and of the audit."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, UniqueConstraint

from purchasing.words import Lane
from storage.tables.base import KEYED, flag, key, metadata, moment, number, ref, unique_where, word, words

card = Table(
    "card",
    metadata,
    key(),
    Column("chat_id", BigInteger, nullable=False),
    words("address", default=None),
    words("subject", default=None),
    Column("message_id", BigInteger),
    words("media"),
    words("digest"),
    words("dedupe", optional=True),
    UniqueConstraint("chat_id", "message_id"),
    UniqueConstraint("dedupe"),
    Index(None, "subject"),
    **KEYED,
)

outbox = Table(
    "outbox",
    metadata,
    key(),
    ref("card_id", "card", cascade=True),
    word("lane", Lane),
    flag("delete"),
    number("version"),
    number("attempts"),
    moment("created_at", optional=False),
    moment("not_before"),
    moment("buried_at"),
    words("error"),
    Index(None, "card_id"),
    **KEYED,
)
unique_where("uq_outbox_pending", outbox.c.card_id, where="buried_at IS NULL")
"""A row waits to be sent until it is deleted (sent) or buried (dead letter)."""

inbox = Table(
    "inbox",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    words("key", default=None),
    Column("payload", LargeBinary, comment="sealed; erased when done"),
    moment("received_at", optional=False),
    number("attempts"),
    words("error"),
    moment("done_at"),
    moment("parked_at"),
    Index(None, "done_at", "parked_at"),
    Index(None, "received_at"),
)

schedule = Table(
    "schedule",
    metadata,
    key(),
    words("action", default=None),
    words("subject"),
    number("every_seconds"),
    moment("next_due_at", optional=False),
    flag("enabled", default=True),
    UniqueConstraint("action", "subject"),
    **KEYED,
)

slot = Table(
    "slot",
    metadata,
    ref("schedule_id", "schedule", primary_key=True, cascade=True),
    words("slot", primary_key=True, default=None),
    moment("taken_at", optional=False),
)

blob = Table(
    "blob",
    metadata,
    key(),
    Column("content", LargeBinary, comment="sealed"),
    words("mime"),
    moment("expires_at", optional=False),
    Index(None, "expires_at"),
    **KEYED,
)

audit = Table(
    "audit",
    metadata,
    key(),
    moment("at", optional=False),
    ref("person_id", "person", optional=True),
    words("action", default=None),
    words("subject"),
    words("before"),
    words("after"),
    **KEYED,
)
