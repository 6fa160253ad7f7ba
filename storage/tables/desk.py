"""Tables of people, what they set and ticked, and the accounts they buy with."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, UniqueConstraint

from purchasing.words import ProviderName, Role, SessionState
from storage.tables.base import KEYED, flag, key, metadata, moment, number, ref, word, words
from storage.types import JsonText

person = Table(
    "person",
    metadata,
    key(),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    words("name"),
    word("role", Role),
    words("language"),
    words("zone"),
    moment("blocked_at"),
    moment("removed_at"),
    Column("accounts", JsonText),
    Column("muted", JsonText, nullable=False, server_default="[]"),
    flag("on_duty", default=True),
    number("digest", optional=True),
    Column("quiet", JsonText),
    **KEYED,
)

invitation = Table(
    "invitation",
    metadata,
    key(),
    words("digest", default=None),
    Column("token", LargeBinary, comment="sealed; erased when used"),
    word("role", Role),
    ref("made_by", "person"),
    moment("made_at", optional=False),
    moment("expires_at", optional=False),
    moment("used_at"),
    ref("used_by", "person", optional=True),
    UniqueConstraint("digest"),
    **KEYED,
)

setting = Table(
    "setting",
    metadata,
    words("key", primary_key=True, default=None),
    words("value"),
    ref("set_by", "person", optional=True),
    moment("set_at", optional=False),
)

note = Table(
    "note",
    metadata,
    ref("person_id", "person", primary_key=True, cascade=True),
    words("key", primary_key=True, default=None),
    words("value"),
)

selection = Table(
    "selection",
    metadata,
    ref("person_id", "person", primary_key=True, cascade=True),
    ref("line_id", "order_line", primary_key=True, cascade=True),
)

account = Table(
    "account",
    metadata,
    key(),
    word("provider", ProviderName),
    words("nick", default=None),
    word("session", SessionState),
    ref("keeper_id", "person", optional=True),
    number("order_limit", optional=True),
    number("refused_unpaid", optional=True),
    number("refused_in_day", optional=True),
    moment("refused_at"),
    words("cdp_url"),
    Column("proxy", LargeBinary, comment="sealed"),
    flag("sync_allowed"),
    words("watermark"),
    moment("session_expires_at"),
    moment("login_asked_at"),
    moment("last_used_at"),
    moment("last_sync_at"),
    words("last_sync_error"),
    Column("secret", LargeBinary, comment="sealed"),
    moment("created_at", optional=False),
    UniqueConstraint("provider", "nick"),
    **KEYED,
)

vault_check = Table(
    "vault_check",
    metadata,
    key(),
    Column("sealed", LargeBinary, nullable=False, comment="sealed"),
    **KEYED,
)
