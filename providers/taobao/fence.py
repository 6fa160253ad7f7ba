"""Keeps pages within the site: none goes to a host beside it, and nothing is asked of the machine or its network.

Playwright's routes see only where a request begins; where it is redirected to is seen through DevTools."""

import ipaddress
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from providers.taobao.chromium import quietly
from providers.taobao.site import Site

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Page, Request, Route


class Fence:
    """Pages may load from other public hosts, in frames too, but not go there.

    Not seen: sockets, what frames of other sites ask for once they are loaded, and whether a public name leads to a
    private number."""

    def __init__(self, site: Site) -> None:
        self._foreign = site.foreign()

    async def around(self, context: "BrowserContext") -> None:
        """What a page opens by itself begins before it can be watched: its first address is judged by this."""
        await context.route(self._foreign, _stop_foreign)

    async def new_page(self, context: "BrowserContext") -> "Page":
        page = await context.new_page()
        await self._watch(page)
        return page

    async def _watch(self, page: "Page") -> None:
        page.on("popup", self._watch_popup)
        cdp = await page.context.new_cdp_session(page)
        cdp.on("Fetch.requestPaused", partial(self._judge, cdp))
        await cdp.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    async def _watch_popup(self, page: "Page") -> None:
        """Closes one that was led away before it was watched."""
        from playwright.async_api import Error

        with suppress(Error):  # it may be gone again
            await self._watch(page)
            if self._foreign.search(page.url):
                await quietly(page.close())

    async def _judge(self, cdp: "CDPSession", paused: dict[str, Any]) -> None:
        from playwright.async_api import Error

        request = {"requestId": paused["requestId"]}
        with suppress(Error):  # the page may be gone meanwhile
            if await self._forbidden(cdp, paused):
                await cdp.send("Fetch.failRequest", request | {"errorReason": "BlockedByClient"})
            else:
                await cdp.send("Fetch.continueRequest", request)

    async def _forbidden(self, cdp: "CDPSession", paused: dict[str, Any]) -> bool:
        url = paused["request"]["url"]
        if not self._foreign.search(url):
            return False
        return _in_our_network(url) or (
            paused["resourceType"] == "Document" and paused["frameId"] == await _main_frame(cdp)
        )


async def _main_frame(cdp: "CDPSession") -> str:
    """A page goes by the id of its main frame; Page.getFrameTree would wait for the page that is on its way."""
    return str((await cdp.send("Target.getTargetInfo"))["targetInfo"]["targetId"])


async def _stop_foreign(route: "Route") -> None:
    request = route.request
    if (request.is_navigation_request() and _in_main_frame(request)) or _in_our_network(request.url):
        await route.abort("blockedbyclient")
    else:
        await route.continue_()


def _in_main_frame(navigation: "Request") -> bool:
    from playwright.async_api import Error

    try:
        return navigation.frame.parent_frame is None
    except Error:  # the page itself is just being opened
        return True


def _in_our_network(url: str) -> bool:
    return is_private(urlsplit(url).hostname or "")


def is_private(host: str) -> bool:
    """Names and numbers of the machine itself or its network."""
    host = host.strip("[]").rstrip(".")  # a name may end in a dot and leads to the same place
    if host.endswith((".localhost", ".local", ".internal", ".lan")) or "." not in host:
        return True
    with suppress(ValueError):
        return not ipaddress.ip_address(host).is_global
    return False
