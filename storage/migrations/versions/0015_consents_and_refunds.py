"""What customers are asked about new prices, and what is paid back."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consent_request",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("asked_by", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("owes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_consent_request_order_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_consent_request_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_request")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_request_order_id"), "consent_request", ["order_id"])
    op.create_table(
        "consent",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("request_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("before_price", sa.Text(), nullable=False),
        sa.Column("before_shipping", BIG_ID, server_default="0", nullable=False),
        sa.Column("before_customer_price", sa.Text(), nullable=True),
        sa.Column("price", sa.Text(), nullable=False),
        sa.Column("shipping", BIG_ID, server_default="0", nullable=False),
        sa.Column("customer_price", sa.Text(), nullable=True),
        sa.Column("answered_by", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["consent_request.id"], name=op.f("fk_consent_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_consent_line_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_consent_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_request_id"), "consent", ["request_id"])
    op.create_index(op.f("ix_consent_line_id"), "consent", ["line_id"])
    still_asked = sa.text("state IN ('asked', 'owes')")
    op.create_index(
        "uq_consent_open", "consent", ["line_id"], unique=True, sqlite_where=still_asked, postgresql_where=still_asked
    )
    op.create_table(
        "refund",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("provider_line_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", BIG_ID, server_default="0", nullable=False),
        sa.Column("owed", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_by", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("refunded_at", TIME, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("closed_by", BIG_ID, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_refund_line_id")),
        sa.ForeignKeyConstraint(["provider_line_id"], ["provider_line.id"], name=op.f("fk_refund_provider_line_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_refund_opened_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_refund_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_refund_line_id"), "refund", ["line_id"])
    op.create_index(op.f("ix_refund_state"), "refund", ["state"])
    still_open = sa.text("state IN ('asked', 'refunded')")
    op.create_index(
        "uq_refund_open",
        "refund",
        ["line_id", "provider_line_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    op.drop_table("refund")
    op.drop_table("consent")
    op.drop_table("consent_request")
