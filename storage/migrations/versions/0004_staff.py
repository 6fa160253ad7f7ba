"""Staff: invitations, removed people, the accounts that a person may use and the topics they aren't told of."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("accounts", sa.Text(), nullable=True))
        table.add_column(sa.Column("muted", sa.Text(), server_default="[]", nullable=False))
    op.create_table(
        "invitation",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True, comment="sealed; erased when used"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("made_by", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", BIG_ID, autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_invitation_made_by")),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name=op.f("fk_invitation_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("invitation")
    with op.batch_alter_table("person") as table:
        table.drop_column("muted")
        table.drop_column("accounts")
        table.drop_column("removed_at")
