"""Who looks at what right now: admits a link's holder, one at a time, and shows a login's code or its page until one of
them is through. Everything here ends with the process; what is typed passes through and is kept nowhere."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from aiohttp import web

from bot.pages import words
from bot.pages.wire import Done, Drawn, hello, said
from bot.tasks import Nursery
from bot.texts import Reader
from purchasing.activities import Activity
from purchasing.crash import write
from purchasing.errors import NotAllowed, ProviderError, Stale
from purchasing.live import Deed, LivePage
from purchasing.log_in import LogIn, LoginPlan, human_done
from purchasing.open_pages import end_link, find_link, open_link
from purchasing.page_links import LONGEST, PageKind, PageLink
from purchasing.people import Person
from purchasing.ports import Clock, Database, Store
from purchasing.words import ActivityState

T = TypeVar("T")
MOST_DEEDS = 1000
"""Deeds that wait for the page; a quick hand is a few of them ahead."""


@dataclass(frozen=True)
class Seen:
    """A login as it is now; `picture` is its QR code's, None when there is none to show."""

    activity: Activity
    plan: LoginPlan
    picture: bytes | None


@dataclass(frozen=True)
class Viewer:
    socket: web.WebSocketResponse
    link: PageLink
    person: Person
    reader: Reader

    async def say(self, text: str, **more: object) -> None:
        await _say(self.socket, text, **more)

    async def show(self, picture: bytes) -> None:
        with suppress(ConnectionError):  # that the viewer is gone is noticed by who listens
            await self.socket.send_bytes(picture)


class Viewing:
    """`wake` is to be called after every commit."""

    def __init__(self, db: Database, clock: Clock, logins: LogIn, language: str) -> None:
        self._db, self._clock, self._logins, self._language = db, clock, logins, language
        self._changed = asyncio.Event()
        self._sockets: set[web.WebSocketResponse] = set()
        self._seats: set[tuple[PageKind, int]] = set()
        self._nursery = Nursery()

    def __len__(self) -> int:
        return len(self._sockets)

    def wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """One viewer, from the first word to the last."""
        self._sockets.add(socket)
        try:
            await self._admit(socket)
        finally:
            self._sockets.discard(socket)
            await socket.close()

    async def close(self) -> None:
        await self._nursery.close()
        for socket in list(self._sockets):
            await socket.close()

    async def _admit(self, socket: web.WebSocketResponse) -> None:
        token, reader = await hello(socket), Reader(self._language)
        try:
            link, person = await self._db.read(lambda store: find_link(store, token, self._clock()))
            reader = Reader(person.language, person.zone, self._clock())
            with self._seat(link):
                await write(self._db, "page.open", lambda store: open_link(store, token, self._clock()))
                await self._show(Viewer(socket, link, person, reader))
        except (Stale, NotAllowed) as error:
            await _say(socket, words.refusal(error, reader), over=True)

    @contextmanager
    def _seat(self, link: PageLink) -> Iterator[None]:
        """Raises Stale while another looks at the same; the link stays good."""
        seat = link.kind, link.activity_id
        if seat in self._seats:
            raise Stale("page_taken")
        self._seats.add(seat)
        try:
            yield
        finally:
            self._seats.discard(seat)

    async def _show(self, viewer: Viewer) -> None:
        try:
            if viewer.link.kind is PageKind.QR:
                await self._first_of(self._tell(viewer, until_over=True), _until_left(viewer))
            else:
                await self._live(viewer)
        finally:
            await write(self._db, "page.end", lambda store: end_link(store, viewer.link, self._clock()))

    async def _live(self, viewer: Viewer) -> None:
        try:
            page = await self._logins.live(viewer.link.activity_id)
        except ProviderError:
            raise Stale("login_over") from None
        await viewer.say(words.live_hint(viewer.reader), live=True, words=words.labels(viewer.reader))
        try:
            ended = await self._first_of(*self._hands(viewer, page), _time(LONGEST))
        finally:
            await page.close()
        match ended:
            case "done":
                await self._done(viewer)
            case "late":
                await viewer.say(words.time_over(viewer.reader), over=True)
            case "gone":
                await viewer.say(words.page_left(viewer.reader), over=True)

    def _hands(self, viewer: Viewer, page: LivePage) -> tuple[Coroutine[Any, Any, str], ...]:
        drawn, deeds = asyncio.Event(), asyncio.Queue[Deed | Done](MOST_DEEDS)
        return (
            _frames(viewer, page, drawn),
            _listen(viewer, drawn, deeds),
            _act(page, deeds),
            self._until_over(viewer),
        )

    async def _done(self, viewer: Viewer) -> None:
        """Only has the login look again, and tells what it saw."""
        link, person = viewer.link, viewer.person
        with suppress(Stale, NotAllowed):  # somebody has pressed Done in the chat before
            await write(self._db, "page.done", lambda store: human_done(store, person, link.activity_id, self._clock()))
        await self._first_of(self._tell(viewer, until_over=False), _until_left(viewer))

    async def _tell(self, viewer: Viewer, *, until_over: bool) -> str:
        """The login's stages with its code, as they come; to its end, or also only until a person is wanted."""
        shown, told = None, ""
        async for seen in self._states(viewer.link.activity_id):
            waits = seen.activity.state is ActivityState.WAITING
            over = seen.activity.over or (waits and not until_over)
            if seen.picture and seen.picture != shown:
                await viewer.show(seen.picture)
            shown = seen.picture
            text = words.stage(viewer.reader, seen.activity, seen.plan)
            if text != told or over:
                await viewer.say(text, over=over, code=seen.picture is not None)
            told = text
            if over:
                break
        return "over"

    async def _until_over(self, viewer: Viewer) -> str:
        async for seen in self._states(viewer.link.activity_id):
            if seen.activity.over:
                break
        return "gone"

    async def _states(self, activity_id: int) -> AsyncIterator[Seen]:
        """The login now, and anew after every change of anything; ends when it is purged."""
        while True:
            changed = self._changed
            seen = await self._db.read(lambda store: _look(store, activity_id))
            if seen is None:
                return
            yield seen
            await changed.wait()

    async def _first_of(self, *works: Coroutine[Any, Any, T]) -> T:
        """What the first of them gives; the others are ended."""
        tasks = [self._nursery.spawn(work, "page") for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            first: T = next(task for task in tasks if task in done).result()
            return first
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _frames(viewer: Viewer, page: LivePage, drawn: asyncio.Event) -> str:
    """One picture at a time: the next is sent when the last one is shown."""
    async for frame in page.frames():
        drawn.clear()
        await viewer.show(frame)
        await drawn.wait()
    return "gone"


async def _listen(viewer: Viewer, drawn: asyncio.Event, deeds: asyncio.Queue[Deed | Done]) -> str:
    async for one in said(viewer.socket):
        if isinstance(one, Drawn):
            drawn.set()
        else:
            await deeds.put(one)
    return "left"


async def _act(page: LivePage, deeds: asyncio.Queue[Deed | Done]) -> str:
    """In their order. When the page takes nothing, what was meant for it meanwhile is out of date, but for Done: nobody
    shall wait for a row of keys that each have to be given up."""
    while not isinstance(one := await deeds.get(), Done):
        if not await page.act(one):
            missed = [deeds.get_nowait() for _ in range(deeds.qsize())]
            if any(isinstance(deed, Done) for deed in missed):
                break
    return "done"


async def _until_left(viewer: Viewer) -> str:
    async for _ in said(viewer.socket):
        pass
    return "left"


async def _time(longest: timedelta) -> str:
    await asyncio.sleep(longest.total_seconds())
    return "late"


async def _say(socket: web.WebSocketResponse, text: str, **more: object) -> None:
    with suppress(ConnectionError):
        await socket.send_json({"say": text, **more})


def _look(store: Store, activity_id: int) -> Seen | None:
    activity = store.activities.get(activity_id)
    if activity is None:
        return None
    plan = LoginPlan.model_validate_json(activity.plan)
    blob = store.blobs.get(plan.qr_blob) if plan.stage == "qr" and plan.qr_blob and not activity.over else None
    return Seen(activity, plan, blob[0] if blob else None)
