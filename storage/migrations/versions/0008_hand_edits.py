"""What staff change by hand: lines' data, splits and notes, track numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("order_line") as table:
        table.add_column(sa.Column("told", sa.Text(), server_default="[]", nullable=False))
        table.add_column(sa.Column("split_from", BIG_ID, nullable=True))
        table.add_column(sa.Column("seller_note", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("waybill") as table:
        table.add_column(sa.Column("typed_by", BIG_ID, nullable=True))
        table.add_column(sa.Column("replaced_by", BIG_ID, nullable=True))
    op.create_table(
        "line_note",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_line_note_line_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_line_note_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_note")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_line_note_line_id"), "line_note", ["line_id"])


def downgrade() -> None:
    op.drop_table("line_note")
    with op.batch_alter_table("waybill") as table:
        table.drop_column("replaced_by")
        table.drop_column("typed_by")
    with op.batch_alter_table("order_line") as table:
        table.drop_column("seller_note")
        table.drop_column("split_from")
        table.drop_column("told")
