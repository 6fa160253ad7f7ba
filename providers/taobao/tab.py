"""Small dealings with one page of the browser: opening, reading, waiting, each bounded in time.

No selector and no rule of the shop stands here, and no call here presses anything."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from providers.taobao.signs import Look, judge
from providers.taobao.site import Site
from purchasing.errors import NeedsHuman, PageChanged, ProviderError, SessionExpired, Transient

if TYPE_CHECKING:
    from playwright.async_api import Error, Page, Response

log = logging.getLogger(__name__)
T = TypeVar("T")

READ_SECONDS = 10
STEP_SECONDS = 0.1

_LOOK = """([slider, dialog]) => {
  const shown = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
  const visible = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  return {
    slider: visible(slider).length > 0,
    dialog: visible(dialog).map((node) => node.innerText).join("\\n"),
    text: (document.body ? document.body.innerText : "").slice(0, 20000),
  };
}"""


async def read(page: "Page", script: str, argument: object = None, seconds: float = READ_SECONDS) -> Any:
    """What a script gives, in bounded time (page.evaluate has no timeout of its own).

    A page that moves on meanwhile is waited for, once. Raises Transient."""
    from playwright.async_api import Error

    try:
        return await asyncio.wait_for(page.evaluate(script, argument), seconds)
    except TimeoutError as error:
        raise Transient("a page of the site does not react") from error
    except Error as error:
        if "context" not in error.message.lower():
            raise Transient(f"a page of the site can't be read: {first_line(error)}") from error
    await settled(page)
    return await call(page, script, argument, seconds)


async def call(page: "Page", script: str, argument: object = None, seconds: float = READ_SECONDS) -> Any:
    """The same for a script that must not run twice. Raises Transient."""
    from playwright.async_api import Error

    try:
        return await asyncio.wait_for(page.evaluate(script, argument), seconds)
    except TimeoutError as error:
        raise Transient("a page of the site does not react") from error
    except Error as error:
        raise Transient(f"a page of the site can't be read: {first_line(error)}") from error


async def settled(page: "Page") -> None:
    from playwright.async_api import Error

    try:
        await page.wait_for_load_state("domcontentloaded", timeout=READ_SECONDS * 1000)
    except Error as error:
        raise Transient(f"a page of the site does not load: {first_line(error)}") from error


async def look_at(page: "Page", site: Site) -> Look:
    seen = await read(page, _LOOK, [site.signs.slider, site.signs.dialog])
    return Look(page.url, bool(seen["slider"]), str(seen["dialog"]), str(seen["text"]))


async def check(page: "Page", site: Site) -> Look:
    """Raises what stands in the way on this page, with a picture for a person."""
    look = await look_at(page, site)
    trouble = judge(site, look)
    if trouble is not None:
        raise await with_picture(page, trouble)
    return look


async def with_picture(page: "Page", trouble: ProviderError) -> ProviderError:
    return NeedsHuman(trouble.kind, await picture(page)) if isinstance(trouble, NeedsHuman) else trouble


async def picture(page: "Page") -> bytes | None:
    """A PNG of what is visible; None when even that fails."""
    from playwright.async_api import Error

    try:
        return await page.screenshot(timeout=5000)
    except Error:
        return None


async def changed(page: "Page", site: Site, what: str) -> ProviderError:
    """A page that shows nothing we know: something that came up late, else a new shape of it."""
    look = await look_at(page, site)
    trouble = judge(site, look)
    if trouble is not None:
        return await with_picture(page, trouble)
    return PageChanged(what, f"{site.place(page.url).partition('?')[0]}: {look.text[:300]}")


async def visit(page: "Page", site: Site, url: str) -> "Response | None":
    """Goes to an address, not too soon after the last one, and makes sure that nothing stands in the way there.

    Raises ProviderError."""
    from playwright.async_api import Error

    if page.url != "about:blank":
        await asyncio.sleep(site.pace.between_pages)
    try:
        response = await page.goto(url, wait_until="domcontentloaded", timeout=site.pace.page_timeout * 1000)
    except Error as error:
        raise _not_reached(error) from error
    if response is not None and response.status == 407:
        raise Transient("the proxy wants another login", code="proxy_away")
    if response is not None and response.status in {429, 503}:
        raise Transient("asked too often", timedelta(seconds=_seconds(response.headers.get("retry-after", ""))))
    if response is not None and response.status >= 500:
        raise Transient(f"the site answers {response.status}")
    await check(page, site)
    if site.foreign().search(page.url):
        raise _led_away(site.host(page.url))
    return response


def _led_away(evidence: str) -> PageChanged:
    return PageChanged("a page led away from the site", evidence)


def _not_reached(error: "Error") -> ProviderError:
    message = first_line(error)
    if "ERR_BLOCKED_BY_CLIENT" in message:  # by the fence
        return _led_away(message.partition("?")[0])
    if any(word in message for word in ("ERR_PROXY", "ERR_TUNNEL", "ERR_SOCKS", "ERR_INVALID_AUTH")):
        return Transient(f"the proxy does not let us through: {message}", code="proxy_away")
    return Transient(f"the site does not answer: {message}")


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isdigit() else 60


async def gate_nick(page: "Page", site: Site) -> str:
    """Who is signed in, asked of a page that guests may not see: the only proof. Raises SessionExpired."""
    await visit(page, site, site.url("gate"))
    if site.host(page.url) != site.host(site.url("gate")):
        raise SessionExpired("the gate page leads elsewhere")
    nick = await read(page, "(s) => document.querySelector(s)?.textContent.trim() ?? ''", site.signs.nick)
    if not nick:
        raise PageChanged("no nick on the gate page", site.place(page.url))
    return str(nick)


async def until(found: Callable[[], Awaitable[T | None]], seconds: float) -> T | None:
    """The first thing found, None when the time is over."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        result = await found()
        if result or loop.time() >= end:
            return result
        await asyncio.sleep(STEP_SECONDS)


def first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


@asynccontextmanager
async def known_errors() -> AsyncIterator[None]:
    """Lets nothing of Playwright's out: what it raises is trouble that another try may not meet."""
    from playwright.async_api import Error

    try:
        yield
    except Error as error:
        raise Transient(f"the browser failed: {first_line(error)}") from error
    except TimeoutError as error:
        raise Transient("a page of the site does not react") from error
