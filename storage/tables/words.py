"""Texts that are found by any part of them. SQLite keeps trigrams of them in full-text tables beside the real ones,
Postgres an index of trigrams (both made by a migration); SQLAlchemy's metadata knows neither."""

from sqlalchemy import column, table

from storage.tables.orders import customer_order, order_line

WORDS = {
    source.name: table(f"{source.name}_words", column("rowid"), column("search"))
    for source in (customer_order, order_line)
}
"""By the table whose `search` they hold; `rowid` is its id."""
TERMS = {name: table(f"{name}_terms", column("term")) for name in WORDS}
"""The trigrams that there are."""


def is_of_words(name: str) -> bool:
    """Whether a table or an index of the database belongs to these: full-text search keeps more tables of its own."""
    return any(name.startswith(f"{source}_{kind}") for source in WORDS for kind in ("words", "terms"))
