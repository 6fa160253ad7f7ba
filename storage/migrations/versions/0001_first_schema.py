"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:  # noqa: PLR0915 - a list of tables
    op.create_table(
        "blob",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("mime", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blob")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_blob_expires_at"), "blob", ["expires_at"], unique=False)
    op.create_table(
        "card",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("media", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("dedupe", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("chat_id", "message_id", name=op.f("uq_card_chat_id_message_id")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_card_dedupe")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_card_subject"), "card", ["subject"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True, comment="sealed; erased when done"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_done_at_parked_at"), "inbox", ["done_at", "parked_at"], unique=False)
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("zone", sa.Text(), server_default="", nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_person_telegram_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "schedule",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("every_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("action", "subject", name=op.f("uq_schedule_action_subject")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "vault_check",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_check")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "account",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("nick", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("keeper_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("order_limit", sa.Integer(), nullable=True),
        sa.Column("cdp_url", sa.Text(), server_default="", nullable=False),
        sa.Column("proxy", sa.Text(), server_default="", nullable=False),
        sa.Column("sync_allowed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("watermark", sa.Text(), server_default="", nullable=False),
        sa.Column("session_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("login_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sync_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sync_error", sa.Text(), server_default="", nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["keeper_id"], ["person.id"], name=op.f("fk_account_keeper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("provider", "nick", name=op.f("uq_account_provider_nick")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("before", sa.Text(), server_default="", nullable=False),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "customer_order",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("rate", sa.Text(), nullable=True),
        sa.Column("assignee_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parcel", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_customer_order_assignee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_order")),
        sa.UniqueConstraint("number", "shop", name=op.f("uq_customer_order_number_shop")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "note",
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_note_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_note")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("card_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("delete", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("buried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_outbox_card_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_card_id"), "outbox", ["card_id"], unique=False)
    op.create_index(
        "uq_outbox_pending",
        "outbox",
        ["card_id"],
        unique=True,
        sqlite_where=sa.text("buried_at IS NULL"),
        postgresql_where=sa.text("buried_at IS NULL"),
    )
    op.create_table(
        "preview",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preview_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("set_by", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_setting_set_by")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "slot",
        sa.Column("schedule_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], name=op.f("fk_slot_schedule_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("schedule_id", "slot", name=op.f("pk_slot")),
    )
    op.create_table(
        "activity",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("account_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("started_by", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("lines_found", sa.Integer(), server_default="0", nullable=False),
        sa.Column("orders_found", sa.Integer(), server_default="0", nullable=False),
        sa.Column("errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("percent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_owner", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_activity_account_id")),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_activity_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_activity_account_id_lease_until"), "activity", ["account_id", "lease_until"], unique=False)
    op.create_index(op.f("ix_activity_ended_at"), "activity", ["ended_at"], unique=False)
    op.create_index(
        op.f("ix_activity_state_priority_created_at"), "activity", ["state", "priority", "created_at"], unique=False
    )
    op.create_table(
        "intent",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("activity_id", BIG_ID, nullable=False),
        sa.Column("account_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("checkout", sa.Text(), server_default="", nullable=False),
        sa.Column("expected_total", BIG_ID, server_default="0", nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_intent_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent")),
        sa.UniqueConstraint("key", name=op.f("uq_intent_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_intent_activity_id"), "intent", ["activity_id"], unique=False)
    op.create_index(op.f("ix_intent_sent_at"), "intent", ["sent_at"], unique=False)
    op.create_index(op.f("ix_intent_state_account_id"), "intent", ["state", "account_id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), server_default="", nullable=False),
        sa.Column("sku", sa.Text(), server_default="", nullable=False),
        sa.Column("item_url", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("image", sa.Text(), server_default="", nullable=False),
        sa.Column("seller", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("price", sa.Text(), nullable=False),
        sa.Column("shipping", BIG_ID, server_default="0", nullable=False),
        sa.Column("customer_price", sa.Text(), nullable=True),
        sa.Column("purchase_price", sa.Text(), nullable=True),
        sa.Column("purchase_shipping", BIG_ID, nullable=True),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_order_line_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint("order_id", "key", name=op.f("uq_order_line_order_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_order_line_order_id_status"), "order_line", ["order_id", "status"], unique=False)
    op.create_index(op.f("ix_order_line_status_order_id"), "order_line", ["status", "order_id"], unique=False)
    op.create_table(
        "preview_group",
        sa.Column("preview_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("account_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("number", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("seller", sa.Text(), server_default="", nullable=False),
        sa.Column("goods", BIG_ID, server_default="0", nullable=False),
        sa.Column("freight", BIG_ID, server_default="0", nullable=False),
        sa.Column("discount", BIG_ID, server_default="0", nullable=False),
        sa.Column("total", BIG_ID, server_default="0", nullable=False),
        sa.Column("freight_final", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_preview_group_account_id")),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["preview.id"], name=op.f("fk_preview_group_preview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("preview_id", "account_id", "number", name=op.f("pk_preview_group")),
    )
    op.create_table(
        "provider_order",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("account_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("raw_status", sa.Text(), server_default="", nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("total", BIG_ID, server_default="0", nullable=False),
        sa.Column("freight", BIG_ID, server_default="0", nullable=False),
        sa.Column("seller", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_provider_order_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_order")),
        sa.UniqueConstraint("number", "provider", name=op.f("uq_provider_order_number_provider")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_provider_order_account_id_first_seen_at"),
        "provider_order",
        ["account_id", "first_seen_at"],
        unique=False,
    )
    op.create_index(op.f("ix_provider_order_account_id_stage"), "provider_order", ["account_id", "stage"], unique=False)
    op.create_index(op.f("ix_provider_order_stage_closes_at"), "provider_order", ["stage", "closes_at"], unique=False)
    op.create_table(
        "activity_step",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("activity_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("line_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_step_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_step")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_activity_step_activity_id_id"), "activity_step", ["activity_id", "id"], unique=False)
    op.create_table(
        "intent_line",
        sa.Column("intent_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("item_id", sa.Text(), server_default="", nullable=False),
        sa.Column("sku_id", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["intent_id"], ["intent.id"], name=op.f("fk_intent_line_intent_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_intent_line_line_id")),
        sa.PrimaryKeyConstraint("intent_id", "line_id", name=op.f("pk_intent_line")),
    )
    op.create_index(
        "uq_intent_line_live",
        "intent_line",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("live"),
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "line_event",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("activity_id", BIG_ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_line_event_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_line_event_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_line_event_order_id_id"), "line_event", ["order_id", "id"], unique=False)
    op.create_table(
        "line_hold",
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_line_hold_line_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_line_hold_person_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_hold")),
    )
    op.create_table(
        "placed_order",
        sa.Column("intent_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["intent_id"], ["intent.id"], name=op.f("fk_placed_order_intent_id")),
        sa.PrimaryKeyConstraint("intent_id", "number", name=op.f("pk_placed_order")),
    )
    op.create_table(
        "preview_activity",
        sa.Column("preview_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("activity_id", BIG_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_preview_activity_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["preview.id"], name=op.f("fk_preview_activity_preview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("preview_id", "activity_id", name=op.f("pk_preview_activity")),
    )
    op.create_table(
        "preview_line",
        sa.Column("preview_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("account_id", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("group", sa.Integer(), server_default="-1", nullable=False),
        sa.Column("seller", sa.Text(), server_default="", nullable=False),
        sa.Column("seller_id", sa.Text(), server_default="", nullable=False),
        sa.Column("sku_id", sa.Text(), server_default="", nullable=False),
        sa.Column("choice", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("unit_price", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("quoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_preview_line_account_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_preview_line_line_id")),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["preview.id"], name=op.f("fk_preview_line_preview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("preview_id", "line_id", name=op.f("pk_preview_line")),
    )
    op.create_table(
        "provider_line",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("provider_order_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("sub_number", sa.Text(), server_default="", nullable=False),
        sa.Column("item_id", sa.Text(), server_default="", nullable=False),
        sa.Column("sku_id", sa.Text(), server_default="", nullable=False),
        sa.Column("choice", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unit_price", sa.Text(), nullable=False),
        sa.Column("raw_status", sa.Text(), server_default="", nullable=False),
        sa.Column("refund_status", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_order_id"],
            ["provider_order.id"],
            name=op.f("fk_provider_line_provider_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_line")),
        sa.UniqueConstraint(
            "provider_order_id", "sub_number", name=op.f("uq_provider_line_provider_order_id_sub_number")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "question",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("activity_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", BIG_ID, autoincrement=False, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_question_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_question_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_question_activity_id"), "question", ["activity_id"], unique=False)
    op.create_index(op.f("ix_question_state"), "question", ["state"], unique=False)
    op.create_table(
        "selection",
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_selection_line_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_selection_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "line_id", name=op.f("pk_selection")),
    )
    op.create_table(
        "waybill",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("provider_order_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("plain_number", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("carrier_name", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_order_id"], ["provider_order.id"], name=op.f("fk_waybill_provider_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waybill")),
        sa.UniqueConstraint("provider_order_id", "number", name=op.f("uq_waybill_provider_order_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_waybill_plain_number"), "waybill", ["plain_number"], unique=False)
    op.create_table(
        "binding",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("provider_line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_binding_line_id")),
        sa.ForeignKeyConstraint(["provider_line_id"], ["provider_line.id"], name=op.f("fk_binding_provider_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_binding_line_id"), "binding", ["line_id"], unique=False)
    op.create_index(op.f("ix_binding_provider_line_id"), "binding", ["provider_line_id"], unique=False)
    op.create_index(
        "uq_binding_live",
        "binding",
        ["line_id", "provider_line_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "question_line",
        sa.Column("question_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_question_line_line_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_line_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "line_id", name=op.f("pk_question_line")),
    )
    op.create_table(
        "unbound_pair",
        sa.Column("line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("provider_line_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_line.id"], name=op.f("fk_unbound_pair_line_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_line_id"],
            ["provider_line.id"],
            name=op.f("fk_unbound_pair_provider_line_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("line_id", "provider_line_id", name=op.f("pk_unbound_pair")),
    )
    op.create_table(
        "waybill_line",
        sa.Column("waybill_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("sub_number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_waybill_line_waybill_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("waybill_id", "sub_number", name=op.f("pk_waybill_line")),
    )


def downgrade() -> None:  # noqa: PLR0915 - a list of tables
    op.drop_table("waybill_line")
    op.drop_table("unbound_pair")
    op.drop_table("question_line")
    op.drop_index(
        "uq_binding_live",
        table_name="binding",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_binding_provider_line_id"), table_name="binding")
    op.drop_index(op.f("ix_binding_line_id"), table_name="binding")
    op.drop_table("binding")
    op.drop_index(op.f("ix_waybill_plain_number"), table_name="waybill")
    op.drop_table("waybill")
    op.drop_table("selection")
    op.drop_index(op.f("ix_question_state"), table_name="question")
    op.drop_index(op.f("ix_question_activity_id"), table_name="question")
    op.drop_table("question")
    op.drop_table("provider_line")
    op.drop_table("preview_line")
    op.drop_table("preview_activity")
    op.drop_table("placed_order")
    op.drop_table("line_hold")
    op.drop_index(op.f("ix_line_event_order_id_id"), table_name="line_event")
    op.drop_table("line_event")
    op.drop_index(
        "uq_intent_line_live", table_name="intent_line", sqlite_where=sa.text("live"), postgresql_where=sa.text("live")
    )
    op.drop_table("intent_line")
    op.drop_index(op.f("ix_activity_step_activity_id_id"), table_name="activity_step")
    op.drop_table("activity_step")
    op.drop_index(op.f("ix_provider_order_stage_closes_at"), table_name="provider_order")
    op.drop_index(op.f("ix_provider_order_account_id_stage"), table_name="provider_order")
    op.drop_index(op.f("ix_provider_order_account_id_first_seen_at"), table_name="provider_order")
    op.drop_table("provider_order")
    op.drop_table("preview_group")
    op.drop_index(op.f("ix_order_line_status_order_id"), table_name="order_line")
    op.drop_index(op.f("ix_order_line_order_id_status"), table_name="order_line")
    op.drop_table("order_line")
    op.drop_index(op.f("ix_intent_state_account_id"), table_name="intent")
    op.drop_index(op.f("ix_intent_sent_at"), table_name="intent")
    op.drop_index(op.f("ix_intent_activity_id"), table_name="intent")
    op.drop_table("intent")
    op.drop_index(op.f("ix_activity_state_priority_created_at"), table_name="activity")
    op.drop_index(op.f("ix_activity_ended_at"), table_name="activity")
    op.drop_index(op.f("ix_activity_account_id_lease_until"), table_name="activity")
    op.drop_table("activity")
    op.drop_table("slot")
    op.drop_table("setting")
    op.drop_table("preview")
    op.drop_index(
        "uq_outbox_pending",
        table_name="outbox",
        sqlite_where=sa.text("buried_at IS NULL"),
        postgresql_where=sa.text("buried_at IS NULL"),
    )
    op.drop_index(op.f("ix_outbox_card_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("note")
    op.drop_table("customer_order")
    op.drop_table("audit")
    op.drop_table("account")
    op.drop_table("vault_check")
    op.drop_table("schedule")
    op.drop_table("person")
    op.drop_index(op.f("ix_inbox_received_at"), table_name="inbox")
    op.drop_index(op.f("ix_inbox_done_at_parked_at"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_index(op.f("ix_card_subject"), table_name="card")
    op.drop_table("card")
    op.drop_index(op.f("ix_blob_expires_at"), table_name="blob")
    op.drop_table("blob")
