"""What is learnt of an account's limit when the marketplace refuses one more order."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("refused_unpaid", sa.Integer(), nullable=True))
        table.add_column(sa.Column("refused_in_day", sa.Integer(), nullable=True))
        table.add_column(sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account") as table:
        for column in ("refused_at", "refused_in_day", "refused_unpaid"):
            table.drop_column(column)
