"""What happened to a line or order, in words; used by the pushes, the order's history and the line's card."""

from collections.abc import Mapping

from bot.texts import Html, Reader, code, esc, lazy_text
from handlers import names, refusals
from handlers.columns import differences_text, told_differences
from handlers.statuses import status_name
from purchasing.assign import ASSIGNED
from purchasing.change_goods import SPLIT
from purchasing.hand_edits import EDITED
from purchasing.import_result import Difference
from purchasing.provider_orders import LineChange
from purchasing.status_names import NO_CUSTOM_NAMES, CustomNames
from purchasing.words import LineStatus, ProviderName

TIES: dict[str, str] = {
    "unbound": lazy_text("✂️ unbound from provider order {number}"),
    "linked": lazy_text("🔗 linked with provider order {number}"),
    "pieces_lost": lazy_text(
        "❗ provider order {number} was closed unpaid: only {n} of {whole} pieces are covered now"
    ),
}

SAID: dict[str, str] = {
    ASSIGNED: lazy_text("👤 given to {who}"),
    SPLIT: lazy_text("✂️ {n} of {whole} pieces, split off by {who}"),
    "shop_status": lazy_text("the shop says “{word}”"),
}

CONSENTS: dict[str, str] = {
    "consent_asked": lazy_text("🤝 the customer is asked about a new price"),
    "consent_agreed": lazy_text("🤝 the customer agreed and has paid"),
    "consent_owes": lazy_text("🤝 the customer agreed and owes the difference"),
    "consent_refused": lazy_text("🤝 the customer refused the new price"),
    "consent_withdrawn": lazy_text("🤝 the customer needn't answer any more"),
}

REFUND = "refund"
REFUNDS: dict[str, str] = {
    "asked": lazy_text("↩️ refund of {n} pieces asked"),
    "refunded": lazy_text("↩️ the marketplace has refunded {n} pieces"),
    "credited": lazy_text("↩️ {n} pieces credited to the customer"),
    "refused": lazy_text("↩️ refund of {n} pieces closed, nothing is owed"),
}


def change_text(reader: Reader, change: LineChange, custom: CustomNames = NO_CUSTOM_NAMES) -> Html:
    words = dict(change.params)
    match change.kind:
        case "status":
            status = names.status(reader, LineStatus(words["new"]))
            why = words.get("why", "")
            return Html(f"{status} ({refusals.happened(reader, why)})") if why else status
        case "waybill":
            carrier = words.get("carrier", "")
            number = code(words["number"])
            return reader.text("📮 track number {number} {carrier}", number=number, carrier=carrier)
        case kind if kind in TIES:
            return reader.text(TIES[kind], **words | {"number": code(words["number"])})
        case kind if kind in CONSENTS or kind == REFUND:
            return _customers_money(reader, kind, words)
        case "raw_status":
            raw = words["raw"]
            if "provider" in words:
                raw = status_name(reader, ProviderName(words["provider"]), raw, custom)
            return reader.text("{number}: the marketplace says “{raw}”", number=words["number"], raw=raw)
        case _:
            return _shop_text(reader, change.kind, words)


def _customers_money(reader: Reader, kind: str, words: Mapping[str, str]) -> Html:
    if kind == REFUND:
        state = words["state"]
        return reader.text(REFUNDS[state], n=words["n"])
    return reader.text(CONSENTS[kind])


def _shop_text(reader: Reader, kind: str, words: Mapping[str, str]) -> Html:
    """What the customers' side or our staff have changed; a kind without words is shown as it is, never lost."""
    if kind == EDITED and words["column"] == "waybill":
        return reader.text(
            "📮 track number {before} → {after}", before=words["before"] or "—", after=words["after"] or "—"
        )
    if kind == EDITED:
        what = differences_text(reader, [Difference(words["column"], words["before"], words["after"])])
        return reader.text("✏️ {what}", what=what)
    if kind == "shop_changed":
        what = differences_text(reader, told_differences(words))
        return reader.text("✏️ the order has changed: {what}", what=what)
    if kind in SAID:
        return reader.text(SAID[kind], **words)
    return esc(" ".join((kind.replace("_", " "), *words.values())))
