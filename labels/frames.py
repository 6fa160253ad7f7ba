"""What goes between the reader and its helper: frames of a few byte strings, each with its length before it."""

import asyncio
from typing import BinaryIO

TEXT, PAGES = b"text", b"pages"
LARGEST = 64 * 1024 * 1024


def framed(*parts: bytes) -> bytes:
    head = len(parts).to_bytes(4, "big")
    return head + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def write_frame(to: BinaryIO, *parts: bytes) -> None:
    to.write(framed(*parts))
    to.flush()


def read_frame(source: BinaryIO) -> list[bytes]:
    """[] when the input has ended."""
    head = source.read(4)
    return [source.read(int.from_bytes(source.read(4), "big")) for _ in range(int.from_bytes(head, "big"))]


async def receive_frame(source: asyncio.StreamReader) -> list[bytes]:
    """Raises IncompleteReadError when the other side is gone, ValueError for what is no frame."""
    count = await _number(source)
    return [await source.readexactly(await _number(source)) for _ in range(count)]


async def _number(source: asyncio.StreamReader) -> int:
    value = int.from_bytes(await source.readexactly(4), "big")
    if value > LARGEST:
        raise ValueError("a frame too large")
    return value
