"""Finds the QR code in a picture of the login page, whatever element shows it, and cuts it out for a chat."""

import io
from dataclasses import dataclass

SCALE = 2
QUIET = 24
"""White pixels around the code, which a phone's camera needs."""


@dataclass(frozen=True)
class Qr:
    """`link` is what the code says."""

    png: bytes
    link: str


def find_qr(screenshot: bytes) -> Qr | None:
    """The readable QR code in a PNG; None when there is none, or it is half drawn or covered."""
    import zxingcpp
    from PIL import Image, ImageOps

    page = Image.open(io.BytesIO(screenshot)).convert("RGB")
    codes = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    if not codes:
        return None
    corner = codes[0].position
    xs = [corner.top_left.x, corner.top_right.x, corner.bottom_left.x, corner.bottom_right.x]
    ys = [corner.top_left.y, corner.top_right.y, corner.bottom_left.y, corner.bottom_right.y]
    code = page.crop((min(xs), min(ys), max(xs) + 1, max(ys) + 1))
    code = code.resize((code.width * SCALE, code.height * SCALE), Image.Resampling.NEAREST)
    out = io.BytesIO()
    ImageOps.expand(code, border=QUIET, fill="white").save(out, "PNG")
    return Qr(out.getvalue(), codes[0].text)
