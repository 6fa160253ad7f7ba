"""All tables, by area. A table is a record of `purchasing` with the same column names; rules that must never break
(one live intent per line, one pending row per card) are indices here, not only code."""

from storage.tables.base import metadata
from storage.tables.chat import audit, blob, card, inbox, outbox, schedule, slot
from storage.tables.desk import account, invitation, note, person, selection, setting, vault_check
from storage.tables.ledger import intent, intent_line, placed_order
from storage.tables.money import consent, consent_request, purchase, rate, refund
from storage.tables.orders import customer_order, line_event, line_hold, line_note, order_line
from storage.tables.payments import approval
from storage.tables.provider_orders import (
    binding,
    provider_line,
    provider_order,
    unbound_pair,
    waybill,
    waybill_line,
)
from storage.tables.shops import callback, shop, shop_request
from storage.tables.stuck import stuck
from storage.tables.telling import digest, told
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
    page_link,
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
    "approval",
    "audit",
    "binding",
    "blob",
    "callback",
    "card",
    "consent",
    "consent_request",
    "customer_order",
    "defect",
    "digest",
    "inbox",
    "intent",
    "intent_line",
    "invitation",
    "line_event",
    "line_hold",
    "line_note",
    "line_photo",
    "metadata",
    "note",
    "order_line",
    "outbox",
    "page_link",
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
    "purchase",
    "question",
    "question_line",
    "rate",
    "receiving",
    "refund",
    "scan",
    "scan_piece",
    "schedule",
    "selection",
    "setting",
    "shop",
    "shop_request",
    "slot",
    "stuck",
    "told",
    "unbound_pair",
    "vault_check",
    "wanted_number",
    "waybill",
    "waybill_line",
]
