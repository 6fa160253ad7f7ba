"""Reads codes from pictures of labels. No number counts as read unless it is known or two reads of it agree."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat

from labels.looks import Look, looks
from labels.picture import open_picture
from purchasing import carriers
from purchasing.ports import CodeFound

# Naming the formats makes reading five times faster than trying them all.
FORMATS = {
    BarcodeFormat.Code128: "code128",
    BarcodeFormat.QRCode: "qr",
    BarcodeFormat.EAN13: "ean13",
    BarcodeFormat.EAN8: "ean8",
    BarcodeFormat.DataMatrix: "datamatrix",
    BarcodeFormat.Code39: "code39",
    BarcodeFormat.ITF: "itf",
    BarcodeFormat.PDF417: "pdf417",
}
_FORMATS = zxingcpp.BarcodeFormats(list(FORMATS))
TRUSTED = frozenset({"code128", "code39", "qr", "datamatrix", "pdf417"})
"""Symbologies that carriers print. EAN is a product's number, and half of an ITF code often passes for a whole one."""
PATIENCE = 5.0
"""Seconds after which no further look is begun."""
LONGEST = 200
"""How much of a code's text is kept; some QR codes hold a page."""

Known = Callable[[str], bool]
Quad = tuple[tuple[float, float], ...]
Box = tuple[int, int] | None


@dataclass
class Candidate:
    text: str
    kind: str
    box: Quad = ()
    box_of: Box = None
    hows: list[str] = field(default_factory=list)


def read_codes(picture: bytes, known: Known) -> list[CodeFound]:
    """The codes of one picture; its print is not read. `known` is asked from another thread than the bot's.
    Raises BadInput."""
    return codes_in(open_picture(picture), known)


def codes_in(picture: Image.Image, known: Known) -> list[CodeFound]:
    deadline = time.monotonic() + PATIENCE
    found: dict[tuple[str, str, Box], Candidate] = {}
    for look in looks(picture):
        if not look.always and (time.monotonic() > deadline or _settled(found.values(), known)):
            break
        for candidate in _decode(look):
            entry = found.setdefault((candidate.text, candidate.kind, candidate.box_of), candidate)
            entry.hows.append(look.how)
    return [_judged(candidate, known) for candidate in found.values()]


def _decode(look: Look) -> list[Candidate]:
    """What one look shows, each code once."""
    picture = look.see()
    seen: dict[tuple[str, str, Box], Candidate] = {}
    for code in zxingcpp.read_barcodes(picture, formats=_FORMATS):
        spot = code.position
        corners = (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
        box = tuple(look.place((corner.x, corner.y), picture.size) for corner in corners)
        for number in _numbers(code.text):
            one = Candidate(number, FORMATS[code.format], box, carriers.box_of(code.text))
            seen.setdefault((one.text, one.kind, one.box_of), one)
    return [seen[key] for key in sorted(seen, key=str)]


def _numbers(text: str) -> list[str]:
    """The track numbers that a code says; its text when it says none."""
    whole = carriers.normalise(text)
    if carriers.carriers_of(whole):
        return [whole]
    inside = carriers.waybills_in(text)
    return inside or [" ".join(text.split())[:LONGEST]]


def _settled(found: Iterable[Candidate], known: Known) -> bool:
    return enough([_judged(candidate, known) for candidate in found])


def enough(found: Sequence[CodeFound]) -> bool:
    """Something is accepted, and nothing is left that another read could confirm."""
    open_ones = [code for code in found if not code.accepted and may_be_waybill(code.text, code.kind)]
    return not open_ones and any(code.accepted for code in found)


def may_be_waybill(text: str, kind: str) -> bool:
    return kind in TRUSTED and bool(carriers.carriers_of(text))


def _judged(candidate: Candidate, known: Known) -> CodeFound:
    """The rule of trust."""
    text, kind = candidate.text, candidate.kind
    how = " + ".join(candidate.hows)
    sure = known(text)
    carrier = carriers.carrier_code(text) if sure or kind in TRUSTED else ""
    accepted = sure or (len(candidate.hows) > 1 and may_be_waybill(text, kind))
    how = f"known; {how}" if sure else how
    return CodeFound(text, kind, carrier, accepted, how, candidate.box, box_of=candidate.box_of)
