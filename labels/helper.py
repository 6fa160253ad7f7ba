"""The reader's helper, a process of its own: reads print in pictures and draws pages of PDF files.

What kills it (a malicious file, the system short of memory) must never reach the bot. It has no secrets and no network
of ours, and ends when its input does. Run as `python -m labels.helper`; frames as in `labels.frames`."""

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, BinaryIO

from labels.frames import PAGES, TEXT, read_frame, write_frame

MOST_PAGES = 10
PAGE_SIDE = 2000
"""Pixels of a drawn page's longer side."""
MOST_MEMORY = 4 * 1024**3


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries that print must not get into the answers
    _be_modest()
    jobs: dict[bytes, Callable[[bytes], list[bytes]]] = {TEXT: _text, PAGES: _pages}
    while frame := read_frame(sys.stdin.buffer):
        _answer(answers, jobs[frame[0]], frame[1])


def _answer(answers: BinaryIO, job: Callable[[bytes], list[bytes]], content: bytes) -> None:
    try:
        parts = [b"ok", *job(content)]
    except Exception:  # noqa: BLE001  # whatever a library raises for a bad file, the asker hears of it
        parts = [b"failed"]
    write_frame(answers, *parts)


def _be_modest() -> None:
    """Below the bot in line for the processor, and with an end to memory."""
    import resource

    os.nice(10)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    # measured: twice as fast as with the defaults, and as right; the models come with the package
    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "Det.limit_side_len": 640,
            "Det.limit_type": "max",
        }
    )


def _text(picture: bytes) -> list[bytes]:
    """One JSON [text, [[x, y] × 4]] for each line of print; x and y are parts of the picture's width and height."""
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        pixels = np.asarray(opened.convert("RGB"))
    read = _engine()(pixels)
    height, width = pixels.shape[:2]
    texts, boxes = read.txts or (), read.boxes if read.boxes is not None else ()
    return [
        json.dumps([text, [[float(x) / width, float(y) / height] for x, y in box]]).encode()
        for text, box in zip(texts, boxes, strict=True)
    ]


def _pages(content: bytes) -> list[bytes]:
    """The first pages as PNG pictures."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    pages = []
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        scale = PAGE_SIDE / max(1.0, *page.get_size())
        out = io.BytesIO()
        page.render(scale=scale, grayscale=True).to_pil().save(out, "PNG", compress_level=1)
        pages.append(out.getvalue())
    return pages


if __name__ == "__main__":
    main()
