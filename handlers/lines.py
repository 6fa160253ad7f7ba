"""One line's card: what the customer ordered, what was bought for it, on which account, and where it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Copy, Row, Screen, Url, back_row, screen
from bot.texts import Html, Reader, bold, code, esc, lines, link
from handlers import names, refusals
from handlers.decide_line import decision_rows
from handlers.deep_links import copy_row, link_to
from handlers.defects import KINDS
from handlers.found import carrier_name
from handlers.statuses import status_name
from purchasing.cards import Address
from purchasing.change_goods import CHANGEABLE
from purchasing.consents import Consent
from purchasing.decide_line import may_cancel, may_start
from purchasing.errors import Stale
from purchasing.line_ports import LineNote
from purchasing.links import ProductLink
from purchasing.money import goods_total
from purchasing.orders import Order, OrderLine
from purchasing.owe_refund import REFUNDABLE
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.provider_orders import ProviderLine, ProviderOrder, Waybill
from purchasing.recalculate import Parts
from purchasing.receiving import Defect
from purchasing.refunds import Refund
from purchasing.refusals import Refusal
from purchasing.status_names import CustomNames, custom_names
from purchasing.words import ConsentState, LineStatus, ProviderName

router = Router(name="lines")


@dataclass(frozen=True)
class Tie:
    """A provider line that covers pieces of the line; `received`: those of them that are in the warehouse."""

    quantity: int
    received: int
    order: ProviderOrder
    line: ProviderLine
    nick: str

    @property
    def waybills(self) -> list[Waybill]:
        return [w for w in self.order.waybills if not w.sub_numbers or self.line.sub_number in w.sub_numbers]


@dataclass(frozen=True)
class LineCard:
    viewer: Person
    line: OrderLine
    order: Order
    ties: list[Tie]
    holder: str
    custom: CustomNames
    url: str
    """The product's page, made from its id: what the file said is not trusted as a link."""
    photos: int
    defects: list[Defect]
    notes: list[LineNote]
    changeable: bool
    """Its goods and pieces may be changed by the viewer."""
    link: str
    consent: Consent | None
    """What its customer is asked, or owes, now."""
    refunds: list[Refund]
    starts: bool
    cancels: bool
    """Whether the viewer may make it ready, or cancel it."""


def load_line(store: Store, address: Address, viewer: Person, now: datetime) -> LineCard:
    line = store.lines.get(int(address.args[0]))
    order = store.orders.get(line.order_id) if line else None
    if line is None or order is None:
        raise Stale("line_gone")
    ready = line.status is LineStatus.READY
    holder_id = store.lines.holders([line.id], now).get(line.id) if ready else None
    holder = store.people.get(holder_id) if holder_id else None
    who = holder.name if holder else ""
    return LineCard(
        viewer,
        line,
        order,
        list(_ties(store, line)),
        who,
        custom_names(store),
        url_of(line),
        len(store.warehouse.photos(line.id)),
        store.warehouse.defects([line.id]),
        store.line_notes.of_line(line.id),
        line.status in CHANGEABLE and has(viewer, Right.BUY) and not store.bindings.of_lines([line.id]),
        link_to(store, "line", line.id),
        store.consents.open_of([line.id]).get(line.id),
        store.refunds.of_lines([line.id]),
        has(viewer, Right.BUY) and may_start(store, line),
        has(viewer, Right.BUY) and may_cancel(store, line),
    )


def url_of(line: OrderLine) -> str:
    """The product's page, made from its id: what the file said is not trusted as a link."""
    sku = line.sku if line.sku.isdigit() else ""
    return ProductLink(line.provider, line.item_id, sku, line.why == Refusal.TMALL).url


def _ties(store: Store, line: OrderLine) -> Iterator[Tie]:
    for binding in store.bindings.of_lines([line.id]):
        provider_line = store.provider_orders.line(binding.provider_line_id)
        order = store.provider_orders.get(provider_line.provider_order_id) if provider_line else None
        if provider_line and order:
            account = store.accounts.get(order.account_id)
            yield Tie(binding.quantity, binding.received, order, provider_line, account.nick if account else "")


@screen("line", load=load_line)
def line_screen(state: LineCard, reader: Reader) -> Screen:
    text = lines(*_ordered(state, reader), *[part for tie in state.ties for part in _bought(state, tie, reader)])
    return Screen(text, tuple(_rows(state, reader)))


def _ordered(state: LineCard, reader: Reader) -> Iterator[object]:
    line, order = state.line, state.order
    title = bold(line.title or line.item_id)
    yield Html(f"{names.STATUS_SIGNS[line.status]} {link(title, state.url) if state.url else title}")
    yield Html(f"{esc(names.provider(line.provider))} · {code(line.item_id)}")
    if line.sku:
        yield reader.text("Configuration: {sku}", sku=line.sku)
    yield reader.text("Status: {status}", status=names.status(reader, line.status))
    if line.why:
        yield reader.text("Why: {why}", why=refusals.happened(reader, line.why))
    if state.holder:
        yield reader.text("🔒 {holder} has it in a preview now", holder=state.holder)
    yield reader.text("Order {number}, {customer}", number=code(order.number), customer=order.customer or "—")
    yield from _by_hand(line, reader)
    yield from _prices(state, reader)
    yield from _beside_the_status(state, reader)
    if line.weight:
        yield reader.text("Weight: {grams} g", grams=line.weight)
    if line.comment:
        yield reader.text("Comment: {comment}", comment=line.comment)
    if line.seller_note:
        yield reader.text("✉️ To the seller: {note}", note=line.seller_note)
    for note in state.notes[-2:]:
        yield Html(f"🗒 {esc(_short(note.text))}")
    for defect in state.defects[-3:]:
        yield bold(Html(f"{reader.text(KINDS[defect.kind])} {esc(defect.note)}"))


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"


def _by_hand(line: OrderLine, reader: Reader) -> Iterator[Html]:
    """What the customer's order says where staff have chosen otherwise."""
    told = dict(line.told)
    if "item_id" in told or "provider" in told:
        provider = ProviderName(told.get("provider", line.provider))
        item_id, sku = told.get("item_id", line.item_id), told.get("sku", line.sku)
        old = ProductLink(provider, item_id, sku if sku.isdigit() else "")
        named = Html(f"{esc(names.provider(provider))} {link(item_id, old.url)} {esc(sku)}")
        yield reader.text("🔁 Replaced by hand; the order says: {product}", product=named)
    elif "sku" in told:
        yield reader.text("🎨 Chosen by hand; the order says: {sku}", sku=told["sku"] or "—")
    if line.split_from is not None:
        yield reader.text("✂️ A part of a line: its pieces were split off by hand.")
    elif "quantity" in told:
        yield reader.text("✂️ The order says {n} pieces; the rest is in other lines or was kept so.", n=told["quantity"])


def _prices(state: LineCard, reader: Reader) -> Iterator[object]:
    line, order = state.line, state.order
    total = goods_total(line.price, line.quantity)
    price = reader.money(line.price, "CNY")
    whole = reader.text("{n} × {price} = {total}", n=line.quantity, price=price, total=reader.yuan(total))
    yield Html(" · ".join(filter(None, (whole, reader.converted(total, order.rate, order.currency)))))
    if line.shipping:
        yield reader.text("Delivery in the order: {sum}", sum=reader.yuan(line.shipping))
    if line.customer_price is not None:
        yield reader.text("Customer's price: {price}", price=reader.money(line.customer_price, order.currency))
    yield _cost(line, reader)


def _beside_the_status(state: LineCard, reader: Reader) -> Iterator[Html]:
    if state.consent:
        yield bold(_asked(state.consent, reader))
    if any(refund.open for refund in state.refunds):
        yield bold(reader.text("↩️ A refund is open"))


def _asked(consent: Consent, reader: Reader) -> Html:
    if consent.state is ConsentState.OWES:
        return reader.text("🤝 The customer agreed to a new price and owes the difference")
    return reader.text("🤝 Waits for the customer's answer to a new price")


def _cost(line: OrderLine, reader: Reader) -> Html | None:
    """What it really costs, once that is known."""
    if line.purchase_price is None:
        return None
    goods, delivery = goods_total(line.purchase_price, line.quantity), line.purchase_shipping or 0
    return reader.text(
        "Costs us {total}: goods {goods}, delivery {delivery}",
        total=reader.yuan(goods + delivery),
        goods=reader.yuan(goods),
        delivery=reader.yuan(delivery),
    )


def _bought(state: LineCard, tie: Tie, reader: Reader) -> Iterator[object]:
    yield ""
    yield bold(reader.text("Bought: {n} of {whole}", n=tie.quantity, whole=state.line.quantity))
    if tie.received:
        yield reader.text("📥 In the warehouse: {n} of {whole}", n=tie.received, whole=tie.quantity)
    yield reader.text("Account: {nick}", nick=tie.nick)
    yield reader.text("Provider order: {number}", number=code(tie.order.number))
    raw = tie.line.raw_status or tie.order.raw_status
    said = status_name(reader, tie.order.provider, raw, state.custom)
    yield reader.text("The marketplace says: {raw}", raw=said)
    yield reader.text("Purchase price: {price}", price=reader.money(tie.line.unit_price, "CNY"))
    for waybill in tie.waybills:
        carrier = waybill.carrier_name or carrier_name(reader, waybill.carrier)
        old = reader.text("(replaced)") if waybill.replaced_at else ""
        old = reader.text("(typed)") if waybill.typed_by and not old else old
        yield reader.text("📮 {number} {carrier} {old}", number=code(waybill.number), carrier=carrier, old=old)


def _rows(state: LineCard, reader: Reader) -> Iterator[Row]:
    for tie in state.ties[:3]:
        yield (Button(reader.text("Copy order {number}", number=tie.order.number), Copy(tie.order.number)),)
        for waybill in tie.waybills[:3]:
            yield (Button(reader.text("Copy track number {number}", number=waybill.number), Copy(waybill.number)),)
    if state.consent:
        yield (Button(reader.text("🤝 Customer's answer"), Address.of("consent", state.consent.request_id)),)
    elif state.line.purchase_price is not None and has(state.viewer, Right.BUY):
        recalculation = Address.of("recalc", state.order.id, Parts.BOTH, state.line.id)
        yield (Button(reader.text("Recalculate for the customer"), recalculation),)
    yield from _refund_rows(state, reader)
    yield from decision_rows(state.line, reader, starts=state.starts, cancels=state.cancels)
    photos = reader.text("📷 Photos · {n}", n=state.photos) if state.photos else reader.text("📷 Photos")
    yield (Button(photos, Address.of("line_photos", state.line.id)),)
    if state.changeable:
        yield (Button(reader.text("🔁 Replace, split…"), Address.of("line_goods", state.line.id)),)
    notes = reader.text("🗒 Notes · {n}", n=len(state.notes)) if state.notes else reader.text("🗒 Notes")
    yield (Button(notes, Address.of("line_notes", state.line.id)),)
    if has(state.viewer, Right.BUY) or has(state.viewer, Right.RECEIVE):
        yield (Button(reader.text("✏️ Weight, prices, track numbers…"), Address.of("line_edit", state.line.id)),)
    if state.url:
        yield (Button(reader.text("Open the product"), Url(state.url)),)
    yield copy_row(reader, state.link)
    yield back_row(reader, Address.of("order", state.order.id))


def _refund_rows(state: LineCard, reader: Reader) -> Iterator[Row]:
    """The way to the line's refunds, newest first, or to a new one."""
    for refund in state.refunds[:-3:-1]:
        yield (Button(reader.text("↩️ Refund ×{n}", n=refund.quantity), Address.of("refund", refund.id)),)
    is_open = any(refund.open for refund in state.refunds)
    if not is_open and state.line.status in REFUNDABLE and has(state.viewer, Right.BUY):
        yield (Button(reader.text("↩️ Open a refund"), Address.of("refund_new", state.line.id)),)
