"""Draws parcel labels: a bar code with its number printed below. Only what a label may show is on it."""

import io

import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from zxingcpp import BarcodeFormat

WIDTH, HEIGHT = 1000, 640
_MARGIN = 40


def draw_label(number: str, carrier: str = "", note: str = "") -> bytes:
    """A PNG of 1000×640: the carrier's name (Latin letters), `number` as Code 128 and in print, and a short note."""
    label = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(label)
    pen.rectangle((8, 8, WIDTH - 9, HEIGHT - 9), outline=0, width=4)
    pen.text((_MARGIN, _MARGIN), carrier, fill=0, font=ImageFont.load_default(64))
    bars = _bars(number)
    label.paste(bars, ((WIDTH - bars.width) // 2, 170))
    pen.text((WIDTH // 2, 470), number, fill=0, font=ImageFont.load_default(56), anchor="mt")
    pen.text((_MARGIN, HEIGHT - 70), note, fill=0, font=ImageFont.load_default(36))
    return _png(label)


def _bars(number: str) -> Image.Image:
    """As wide as fits, in whole pixels a bar."""
    code = zxingcpp.create_barcode(number, BarcodeFormat.Code128)
    modules = Image.fromarray(code.to_image(scale=1)).width
    scale = max(1, (WIDTH - 2 * _MARGIN) // modules)
    bars = Image.fromarray(code.to_image(scale=scale))
    return bars.resize((bars.width, 270), Image.Resampling.NEAREST)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
