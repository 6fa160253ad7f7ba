"""The warehouse: receiving, parcels, photos, and looking track numbers up by their last digits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AWAITED = sa.text("received_at IS NULL AND replaced_at IS NULL")
OPEN = sa.text("ended_at IS NULL")
RECEIVED = sa.text("kind = 'received' AND undone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "receiving",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("card_id", BIG_ID, nullable=True),
        sa.Column("card_scans", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_receiving_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_receiving_open", "receiving", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )

    op.create_table(
        "wanted_number",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_wanted_number_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", "person_id", name=op.f("pk_wanted_number")),
    )
    op.create_table(
        "parcel",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("delivery_mode", sa.Text(), server_default="", nullable=False),
        sa.Column("track", sa.Text(), server_default="", nullable=False),
        sa.Column("external_id", sa.Text(), server_default="", nullable=False),
        sa.Column("price", sa.Text(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("made_by", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_parcel_made_by")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_parcel_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_parcel_order_id"), "parcel", ["order_id"], unique=False)
    op.create_index(op.f("ix_parcel_state"), "parcel", ["state"], unique=False)
    op.create_index(op.f("ix_parcel_track"), "parcel", ["track"], unique=False)

    op.create_table(
        "scan",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("receiving_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("box", sa.Integer(), server_default="0", nullable=False),
        sa.Column("boxes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["receiving_id"], ["receiving.id"], name=op.f("fk_scan_receiving_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_scan_number"), "scan", ["number"], unique=False)
    op.create_index(op.f("ix_scan_receiving_id"), "scan", ["receiving_id"], unique=False)
    op.create_index(
        "uq_scan_received", "scan", ["number"], unique=True, sqlite_where=RECEIVED, postgresql_where=RECEIVED
    )

    op.create_table(
        "defect",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("scan_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("reported_by", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_defect_line_id")),
        sa.ForeignKeyConstraint(["reported_by"], ["person.id"], name=op.f("fk_defect_reported_by")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_defect_scan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defect")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_defect_line_id"), "defect", ["line_id"], unique=False)

    op.create_table(
        "parcel_item",
        sa.Column("parcel_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_parcel_item_line_id")),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcel.id"], name=op.f("fk_parcel_item_parcel_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("parcel_id", "line_id", name=op.f("pk_parcel_item")),
    )
    op.create_index(op.f("ix_parcel_item_line_id"), "parcel_item", ["line_id"], unique=False)

    op.create_table(
        "line_photo",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("defect_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("unique_id", sa.Text(), nullable=False),
        sa.Column("added_by", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_line_photo_added_by")),
        sa.ForeignKeyConstraint(["defect_id"], ["defect.id"], name=op.f("fk_line_photo_defect_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_line_photo_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_photo")),
        sa.UniqueConstraint("line_id", "unique_id", name=op.f("uq_line_photo_line_id_unique_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scan_piece",
        sa.Column("scan_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("binding_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["binding_id"], ["binding.id"], name=op.f("fk_scan_piece_binding_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_scan_piece_scan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("scan_id", "binding_id", name=op.f("pk_scan_piece")),
    )
    with op.batch_alter_table("binding") as table:
        table.add_column(sa.Column("received", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("waybill") as table:
        table.add_column(sa.Column("reversed", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index(
            "ix_waybill_awaited", ["first_seen_at"], unique=False, sqlite_where=AWAITED, postgresql_where=AWAITED
        )
        table.create_index(table.f("ix_waybill_reversed"), ["reversed"], unique=False)
    _fill_reversed()


def _fill_reversed() -> None:
    waybill = sa.table("waybill", sa.column("id"), sa.column("plain_number"), sa.column("reversed"))
    connection = op.get_bind()
    known = connection.execute(sa.select(waybill.c.id, waybill.c.plain_number)).all()
    rows = [{"key": row.id, "backwards": row.plain_number[::-1]} for row in known]
    if rows:
        change = sa.update(waybill).where(waybill.c.id == sa.bindparam("key"))
        connection.execute(change.values(reversed=sa.bindparam("backwards")), rows)


def downgrade() -> None:
    with op.batch_alter_table("waybill") as table:
        table.drop_index(table.f("ix_waybill_reversed"))
        table.drop_index("ix_waybill_awaited", sqlite_where=AWAITED, postgresql_where=AWAITED)
        table.drop_column("received_at")
        table.drop_column("reversed")

    with op.batch_alter_table("binding") as table:
        table.drop_column("received")

    op.drop_table("scan_piece")
    op.drop_table("line_photo")
    op.drop_table("parcel_item")
    op.drop_table("defect")
    op.drop_table("scan")
    op.drop_table("parcel")
    op.drop_table("wanted_number")
    op.drop_table("receiving")
