"""Tables of activities, what they log and ask, the links that they give, and of previews."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from purchasing.page_links import PageKind
from purchasing.words import ActivityKind, ActivityState, Priority, ProviderName, QuestionState
from storage.tables.base import KEYED, fen, flag, key, metadata, moment, number, ref, word, words
from storage.types import BigId, DecimalText, JsonText

activity = Table(
    "activity",
    metadata,
    key(),
    word("kind", ActivityKind),
    word("state", ActivityState),
    words("plan"),
    word("priority", Priority),
    ref("account_id", "account", optional=True),
    word("provider", ProviderName, optional=True),
    ref("started_by", "person", optional=True),
    words("title"),
    number("lines_found"),
    number("orders_found"),
    number("errors"),
    number("percent"),
    number("attempts"),
    moment("not_before"),
    moment("created_at", optional=False),
    moment("ended_at"),
    words("failure"),
    words("lease_owner"),
    moment("lease_until"),
    Index(None, "state", "priority", "created_at"),
    Index(None, "account_id", "lease_until"),
    Index(None, "ended_at"),
    **KEYED,
)

activity_step = Table(
    "activity_step",
    metadata,
    key(),
    ref("activity_id", "activity", cascade=True),
    moment("at", optional=False),
    words("level", default=None),
    words("code", default=None),
    Column("params", JsonText, nullable=False),
    Column("line_id", BigId),
    Index(None, "activity_id", "id"),
    **KEYED,
)

page_link = Table(
    "page_link",
    metadata,
    key(),
    words("digest", default=None),
    Column("token", LargeBinary, comment="sealed; erased when used"),
    word("kind", PageKind),
    ref("activity_id", "activity", cascade=True),
    ref("person_id", "person"),
    moment("made_at", optional=False),
    moment("expires_at", optional=False),
    moment("opened_at"),
    moment("ended_at"),
    UniqueConstraint("digest"),
    Index(None, "activity_id"),
    **KEYED,
)

question = Table(
    "question",
    metadata,
    key(),
    ref("activity_id", "activity", cascade=True),
    words("kind", default=None),
    Column("answers", JsonText, nullable=False),
    Column("params", JsonText, nullable=False),
    word("state", QuestionState),
    words("answer"),
    moment("asked_at", optional=False),
    ref("answered_by", "person", optional=True),
    moment("answered_at"),
    Index(None, "activity_id"),
    Index(None, "state"),
    **KEYED,
)

question_line = Table(
    "question_line",
    metadata,
    ref("question_id", "question", primary_key=True, cascade=True),
    ref("line_id", "order_line", primary_key=True),
    number("position"),
    words("answer"),
)

preview = Table(
    "preview",
    metadata,
    key(),
    ref("person_id", "person"),
    moment("created_at", optional=False),
    moment("confirmed_at"),
    moment("dropped_at"),
    **KEYED,
)

preview_line = Table(
    "preview_line",
    metadata,
    ref("preview_id", "preview", primary_key=True, cascade=True),
    ref("line_id", "order_line", primary_key=True),
    number("position"),
    ref("account_id", "account", optional=True),
    number("group", default="-1"),
    words("seller"),
    words("seller_id"),
    words("sku_id"),
    words("choice"),
    words("title"),
    Column("unit_price", DecimalText),
    words("refusal"),
    words("detail"),
    moment("quoted_at"),
)

preview_group = Table(
    "preview_group",
    metadata,
    ref("preview_id", "preview", primary_key=True, cascade=True),
    ref("account_id", "account", primary_key=True),
    Column("number", BigId, primary_key=True, autoincrement=False),
    words("seller"),
    fen("goods"),
    fen("freight"),
    fen("discount"),
    fen("total"),
    flag("freight_final", default=True),
)

preview_activity = Table(
    "preview_activity",
    metadata,
    ref("preview_id", "preview", primary_key=True, cascade=True),
    ref("activity_id", "activity", primary_key=True, cascade=True),
)
