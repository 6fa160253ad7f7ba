"""Reads codes from pictures of labels. No number counts as read unless it is known or two reads of it agree."""

import math
import time
from dataclasses import dataclass, field
from itertools import zip_longest

from PIL import Image

from labels.bars import Bars, Point, bars_in
from labels.looks import FORMATS, USUAL, Look, close_looks, first_look, scaled, whole_looks
from labels.picture import open_picture
from labels.trust import TRUSTED, Known, enough, may_be_waybill
from purchasing import carriers
from purchasing.parcels import parcel_id_of
from purchasing.ports import CodeFound

PATIENCE = 5.0
"""Seconds after which no further look is begun."""
LONGEST = 200
"""How much of a code's text is kept; some QR codes hold a page."""
TRIED = 4
"""Looks at bars that show nothing, after which they are let be when there is an answer already."""
LEAST = 48.0
"""Pixels of a place that is looked at closely: a bar code's may be told as a line."""

Quad = tuple[tuple[float, float], ...]
Box = tuple[int, int] | None


@dataclass
class Candidate:
    text: str
    kind: str
    box: Quad = ()
    box_of: Box = None
    hows: list[str] = field(default_factory=list)

    def at(self, size: tuple[int, int]) -> Point:
        """Its middle, in pixels of a picture of this size."""
        x, y = (sum(corner[axis] for corner in self.box) / len(self.box) for axis in (0, 1))
        return x * size[0], y * size[1]

    def bars(self, size: tuple[int, int]) -> Bars:
        first, second, _, last = ((x * size[0], y * size[1]) for x, y in self.box)
        angle = math.atan2(second[1] - first[1], second[0] - first[0])
        return Bars(self.at(size), angle, max(LEAST, math.dist(first, second)), max(LEAST, math.dist(first, last)))


def read_codes(picture: bytes, known: Known) -> list[CodeFound]:
    """The codes of one picture; its print is not read. `known` is asked from another thread than the bot's.
    Raises BadInput."""
    return codes_in(open_picture(picture), known)


def codes_in(picture: Image.Image, known: Known) -> list[CodeFound]:
    """First a quick look at the whole, then close ones at what may be bars, then thorough ones at the whole."""
    usual = scaled(picture, min(1.0, USUAL / max(picture.size)))
    reading = _Reading(known)
    reading.look(first_look(usual))
    _look_closely(reading, picture, usual)
    for look in whole_looks(picture, usual):
        if reading.settled or reading.late:
            break
        reading.look(look)
    return reading.codes()


def _look_closely(reading: "_Reading", picture: Image.Image, usual: Image.Image) -> None:
    """All bars get their first look before any gets its second."""
    spots = bars_in(usual)
    spots += reading.unconfirmed(spots, usual.size)
    rounds = zip_longest(*(close_looks(picture, usual, bars) for bars in spots))
    for tried, looks in enumerate(rounds):
        for bars, look in zip(spots, looks, strict=True):
            if look is not None and not reading.late and not reading.done_with(bars, usual.size, tried):
                reading.look(look)


class _Reading:
    """What all looks so far have shown."""

    def __init__(self, known: Known) -> None:
        self._known, self._answers = known, dict[str, bool]()
        self._found: dict[tuple[str, str, Box], Candidate] = {}
        self._deadline = time.monotonic() + PATIENCE

    @property
    def late(self) -> bool:
        return time.monotonic() > self._deadline

    @property
    def settled(self) -> bool:
        return enough(self.codes())

    def look(self, look: Look) -> None:
        for candidate in _decode(look):
            entry = self._found.setdefault((candidate.text, candidate.kind, candidate.box_of), candidate)
            entry.hows.append(look.how)

    def unconfirmed(self, spots: list[Bars], size: tuple[int, int]) -> list[Bars]:
        """Where codes were read beside these bars: one that fills the picture has too few bars to a square."""
        lonely = [one for one in self._found.values() if not any(bars.holds(one.at(size)) for bars in spots)]
        return [one.bars(size) for one in lonely if not self._accepted(one)]

    def done_with(self, bars: Bars, size: tuple[int, int], tried: int) -> bool:
        """Whether what these bars say is sure; or nothing can be seen there, and there is an answer elsewhere."""
        here = [one for one in self._found.values() if bars.holds(one.at(size))]
        if any(one.kind == "ean13" or self._accepted(one) for one in here):
            return True
        return not here and tried >= TRIED and any(map(self._accepted, self._found.values()))

    def codes(self) -> list[CodeFound]:
        return [self._judged(candidate) for candidate in self._found.values()]

    def _judged(self, one: Candidate) -> CodeFound:
        sure = self._is_known(one.text)
        carrier = carriers.carrier_code(one.text) if sure or one.kind in TRUSTED else ""
        how = " + ".join(one.hows)
        how = f"known; {how}" if sure else how
        return CodeFound(one.text, one.kind, carrier, self._accepted(one), how, one.box, box_of=one.box_of)

    def _accepted(self, one: Candidate) -> bool:
        """The rule of trust: known, or read twice, by two looks or from two codes that say the same."""
        if self._is_known(one.text):
            return True
        same = [other for other in self._found.values() if other.text == one.text and other.kind in TRUSTED]
        return may_be_waybill(one.text, one.kind) and sum(len(other.hows) for other in same) > 1

    def _is_known(self, number: str) -> bool:
        if number not in self._answers:
            self._answers[number] = self._known(number)
        return self._answers[number]


def _decode(look: Look) -> list[Candidate]:
    """What one look shows, each code once."""
    seen: dict[tuple[str, str, Box], Candidate] = {}
    for code in look.codes():
        spot = code.position
        corners = (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
        box = tuple(look.place((corner.x, corner.y)) for corner in corners)
        for number in _numbers(code.text):
            one = Candidate(number, FORMATS[code.format], box, carriers.box_of(code.text))
            seen.setdefault((one.text, one.kind, one.box_of), one)
    return [seen[key] for key in sorted(seen, key=str)]


def _numbers(text: str) -> list[str]:
    """The track numbers that a code says; its text when it says none."""
    whole = carriers.normalise(text)
    if carriers.carriers_of(whole) or parcel_id_of(whole) is not None:
        return [whole]
    inside = carriers.waybills_in(text)
    return inside or [" ".join(text.split())[:LONGEST]]
