"""Photos of labels made up for the tests: tilted, blurred, dark, small."""

import io
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageFilter
from zxingcpp import BarcodeFormat

from labels.draw import draw_label


@dataclass(frozen=True)
class Shot:
    degrees: float = 0
    blur: float = 0
    light: float = 1
    size: tuple[int, int] = (1280, 960)
    scale: float = 0.6
    quality: int = 85


def photo(label: bytes, shot: Shot | None = None) -> bytes:
    """A JPEG of the label lying on something grey."""
    shot = shot or Shot()
    paper = Image.open(io.BytesIO(label)).convert("L")
    paper = paper.resize((round(paper.width * shot.scale), round(paper.height * shot.scale)))
    paper = paper.rotate(shot.degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=128)
    picture = Image.new("L", shot.size, 128)
    picture.paste(paper, ((shot.size[0] - paper.width) // 2, (shot.size[1] - paper.height) // 2))
    if shot.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(shot.blur))
    return encoded(picture.point(lambda value: value * shot.light), "JPEG", shot.quality)


def photo_of_several(numbers: list[str]) -> bytes:
    picture = Image.new("L", (1280, 1700), 128)
    for row, number in enumerate(numbers):
        label = Image.open(io.BytesIO(draw_label(number))).resize((800, 512))
        picture.paste(label, (200, 30 + row * 550))
    return encoded(picture, "JPEG", 85)


def code(text: str, kind: BarcodeFormat) -> bytes:
    """A bare code on white."""
    bars = Image.fromarray(zxingcpp.create_barcode(text, kind).to_image(scale=4)).convert("L")
    picture = Image.new("L", (bars.width + 80, bars.height + 80), 255)
    picture.paste(bars, (40, 40))
    return encoded(picture, "PNG")


def encoded(picture: Image.Image, kind: str, quality: int = 85) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=quality)
    return out.getvalue()
