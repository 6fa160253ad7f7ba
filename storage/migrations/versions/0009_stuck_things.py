"""Stuck things, approvals of payments, and since when a provider order is in its stage."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("provider_order") as table:
        table.add_column(sa.Column("stage_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "approval",
        sa.Column("provider_order_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("total", BIG_ID, server_default="0", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_approval_decided_by")),
        sa.ForeignKeyConstraint(
            ["provider_order_id"],
            ["provider_order.id"],
            name=op.f("fk_approval_provider_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("provider_order_id", name=op.f("pk_approval")),
    )
    op.create_table(
        "stuck",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG_ID, nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("order_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ignored", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("put_aside_by", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("rounds", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_stuck_account_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_stuck_order_id")),
        sa.ForeignKeyConstraint(["put_aside_by"], ["person.id"], name=op.f("fk_stuck_put_aside_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuck")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_stuck_kind_subject_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_stuck_gone_at"), "stuck", ["gone_at"])


def downgrade() -> None:
    op.drop_table("stuck")
    op.drop_table("approval")
    with op.batch_alter_table("provider_order") as table:
        table.drop_column("stage_since")
