"""Lines by their product."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_order_line_item_id"), "order_line", ["item_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_order_line_item_id"), "order_line")
