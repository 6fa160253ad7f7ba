"""Ways of looking at a picture, cheap ones first; each is a read of its own that may confirm another."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageFilter, ImageOps

USUAL = 2000
"""Longest side, in pixels, at which most codes are read fastest."""
_SECOND = 0.7
_TILTS = (25, -25, 45, 35, -35)
"""Tilted bars aren't found beyond some 15 degrees; quarter turns the decoder tries itself."""
_SHARPENED = (2.0, 1.7)
"""Two sizes, so that one read of a blurred code can confirm the other."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """`turned` by so many degrees, anticlockwise, from a picture of the size `before`."""

    how: str
    see: Callable[[], Image.Image]
    always: bool = False
    """Taken even when everything seems to be read: one look never is enough."""
    turned: float = 0
    before: tuple[int, int] = (1, 1)

    def place(self, point: Point, size: tuple[int, int]) -> Point:
        """Where a point of the seen picture (of `size`) is in the whole one, as parts of its width and height."""
        if not self.turned:
            return point[0] / size[0], point[1] / size[1]
        angle = math.radians(self.turned)
        x, y = point[0] - size[0] / 2, point[1] - size[1] / 2
        back_x = x * math.cos(angle) - y * math.sin(angle)
        back_y = x * math.sin(angle) + y * math.cos(angle)
        return back_x / self.before[0] + 0.5, back_y / self.before[1] + 0.5


def looks(picture: Image.Image) -> Iterator[Look]:
    longest = max(picture.size)
    usual = scaled(picture, min(1.0, USUAL / longest))
    side = max(usual.size)
    yield Look(f"{side} px", lambda: usual, always=True)
    yield Look(f"{round(side * _SECOND)} px", lambda: scaled(usual, _SECOND), always=True)
    if longest > USUAL:
        yield Look("full size", lambda: picture)
    else:
        yield Look("enlarged", lambda: scaled(usual, 1.5 if longest > 1000 else 3))
    yield Look("contrast", lambda: _contrast(usual), always=True)
    smaller = scaled(usual, min(1.0, 1400 / side))
    for degrees in _TILTS:
        yield Look(f"turned {degrees}°", lambda d=degrees: _turned(smaller, d), False, degrees, smaller.size)  # type: ignore[misc]  # bound now
    for factor in _SHARPENED:
        yield Look(f"sharpened ×{factor:g}", lambda f=factor: _sharpened(smaller, f))  # type: ignore[misc]  # bound now
    yield Look("half", lambda: scaled(usual, 0.5))


def scaled(picture: Image.Image, factor: float) -> Image.Image:
    if factor == 1:
        return picture
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX)


def _contrast(picture: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(picture, cutoff=2).filter(ImageFilter.UnsharpMask(radius=3, percent=200))


def _turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _sharpened(picture: Image.Image, factor: float) -> Image.Image:
    """Twice, moderately: once strongly brings out rings that look like bars."""
    larger = scaled(picture, factor)
    for radius in (6, 4):
        larger = larger.filter(ImageFilter.UnsharpMask(radius, 300, 0))
    return larger
