"""Tables of money: what was agreed to for lines, rates, what customers say to new prices, and what is paid back."""

from sqlalchemy import Column, Index, Table

from purchasing.refunds import RefundReason
from purchasing.words import ConsentState, RefundState
from storage.tables.base import KEYED, fen, key, metadata, moment, number, ref, unique_where, word, words
from storage.types import DecimalText, JsonText

purchase = Table(
    "purchase",
    metadata,
    ref("line_id", "order_line", primary_key=True, cascade=True),
    ref("person_id", "person", optional=True),
    moment("placed_at", optional=False),
    fen("agreed"),
    words("sku_id"),
    words("choice"),
    words("title"),
    Column("told", JsonText, nullable=False, server_default="[]"),
)

rate = Table(
    "rate",
    metadata,
    key(),
    words("currency", default=None),
    moment("since", optional=False),
    Column("source", DecimalText, nullable=False),
    Column("markup", DecimalText, nullable=False),
    ref("set_by", "person"),
    moment("set_at", optional=False),
    Index(None, "currency", "since"),
    **KEYED,
)

consent_request = Table(
    "consent_request",
    metadata,
    key(),
    ref("order_id", "customer_order"),
    ref("asked_by", "person"),
    moment("asked_at", optional=False),
    moment("due_at", optional=False),
    Column("owes", DecimalText),
    Index(None, "order_id"),
    **KEYED,
)

consent = Table(
    "consent",
    metadata,
    key(),
    ref("request_id", "consent_request", cascade=True),
    ref("line_id", "order_line"),
    word("state", ConsentState),
    Column("before_price", DecimalText, nullable=False),
    fen("before_shipping"),
    Column("before_customer_price", DecimalText),
    Column("price", DecimalText, nullable=False),
    fen("shipping"),
    Column("customer_price", DecimalText),
    ref("answered_by", "person", optional=True),
    moment("answered_at"),
    Index(None, "request_id"),
    Index(None, "line_id"),
    **KEYED,
)
unique_where("uq_consent_open", consent.c.line_id, where="state IN ('asked', 'owes')")

refund = Table(
    "refund",
    metadata,
    key(),
    ref("line_id", "order_line"),
    ref("provider_line_id", "provider_line", optional=True),
    word("state", RefundState),
    word("reason", RefundReason),
    words("raw"),
    number("quantity"),
    fen("total"),
    Column("owed", DecimalText, nullable=False),
    words("currency"),
    ref("opened_by", "person", optional=True),
    moment("opened_at", optional=False),
    moment("refunded_at"),
    moment("closed_at"),
    ref("closed_by", "person", optional=True),
    Index(None, "line_id"),
    Index(None, "state"),
    **KEYED,
)
unique_where("uq_refund_open", refund.c.line_id, refund.c.provider_line_id, where="state IN ('asked', 'refunded')")
