"""Reads codes from pictures of labels. No number counts as read unless it is known or two reads of it agree."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat

from labels.looks import looks
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
READERS = 2
LONGEST = 200
"""How much of a code's text is kept; some QR codes hold a page."""

Known = Callable[[str], bool]


@dataclass
class Candidate:
    text: str
    kind: str
    hows: list[str] = field(default_factory=list)


class LabelReader:
    """Implements purchasing.ports.LabelReader, in few threads: decoders let other threads run meanwhile."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(READERS, "labels")

    async def read(self, picture: bytes, known: Known) -> list[CodeFound]:
        return await asyncio.get_running_loop().run_in_executor(self._threads, read_codes, picture, known)

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)


def read_codes(picture: bytes, known: Known) -> list[CodeFound]:
    """See purchasing.ports.LabelReader.read. `known` is asked from another thread than the bot's."""
    deadline = time.monotonic() + PATIENCE
    found: dict[tuple[str, str], Candidate] = {}
    for look in looks(open_picture(picture)):
        if not look.always and (time.monotonic() > deadline or _settled(found, known)):
            break
        for candidate in _decode(look.see()):
            entry = found.setdefault((candidate.text, candidate.kind), candidate)
            entry.hows.append(look.how)
    return [_judged(candidate, known) for candidate in found.values()]


def _decode(picture: Image.Image) -> list[Candidate]:
    """What one look shows, each code once."""
    codes = zxingcpp.read_barcodes(picture, formats=_FORMATS)
    seen = {(number, FORMATS[code.format]) for code in codes for number in _numbers(code.text)}
    return [Candidate(text, kind) for text, kind in sorted(seen)]


def _numbers(text: str) -> list[str]:
    """The track numbers that a code says; its text when it says none."""
    whole = carriers.normalise(text)
    if carriers.carriers_of(whole):
        return [whole]
    inside = carriers.waybills_in(text)
    return inside or [" ".join(text.split())[:LONGEST]]


def _settled(found: dict[tuple[str, str], Candidate], known: Known) -> bool:
    """Something is accepted, and nothing is left that another look could confirm."""
    judged = [_judged(candidate, known) for candidate in found.values()]
    open_ones = [code for code in judged if not code.accepted and _may_be_waybill(code.text, code.kind)]
    return not open_ones and any(code.accepted for code in judged)


def _may_be_waybill(text: str, kind: str) -> bool:
    return kind in TRUSTED and bool(carriers.carriers_of(text))


def _judged(candidate: Candidate, known: Known) -> CodeFound:
    """The rule of trust."""
    text, kind = candidate.text, candidate.kind
    how = " + ".join(candidate.hows)
    if known(text):
        return CodeFound(text, kind, carriers.carrier_code(text), accepted=True, how=f"known; {how}")
    agreed = len(candidate.hows) > 1 and _may_be_waybill(text, kind)
    carrier = carriers.carrier_code(text) if kind in TRUSTED else ""
    return CodeFound(text, kind, carrier, accepted=agreed, how=how)
