"""One browser context per account, made from its sealed state and saved back after use; one user at a time.

No page is opened outside the fence, and no file is downloaded."""

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from providers.taobao.chromium import Chromium, quietly
from providers.taobao.fence import Fence
from providers.taobao.site import Site, pattern
from purchasing.errors import SessionExpired, Transient
from purchasing.provider import AccountRef, SessionSecrets

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, ProxySettings, StorageState

log = logging.getLogger(__name__)

SAVE_SECONDS = 15
"""Reading the state has no limit of its own, and a browser may hang."""

DEVICE_COOKIES = frozenset({"cna", "isg", "tfstk", "xlly_s", "thw", "x5sec"})
"""They say which device it is, not whose: kept over a new login, so that it doesn't look like a new device."""


class Hands:
    """A page of an account and the tabs that grew out of it; other tabs of the same Chrome are a person's."""

    def __init__(self, new_page: "Callable[[], Awaitable[Page]]", page: "Page") -> None:
        self._new_page = new_page
        self.pages: list[Page] = []
        self._adopt(page)

    @property
    def page(self) -> "Page":
        """The newest tab that is still open. Raises Transient when none is."""
        if not self.pages:
            raise Transient("the browser was closed meanwhile")
        return self.pages[-1]

    def _adopt(self, page: "Page") -> None:
        self.pages.append(page)
        page.on("popup", self._adopt)
        page.on("close", lambda _: self.pages.remove(page))

    async def fresh(self) -> "Page":
        """A new tab in place of all others, so that nothing that still loads in them can act."""
        old = list(self.pages)
        self._adopt(await self._new_page())
        for page in old:
            await quietly(page.close())
        return self.page

    async def drop(self) -> bool:
        """Closes the tabs; False when the browser doesn't do so much."""
        return all([await quietly(page.close()) for page in list(self.pages)])


@dataclass
class _Profile:
    """What lives of an account; `browser` is set for a person's own Chrome, from which we only detach."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    context: "BrowserContext | None" = None
    browser: "Browser | None" = None
    made_for: tuple[str, str] = ("", "")
    """The CDP address and the proxy that it was made for."""
    saved: str = ""
    used_at: float = 0


class Profiles:
    """Contexts by account. `use` gives a fresh page; other accounts work beside it."""

    def __init__(self, site: Site, secrets: SessionSecrets, chromium: Chromium, idle_after: timedelta) -> None:
        self._site = site
        self._fence = Fence(site)
        self._secrets = secrets
        self._chromium = chromium
        self._idle = idle_after.total_seconds()
        self._profiles: dict[int, _Profile] = {}
        self._guests = 0

    @asynccontextmanager
    async def use(self, account: AccountRef) -> AsyncIterator[Hands]:
        """A page that is signed in as the account. Raises SessionExpired when nothing is stored for it."""
        profile = self._profiles.setdefault(account.id, _Profile())
        async with profile.lock:
            context = await self._context(account, profile)
            new_page = partial(self._fence.new_page, context)
            hands = Hands(new_page, await new_page())
            try:
                yield hands
            finally:
                if await hands.drop():
                    await self._end_use(account, profile, context)

    async def _end_use(self, account: AccountRef, profile: _Profile, context: "BrowserContext") -> None:
        """Saves the state, unless the context was replaced or stopped meanwhile."""
        profile.used_at = asyncio.get_running_loop().time()
        if profile.context is context and not account.cdp_url:
            try:
                await asyncio.wait_for(self._save(account, profile), SAVE_SECONDS)
            except Exception:  # what the call has found out matters more than a fresher state
                log.exception("the state of account %d was not saved", account.id)

    async def _context(self, account: AccountRef, profile: _Profile) -> "BrowserContext":
        wanted = account.cdp_url, account.proxy
        if profile.context is not None and _alive(profile.context) and profile.made_for == wanted:
            return profile.context
        await self._close(profile)
        profile.made_for = wanted
        if account.cdp_url:
            profile.browser = await self._chromium.attach(account.cdp_url)
            profile.context = profile.browser.contexts[0]
            return profile.context
        secret = await self._secrets.load(account.id)
        if secret is None:
            raise SessionExpired("nobody has logged in with this account yet")
        profile.saved = _digest(secret)
        profile.context = await self._new_context(json.loads(secret), account.proxy)
        return profile.context

    async def _new_context(self, state: "StorageState | None", proxy: str = "") -> "BrowserContext":
        browser = await self._chromium.browser()
        context = await browser.new_context(
            storage_state=state,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": 1366, "height": 900},
            accept_downloads=False,
            service_workers="block",
            proxy=_proxy(proxy),
        )
        await self._fence.around(context)
        return context

    async def _save(self, account: AccountRef, profile: _Profile) -> None:
        """Keeps the state as the site left it, unless it is unchanged or the context is gone."""
        if profile.context is None or not _alive(profile.context):
            return
        secret = await state_of(profile.context)
        if _digest(secret) != profile.saved and self._profiles.get(account.id) is profile:
            await self._secrets.save(account.id, secret)
            profile.saved = _digest(secret)

    @asynccontextmanager
    async def guest(self, account: AccountRef | None, *, signed_in: bool = False) -> AsyncIterator["Page"]:
        """A page for a login, in a context whose state nobody keeps but who asks for it: in a person's Chrome that
        one's own, else one that knows only the device, or, `signed_in`, all that the account has."""
        if account is not None and account.cdp_url:
            async with self.use(account) as hands:
                yield hands.page
            return
        secret = await self._secrets.load(account.id) if account else None
        self._guests += 1
        try:
            state = _known_state(secret, whole=signed_in)
            context = await self._new_context(state, account.proxy if account else "")
            try:
                yield await self._fence.new_page(context)
            finally:
                await quietly(context.close())
        finally:
            self._guests -= 1

    async def signed_in(self, account: AccountRef, secret: bytes) -> None:
        """A new login's state replaces whatever the account had; the old context is closed unsaved."""
        await self._drop(account.id)
        await self._secrets.save(account.id, secret)
        await self._drop(account.id)  # one that came up in between still had the old state

    async def stop_hands(self, account: AccountRef) -> None:
        """Ends whatever could still act for the account, in this life or an earlier one."""
        self._chromium.kill_stray()
        if account.cdp_url:
            await self._leave_confirm_pages(account)
        await self._drop(account.id)

    async def _leave_confirm_pages(self, account: AccountRef) -> None:
        """A person's Chrome outlives us: close the pages there on which an order could be sent."""
        profile = self._profiles.setdefault(account.id, _Profile())
        context = await self._context(account, profile)
        confirm = pattern(*self._site.confirm.places)
        for page in [one for one in context.pages if confirm.search(self._site.place(one.url))]:
            await quietly(page.close())

    async def _drop(self, account_id: int) -> None:
        profile = self._profiles.pop(account_id, None)
        if profile is not None:
            await self._close(profile)

    async def _close(self, profile: _Profile) -> None:
        """Of a person's Chrome we only let go; our own, when it no longer obeys, is killed."""
        context, browser = profile.context, profile.browser
        profile.context = profile.browser = None
        if context is None:
            return
        lived = _alive(context)
        closed = await quietly(browser.close() if browser else context.close())
        if lived and not closed and browser is None:
            self._chromium.kill()

    async def close_idle(self) -> None:
        """Closes contexts that nobody used for a while, and Chromium when none is left."""
        now = asyncio.get_running_loop().time()
        for account_id, profile in list(self._profiles.items()):
            if not profile.lock.locked() and now - profile.used_at >= self._idle:
                await self._drop(account_id)
        if not self._profiles and not self._guests:
            await self._chromium.stop()

    async def close(self) -> None:
        for account_id in list(self._profiles):
            await self._drop(account_id)
        await self._chromium.stop()


async def state_of(context: "BrowserContext") -> bytes:
    """Cookies, localStorage and IndexedDB, as one secret."""
    state = await context.storage_state(indexed_db=True)
    return json.dumps(state, ensure_ascii=False, sort_keys=True).encode()


def _known_state(secret: bytes | None, *, whole: bool) -> "StorageState | None":
    if secret is None:
        return None
    state: StorageState = json.loads(secret)
    if whole:
        return state
    cookies = [one for one in state.get("cookies", []) if one.get("name") in DEVICE_COOKIES]
    return {"cookies": cookies, "origins": []}


def _digest(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


def _alive(context: "BrowserContext") -> bool:
    return context.browser is not None and context.browser.is_connected()


def _proxy(address: str) -> "ProxySettings | None":
    """`http://user:password@host:port` as Playwright takes it."""
    if not address:
        return None
    parts = urlsplit(address)
    server = f"{parts.scheme}://{parts.hostname}:{parts.port}" if parts.port else f"{parts.scheme}://{parts.hostname}"
    return {"server": server, "username": unquote(parts.username or ""), "password": unquote(parts.password or "")}
