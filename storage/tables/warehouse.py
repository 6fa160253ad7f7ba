"""Tables of the warehouse: receiving, scans, what was wrong, photos of goods, awaited numbers, and parcels."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from purchasing.parcels import ParcelState
from purchasing.receiving import DefectKind, ScanKind
from storage.tables.base import KEYED, key, metadata, moment, number, ref, unique_where, word, words
from storage.types import BigId, DecimalText

receiving = Table(
    "receiving",
    metadata,
    key(),
    ref("person_id", "person"),
    moment("started_at", optional=False),
    moment("ended_at"),
    Column("card_id", BigId),
    number("card_scans"),
    **KEYED,
)
"""`card_id` is its running card, which may be gone; `card_scans` how many scans there were when that was posted."""
unique_where("uq_receiving_open", receiving.c.person_id, where="ended_at IS NULL")

scan = Table(
    "scan",
    metadata,
    key(),
    ref("receiving_id", "receiving"),
    words("number", default=None),
    word("kind", ScanKind),
    number("box"),
    number("boxes"),
    number("weight", optional=True),
    moment("at", optional=False),
    moment("undone_at"),
    Index(None, "receiving_id"),
    Index(None, "number"),
    **KEYED,
)
unique_where("uq_scan_received", scan.c.number, where="kind = 'received' AND undone_at IS NULL")
"""A parcel is received once, whoever scans it and however often."""

scan_piece = Table(
    "scan_piece",
    metadata,
    ref("scan_id", "scan", primary_key=True, cascade=True),
    ref("binding_id", "binding", primary_key=True),
    number("quantity"),
)

defect = Table(
    "defect",
    metadata,
    key(),
    ref("line_id", "order_line"),
    ref("scan_id", "scan", optional=True),
    word("kind", DefectKind),
    words("note"),
    ref("reported_by", "person"),
    moment("at", optional=False),
    moment("told_at"),
    Index(None, "line_id"),
    **KEYED,
)

line_photo = Table(
    "line_photo",
    metadata,
    key(),
    ref("line_id", "order_line"),
    ref("defect_id", "defect", optional=True),
    words("file_id", default=None),
    words("unique_id", default=None),
    ref("added_by", "person"),
    moment("at", optional=False),
    UniqueConstraint("line_id", "unique_id"),
    **KEYED,
)
"""Pictures stay with Telegram; `unique_id` is its name for one picture whatever the file_id."""

wanted_number = Table(
    "wanted_number",
    metadata,
    words("number", primary_key=True, default=None),
    ref("person_id", "person", primary_key=True, cascade=True),
    moment("asked_at", optional=False),
    moment("found_at"),
)

parcel = Table(
    "parcel",
    metadata,
    key(),
    ref("order_id", "customer_order"),
    word("state", ParcelState),
    number("weight", optional=True),
    number("length", optional=True),
    number("width", optional=True),
    number("height", optional=True),
    words("delivery_mode"),
    words("track"),
    words("external_id"),
    Column("price", DecimalText),
    Column("details", LargeBinary, comment="sealed"),
    ref("made_by", "person"),
    moment("created_at", optional=False),
    moment("packed_at"),
    moment("sent_at"),
    Index(None, "order_id"),
    Index(None, "track"),
    Index(None, "state"),
    **KEYED,
)

parcel_item = Table(
    "parcel_item",
    metadata,
    ref("parcel_id", "parcel", primary_key=True, cascade=True),
    ref("line_id", "order_line", primary_key=True),
    number("quantity"),
    Index(None, "line_id"),
)
