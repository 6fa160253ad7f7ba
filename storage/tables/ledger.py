"""Tables of the ledger: an effect on a provider is written here before it is tried."""

from sqlalchemy import Column, Index, Table, UniqueConstraint

from purchasing.ledger import Effect, LineOutcome
from purchasing.words import IntentState
from storage.tables.base import KEYED, fen, flag, key, metadata, moment, number, ref, unique_where, word, words
from storage.types import BigId

intent = Table(
    "intent",
    metadata,
    key(),
    words("key", default=None),
    word("effect", Effect),
    Column("activity_id", BigId, nullable=False),
    ref("account_id", "account"),
    word("state", IntentState),
    words("checkout"),
    fen("expected_total"),
    number("fence"),
    moment("deadline"),
    moment("prepared_at", optional=False),
    moment("sent_at"),
    moment("ended_at"),
    number("looks"),
    words("evidence"),
    UniqueConstraint("key"),
    Index(None, "activity_id"),
    Index(None, "state", "account_id"),
    Index(None, "sent_at"),
    **KEYED,
)
"""`activity_id` refers to nothing by constraint: the ledger outlives the log of activities."""

intent_line = Table(
    "intent_line",
    metadata,
    ref("intent_id", "intent", primary_key=True),
    ref("line_id", "order_line", primary_key=True),
    number("quantity"),
    words("item_id"),
    words("sku_id"),
    word("outcome", LineOutcome),
    flag("live", default=True),
)
unique_where("uq_intent_line_live", intent_line.c.line_id, where="live")

placed_order = Table(
    "placed_order",
    metadata,
    ref("intent_id", "intent", primary_key=True),
    words("number", primary_key=True, default=None),
    number("position"),
)
