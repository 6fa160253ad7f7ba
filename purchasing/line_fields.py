"""What is typed about a line, field by field, each checked by its rule before it is kept.

Only what changes nothing for the customer: the customer's price is changed by a recalculation, with consent."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from purchasing.change_goods import replace_choice
from purchasing.errors import BadInput, NotAllowed, Stale
from purchasing.hand_edits import EDITED, edit_line
from purchasing.line_notes import set_seller_note
from purchasing.money import fen
from purchasing.orders import OrderLine, said
from purchasing.parcel_fields import grams
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.provider_orders import LineChange
from purchasing.typed import one_line

FIELDS = ("weight", "purchase_price", "purchase_shipping", "comment")
LONGEST_COMMENT = 500
DEAREST = Decimal(1_000_000)


def may_edit(person: Person, field: str) -> bool:
    return has(person, Right.BUY) or (field == "weight" and has(person, Right.RECEIVE))


def set_line_field(store: Store, person: Person, line_id: int, field: str, text: str, now: datetime) -> None:
    """ "-" empties a field. Raises NotAllowed, Stale, BadInput(field, rule, text)."""
    line = _line(store, person, line_id, field)
    text = one_line(text)
    edit_line(store, person, line, {field: _RULES[field]("" if text in ("-", "—") else text)}, now)


def put_back(store: Store, person: Person, line_id: int, now: datetime) -> str:
    """Takes the last change by hand back and returns its column. Raises NotAllowed, Conflict, and Stale when the value
    has changed since."""
    line = store.lines.get(line_id)
    change = last_edit(store, line) if line else None
    if line is None or change is None:
        raise Stale("nothing_to_put_back")
    words = dict(change.params)
    field, before = words["column"], words["before"]
    if field == "sku":
        replace_choice(store, person, line_id, before or "-", now)
    elif field == "seller_note":
        set_seller_note(store, person, line_id, before or "-", now)
    else:
        edit_line(store, person, _line(store, person, line_id, field), {field: _PARSED[field](before)}, now)
    return field


def last_edit(store: Store, line: OrderLine) -> LineChange | None:
    """The newest change by hand, while it can be taken back by a press."""
    changes = store.events.of_line(line, {EDITED}, 1)
    words = dict(changes[0].params) if changes else {}
    still = words.get("column") in _PARSED and said(getattr(line, words["column"])) == words["after"]
    return changes[0] if still else None


def _line(store: Store, person: Person, line_id: int, field: str) -> OrderLine:
    if not may_edit(person, field):
        raise NotAllowed(Right.BUY)
    line = store.lines.get(line_id)
    if line is None or field not in FIELDS:
        raise Stale("line_gone")
    return line


def _price(text: str) -> Decimal | None:
    """Yuan per piece; 1688 has prices below a fen."""
    if not text:
        return None
    price = _sum(text, 4)
    if price is None or not 0 < price <= DEAREST:
        raise BadInput("purchase_price", "yuan_price", text)
    return price


def _delivery(text: str) -> int | None:
    """Fen for the whole line; free delivery is one, too."""
    if not text:
        return None
    total = _sum(text, 2)
    if total is None or total > DEAREST:
        raise BadInput("purchase_shipping", "yuan_delivery", text)
    return fen(total)


def _sum(text: str, decimals: int) -> Decimal | None:
    plain = re.sub(r"[¥￥\s]", "", text).replace(",", ".")
    return Decimal(plain) if re.fullmatch(rf"[0-9]{{1,9}}(?:\.[0-9]{{1,{decimals}}})?", plain) else None


def _comment(text: str) -> str:
    if len(text) > LONGEST_COMMENT:
        raise BadInput("comment", "text_500", text)
    return text


_RULES: dict[str, Callable[[str], Any]] = {
    "weight": grams,
    "purchase_price": _price,
    "purchase_shipping": _delivery,
    "comment": _comment,
}
_PARSED: dict[str, Callable[[str], Any]] = {
    "weight": lambda text: int(text) if text else None,
    "purchase_price": lambda text: Decimal(text) if text else None,
    "purchase_shipping": lambda text: int(text) if text else None,
    "comment": str,
    "sku": str,
    "seller_note": str,
}
"""Values as an event keeps them."""
