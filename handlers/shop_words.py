"""Words for what comes from shops and what they answer."""

from collections.abc import Mapping

from bot.texts import Html, Reader, esc, lazy_text
from handlers.import_rules import file_rule
from purchasing.shops import Pushed, ShopRequest

ANSWERS: Mapping[str, str] = {
    "timeout": lazy_text("no answer within 10 seconds"),
    "unreachable": lazy_text("it can't be reached"),
    "redirect": lazy_text("it leads elsewhere: set the address that it leads to"),
    "private_address": lazy_text("it leads into a private network: name its host in CALLBACK_HOSTS to allow that"),
    "host_not_allowed": lazy_text("its host isn't among those in CALLBACK_HOSTS"),
}

KINDS: Mapping[str, str] = {Pushed.ORDERS: lazy_text("orders"), Pushed.PARCELS: lazy_text("parcels")}


def answer_text(reader: Reader, result: str) -> Html:
    """What came back from a shop's address: a status of HTTP, or why there was none."""
    if result in ANSWERS:
        return reader.text(ANSWERS[result])
    return Html(f"{'✅' if result.startswith('2') else '❗'} HTTP {esc(result)}")


def request_text(reader: Reader, request: ShopRequest) -> Html:
    when, kind = reader.when(request.at), reader.text(KINDS[request.kind])
    if request.ended_at is None:
        return reader.text("{when} {kind}: being taken in", when=when, kind=kind)
    if request.rule:
        return reader.text("{when} {kind}: ❗ {why}", when=when, kind=kind, why=file_rule(reader, request.rule, ""))
    return reader.text(
        "{when} {kind}: new {taken}, updated {updated}, unchanged {unchanged}, refused {refused}",
        when=when,
        kind=kind,
        taken=request.taken,
        updated=request.updated,
        unchanged=request.unchanged,
        refused=request.refused,
    )
