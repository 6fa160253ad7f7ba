"""Frames what was read in a picture and names it there, so that a person sees which parcel each answer is about."""

import io
from collections.abc import Sequence

from PIL import ImageDraw, ImageFont

from labels.looks import scaled
from labels.picture import open_picture
from purchasing.ports import CodeFound

SIDE = 1280
_SURE, _UNSURE = "#0a8f2f", "#d07000"


def marked(picture: bytes, codes: Sequence[CodeFound]) -> bytes:
    """A JPEG of at most 1280 pixels wide or high: green frames for accepted codes, orange ones for the others.
    Raises BadInput."""
    grey = open_picture(picture)
    canvas = scaled(grey, min(1.0, SIDE / max(grey.size))).convert("RGB")
    pen = ImageDraw.Draw(canvas)
    for number, code in enumerate(codes, 1):
        if len(code.box) > 1:
            _mark(pen, canvas.size, code, f"{number}: {_latin(code.text)}")
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=75)
    return out.getvalue()


def _mark(pen: ImageDraw.ImageDraw, size: tuple[int, int], code: CodeFound, name: str) -> None:
    corners = [(x * size[0], y * size[1]) for x, y in code.box]
    colour = _SURE if code.accepted else _UNSURE
    pen.line([*corners, corners[0]], fill=colour, width=5)
    height = max(16, size[0] // 40)
    font = ImageFont.load_default(height)
    where = (max(0.0, min(x for x, _ in corners)), max(0.0, min(y for _, y in corners) - height - 8))
    pen.rectangle(pen.textbbox(where, name, font=font), fill=colour)
    pen.text(where, name, fill="white", font=font)


def _latin(text: str) -> str:
    """The font that comes with the picture library knows Latin letters only."""
    return text.encode("ascii", "replace").decode()[:40]
