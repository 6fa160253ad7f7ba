"""All tables, by area. A table is a record of `purchasing` with the same column names; rules that must never break
(one live intent per line, one pending row per card) are indices here, not only code."""

from storage.tables.base import metadata
from storage.tables.chat import audit, blob, card, inbox, outbox, schedule, slot
from storage.tables.desk import account, invitation, note, person, selection, setting, vault_check
from storage.tables.ledger import intent, intent_line, placed_order
from storage.tables.orders import customer_order, line_event, line_hold, order_line
from storage.tables.provider_orders import (
    binding,
    provider_line,
    provider_order,
    unbound_pair,
    waybill,
    waybill_line,
)
from storage.tables.warehouse import (
    defect,
    line_photo,
    parcel,
    parcel_item,
    receiving,
    scan,
    scan_piece,
    wanted_number,
)
from storage.tables.work import (
    activity,
    activity_step,
    preview,
    preview_activity,
    preview_group,
    preview_line,
    question,
    question_line,
)

__all__ = [
    "account",
    "activity",
    "activity_step",
    "audit",
    "binding",
    "blob",
    "card",
    "customer_order",
    "defect",
    "inbox",
    "intent",
    "intent_line",
    "invitation",
    "line_event",
    "line_hold",
    "line_photo",
    "metadata",
    "note",
    "order_line",
    "outbox",
    "parcel",
    "parcel_item",
    "person",
    "placed_order",
    "preview",
    "preview_activity",
    "preview_group",
    "preview_line",
    "provider_line",
    "provider_order",
    "question",
    "question_line",
    "receiving",
    "scan",
    "scan_piece",
    "schedule",
    "selection",
    "setting",
    "slot",
    "unbound_pair",
    "vault_check",
    "wanted_number",
    "waybill",
    "waybill_line",
]
