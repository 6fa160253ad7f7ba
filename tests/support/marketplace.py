"""A marketplace that does what a test tells it: logins whose events the test feeds, syncs that find nothing new."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import cast

from PIL import Image

from purchasing.errors import Transient
from purchasing.live import Deed, LivePage
from purchasing.provider import AccountRef, ChangesPage, LoggedIn, LoginEvent, LoginExpired, Provider
from purchasing.words import ProviderName


class FakePage:
    """`deeds` is what a person did on it; it shows one picture for each that `draw` gets. While `takes` isn't set it
    takes nothing, and has taken nothing in time when it `hangs`."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.closed = self.hangs = False
        self.takes = asyncio.Event()
        self.takes.set()
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()

    def draw(self, *frames: bytes) -> None:
        for frame in frames:
            self._frames.put_nowait(frame)

    async def frames(self) -> AsyncIterator[bytes]:
        while frame := await self._frames.get():
            yield frame

    async def act(self, deed: Deed) -> bool:
        self.deeds.append(deed)
        await self.takes.wait()
        return not self.hangs

    async def close(self) -> None:
        self.closed = True
        self._frames.put_nowait(b"")


class Attempt:
    """`feed` puts the next event; what the person typed and did is in `codes` and `looks`."""

    def __init__(self, account: AccountRef | None, resume: bool = False) -> None:
        self.resume = resume
        self.account = account
        self.codes: list[str] = []
        self.looks = 0
        self.page: FakePage | None = None
        self._events: asyncio.Queue[LoginEvent] = asyncio.Queue()

    def feed(self, *events: LoginEvent) -> None:
        for event in events:
            self._events.put_nowait(event)

    async def events(self) -> AsyncIterator[LoginEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, LoggedIn | LoginExpired):
                return

    async def submit_code(self, code: str) -> None:
        self.codes.append(code)

    async def human_done(self) -> None:
        self.looks += 1
        if self.page:
            await self.page.close()

    async def live(self) -> LivePage:
        self.page = FakePage()
        return self.page

    async def cancel(self) -> None:
        """Nothing is held."""


class Marketplace:
    def __init__(self, name: ProviderName) -> None:
        self.name = name
        self.attempts: list[Attempt] = []
        self.away = ""
        """A code of what is away when a browser is tried."""

    def login(self, account: AccountRef | None, *, resume: bool = False) -> Attempt:
        self.attempts.append(Attempt(account, resume))
        return self.attempts[-1]

    async def try_browser(self, account: AccountRef) -> str:
        if self.away:
            raise Transient("away", code=self.away)
        return f"Chromium by {account.proxy or account.cdp_url or 'itself'}"

    async def changes(self, account: AccountRef, cursor: str, open_numbers: Sequence[str]) -> ChangesPage:
        return ChangesPage((), "seen", done=True)

    async def close_idle(self) -> None:
        """Nothing is held."""

    async def close(self) -> None:
        """Nothing is held."""


def marketplaces() -> dict[ProviderName, Marketplace]:
    return {name: Marketplace(name) for name in ProviderName}


def as_providers(markets: dict[ProviderName, Marketplace]) -> dict[ProviderName, Provider]:
    """Only what the screens under test reach is there."""
    return cast(dict[ProviderName, Provider], markets)


def picture(color: str = "white") -> bytes:
    whole = BytesIO()
    Image.new("RGB", (120, 120), color).save(whole, "PNG")
    return whole.getvalue()
