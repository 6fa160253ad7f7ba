"""What happened to a line or order, in words; used by the pushes, the order's history and the line's card."""

from bot.texts import Html, Reader, code, esc, lazy_text
from handlers import names, refusals
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
            return esc(" ".join((change.kind.replace("_", " "), *words.values())))
