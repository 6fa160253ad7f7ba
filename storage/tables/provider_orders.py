"""Tables of provider orders as last seen, their waybills, and the bindings to our lines."""

from sqlalchemy import Column, Index, Table, UniqueConstraint, text

from purchasing.words import ProviderName, Stage
from storage.tables.base import KEYED, fen, key, metadata, moment, number, ref, unique_where, word, words
from storage.types import BigId, DecimalText

provider_order = Table(
    "provider_order",
    metadata,
    key(),
    ref("account_id", "account"),
    word("provider", ProviderName),
    words("number", default=None),
    words("raw_status"),
    word("stage", Stage, optional=True),
    fen("total"),
    fen("freight"),
    words("seller"),
    words("origin"),
    moment("created_at"),
    moment("paid_at"),
    moment("closes_at"),
    moment("first_seen_at", optional=False),
    moment("seen_at", optional=False),
    moment("ignored_at"),
    moment("stage_since"),
    UniqueConstraint("number", "provider"),
    Index(None, "account_id", "stage"),
    Index(None, "account_id", "first_seen_at"),
    Index(None, "stage", "closes_at"),
    **KEYED,
)

provider_line = Table(
    "provider_line",
    metadata,
    key(),
    ref("provider_order_id", "provider_order", cascade=True),
    words("sub_number"),
    words("item_id"),
    words("sku_id"),
    words("choice"),
    words("title"),
    number("quantity"),
    Column("unit_price", DecimalText, nullable=False),
    words("raw_status"),
    words("refund_status"),
    fen("refunded"),
    UniqueConstraint("provider_order_id", "sub_number"),
    **KEYED,
)

waybill = Table(
    "waybill",
    metadata,
    key(),
    ref("provider_order_id", "provider_order", cascade=True),
    words("number", default=None),
    words("plain_number", default=None),
    words("reversed"),
    words("carrier"),
    words("carrier_name"),
    moment("first_seen_at", optional=False),
    moment("replaced_at"),
    moment("received_at"),
    Column("typed_by", BigId),
    Column("replaced_by", BigId),
    UniqueConstraint("provider_order_id", "number"),
    Index(None, "plain_number"),
    Index(None, "reversed"),
    **KEYED,
)
"""`plain_number` is upper case without spaces, dashes and box: what a label is looked up by. `reversed` is the same
backwards, so that its last digits are found by an index."""
Index(
    "ix_waybill_awaited",
    waybill.c.first_seen_at,
    sqlite_where=text("received_at IS NULL AND replaced_at IS NULL"),
    postgresql_where=text("received_at IS NULL AND replaced_at IS NULL"),
)

waybill_line = Table(
    "waybill_line",
    metadata,
    ref("waybill_id", "waybill", primary_key=True, cascade=True),
    words("sub_number", primary_key=True, default=None),
)

binding = Table(
    "binding",
    metadata,
    key(),
    ref("line_id", "order_line"),
    ref("provider_line_id", "provider_line"),
    number("quantity"),
    number("received"),
    moment("bound_at", optional=False),
    moment("ended_at"),
    Index(None, "line_id"),
    Index(None, "provider_line_id"),
    **KEYED,
)
unique_where("uq_binding_live", binding.c.line_id, binding.c.provider_line_id, where="ended_at IS NULL")

unbound_pair = Table(
    "unbound_pair",
    metadata,
    ref("line_id", "order_line", primary_key=True, cascade=True),
    ref("provider_line_id", "provider_line", primary_key=True, cascade=True),
    moment("at", optional=False),
)
