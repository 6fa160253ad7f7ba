"""Lines and orders by any part of their words, through an index."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SOURCES = ("customer_order", "order_line")


def upgrade() -> None:
    for source in SOURCES:
        if op.get_context().dialect.name == "sqlite":
            _table_of_words(source)
        elif _has_trigrams():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            op.execute(f"CREATE INDEX {source}_words ON {source} USING gin (search gin_trgm_ops)")


def downgrade() -> None:
    for source in SOURCES:
        if op.get_context().dialect.name == "sqlite":
            op.execute(f"DROP TABLE {source}_terms")
            op.execute(f"DROP TABLE {source}_words")
        else:
            op.execute(f"DROP INDEX IF EXISTS {source}_words")


def _table_of_words(source: str) -> None:
    """Texts end with two line breaks, so that each pair of letters begins a trigram."""
    words = f"{source}_words"
    op.execute(f"CREATE VIRTUAL TABLE {words} USING fts5(search, tokenize='trigram case_sensitive 1')")
    op.execute(f"CREATE VIRTUAL TABLE {source}_terms USING fts5vocab({words}, row)")
    op.execute(f"INSERT INTO {words} (rowid, search) SELECT id, search || char(10, 10) FROM {source}")  # noqa: S608


def _has_trigrams() -> bool:
    """They come with most servers; without them searching is slower, no more."""
    found = op.get_bind().exec_driver_sql("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
    return found.first() is not None
