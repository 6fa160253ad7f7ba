"""What the business layer's codes mean to us. A code that isn't known is a refusal with its text, never a success."""

import re
from collections.abc import Collection, Iterable

from providers.alibaba1688.wire import Wire
from purchasing.provider import CheckoutLine, LineRefusal
from purchasing.refusals import Refusal

_CODES = {
    "500_001": Refusal.NOT_FOR_SALE_ONLINE,
    "500_004": Refusal.STOCK_SHORT,
    "500_005": Refusal.BELOW_MINIMUM,
    "500_006": Refusal.MIXED_BATCH,
    "500_007": Refusal.NOT_FOR_SALE_ONLINE,
    "500_008": Refusal.NOT_FOR_SALE_ONLINE,
    "500_009": Refusal.BELOW_MINIMUM,
    "ORDER_STATUS_ERROR": Refusal.ORDER_PAID,
    "ORDER_NOT_EXIST": Refusal.ORDER_NOT_FOUND,
    "400_3": Refusal.ORDER_NOT_FOUND,
    "order.nopermission.buyer": Refusal.ORDER_NOT_FOUND,
    "CLOSE_ORDER_TOO_FAST": Refusal.TOO_SOON,
}
_TEXTS = (
    (re.compile("tradeType"), Refusal.NO_ESCROW),
    # Inferred from the words that 1688's pages use.
    (re.compile("限购"), Refusal.QUANTITY_LIMIT),
    (re.compile("留言"), Refusal.NOTE_TOO_LONG),
    (re.compile("不支持配送|无法配送|不配送"), Refusal.NO_DELIVERY),
    (re.compile("address|地址", re.IGNORECASE), Refusal.ADDRESS_INVALID),
)
_SELLERS_OR_SPEC = {"500_002", "500_003"}
_POINTER = re.compile(r"\[(\d+)(?:_([0-9A-Za-z]+))?\]")
# No code of these kinds is documented: inferred from what such codes are usually called.
_TEMPORARY = re.compile(r"system|time_?out|busy|unknown|系统|超时|繁忙", re.IGNORECASE)
_LIMIT = re.compile(r"limit|上限|频繁", re.IGNORECASE)


class FailedOffer(Wire):
    """A line that a create left out."""

    offer_id: str = ""
    spec_id: str = ""
    error_code: str = ""
    error_message: str = ""


def meaning(code: str, message: str, offers: Collection[str] = ()) -> Refusal:
    """`offers`: the offers asked about; two codes mean several sellers or a spec that the offer doesn't have."""
    if code in _SELLERS_OR_SPEC:
        names_spec = any(spec for _, spec in _POINTER.findall(message))
        return Refusal.SEVERAL_SELLERS if len(offers) > 1 and not names_spec else Refusal.CONFIGURATION_CHANGED
    by_text = (refusal for pattern, refusal in _TEXTS if pattern.search(message))
    return _CODES.get(code) or next(by_text, Refusal.UNKNOWN)


def looks_temporary(code: str, message: str) -> bool:
    """A failure inside 1688 after which nobody can say what was done."""
    return bool(re.fullmatch(r"5\d\d", code) or _TEMPORARY.search(code) or (not code and _TEMPORARY.search(message)))


def looks_like_limit(code: str, message: str) -> bool:
    return code not in _CODES and bool(_LIMIT.search(code) or _LIMIT.search(message))


def line_refusals(code: str, message: str, lines: Iterable[CheckoutLine]) -> tuple[LineRefusal, ...]:
    """For the lines that the message points at with `[offerId]` or `[offerId_specId]`; for all when at none."""
    lines = tuple(lines)
    refusal = meaning(code, message, {line.item_id for line in lines})
    pointers = _POINTER.findall(message)
    meant = [line for line in lines if any(_points_at(pointer, line) for pointer in pointers)] or lines
    return tuple(LineRefusal(line.line_id, refusal, f"{code} {message}".strip()) for line in meant)


def failed_refusals(failed: Iterable[FailedOffer], lines: Iterable[CheckoutLine]) -> tuple[LineRefusal, ...]:
    lines = tuple(lines)
    offers = {line.item_id for line in lines}
    return tuple(
        LineRefusal(
            line.line_id,
            meaning(one.error_code, one.error_message, offers),
            f"{one.error_code} {one.error_message}".strip(),
        )
        for line in lines
        for one in failed
        if _points_at((one.offer_id, one.spec_id), line)
    )


def _points_at(pointer: tuple[str, str], line: CheckoutLine) -> bool:
    offer_id, spec_id = pointer
    return offer_id == line.item_id and (not spec_id or spec_id == line.sku_id)
