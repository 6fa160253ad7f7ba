"""Pictures that people take or look at: a courier's label with its barcode, and the QR code on a screen."""

import io

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

SIZE = (900, 600)


def label(number: str, carrier: str) -> bytes:
    """A JPEG of a label: carrier, Code128 and the number printed under it; no code at all for an empty number."""
    picture = Image.new("L", SIZE, 235)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((30, 30, SIZE[0] - 30, SIZE[1] - 30), outline=90, width=3)
    draw.text(
        (60, 60), carrier.encode("ascii", "ignore").decode() or "EXPRESS", fill=20, font=ImageFont.load_default(40)
    )
    if number:
        code = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.Code128)
        bars = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=3, add_quiet_zones=True)).convert("L")
        bars = bars.resize((min(bars.width, 780), 180), Image.Resampling.NEAREST)
        picture.paste(bars, ((SIZE[0] - bars.width) // 2, 220))
        draw.text((220, 420), number, fill=20, font=ImageFont.load_default(36))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def read_qr(picture: bytes) -> str:
    """What a phone's camera reads. Raises ValueError when there is no QR code."""
    with Image.open(io.BytesIO(picture)) as opened:
        found = zxingcpp.read_barcodes(
            opened.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
    if not found:
        raise ValueError("no QR code in the picture")
    return str(found[0].text)
