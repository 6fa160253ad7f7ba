"""Faults that a test orders for a page or call, and the middleware that applies the common ones.

A page or call is known by its name (`at`): the API's name at 1688, the page's at Taobao. `*` stands for any
characters. A fault is used up after `times` hits; nothing here ever happens unasked.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

COMMON = (
    "timeout_before", "timeout_after", "drop_connection", "drop_after", "http_500", "http_500_after",
    "http_429", "bad_json", "slow",
)  # fmt: skip
"""Applied here to every page and call: `_before`/plain ones without the effect, `_after` ones with it;
`bad_json` comes after the effect; `slow` takes `seconds` (3)."""
SPECIFIC = (
    "session_expired", "captcha", "price_changed", "sold_out", "below_minimum", "booking_limit", "partial",
    "unknown_status", "page_changed",
)  # fmt: skip
"""Left to the handler, which asks `faults.take(at, name)`."""


@dataclass(slots=True)
class Fault:
    """`details` is whatever else the control gave, such as {"seconds": "5"}."""

    at: str
    name: str
    times: int = 1
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """One page or call as it was asked for; `fault` is the common fault it met."""

    at: str
    method: str
    fault: str


class Faults:
    """What is still to go wrong, and which pages and calls were asked for."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.visits: list[Visit] = []
        self.stopping = asyncio.Event()

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, at: str, *names: str) -> Fault | None:
        """The first waiting fault of these names for this page or call; uses one of its times."""
        for fault in self.waiting:
            if fault.name in names and fnmatchcase(at, fault.at):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


def fault_middleware(faults: Faults, name_of: Callable[[web.Request], str]) -> Middleware:
    """Applies the common faults to all but control, truth and what `name_of` gives an empty name."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        at = name_of(request)
        if not at or request.path.startswith("/_"):
            return await handler(request)
        fault = faults.take(at, *COMMON)
        faults.visits.append(Visit(at, request.method, fault.name if fault else ""))
        return await _apply(fault, faults, request, handler) if fault else await handler(request)

    return middleware


async def _apply(fault: Fault, faults: Faults, request: web.Request, handler: Handler) -> web.StreamResponse:
    match fault.name:
        case "http_500":
            return web.Response(status=500, text="<html><body>500 Internal Server Error</body></html>")
        case "http_429":
            return web.Response(status=429, text="Too Many Requests", headers={"Retry-After": "1"})
        case "timeout_before":
            await _hang(faults, request)
        case "slow":
            await asyncio.sleep(float(fault.details.get("seconds", "3")))
    if fault.name in {"timeout_before", "drop_connection"}:
        return _drop(request)
    return await _apply_after(fault.name, faults, request, await handler(request))


async def _apply_after(
    name: str, faults: Faults, request: web.Request, answer: web.StreamResponse
) -> web.StreamResponse:
    if name == "timeout_after":
        await _hang(faults, request)
    if name in {"timeout_after", "drop_after"}:
        return _drop(request)
    if name == "http_500_after":
        return web.Response(status=500, text="<html><body>500 Internal Server Error</body></html>")
    if name == "bad_json":
        return web.Response(text=_cut(answer), content_type="application/json")
    return answer


def _cut(answer: web.StreamResponse) -> str:
    """The first half of the answer: no parser takes it for a whole one."""
    text = answer.text if isinstance(answer, web.Response) and answer.text else json.dumps({"result": {}})
    return text[: max(1, len(text) // 2)]


async def _hang(faults: Faults, request: web.Request) -> None:
    """Say nothing until the other side gives up or the part stops."""
    while request.transport is not None and not faults.stopping.is_set():
        try:
            await asyncio.wait_for(faults.stopping.wait(), 0.05)
        except TimeoutError:
            continue


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
