"""How a find is told: what it is, whose goods, and where they stand; the same for texts and for photos."""

from collections import Counter
from collections.abc import Iterator, Sequence

from aiogram.filters.callback_data import CallbackData

from bot.screens import Button, Row
from bot.texts import Html, Reader, bold, code, esc
from handlers import names
from purchasing.cards import Address
from purchasing.carriers import BY_CODE
from purchasing.find_goods import UNKNOWN, Found, FoundLine


class LookFor(CallbackData, prefix="look"):
    """Looks a candidate's number up."""

    number: str


class ReceiveThis(CallbackData, prefix="recv"):
    """Takes this parcel in, in the person's receiving."""

    number: str


LINES = 8
BUTTONS = 6


def carrier_name(reader: Reader, carrier: str) -> Html:
    """A code of ours in words; what a marketplace calls its carrier stays as it is."""
    known = BY_CODE.get(carrier)
    return esc(known.name(reader.language) if known else carrier)


def dead_text(reader: Reader) -> Html:
    return bold(reader.text("⛔ Cancelled or refunded: don't pack it, ask the buyer."))


def all_found_text(reader: Reader, found: Sequence[Found]) -> Iterator[object]:
    """One after the other; before a parcel that holds goods of several orders, that is said."""
    orders: dict[str, set[str]] = {}
    for one in found:
        if one.kind == "waybill":
            orders.setdefault(one.asked.text, set()).update(line.line.order_number for line in one.lines)
    for one in found:
        if len(orders.get(one.asked.text, ())) > 1:
            n = len(orders.pop(one.asked.text))
            yield bold(reader.text("⚠️ Goods of {n} orders are in this parcel!", n=n))
        yield from (*found_text(reader, one), "")


def found_text(reader: Reader, found: Found) -> Iterator[object]:
    if found.dead:
        yield dead_text(reader)
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
        case "parcel":
            assert found.parcel is not None  # noqa: S101  # of this kind
            yield bold(
                reader.text(
                    "Parcel {number} for {customer}",
                    number=code(found.parcel.number),
                    customer=found.parcel.customer or "—",
                )
            )
        case "many":
            yield reader.text("Too many track numbers end in {tail}: type more digits.", tail=code(found.asked.text))
            return
        case "lines":
            yield bold(reader.plural("{n} line found", "{n} lines found", found.total))
        case _:
            yield from _unknown(reader, found)
            return
    yield from [_line(reader, one) for one in found.lines[:LINES]]
    if found.total > LINES:
        yield reader.text("…and {n} more", n=found.total - LINES)
    if not found.lines and found.kind != "parcel":
        yield reader.text("Nothing of ours is linked to it.")


def _waybill(reader: Reader, found: Found) -> Iterator[object]:
    number = found.waybill.number if found.waybill else found.asked.text
    carrier = carrier_name(reader, found.carrier)
    yield Html(f"📮 {bold(code(number))} {carrier}")
    if found.waybill and found.waybill.received_at:
        yield reader.text("📥 In the warehouse since {when}", when=reader.when(found.waybill.received_at))
    if found.waybill and found.waybill.replaced_at:
        yield reader.text("The seller has another number for it now.")


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
    yield reader.text("Nobody knows this number here yet. A sync may bring it; then I'll tell you.")


def found_rows(reader: Reader, found: Sequence[Found]) -> Iterator[Row]:
    """The way to each line, or to the order where there are many."""
    for each in found:
        if each.parcel:
            yield (
                Button(reader.text("Parcel {number}", number=each.parcel.number), Address.of("parcel", each.parcel.id)),
            )
    lines = list({one.line.id: one.line for each in found for one in each.lines}.values())
    if len(lines) > BUTTONS:
        orders = {line.order_id: line.order_number for line in lines}
        for order_id, number in list(orders.items())[:BUTTONS]:
            yield (Button(reader.text("Order {number}", number=number), Address.of("order", order_id)),)
        return
    for line in lines:
        label = f"{line.order_number} · {line.title or line.item_id}"
        yield (Button(label, Address.of("line", line.id)),)


def found_summary(reader: Reader, found: Sequence[Found]) -> Iterator[Html]:
    """What matters about a list before anybody reads it."""
    asked = {one.asked for one in found}
    unknown = [one.asked for one in found if one.kind == UNKNOWN]
    dead = [one.asked for one in found if one.dead]
    yield reader.plural("{n} number", "{n} numbers", len(asked))
    if dead:
        which = ", ".join(code(one.typed or one.text) for one in dead[:10])
        yield bold(reader.text("⛔ cancelled or refunded: {n} ({which})", n=len(dead), which=Html(which)))
    yield reader.text("✅ found: {n}", n=len(asked) - len(unknown))
    if unknown:
        yield reader.text("❔ unknown: {n}", n=len(unknown))
    customers = Counter(line.line.customer or line.line.order_number for one in found for line in one.lines)
    for customer, count in customers.most_common(10):
        yield reader.plural("{customer}: {n} line", "{customer}: {n} lines", count, customer=bold(customer))
