"""One-time links to the bot's own pages; the proxy of an account sealed, for it may hold a password."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "page_link",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True, comment="sealed; erased when used"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("activity_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_page_link_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_page_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_page_link_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_page_link_activity_id"), "page_link", ["activity_id"])
    # nothing could set one before
    with op.batch_alter_table("account") as table:
        table.drop_column("proxy")
        table.add_column(sa.Column("proxy", sa.LargeBinary(), nullable=True, comment="sealed"))


def downgrade() -> None:
    with op.batch_alter_table("account") as table:
        table.drop_column("proxy")
        table.add_column(sa.Column("proxy", sa.Text(), server_default="", nullable=False))
    op.drop_index(op.f("ix_page_link_activity_id"), "page_link")
    op.drop_table("page_link")
