"""Tables of what was told to whom, and of the digests that told it."""

from sqlalchemy import Index, Table, UniqueConstraint

from storage.tables.base import KEYED, flag, key, metadata, moment, ref, words

digest = Table(
    "digest",
    metadata,
    key(),
    ref("person_id", "person"),
    moment("at", optional=False),
    **KEYED,
)

told = Table(
    "told",
    metadata,
    key(),
    ref("person_id", "person"),
    words("address", default=None),
    words("dedupe", default=None),
    flag("waits"),
    ref("digest_id", "digest", optional=True),
    moment("at", optional=False),
    UniqueConstraint("dedupe"),
    Index(None, "waits", "person_id"),
    Index(None, "digest_id"),
    Index(None, "at"),
    **KEYED,
)
"""One row a thing and person: told by a card of its own, waiting for the next digest, or told by a digest."""
