"""What happened to a line or order, in words; used by the pushes, the order's history and the line's card."""

from collections.abc import Mapping

from bot.texts import Html, Reader, code, esc, lazy_text
from handlers import names, refusals
from handlers.columns import differences_text, told_differences
from handlers.statuses import status_name
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
        case "raw_status":
            raw = words["raw"]
            if "provider" in words:
                raw = status_name(reader, ProviderName(words["provider"]), raw, custom)
            return reader.text("{number}: the marketplace says “{raw}”", number=words["number"], raw=raw)
        case _:
            return _shop_text(reader, change.kind, words)


def _shop_text(reader: Reader, kind: str, words: Mapping[str, str]) -> Html:
    """What the customers' side has changed; a kind without words is shown as it is, never lost."""
    if kind == "shop_changed":
        what = differences_text(reader, told_differences(words))
        return reader.text("✏️ the order has changed: {what}", what=what)
    if kind == "shop_status":
        return reader.text("the shop says “{word}”", word=words["word"])
    return esc(" ".join((kind.replace("_", " "), *words.values())))
