"""The table of stuck things, as the last look found them."""

from sqlalchemy import Column, Index, Table, UniqueConstraint

from purchasing.stuck_things import StuckKind
from storage.tables.base import KEYED, flag, key, metadata, moment, number, ref, word, words
from storage.types import BigId

stuck = Table(
    "stuck",
    metadata,
    key(),
    word("kind", StuckKind),
    Column("subject_id", BigId, nullable=False),
    words("state"),
    moment("since", optional=False),
    ref("account_id", "account", optional=True),
    ref("order_id", "customer_order", optional=True),
    moment("found_at", optional=False),
    moment("gone_at"),
    moment("snoozed_until"),
    flag("ignored"),
    ref("put_aside_by", "person", optional=True),
    number("rounds", default="1"),
    UniqueConstraint("kind", "subject_id"),
    Index(None, "gone_at"),
    **KEYED,
)
"""`subject_id` refers to the table that the kind is about."""
