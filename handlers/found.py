"""How a find is told: what it is, whose goods, and where they stand; the same for texts and for photos."""

from collections.abc import Iterator, Sequence

from bot.screens import Button, Row
from bot.texts import Html, Reader, bold, code, esc
from handlers import names
from purchasing.cards import Address
from purchasing.carriers import BY_CODE
from purchasing.find_goods import Found, FoundLine

LINES = 8
BUTTONS = 6


def carrier_name(reader: Reader, carrier: str) -> Html:
    """A code of ours in words; what a marketplace calls its carrier stays as it is."""
    known = BY_CODE.get(carrier)
    return esc(known.name(reader.language) if known else carrier)


def found_text(reader: Reader, found: Found) -> Iterator[object]:
    match found.kind:
        case "waybill":
            yield from _waybill(reader, found)
        case "provider_order":
            assert found.provider_order is not None  # noqa: S101  # of this kind
            yield bold(reader.text("Provider order {number}", number=code(found.provider_order.number)))
        case "order":
            assert found.order is not None  # noqa: S101  # of this kind
            customer = found.order.customer or "—"
            yield bold(reader.text("Order {number}, {customer}", number=code(found.order.number), customer=customer))
        case "lines":
            yield bold(reader.plural("{n} line found", "{n} lines found", found.total))
        case _:
            yield from _unknown(reader, found)
            return
    yield from [_line(reader, one) for one in found.lines[:LINES]]
    if found.total > LINES:
        yield reader.text("…and {n} more", n=found.total - LINES)
    if not found.lines:
        yield reader.text("Nothing of ours is linked to it.")


def _waybill(reader: Reader, found: Found) -> Iterator[object]:
    number = found.waybill.number if found.waybill else found.asked.text
    carrier = carrier_name(reader, found.carrier)
    yield Html(f"📮 {bold(code(number))} {carrier}")
    if found.waybill and found.waybill.replaced_at:
        yield reader.text("The seller has another number for it now.")
    customers = {(one.line.order_number, one.line.customer) for one in found.lines}
    if len(customers) > 1:
        yield bold(reader.text("⚠️ Goods of {n} orders are in this parcel!", n=len(customers)))


def _line(reader: Reader, one: FoundLine) -> Html:
    line = one.line
    return reader.text(
        "{order}, {customer} · {title} · {choice} ×{quantity} · {status}",
        order=code(line.order_number),
        customer=bold(line.customer or "—"),
        title=(line.title or line.item_id)[:40],
        choice=line.sku or "—",
        quantity=one.quantity,
        status=names.status(reader, line.status),
    )


def _unknown(reader: Reader, found: Found) -> Iterator[object]:
    if found.asked.kind == "words":
        yield reader.text("Nothing was found for “{text}”.", text=found.asked.text)
        return
    yield Html(f"❔ {bold(code(found.asked.typed or found.asked.text))} {carrier_name(reader, found.carrier)}")
    yield reader.text("Nobody knows this number here yet. A sync may bring it.")


def found_rows(reader: Reader, found: Sequence[Found]) -> Iterator[Row]:
    """The way to each line, or to the order where there are many."""
    lines = list({one.line.id: one.line for each in found for one in each.lines}.values())
    if len(lines) > BUTTONS:
        orders = {line.order_id: line.order_number for line in lines}
        for order_id, number in list(orders.items())[:BUTTONS]:
            yield (Button(reader.text("Order {number}", number=number), Address.of("order", order_id)),)
        return
    for line in lines:
        label = f"{line.order_number} · {line.title or line.item_id}"
        yield (Button(label, Address.of("line", line.id)),)
