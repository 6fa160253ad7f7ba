"""Tables of customers' orders, their lines, who holds them and what happened to them."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from purchasing.words import LineStatus, ProviderName
from storage.tables.base import KEYED, fen, key, metadata, moment, number, ref, word, words
from storage.types import BigId, DecimalText, JsonText

customer_order = Table(
    "customer_order",
    metadata,
    key(),
    words("number", default=None),
    words("shop", default=None),
    words("customer"),
    words("currency"),
    Column("rate", DecimalText),
    ref("assignee_id", "person", optional=True),
    moment("created_at", optional=False),
    Column("parcel", LargeBinary, comment="sealed"),
    words("search"),
    UniqueConstraint("number", "shop"),
    **KEYED,
)

order_line = Table(
    "order_line",
    metadata,
    key(),
    ref("order_id", "customer_order"),
    words("key", default=None),
    word("provider", ProviderName),
    words("item_id"),
    words("sku"),
    words("item_url"),
    words("title"),
    words("image"),
    words("seller"),
    number("quantity", default="1"),
    Column("price", DecimalText, nullable=False),
    fen("shipping"),
    Column("customer_price", DecimalText),
    Column("purchase_price", DecimalText),
    fen("purchase_shipping", optional=True),
    number("weight", optional=True),
    words("comment"),
    word("status", LineStatus),
    words("why"),
    words("search"),
    Column("told", JsonText, nullable=False, server_default="[]"),
    Column("split_from", BigId),
    words("seller_note"),
    UniqueConstraint("order_id", "key"),
    Index(None, "order_id", "status"),
    Index(None, "status", "order_id"),
    Index(None, "item_id"),
    **KEYED,
)

line_note = Table(
    "line_note",
    metadata,
    key(),
    ref("line_id", "order_line", cascade=True),
    ref("person_id", "person"),
    words("text"),
    moment("at", optional=False),
    Index(None, "line_id"),
    **KEYED,
)

line_hold = Table(
    "line_hold",
    metadata,
    ref("line_id", "order_line", primary_key=True, cascade=True),
    ref("person_id", "person"),
    moment("until", optional=False),
)

line_event = Table(
    "line_event",
    metadata,
    key(),
    ref("order_id", "customer_order"),
    ref("line_id", "order_line", optional=True),
    words("kind", default=None),
    Column("params", JsonText, nullable=False),
    Column("activity_id", BigId),
    moment("at", optional=False),
    Index(None, "order_id", "id"),
    **KEYED,
)
"""`activity_id` may outlive its activity, as histories do."""
