"""What a marketplace says that it pays back for a line."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("provider_line") as table:
        table.add_column(sa.Column("refunded", BIG_ID, server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("provider_line") as table:
        table.drop_column("refunded")
