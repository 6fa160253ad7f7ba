"""The table of approvals that payments above a sum need."""

from sqlalchemy import Boolean, Column, Table

from storage.tables.base import fen, metadata, moment, ref, words

approval = Table(
    "approval",
    metadata,
    ref("provider_order_id", "provider_order", primary_key=True, cascade=True),
    fen("total"),
    moment("asked_at", optional=False),
    Column("approved", Boolean),
    ref("decided_by", "person", optional=True),
    moment("decided_at"),
    words("reason"),
)
"""`total`: the sum that was asked about; a higher one is asked about anew."""
