"""A person's login by QR code, followed on the site's own page until the gate page proves who is signed in.

No password is typed here, no slider dragged; the page's calls are only listened to."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from providers.taobao.browser import Profiles, state_of
from providers.taobao.live import ScreenCast
from providers.taobao.qr import find_qr
from providers.taobao.signs import Look, judge
from providers.taobao.site import Site
from providers.taobao.tab import gate_nick, known_errors, look_at, picture, visit
from purchasing.errors import NeedsHuman, SessionExpired, Stale, Transient
from purchasing.live import LivePage
from purchasing.provider import (
    AccountRef,
    CodeWanted,
    HumanWanted,
    LoggedIn,
    LoginEvent,
    LoginExpired,
    QrShown,
    Scanned,
)

if TYPE_CHECKING:
    from playwright.async_api import Page, Response

log = logging.getLogger(__name__)

LONGEST = 180
LIVE_SECONDS = 660
"""What a person gets who has the page open, and some time to look again."""
TICK = 0.4
PATIENCE = 3
"""Seconds for a page to move on after a person's deed, and readings in a row that may fail."""
SHOT_EVERY = 3
"""A code that is shown may be renewed by the page itself."""
OVER = frozenset({"EXPIRED", "CANCELED", "CANCELLED", "TIMEOUT"})


class QrLogin:
    """One attempt. Its events may be asked for by one task after another; `cancel` ends it from anywhere.

    With `resume_at` the account's session goes on at that page, if a person passes what stands in its way there."""

    def __init__(self, site: Site, profiles: Profiles, account: AccountRef | None, resume_at: str = "") -> None:
        self._site = site
        self._profiles = profiles
        self._account = account
        self._resume_at = resume_at
        self._live: ScreenCast | None = None
        self._exit = contextlib.AsyncExitStack()
        self._page: Page | None = None
        self._deadline = asyncio.get_running_loop().time() + LONGEST
        self._wake = asyncio.Event()
        self._status = ""
        self._link = ""
        self._asked: set[str] = set()
        self._patience = 0.0
        self._next_shot = 0.0
        self._troubles = 0
        self.over = False

    @property
    def late(self) -> bool:
        return asyncio.get_running_loop().time() >= self._deadline

    async def events(self) -> AsyncIterator[LoginEvent]:
        while not self.over:
            event = await self._next()
            if event is not None:
                yield event

    async def submit_code(self, code: str) -> None:
        """Types the code that the page waits for, and sends it. Raises Transient."""
        page = self._page
        if page is None or self.over:
            return
        async with known_errors():
            field = page.locator(self._site.login.code_field).filter(visible=True).first
            await field.fill(code, timeout=5000)
            await page.locator(self._site.login.code_submit).filter(visible=True).first.click(timeout=5000)
            await page.wait_for_load_state("domcontentloaded", timeout=10000)
        self._asked.clear()

    async def human_done(self) -> None:
        """Looks again; asks again only when the page has not moved on after a while."""
        await self._end_live()
        self._asked.clear()
        self._patience = asyncio.get_running_loop().time() + PATIENCE
        self._wake.set()

    async def live(self) -> LivePage:
        if self._page is None or self.over:
            raise Stale("login_over")
        await self._end_live()
        self._live = await ScreenCast.of(self._page)
        self._asked.discard("page")
        self._deadline = max(self._deadline, asyncio.get_running_loop().time() + LIVE_SECONDS)
        self._wake.set()
        return self._live

    async def _end_live(self) -> None:
        if self._live is not None:
            await self._live.close()
        self._live = None

    async def cancel(self) -> None:
        self.over = True
        await self._end_live()
        self._wake.set()
        await self._exit.aclose()

    async def _next(self) -> LoginEvent | None:
        """The next event; None when the attempt was cancelled meanwhile."""
        try:
            async with known_errors():
                event = await self._followed()
        except asyncio.CancelledError:
            await self.cancel()
            raise
        except Exception:
            if self.over:
                return None  # cancelled meanwhile: its page is gone
            await self.cancel()
            raise
        if isinstance(event, LoggedIn | LoginExpired):
            await self.cancel()
        return event

    async def _followed(self) -> LoginEvent | None:
        page = await self._opened()
        while not self.over:
            if self.late:
                return LoginExpired()
            event = self._in_hands() if self._live and not self._live.over else await self._calm_step(page)
            if event is not None:
                return event
            await self._pause()
        return None

    def _in_hands(self) -> LoginEvent | None:
        """While a person has the page, nothing else acts on it."""
        if "page" in self._asked:
            return None
        self._asked.add("page")
        return HumanWanted("page")

    async def _calm_step(self, page: "Page") -> LoginEvent | None:
        """A page on its way to another can't be read for a moment. Raises Transient when it lasts."""
        try:
            event = await self._step(page)
        except Transient:
            self._troubles += 1
            if self._troubles > PATIENCE or self.over:
                raise
            return None
        self._troubles = 0
        return event

    async def _opened(self) -> "Page":
        if self._page is None:
            guest = self._profiles.guest(self._account, signed_in=bool(self._resume_at))
            self._page = await self._exit.enter_async_context(guest)
            self._page.on("response", self._hear)
            start = self._resume_at or self._site.url("login", back=self._site.url("gate"))
            with contextlib.suppress(SessionExpired, NeedsHuman):  # the very page that is wanted
                await visit(self._page, self._site, start)
        return self._page

    async def _pause(self) -> None:
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), TICK)

    async def _hear(self, response: "Response") -> None:
        """What became of the code, as the page itself asks."""
        if self._site.login.query not in response.url:
            return
        with contextlib.suppress(Exception):  # the page may be gone, the answer cut: the next one tells
            data: dict[str, Any] = await response.json()
            self._status = str(data["content"]["data"]["qrCodeStatus"])
            self._wake.set()

    async def _step(self, page: "Page") -> LoginEvent | None:
        look = await look_at(page, self._site)
        trouble = judge(self._site, look)
        if isinstance(trouble, NeedsHuman):
            return await self._person_wanted(page, look, trouble.kind)
        if isinstance(trouble, SessionExpired):
            return await self._code_event(page)
        return None if isinstance(trouble, Transient) else await self._proof(page)

    async def _person_wanted(self, page: "Page", look: Look, kind: str) -> LoginEvent | None:
        """Asked once for each page that wants something; a code field is for the chat, the rest for the live page."""
        key = f"{kind} {look.url}"
        if key in self._asked or asyncio.get_running_loop().time() < self._patience:
            return None
        self._asked.add(key)
        if kind == "identity" and await self._code_field_shown(page):
            return CodeWanted("sms")
        return HumanWanted(kind, await picture(page))

    async def _code_field_shown(self, page: "Page") -> bool:
        if not await page.locator(self._site.login.code_field).filter(visible=True).count():
            return False
        send = page.locator(self._site.login.code_send).filter(visible=True)
        if await send.count():
            await send.first.click(timeout=5000)
        return True

    async def _code_event(self, page: "Page") -> LoginEvent | None:
        """The QR code when it is new, the scan when it is told; a code that is over is renewed."""
        status = self._status
        if status == "SCANED" and "scan" not in self._asked:
            self._asked.add("scan")
            return Scanned()
        if status in OVER:
            self._status, self._next_shot = "", 0.0
            await self._renew(page)
        if status in OVER or status in {"", "NEW"}:
            return await self._shown_code(page)
        return None

    async def _shown_code(self, page: "Page") -> LoginEvent | None:
        now = asyncio.get_running_loop().time()
        if now < self._next_shot:
            return None
        shot = await picture(page)
        qr = await asyncio.to_thread(find_qr, shot) if shot else None
        if qr is None or qr.link == self._link:
            return None
        self._link, self._next_shot = qr.link, now + SHOT_EVERY
        self._asked.discard("scan")
        return QrShown(qr.png, qr.link)

    async def _renew(self, page: "Page") -> None:
        """Most pages renew the code by themselves or have a button for it."""
        button = page.locator(self._site.login.refresh).filter(visible=True)
        if await button.count():
            await button.first.click(timeout=5000)

    async def _proof(self, page: "Page") -> LoginEvent | None:
        """Away from the login page: the gate page says whose session this is, if anybody's."""
        try:
            nick = await gate_nick(page, self._site)
        except SessionExpired:
            return None
        secret = await state_of(page.context)
        if self._account is not None and self._account.nick == nick and not self._account.cdp_url:
            await self._profiles.signed_in(self._account, secret)
        return LoggedIn(nick, secret)
