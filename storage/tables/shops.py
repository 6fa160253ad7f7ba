"""Tables of the shops whose orders we buy, what they pushed, and what they are still to be told."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from purchasing.shops import Pushed
from storage.tables.base import KEYED, flag, key, metadata, moment, number, ref, word, words
from storage.types import BigId

shop = Table(
    "shop",
    metadata,
    key(),
    words("code", default=None),
    words("source", default=None),
    moment("created_at", optional=False),
    flag("intake"),
    words("callback_url"),
    Column("secret", LargeBinary, comment="sealed"),
    moment("secret_made_at"),
    ref("secret_made_by", "person", optional=True),
    moment("secret_seen_at"),
    moment("callback_at"),
    words("callback_result"),
    moment("failing_since"),
    moment("paused_until"),
    moment("test_asked_at"),
    UniqueConstraint("code"),
    UniqueConstraint("source"),
    **KEYED,
)

shop_request = Table(
    "shop_request",
    metadata,
    key(),
    ref("shop_id", "shop"),
    words("key", default=None),
    words("digest", default=None),
    word("kind", Pushed),
    Column("activity_id", BigId, nullable=False),
    moment("at", optional=False),
    number("taken"),
    number("updated"),
    number("unchanged"),
    number("refused"),
    number("asked"),
    words("rule"),
    moment("ended_at"),
    UniqueConstraint("shop_id", "key"),
    UniqueConstraint("activity_id"),
    Index(None, "shop_id", "at"),
    Index(None, "at"),
    **KEYED,
)
"""`activity_id` may outlive its activity."""

callback = Table(
    "callback",
    metadata,
    ref("order_id", "customer_order", primary_key=True),
    ref("shop_id", "shop"),
    number("version"),
    Column("sequence", BigId, nullable=False, server_default="0"),
    words("digest"),
    moment("waiting_since"),
    words("event_id"),
    words("event_digest"),
    moment("event_at"),
    number("attempts"),
    moment("not_before"),
    words("error"),
    moment("buried_at"),
    Index(None, "shop_id", "waiting_since"),
)
