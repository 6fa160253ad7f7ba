"""Reads labels for the bot: codes in threads, print and PDF pages in the helper process; never on the event loop.

What decodes pictures is imported with the first of them: an idle bot has no use for it."""

import asyncio
import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from labels.helper_process import Helper, Print
from labels.limits import LARGEST
from labels.trust import Known, enough, may_be_waybill
from purchasing import carriers
from purchasing.errors import BadInput
from purchasing.ports import CodeFound
from purchasing.recognise import recognise

if TYPE_CHECKING:
    from PIL import Image

T = TypeVar("T")

READERS = 2
PRINT_SIDE = 1600
"""Longest side of the picture in which print is read."""


class LabelReader:
    """Implements purchasing.ports.LabelReader. Decoders let other threads run meanwhile."""

    def __init__(self, helper: Helper | None = None) -> None:
        self._threads = ThreadPoolExecutor(READERS, "labels")
        self._helper = helper or Helper()

    async def read(self, picture: bytes, known: Known) -> list[CodeFound]:
        if not is_pdf(picture):
            return await self._read(picture, known)
        pages = await self._pages(picture)
        return [replace(code, page=n) for n, page in enumerate(pages) for code in await self._read(page, known)]

    async def mark(self, picture: bytes, codes: Sequence[CodeFound]) -> bytes:
        if is_pdf(picture):
            page = min((code.page for code in codes), default=0)
            codes = [code for code in codes if code.page == page]
            picture = (await self._pages(picture))[page]
        return await self._in_thread(lambda: _marked(picture, codes))

    async def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        await self._helper.close()

    async def _read(self, picture: bytes, known: Known) -> list[CodeFound]:
        opened, found = await self._in_thread(lambda: _opened_and_read(picture, known))
        if enough(found):
            return found
        prints = await self._helper.text(await self._in_thread(lambda: _for_print(opened)))
        return with_print(found, prints, known)

    async def _pages(self, content: bytes) -> list[bytes]:
        if len(content) > LARGEST:
            raise BadInput("picture", "too_big")
        return await self._helper.pages(content)

    async def _in_thread(self, fn: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, fn)


def is_pdf(content: bytes) -> bool:
    return content[:1024].lstrip().startswith(b"%PDF-")


def with_print(found: Sequence[CodeFound], prints: Sequence[Print], known: Known) -> list[CodeFound]:
    """A code that is also printed is read twice; a printed number alone is only a candidate, unless it is known."""
    printed = {number: line for line in prints for number in _numbers(line.text, known)}
    confirmed = [_confirmed(code) if code.text in printed else code for code in found]
    read = {code.text for code in found}
    return [*confirmed, *_candidates({n: line for n, line in printed.items() if n not in read}, known)]


def _confirmed(code: CodeFound) -> CodeFound:
    sure = code.accepted or may_be_waybill(code.text, code.kind)
    return replace(code, accepted=sure, how=f"{code.how} + print")


def _candidates(printed: dict[str, Print], known: Known) -> Iterator[CodeFound]:
    for number, line in printed.items():
        sure = known(number)
        how = "known; print" if sure else "print"
        yield CodeFound(number, "text", carriers.carrier_code(number), sure, how, line.box)


def _numbers(text: str, known: Known) -> list[str]:
    asked = [one.text for one in recognise(text) if one.kind == "number"]
    return [number for number in asked if carriers.carriers_of(number) or known(number)]


def _opened_and_read(picture: bytes, known: Known) -> "tuple[Image.Image, list[CodeFound]]":
    from labels.picture import open_picture
    from labels.read import codes_in

    opened = open_picture(picture)
    return opened, codes_in(opened, known)


def _marked(picture: bytes, codes: Sequence[CodeFound]) -> bytes:
    from labels.mark import marked

    return marked(picture, codes)


def _for_print(picture: "Image.Image") -> bytes:
    from labels.looks import scaled

    out = io.BytesIO()
    scaled(picture, min(1.0, PRINT_SIDE / max(picture.size))).save(out, "JPEG", quality=92)
    return out.getvalue()
