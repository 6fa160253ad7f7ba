"""Ways of looking at a picture, cheap ones first; each is a read of its own that may confirm another."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageFilter, ImageOps
from zxingcpp import BarcodeFormat, Binarizer

from labels.bars import Bars, Point, turned

USUAL = 1280
"""Longest side, in pixels, at which most codes are read fastest: a photo that Telegram has made smaller."""
LARGE = 2000
_TILTS = (30, -30, 45)
"""Tilted bars aren't found beyond some 15 degrees; quarter turns the decoder tries itself."""

# Naming the formats makes reading five times faster than trying them all; data matrix alone costs as much as the rest.
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
_LINEAR = (BarcodeFormat.Code128, BarcodeFormat.Code39, BarcodeFormat.EAN13, BarcodeFormat.EAN8, BarcodeFormat.ITF)
_ALL = zxingcpp.BarcodeFormats(list(FORMATS))
_BARS = zxingcpp.BarcodeFormats(list(_LINEAR))
_USUAL = zxingcpp.BarcodeFormats([*_LINEAR, BarcodeFormat.QRCode])

_QUICK = 32
"""Rows in which sharp bars are looked at."""

Place = Callable[[Point], Point]


@dataclass(frozen=True)
class Look:
    """`place`: where a point of the seen picture is in the whole one, as parts of its width and height."""

    how: str
    see: Callable[[], Image.Image]
    place: Place
    formats: zxingcpp.BarcodeFormats = _ALL
    thorough: bool = True
    """Also on its side, inverted and smaller."""
    binarizer: Binarizer = Binarizer.LocalAverage

    def codes(self) -> list[zxingcpp.Barcode]:
        wider = self.thorough
        return zxingcpp.read_barcodes(
            self.see(),
            formats=self.formats,
            try_rotate=wider,
            try_downscale=wider,
            try_invert=wider,
            binarizer=self.binarizer,
        )


def first_look(usual: Image.Image) -> Look:
    return Look("whole", lambda: usual, _parts(usual.size), _USUAL, thorough=False)


def close_looks(picture: Image.Image, usual: Image.Image, bars: Bars) -> Iterator[Look]:
    """At these bars alone, upright: small pictures, so that each costs a millisecond or two."""
    close = _Close(picture, usual, bars)
    quick = _Close(picture, usual, bars, rows=_QUICK)
    yield quick.look("close", quick.upright)
    yield close.look("smoothed", lambda: _smoothed(close.upright(), 4))
    for module in (200, 140):
        yield close.look(f"sharpened {module}", lambda m=module: _sharpened(close.upright(), m, 3))  # type: ignore[misc]  # bound now
    yield close.look("levels", lambda: _smoothed(close.upright(), 6), Binarizer.GlobalHistogram)
    for module in (200, 140):
        strong = lambda m=module: _sharpened(close.upright(), m, 8, 400)  # noqa: E731
        yield close.look(f"strongly sharpened {module}", strong)
    for degrees in (2, -2):
        turned_a_little = _Close(picture, usual, bars, math.radians(degrees))
        yield turned_a_little.look(f"turned {degrees}°", lambda t=turned_a_little: _smoothed(t.upright(), 6))  # type: ignore[misc]  # bound now


def whole_looks(picture: Image.Image, usual: Image.Image) -> Iterator[Look]:
    """At everything, thoroughly: for codes that have no bars, and when nothing else has helped."""
    yield Look("thorough", lambda: usual, _parts(usual.size))
    yield _scaled_look("smaller", usual, 0.7)
    if max(picture.size) > USUAL:
        yield _scaled_look("large", picture, min(1.0, LARGE / max(picture.size)))
    else:
        yield _scaled_look("enlarged", usual, 1.5 if max(usual.size) > 1000 else 3)
    yield Look("contrast", lambda: _contrast(usual), _parts(usual.size))
    for degrees in _TILTS:
        yield _turned_look(usual, degrees)
    yield _scaled_look("half", usual, 0.5)


def scaled(picture: Image.Image, factor: float) -> Image.Image:
    if factor == 1:
        return picture
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX)


class _Close:
    """What lies at some bars, cut out of the picture as they stand, wide enough for their quiet zones; `rows`: in no
    more than so many, picked and not averaged."""

    def __init__(self, picture: Image.Image, usual: Image.Image, bars: Bars, more: float = 0, rows: int = 0) -> None:
        factor = picture.width / usual.width
        self._picture, self._bars = picture, bars
        self._centre = bars.centre[0] * factor, bars.centre[1] * factor
        self._angle = bars.angle + more
        width, height = bars.width * 1.25 * factor, bars.height * factor
        zoom = min(1400.0, max(600.0, width)) / width
        self._size = math.ceil(width * zoom), rows or max(24, math.ceil(height * zoom))
        self._step = width / self._size[0], height / self._size[1]
        self._seen: Image.Image | None = None

    def look(self, how: str, see: Callable[[], Image.Image], binarizer: Binarizer = Binarizer.LocalAverage) -> Look:
        return Look(how, see, lambda point: self._place(point, see().size), _BARS, thorough=False, binarizer=binarizer)

    def upright(self) -> Image.Image:
        if self._seen is None:
            (width, height), (x, y) = self._size, self._centre
            (a, d), (b, e) = turned((self._step[0], 0), self._angle), turned((0, self._step[1]), self._angle)
            how = (a, b, x - (a * width + b * height) / 2, d, e, y - (d * width + e * height) / 2)
            transform, finely = Image.Transform.AFFINE, Image.Resampling.BICUBIC
            self._seen = self._picture.transform(self._size, transform, how, finely, fillcolor=255)
        return self._seen

    def _place(self, point: Point, size: tuple[int, int]) -> Point:
        x = (point[0] / size[0] - 0.5) * self._size[0] * self._step[0]
        y = (point[1] / size[1] - 0.5) * self._size[1] * self._step[1]
        x, y = turned((x, y), self._angle)
        return (self._centre[0] + x) / self._picture.width, (self._centre[1] + y) / self._picture.height


def _smoothed(upright: Image.Image, strips: int) -> Image.Image:
    """Averaged along the bars in so many strips: noise goes, bars stay."""
    rows = upright.resize((upright.width, strips), Image.Resampling.BOX)
    return rows.resize((upright.width, strips * 8), Image.Resampling.NEAREST)


def _sharpened(upright: Image.Image, modules: int, strips: int, percent: int = 250) -> Image.Image:
    """For a code of so many modules."""
    larger = _smoothed(upright, strips)
    larger = larger.resize((larger.width * 2, larger.height), Image.Resampling.BICUBIC)
    radius = larger.width / 1.25 / modules
    return ImageOps.autocontrast(larger.filter(ImageFilter.UnsharpMask(radius, percent, 0)), cutoff=1)


def _scaled_look(how: str, picture: Image.Image, factor: float) -> Look:
    size = round(picture.width * factor), round(picture.height * factor)
    return Look(how, lambda: scaled(picture, factor), _parts(size))


def _turned_look(picture: Image.Image, degrees: float) -> Look:
    angle = math.radians(degrees)
    reach = abs(math.cos(angle)), abs(math.sin(angle))
    width = picture.width * reach[0] + picture.height * reach[1]
    height = picture.width * reach[1] + picture.height * reach[0]

    def place(point: Point) -> Point:
        x, y = turned((point[0] - width / 2, point[1] - height / 2), angle)
        return x / picture.width + 0.5, y / picture.height + 0.5

    return Look(f"turned {degrees}°", lambda: _turned(picture, degrees), place, _BARS, thorough=False)


def _parts(size: tuple[int, int]) -> Place:
    return lambda point: (point[0] / size[0], point[1] / size[1])


def _contrast(picture: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(picture, cutoff=2).filter(ImageFilter.UnsharpMask(radius=3, percent=200))


def _turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
