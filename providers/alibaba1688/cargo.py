"""Turns a checkout into what preview and create take: merged lines and an address of texts."""

from collections.abc import Iterable

from providers.alibaba1688.client import as_json
from purchasing.errors import Refused
from purchasing.provider import Checkout, CheckoutLine
from purchasing.recipient import Alibaba1688Recipient
from purchasing.refusals import Refusal

SKU_LIMIT = 50

Pieces = dict[tuple[str, str], int]
"""Quantities by (offerId, specId); specId is "" for goods without skus."""


def merged(lines: Iterable[CheckoutLine]) -> Pieces:
    """1688 refuses the same offer and spec twice in one order."""
    pieces: Pieces = {}
    for line in lines:
        key = (line.item_id, line.sku_id)
        pieces[key] = pieces.get(key, 0) + line.quantity
    return pieces


def parameters(checkout: Checkout) -> dict[str, str]:
    """`addressParam` and `cargoParamList`. Raises Refused(TOO_MANY_LINES, RECIPIENT_MISSING)."""
    if not isinstance(checkout.recipient, Alibaba1688Recipient):
        raise Refused(Refusal.RECIPIENT_MISSING)
    pieces = merged(checkout.lines)
    if len(pieces) > SKU_LIMIT:
        raise Refused(Refusal.TOO_MANY_LINES, detail=f"{len(pieces)} > {SKU_LIMIT}")
    return {
        "addressParam": as_json(_address(checkout.recipient)),
        "cargoParamList": as_json([_cargo(*key, quantity) for key, quantity in pieces.items()]),
    }


def _cargo(offer_id: str, spec_id: str, quantity: int) -> dict[str, object]:
    spec = {"specId": spec_id} if spec_id else {}
    return {"offerId": int(offer_id), **spec, "quantity": quantity}


def _address(to: Alibaba1688Recipient) -> dict[str, str]:
    """Never with an addressId: that would silently win over all these texts."""
    return {
        "fullName": to.name,
        "mobile": to.mobile,
        "phone": to.phone,
        "postCode": to.zip,
        "provinceText": to.province,
        "cityText": to.city,
        "areaText": to.district,
        "townText": "",
        "address": to.address,
    }
