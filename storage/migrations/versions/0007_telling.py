"""What was told to whom, digests, and what people set about it: duty, digest and quiet hours."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("on_duty", sa.Boolean(), server_default=sa.text("true"), nullable=False))
        table.add_column(sa.Column("digest", sa.Integer(), nullable=True))
        table.add_column(sa.Column("quiet", sa.Text(), nullable=True))
    op.create_table(
        "digest",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "told",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("dedupe", sa.Text(), nullable=False),
        sa.Column("waits", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("digest_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_told_digest_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_told_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_told_dedupe")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_told_waits_person_id"), "told", ["waits", "person_id"])
    op.create_index(op.f("ix_told_digest_id"), "told", ["digest_id"])
    op.create_index(op.f("ix_told_at"), "told", ["at"])


def downgrade() -> None:
    op.drop_table("told")
    op.drop_table("digest")
    with op.batch_alter_table("person") as table:
        table.drop_column("quiet")
        table.drop_column("digest")
        table.drop_column("on_duty")
