"""Reading a parcel's number from a clean label and from a 12-megapixel photo of one that lies askew."""

import asyncio
import io
import time
from pathlib import Path
from statistics import median

from PIL import Image, ImageFilter

from benchmarks.results import Result
from labels.draw import draw_label
from labels.read import read_codes

NUMBER = "YT8812345678901"
TIMES = 9


async def read_label(_directory: Path) -> list[Result]:
    clean = draw_label(NUMBER, "YTO")
    photo = _photo(clean)
    return [
        Result(name, round(await asyncio.to_thread(_milliseconds, picture), 1), "ms")
        for name, picture in (("read_label clean label", clean), ("read_label 12 MP photo", photo))
    ]


def _photo(label: bytes) -> bytes:
    """4000×3000, the label turned by 17° on a grey table, blurred a little, as a phone's JPEG."""
    table = Image.effect_noise((4000, 3000), 24).convert("RGB")
    paper = Image.open(io.BytesIO(label)).convert("RGBA").resize((2000, 1280)).rotate(17, expand=True)
    table.paste(paper, (700, 500), paper)
    out = io.BytesIO()
    table.filter(ImageFilter.GaussianBlur(1.5)).save(out, "JPEG", quality=85)
    return out.getvalue()


def _milliseconds(picture: bytes) -> float:
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        codes = read_codes(picture, lambda _number: False)
        found.append((time.perf_counter() - began) * 1000)
        assert NUMBER in {code.text for code in codes if code.accepted}, "the benchmark's own label isn't read"
    return median(found)
