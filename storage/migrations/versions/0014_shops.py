"""Shops: their secrets and addresses, what they pushed, and what they are still to be told of each order."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "shop",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("intake", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("callback_url", sa.Text(), server_default="", nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("secret_made_at", MOMENT, nullable=True),
        sa.Column("secret_made_by", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("secret_seen_at", MOMENT, nullable=True),
        sa.Column("callback_at", MOMENT, nullable=True),
        sa.Column("callback_result", sa.Text(), server_default="", nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("test_asked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["secret_made_by"], ["person.id"], name=op.f("fk_shop_secret_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop")),
        sa.UniqueConstraint("code", name=op.f("uq_shop_code")),
        sa.UniqueConstraint("source", name=op.f("uq_shop_source")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "shop_request",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("shop_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("activity_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_shop_request_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_request")),
        sa.UniqueConstraint("shop_id", "key", name=op.f("uq_shop_request_shop_id_key")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_shop_request_activity_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_shop_request_at"), "shop_request", ["at"])
    op.create_index(op.f("ix_shop_request_shop_id_at"), "shop_request", ["shop_id", "at"])
    op.create_table(
        "callback",
        sa.Column("order_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("shop_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sequence", BIG_ID, server_default="0", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("event_id", sa.Text(), server_default="", nullable=False),
        sa.Column("event_digest", sa.Text(), server_default="", nullable=False),
        sa.Column("event_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("buried_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_callback_order_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_callback_shop_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_callback")),
    )
    op.create_index(op.f("ix_callback_shop_id_waiting_since"), "callback", ["shop_id", "waiting_since"])


def downgrade() -> None:
    op.drop_table("callback")
    op.drop_table("shop_request")
    op.drop_table("shop")
