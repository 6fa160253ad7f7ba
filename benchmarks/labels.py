"""Reading made-up photos of labels (`benchmarks.label_photos`), one after the other, beside plain decoders in the same
run. No number on them is known to any books, so that two reads must agree before one is accepted: the hardest case."""

import asyncio
import io
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import mean, median

import zxingcpp
from PIL import Image

from benchmarks.label_photos import Photo, make_photo
from benchmarks.results import Result
from labels.reader import LabelReader
from purchasing.carriers import carriers_of, normalise

MANY, FEW = 2000, 200
AT_ONCE = 100
"""Photos made beforehand: none is made while others are read."""
ZXING = "plain zxing-cpp"

Seen = tuple[Photo, set[str], float]
"""A photo, the numbers that were given for it, and in how many milliseconds."""


async def labels(_directory: Path, *, whole: bool = True) -> list[Result]:
    peers = _peers()
    ours: list[Seen] = []
    theirs: dict[str, list[Seen]] = {name: [] for name in peers}
    reader = LabelReader()
    for photo in _made(MANY if whole else FEW):
        ours.append(await _read(reader, photo))
        for name, decode in peers.items():
            theirs[name].append(await asyncio.to_thread(_decoded, decode, photo))
    await reader.close()
    compared = [one for name, seen in theirs.items() for one in _compared(ours, name, seen)]
    kinds = dict.fromkeys(photo.kind for photo, *_ in ours)
    return [*compared, *(_of_kind(kind, ours, theirs[ZXING]) for kind in kinds)]


def _compared(ours: list[Seen], peer: str, theirs: list[Seen]) -> Iterator[Result]:
    def result(what: str, unit: str, value: Callable[[list[Seen]], float], limit: float) -> Result:
        return Result(f"labels {what}, {len(ours):,} photos", value(ours), unit, peer, value(theirs), limit=limit)

    yield result("not found", "%", _missed, 1)
    yield result("wrong answers", "", _wrong, 0)
    yield result("median of a clean one", "ms", _clean, 15)
    yield result("mean", "ms", lambda seen: round(mean(took for *_, took in seen), 1), 80)


def _of_kind(kind: str, ours: list[Seen], theirs: list[Seen]) -> Result:
    mine, plain = ([one for one in seen if one[0].kind == kind] for seen in (ours, theirs))
    return Result(f"labels not found, {kind}", _missed(mine), "%", ZXING, _missed(plain))


def _missed(seen: list[Seen]) -> float:
    """Photos of which not every track number was given."""
    return round(100 - 100 * mean(set(photo.waybills) <= numbers for photo, numbers, _ in seen), 2)


def _wrong(seen: list[Seen]) -> int:
    """Photos for which something was given that is no track number there."""
    return sum(bool(numbers - set(photo.waybills)) for photo, numbers, _ in seen)


def _clean(seen: list[Seen]) -> float:
    return round(median(took for photo, _, took in seen if photo.kind == "clean"), 1)


async def _read(reader: LabelReader, photo: Photo) -> Seen:
    began = time.perf_counter()
    codes = await reader.read(photo.content, lambda _number: False)
    took = (time.perf_counter() - began) * 1000
    return photo, {code.text for code in codes if code.accepted}, took


def _decoded(decode: Callable[[Image.Image], set[str]], photo: Photo) -> Seen:
    began = time.perf_counter()
    texts = decode(Image.open(io.BytesIO(photo.content)))
    numbers = {text for text in texts if carriers_of(normalise(text))}
    return photo, numbers, (time.perf_counter() - began) * 1000


def _peers() -> dict[str, Callable[[Image.Image], set[str]]]:
    """Plain decoders; of what they give, what looks like a track number counts."""
    peers: dict[str, Callable[[Image.Image], set[str]]] = {ZXING: _zxing}
    try:
        from pyzbar import pyzbar
    except ImportError:
        print("pyzbar or its library libzbar isn't installed here: that peer is left out.")
        return peers
    return peers | {"pyzbar": lambda picture: {code.data.decode(errors="replace") for code in pyzbar.decode(picture)}}


def _zxing(picture: Image.Image) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(picture)}


def _made(count: int) -> Iterator[Photo]:
    for start in range(0, count, AT_ONCE):
        with ProcessPoolExecutor(os.cpu_count()) as makers:
            photos = list(makers.map(make_photo, range(start, min(count, start + AT_ONCE)), chunksize=5))
        yield from photos
