"""Photos of parcel labels made up from a seed, as people take them: tilted, seen askew, blurred, dark, noisy, small.

The same seed and number give the same photo. What is on it is known, so that a wrong answer can be told."""

import io
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from zxingcpp import BarcodeFormat

SEED = 20260101
NUMBERS = (
    *("SF#############", "YT#############", "78############", "77#############", "43#############"),
    *("EA#########CN", "JD############", "JT#############", "DPK############", "YT################"),
)
"""As the carriers of `purchasing.carriers` make them, # for a digit."""
MODULE = 5
"""Pixels of a code's narrowest bar on the label that is drawn first."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Shot:
    """How a photo is taken. `module`: pixels of the narrowest bar on it; `blur` in those; `askew`: by how much of its
    side a corner is out of place; `light` of 1; `noise` in grey levels; `quality` of the JPEG file."""

    kind: str
    labels: int = 1
    size: tuple[int, int] = (1280, 960)
    module: float = 2.6
    degrees: float = 0
    askew: float = 0
    blur: float = 0
    light: float = 1
    noise: float = 2
    quality: int = 87


@dataclass(frozen=True)
class Photo:
    """`waybills`: what must be found and accepted; `others`: what is on it besides and may never be accepted."""

    kind: str
    content: bytes
    waybills: tuple[str, ...]
    others: tuple[str, ...] = ()


def photos(count: int, seed: int = SEED) -> Iterator[Photo]:
    return (make_photo(number, seed) for number in range(count))


def make_photo(number: int, seed: int = SEED) -> Photo:
    dice = random.Random(f"{seed}:{number}")  # noqa: S311 - pictures, no secrets
    shot = KINDS[number % len(KINDS)](dice)
    waybills = tuple(_number(dice) for _ in range(shot.labels))
    others = (_ean(dice),) if shot.kind == "with an EAN" else ()
    papers = [_label(waybill, dice) for waybill in waybills] + [_goods(ean) for ean in others]
    return Photo(shot.kind, _taken(papers, shot, dice), waybills, others)


def _clean(dice: random.Random) -> Shot:
    return Shot("clean", module=dice.uniform(2.2, 3.2), degrees=dice.uniform(-3, 3), quality=dice.randint(85, 95))


def _worse(dice: random.Random) -> Shot:
    """A little of everything."""
    return Shot(
        "everything a little",
        module=dice.uniform(2.2, 3),
        degrees=dice.uniform(-45, 45),
        askew=dice.uniform(0, 0.04),
        blur=dice.uniform(0, 0.35),
        light=dice.uniform(0.4, 1),
        noise=dice.uniform(0, 8),
        quality=dice.randint(50, 85),
    )


KINDS: tuple[Callable[[random.Random], Shot], ...] = (
    _clean,
    lambda dice: replace(_clean(dice), kind="tilted", degrees=dice.uniform(-45, 45)),
    lambda dice: replace(_clean(dice), kind="askew", askew=dice.uniform(0.02, 0.08), degrees=dice.uniform(-10, 10)),
    lambda dice: replace(_clean(dice), kind="blurred", blur=dice.uniform(0.3, 0.6)),
    _clean,
    lambda dice: replace(_clean(dice), kind="dark", light=dice.uniform(0.12, 0.4), noise=dice.uniform(2, 5)),
    lambda dice: replace(_clean(dice), kind="noisy", noise=dice.uniform(8, 25)),
    lambda dice: replace(_clean(dice), kind="compressed", quality=dice.randint(15, 35)),
    _clean,
    lambda dice: replace(_clean(dice), kind="small", module=dice.uniform(1.5, 1.9)),
    lambda dice: replace(_clean(dice), kind="several", labels=dice.randint(2, 4), size=(1280, 1706), module=2.2),
    _worse,
    _clean,
    lambda dice: replace(_clean(dice), kind="on its side", degrees=dice.choice((90, 180, 270)) + dice.uniform(-8, 8)),
    lambda dice: replace(_clean(dice), kind="with an EAN", size=(1280, 1280), module=2.2),
    _worse,
    _clean,
    lambda dice: replace(_clean(dice), kind="tilted", degrees=dice.uniform(-45, 45)),
    lambda dice: replace(_clean(dice), kind="blurred", blur=dice.uniform(0.3, 0.6)),
    lambda dice: replace(
        _worse(dice), kind="12 megapixels", size=(4032, 3024), module=dice.uniform(4, 9), quality=dice.randint(75, 92)
    ),
)


def _number(dice: random.Random) -> str:
    return "".join(dice.choice("0123456789") if sign == "#" else sign for sign in dice.choice(NUMBERS))


def _ean(dice: random.Random) -> str:
    body = "69" + "".join(dice.choice("0123456789") for _ in range(10))
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _label(number: str, dice: random.Random) -> Image.Image:
    """A paper with the code, its number in print below, and what else carriers print; some have a QR code, too."""
    bars = _code(number, BarcodeFormat.Code128, MODULE)
    bars = bars.resize((bars.width, dice.randint(30, 55) * MODULE), Image.Resampling.NEAREST)
    paper = Image.new("L", (max(bars.width, 900) + 80 * 2, bars.height + 900), dice.randint(225, 255))
    pen = ImageDraw.Draw(paper)
    pen.rectangle((10, 10, paper.width - 11, paper.height - 11), outline=0, width=5)
    pen.text((80, 40), dice.choice(("EXPRESS", "STANDARD", "ECONOMY")), fill=0, font=ImageFont.load_default(90))
    paper.paste(bars, ((paper.width - bars.width) // 2, 180))
    below = 180 + bars.height + 10
    pen.text((paper.width // 2, below), number, fill=0, font=ImageFont.load_default(72), anchor="mt")
    for row in range(dice.randint(2, 5)):
        words = "".join(dice.choice("abcdefgh 0123456789") for _ in range(26))
        pen.text((80, below + 130 + 70 * row), words, fill=0, font=ImageFont.load_default(48))
    if dice.random() < 0.3:
        inside = number if dice.random() < 0.5 else f"MMM={{'k1':'755','k2':'{number}','k5':'0.5'}}"
        square = _code(inside, BarcodeFormat.QRCode, MODULE)
        paper.paste(square, (paper.width - square.width - 40, paper.height - square.height - 40))
    return paper


def _goods(ean: str) -> Image.Image:
    """A product's own label."""
    bars = _code(ean, BarcodeFormat.EAN13, MODULE)
    paper = Image.new("L", (bars.width + 120, 500), 250)
    paper.paste(bars.resize((bars.width, 300), Image.Resampling.NEAREST), (60, 60))
    ImageDraw.Draw(paper).text((paper.width // 2, 380), ean, fill=0, font=ImageFont.load_default(60), anchor="mt")
    return paper


def _code(text: str, kind: BarcodeFormat, module: int) -> Image.Image:
    return Image.fromarray(zxingcpp.create_barcode(text, kind).to_image(scale=module)).convert("L")


def _taken(papers: list[Image.Image], shot: Shot, dice: random.Random) -> bytes:
    """The papers lie one below the other on something grey and uneven."""
    picture = _table(shot.size, dice)
    row = shot.size[1] / len(papers)
    for at, paper in enumerate(papers):
        scale = shot.module / MODULE
        lying, mask = _lying(_scaled(paper, scale), shot, dice)
        room = min(1.0, shot.size[0] / lying.width, row / lying.height if len(papers) > 1 else 1.0)
        if room < 1:
            lying, mask = _scaled(lying, room), _scaled(mask, room)
        left = (shot.size[0] - lying.width) // 2 + round(dice.uniform(-0.2, 0.2) * max(0, shot.size[0] - lying.width))
        picture.paste(lying, (left, round(row * at + (row - lying.height) / 2)), mask)
    if shot.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(shot.blur * shot.module))
    return _developed(picture, shot, dice)


def _table(size: tuple[int, int], dice: random.Random) -> Image.Image:
    small = Image.new("L", (8, 6))
    small.putdata([dice.randint(60, 170) for _ in range(48)])
    return small.resize(size, Image.Resampling.BICUBIC)


def _lying(paper: Image.Image, shot: Shot, dice: random.Random) -> tuple[Image.Image, Image.Image]:
    """The paper turned and seen askew, and where it is."""
    width, height = paper.size
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    turn = math.radians(shot.degrees + dice.uniform(-1, 1))
    seen = [_turned((x - width / 2, y - height / 2), turn) for x, y in corners]
    side = min(width, height)
    seen = [(x + dice.uniform(-1, 1) * shot.askew * side, y + dice.uniform(-1, 1) * shot.askew * side) for x, y in seen]
    left, top = min(x for x, _ in seen), min(y for _, y in seen)
    seen = [(x - left, y - top) for x, y in seen]
    size = math.ceil(max(x for x, _ in seen)), math.ceil(max(y for _, y in seen))
    back = _perspective(seen, corners)
    how = Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC
    return paper.transform(size, *how), Image.new("L", paper.size, 255).transform(size, *how)


def _turned(point: Point, angle: float) -> Point:
    x, y = point
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def _perspective(seen: list[Point], flat: list[Point]) -> list[float]:
    """The eight numbers by which Pillow finds for a seen point where it is on the flat paper."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    return [float(one) for one in np.linalg.solve(np.array(rows), np.array(flat).reshape(8))]


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _developed(picture: Image.Image, shot: Shot, dice: random.Random) -> bytes:
    """Light that falls off to one side, the sensor's noise, and the file."""
    width, height = picture.size
    slope = np.linspace(1, dice.uniform(0.6, 1), width, dtype=np.float32) * np.float32(shot.light)
    noise = np.random.default_rng(dice.getrandbits(32)).standard_normal((height, width), dtype=np.float32)
    pixels = np.asarray(picture, dtype=np.float32) * slope + noise * np.float32(shot.noise)
    out = io.BytesIO()
    taken = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).convert("RGB")
    taken.save(out, "JPEG", quality=shot.quality)
    return out.getvalue()
