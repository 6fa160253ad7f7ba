"""Other goods in a line, or some of its pieces as a line of their own, while nothing is bought for it.

What the shop's file says stays known, so that the same file again undoes nothing; the sum of the pieces is kept."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from purchasing.errors import BadInput, Conflict, Stale
from purchasing.hand_edits import edit_line, note_edit, remember_told, touch_line, write_columns
from purchasing.line_status import Mover
from purchasing.links import NotAProduct, ProductLink, parse_link
from purchasing.money import share
from purchasing.moves import move
from purchasing.orders import PART, OrderLine, data_of, said
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.provider_orders import LineChange
from purchasing.refusals import Refusal
from purchasing.split_pieces import DIVIDED
from purchasing.typed import one_line
from purchasing.words import LineStatus

CHANGEABLE = frozenset({LineStatus.NEW, LineStatus.READY, LineStatus.BY_HAND})
LONGEST_LINK = 2000
LONGEST_CHOICE = 200
SPLIT, JOINED = "split", "joined"
"""Kinds of events; JOINED is also why a part without pieces is cancelled."""


def unbought(store: Store, person: Person, line_id: int) -> OrderLine:
    """Raises NotAllowed, and Stale when something is bought for it."""
    check(person, Right.BUY)
    line = store.lines.get(line_id)
    if line is None:
        raise Stale("line_gone")
    if line.status not in CHANGEABLE or store.bindings.of_lines([line_id]):
        raise Stale("line_being_bought")
    return line


def changeable(store: Store, person: Person, line_id: int, now: datetime) -> OrderLine:
    """Raises NotAllowed, Stale when something is bought for it, Conflict while it is in a preview."""
    line = unbought(store, person, line_id)
    holder_id = store.lines.holders([line_id], now).get(line_id)
    if holder_id is not None:
        holder = store.people.get(holder_id)
        raise Conflict("lines_held", holder.name if holder else "")
    return line


def product_of(typed: str) -> ProductLink:
    """Raises BadInput(product, rule)."""
    try:
        return parse_link(one_line(typed[:LONGEST_LINK]))
    except NotAProduct as error:
        raise BadInput("product", f"product_{error.rule}", typed) from None


def replace_product(store: Store, person: Person, line_id: int, product: ProductLink, now: datetime) -> None:
    """The line is bought as this product from now on; a choice given in words is looked for there too.
    Raises NotAllowed, Stale, Conflict, BadInput."""
    line = changeable(store, person, line_id, now)
    values = with_product(line, product)
    if all(getattr(line, name) == value for name, value in values.items() if name != "item_url"):
        raise BadInput("product", "product_same", product.url)
    write_columns(store, line, values, now)
    before, after = (f"{x.provider} {x.item_id} {x.sku}".strip() for x in (line, replace(line, **values)))
    note_edit(store, person, line, "product", before, after, now)
    _judge(store, line, product, now)


def with_product(line: OrderLine, product: ProductLink) -> dict[str, Any]:
    """The columns that make the line this product; a sku's number means nothing on another page."""
    words = "" if line.sku.isdigit() else line.sku
    own = {"provider": product.provider, "item_id": product.item_id, "sku": product.sku or words}
    same = (line.provider, line.item_id) == (product.provider, product.item_id)
    return own | {"item_url": product.url, "seller": line.seller if same else ""}


def replace_choice(store: Store, person: Person, line_id: int, typed: str, now: datetime) -> None:
    """Another configuration of the same product, as its text or its sku's number; "-" for a product without.
    Raises NotAllowed, Stale, Conflict, BadInput."""
    line, text = changeable(store, person, line_id, now), one_line(typed)
    sku = "" if text in ("-", "—") else text
    if len(sku) > LONGEST_CHOICE:
        raise BadInput("sku", "choice_200", typed)
    edit_line(store, person, line, {"sku": sku}, now)
    if line.status is not LineStatus.BY_HAND:  # what kept it from being bought may be gone
        store.lines.set_status([line.id], line.status)


def split_line(store: Store, person: Person, line_id: int, pieces: int, now: datetime) -> OrderLine:
    """`pieces` of the line as a line of their own, which is returned. Raises NotAllowed, Stale, Conflict, BadInput."""
    line = changeable(store, person, line_id, now)
    if not 1 <= pieces < line.quantity:
        raise BadInput("pieces", "split_pieces", str(pieces))
    left: dict[str, Any] = {"quantity": line.quantity - pieces, **_shares(line, pieces, 0)}
    taken = {"quantity": pieces, **_shares(line, pieces, 1)}
    made = _add_part(store, line, taken)
    told = {name: said(getattr(line, name)) for name in DIVIDED} if line.split_from is None else {}
    store.lines.save(line.id, replace(data_of(line), **left))
    remember_told(store, line.id, told | dict(line.told))
    _note_pieces(store, person, line, f"{line.quantity}", f"{left['quantity']} + {pieces}", now)
    params = (("n", str(pieces)), ("whole", str(line.quantity)), ("who", person.name))
    store.events.add(LineChange(line.order_id, made.id, SPLIT, params), None, now)
    return made


def join_line(store: Store, person: Person, line_id: int, now: datetime) -> OrderLine:
    """A part's pieces back into the line they were split off, which is returned; the part is empty and cancelled.
    Raises NotAllowed, Stale, Conflict."""
    part = changeable(store, person, line_id, now)
    if part.split_from is None:
        raise Stale("line_not_split")
    line = changeable(store, person, part.split_from, now)
    if not same_goods(part, line):
        raise Stale("parts_differ")
    whole: dict[str, Any] = {name: (getattr(line, name) or 0) + (getattr(part, name) or 0) for name in DIVIDED}
    if line.purchase_shipping is None and part.purchase_shipping is None:
        del whole["purchase_shipping"]
    store.lines.save(line.id, replace(data_of(line), **whole))
    remember_told(store, line.id, dict(line.told))
    store.lines.save(part.id, replace(data_of(part), quantity=0, shipping=0, purchase_shipping=None))
    move(store, [part], LineStatus.CANCELLED, Mover.PERSON, now, why=JOINED)
    _note_pieces(store, person, line, f"{line.quantity} + {part.quantity}", f"{whole['quantity']}", now)
    return line


def same_goods(one: OrderLine, other: OrderLine) -> bool:
    goods = ((x.provider, x.item_id, x.sku, x.status, x.price) for x in (one, other))
    return len(set(goods)) == 1


def _judge(store: Store, line: OrderLine, product: ProductLink, now: datetime) -> None:
    """Tmall goods are bought by hand; what kept the old product from being bought says nothing of the new one."""
    if product.tmall and line.status is not LineStatus.BY_HAND:
        move(store, [line], LineStatus.BY_HAND, Mover.PERSON, now, why=Refusal.TMALL)
    elif line.status is not LineStatus.BY_HAND or product.tmall or line.why == Refusal.TMALL:
        store.lines.set_status([line.id], line.status, Refusal.TMALL if product.tmall else "")


def _shares(line: OrderLine, pieces: int, place: int) -> dict[str, int | None]:
    """Sums of the whole line, divided like its pieces."""
    weights = [line.quantity - pieces, pieces]
    purchase = line.purchase_shipping
    return {
        "shipping": share(line.shipping, weights)[place],
        "purchase_shipping": None if purchase is None else share(purchase, weights)[place],
    }


def _add_part(store: Store, line: OrderLine, taken: dict[str, Any]) -> OrderLine:
    """Its key is the shop's line's with its number: no file makes such a key, so none takes the part for a new row."""
    root = line.split_from or line.id
    whole = store.lines.get(root) or line
    number = 2 + sum(other.split_from == root for other in store.lines.of_order(line.order_id))
    data = replace(data_of(line), key=f"{whole.key}{PART}{number}", **taken)
    made = store.lines.add(line.order_id, data, line.status, split_from=root)
    store.lines.set_status([made.id], line.status, line.why)
    store.lines.set_seller_note(made.id, line.seller_note)
    store.lines.set_told(made.id, {name: word for name, word in line.told if name not in DIVIDED})
    return made


def _note_pieces(store: Store, person: Person, line: OrderLine, before: str, after: str, now: datetime) -> None:
    note_edit(store, person, line, "quantity", before, after, now)
    touch_line(store, line, now)
