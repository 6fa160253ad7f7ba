"""One line's card: what the customer ordered, what was bought for it, on which account, and where it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Copy, Row, Screen, Url, back_row, screen
from bot.texts import Html, Reader, bold, code, esc, lines, link
from handlers import names, refusals
from handlers.defects import KINDS
from handlers.statuses import status_name
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.links import ProductLink
from purchasing.money import goods_total
from purchasing.orders import Order, OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.provider_orders import ProviderLine, ProviderOrder, Waybill
from purchasing.receiving import Defect
from purchasing.refusals import Refusal
from purchasing.status_names import CustomNames, custom_names
from purchasing.words import LineStatus

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
    line: OrderLine
    order: Order
    ties: list[Tie]
    holder: str
    custom: CustomNames
    url: str
    """The product's page, made from its id: what the file said is not trusted as a link."""
    photos: int
    defects: list[Defect]


def load_line(store: Store, address: Address, _viewer: Person, now: datetime) -> LineCard:
    line = store.lines.get(int(address.args[0]))
    order = store.orders.get(line.order_id) if line else None
    if line is None or order is None:
        raise Stale("line_gone")
    ready = line.status is LineStatus.READY
    holder_id = store.lines.holders([line.id], now).get(line.id) if ready else None
    holder = store.people.get(holder_id) if holder_id else None
    who = holder.name if holder else ""
    return LineCard(
        line,
        order,
        list(_ties(store, line)),
        who,
        custom_names(store),
        url_of(line),
        len(store.warehouse.photos(line.id)),
        store.warehouse.defects([line.id]),
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
    total = goods_total(line.price, line.quantity)
    price = reader.money(line.price, "CNY")
    yield reader.text("{n} × {price} = {total}", n=line.quantity, price=price, total=reader.yuan(total))
    if line.shipping:
        yield reader.text("Delivery in the order: {sum}", sum=reader.yuan(line.shipping))
    if line.customer_price is not None:
        yield reader.text("Customer's price: {price}", price=reader.money(line.customer_price, order.currency))
    if line.purchase_price is not None:
        yield reader.text("Purchase price: {price}", price=reader.money(line.purchase_price, "CNY"))
    if line.weight:
        yield reader.text("Weight: {grams} g", grams=line.weight)
    if line.comment:
        yield reader.text("Comment: {comment}", comment=line.comment)
    for defect in state.defects[-3:]:
        yield bold(Html(f"{reader.text(KINDS[defect.kind])} {esc(defect.note)}"))


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
        carrier = waybill.carrier_name or waybill.carrier
        old = reader.text("(replaced)") if waybill.replaced_at else ""
        yield reader.text("📮 {number} {carrier} {old}", number=code(waybill.number), carrier=carrier, old=old)


def _rows(state: LineCard, reader: Reader) -> Iterator[Row]:
    for tie in state.ties[:3]:
        yield (Button(reader.text("Copy order {number}", number=tie.order.number), Copy(tie.order.number)),)
        for waybill in tie.waybills[:3]:
            yield (Button(reader.text("Copy track number {number}", number=waybill.number), Copy(waybill.number)),)
    photos = reader.text("📷 Photos · {n}", n=state.photos) if state.photos else reader.text("📷 Photos")
    yield (Button(photos, Address.of("line_photos", state.line.id)),)
    if state.url:
        yield (Button(reader.text("Open the product"), Url(state.url)),)
    yield back_row(reader, Address.of("order", state.order.id))
