"""Decides what an offer means for the lines that want it. Its refusals are hints; a preview has the last word."""

from collections import Counter
from collections.abc import Mapping, Sequence

from providers.alibaba1688.products import NoOffer, Offer, Sku
from providers.base import part_of_choice, same_choice
from purchasing.provider import LineRefusal, Quote, Want
from purchasing.refusals import Refusal

_GONE = {"member expired", "auto expired", "expired", "member deleted", "deleted"}
_NOT_YET = {"new", "TBD", "auditing", "untread"}

Found = tuple[Refusal, str] | None
"""A refusal and its detail, or None when nothing speaks against the line."""


def quotes(wants: Sequence[Want], offers: Mapping[str, Offer | NoOffer]) -> list[Quote]:
    """One quote a want, in order. A tier's price counts all pieces of the offer, a stock all pieces of the sku."""
    choices = [_resolve(want, offers[want.item_id]) for want in wants]
    of_offer: Counter[str] = Counter()
    of_sku: Counter[tuple[str, str]] = Counter()
    for want, choice in zip(wants, choices, strict=True):
        of_offer[want.item_id] += want.quantity
        if isinstance(choice, Sku):
            of_sku[want.item_id, choice.spec_id] += want.quantity
    return [
        _quote(want, offers[want.item_id], choice, of_offer, of_sku)
        for want, choice in zip(wants, choices, strict=True)
    ]


def _quote(
    want: Want,
    offer: Offer | NoOffer,
    choice: Sku | Refusal | None,
    of_offer: Mapping[str, int],
    of_sku: Mapping[tuple[str, str], int],
) -> Quote:
    if isinstance(offer, NoOffer):
        return Quote(want.line_id, refusal=LineRefusal(want.line_id, offer.refusal, offer.detail))
    sku = choice if isinstance(choice, Sku) else None
    stock = sku.stock if sku else offer.stock
    pieces = of_sku[want.item_id, sku.spec_id] if sku else of_offer[want.item_id]
    found = _not_sold(offer)
    if found is None and isinstance(choice, Refusal):
        found = (choice, want.sku)
    found = found or _short(stock, pieces) or _below_minimum(offer, of_offer[want.item_id])
    return Quote(
        line_id=want.line_id,
        unit_price=None if isinstance(choice, Refusal) else offer.unit_price(sku, of_offer[want.item_id]),
        seller=offer.seller,
        seller_id=offer.seller_id,
        sku_id=sku.spec_id if sku else "",
        choice=sku.choice if sku else "",
        title=offer.title,
        available=stock,
        refusal=LineRefusal(want.line_id, *found) if found else None,
    )


def _resolve(want: Want, offer: Offer | NoOffer) -> Sku | Refusal | None:
    """The sku that `want.sku` names by skuId, specId or its whole text; None for goods without skus."""
    if isinstance(offer, NoOffer):
        return None
    if not offer.skus:
        return Refusal.CONFIGURATION_CHANGED if want.sku else None
    if not want.sku:
        return offer.skus[0] if len(offer.skus) == 1 else Refusal.CONFIGURATION_UNCLEAR
    by_id = [sku for sku in offer.skus if want.sku in {sku.sku_id, sku.spec_id}]
    named = by_id or [sku for sku in offer.skus if _names(want.sku, sku)]
    if len(named) == 1:
        return named[0]
    if named or any(_names_part(want.sku, sku) for sku in offer.skus):
        return Refusal.CONFIGURATION_UNCLEAR
    return Refusal.CONFIGURATION_CHANGED


def _names(text: str, sku: Sku) -> bool:
    return same_choice(text, sku.attributes) or same_choice(text, sku.translated)


def _names_part(text: str, sku: Sku) -> bool:
    return part_of_choice(text, sku.attributes) or part_of_choice(text, sku.translated)


def _not_sold(offer: Offer) -> Found:
    if offer.status in _GONE:
        return Refusal.ITEM_GONE, offer.status
    if offer.status in _NOT_YET or not offer.sold_online:
        return Refusal.NOT_FOR_SALE_ONLINE, offer.status
    return None


def _short(stock: int | None, pieces: int) -> Found:
    if stock is None or stock >= pieces:
        return None
    return (Refusal.STOCK_SHORT, str(stock)) if stock > 0 else (Refusal.SOLD_OUT, "0")


def _below_minimum(offer: Offer, pieces: int) -> Found:
    """A seller of mixed batches may let a basket pass below it: that only the preview knows."""
    if offer.mixed_batch or pieces >= offer.minimum:
        return None
    return Refusal.BELOW_MINIMUM, str(offer.minimum)
