"""What happened to a line or order, in words; used by the pushes, the order's history and the line's card."""

from bot.texts import Html, Reader, code, esc
from handlers import names, refusals
from purchasing.provider_orders import LineChange
from purchasing.words import LineStatus


def change_text(reader: Reader, change: LineChange) -> Html:
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
        case "raw_status":
            return reader.text("{number}: the marketplace says “{raw}”", number=words["number"], raw=words["raw"])
        case _:
            return esc(" ".join((change.kind.replace("_", " "), *words.values())))
