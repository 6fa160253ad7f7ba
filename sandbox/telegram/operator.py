"""A person at the chat for tests and for the tour: acts by what is on the screen, waits for changes, never for time."""

import asyncio
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

T = TypeVar("T")
Found = Callable[["Seen"], bool]
"""A condition on one message from the bot."""


@dataclass(frozen=True)
class Seen:
    """A message as the person sees it; ``text`` is the caption when there is media."""

    id: int
    text: str
    from_bot: bool
    buttons: tuple[tuple[dict[str, Any], ...], ...]
    edited: bool
    raw: dict[str, Any] = field(repr=False)

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]

    def button(self, label: str) -> dict[str, Any] | None:
        """The button with this label, else the first that has it as a part."""
        flat = [button for row in self.buttons for button in row]
        whole = [button for button in flat if button["text"] == label]
        part = [button for button in flat if label in button["text"]]
        return next(iter(whole + part), None)


class NotSeen(AssertionError):
    """What was waited for did not come; the text shows the chat as it is."""


class Operator:
    """``async with Operator(url, user_id) as person:``; no wait takes longer than ``patience`` seconds."""

    def __init__(self, base_url: str, user_id: int, *, bot_id: int | None = None, patience: float = 15.0) -> None:
        self._base = f"{base_url.rstrip('/')}/_user/{user_id}"
        self._root = base_url.rstrip("/")
        self._query = {} if bot_id is None else {"bot": str(bot_id)}
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None
        self.state: dict[str, Any] = {"version": 0, "messages": [], "answers": []}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    # What a person does

    async def start(self, payload: str | None = None) -> int:
        return int((await self._post("start", {"payload": payload} if payload else {}))["message_id"])

    async def send(self, text: str) -> int:
        return int((await self._post("text", {"text": text}))["message_id"])

    async def send_document(self, name: str, data: bytes, caption: str = "") -> int:
        return (await self._upload("document", [(name, data)], caption))[0]

    async def send_photo(self, data: bytes, caption: str = "") -> int:
        return (await self._upload("photo", [("photo.jpg", data)], caption))[0]

    async def send_album(self, photos: list[bytes], caption: str = "") -> list[int]:
        return await self._upload("album", [(f"{n}.jpg", data) for n, data in enumerate(photos)], caption)

    async def press(self, label: str, message: Seen | int | None = None) -> dict[str, Any]:
        """Presses the newest button that has the label; waits for it to appear.

        Returns what the press did: ``callback_query_id``, ``copied`` or ``url``.
        """
        wanted = message.id if isinstance(message, Seen) else message
        seen = await self.wait_for(
            lambda m: (wanted is None or m.id == wanted) and m.button(label) is not None,
            what=f"a button {label!r}",
        )
        button = seen.button(label) or {}
        return await self._post("press", {"message_id": seen.id, "label": button["text"]})

    async def press_stale(self, message_id: int, data: str) -> dict[str, Any]:
        """Presses data that the message may no longer show, as a phone with an old screen does."""
        return await self._post("press", {"message_id": message_id, "data": data, "force": True})

    async def block(self) -> None:
        await self._post("block", {})

    async def unblock(self) -> None:
        await self._post("unblock", {})

    # What a person sees

    async def messages(self) -> list[Seen]:
        await self._look()
        return self._seen()

    async def screen(self) -> Seen:
        """The newest message from the bot; waits for the first one."""
        await self._look()
        return await self.wait_for(lambda m: True, what="a message from the bot")

    async def wait_for(
        self, wanted: Found | str | re.Pattern[str], within: float | None = None, *, after: int = 0, what: str = ""
    ) -> Seen:
        """The newest message from the bot, with an id above ``after``, that has the text or fits."""
        condition = _condition(wanted)
        what = what or f"a message with {wanted!r}"

        def look() -> Seen | None:
            fitting = [m for m in self._seen() if m.from_bot and m.id > after and condition(m)]
            return fitting[-1] if fitting else None

        return await self._until(look, within, what)

    async def wait_gone(self, message_id: int, within: float | None = None) -> None:
        """Until the message is deleted."""
        await self._until(
            lambda: None if any(m.id == message_id for m in self._seen()) else True,
            within,
            f"deletion of message {message_id}",
        )

    async def answer_to(self, pressed: dict[str, Any], within: float | None = None) -> dict[str, Any]:
        """The answer to a press: ``text`` (toast, or alert when ``show_alert``), perhaps empty."""
        query_id = pressed["callback_query_id"]

        def look() -> dict[str, Any] | None:
            answers: list[dict[str, Any]] = self.state["answers"]
            return next((a for a in answers if a["callback_query_id"] == query_id), None)

        return await self._until(look, within, "an answer to the press")

    async def download(self, message: Seen) -> bytes:
        """The bytes of the message's photo (largest size) or document."""
        sizes = message.raw.get("photo")
        file = sizes[-1] if sizes else message.raw["document"]
        async with self._http().get(f"{self._root}/_file/{file['file_unique_id']}") as response:
            response.raise_for_status()
            return await response.read()

    # How

    async def _until(self, look: Callable[[], T | None], within: float | None, what: str) -> T:
        loop = asyncio.get_running_loop()
        end = loop.time() + (self._patience if within is None else within)
        await self._look()
        while (found := look()) is None:
            left = end - loop.time()
            if left <= 0:
                raise NotSeen(f"{what} did not come.\n{self.transcript()}")
            self.state = await self._get("wait", since=str(self.state["version"]), seconds=f"{min(left, 25):.3f}")
        return found

    def transcript(self, last: int = 8) -> str:
        """The end of the chat for people who read a failure."""
        lines = ["The chat now:"]
        for message in self._seen()[-last:]:
            who = "bot" if message.from_bot else "me "
            lines.append(f"  {who} #{message.id}: {message.text or _media_name(message.raw)}")
            lines.extend("        [" + "] [".join(b["text"] for b in row) + "]" for row in message.buttons)
        lines.extend(f"  answered: {a['text']}" for a in self.state["answers"][-3:] if a["text"])
        return "\n".join(lines)

    def _seen(self) -> list[Seen]:
        return [_message(raw) for raw in self.state["messages"]]

    async def _look(self) -> None:
        self.state = await self._get("messages")

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use the operator in 'async with'")
        return self._session

    async def _get(self, what: str, **query: str) -> dict[str, Any]:
        async with self._http().get(f"{self._base}/{what}", params={**self._query, **query}) as response:
            return await _checked(response)

    async def _post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._http().post(f"{self._base}/{what}", params=self._query, json=body) as response:
            return await _checked(response)

    async def _upload(self, what: str, files: list[tuple[str, bytes]], caption: str) -> list[int]:
        form = aiohttp.FormData({"caption": caption}, quote_fields=False)
        for name, data in files:
            form.add_field("file", io.BytesIO(data), filename=name, content_type="application/octet-stream")
        async with self._http().post(f"{self._base}/{what}", params=self._query, data=form) as response:
            found = await _checked(response)
        return [int(message_id) for message_id in found["message_ids"]]


async def _checked(response: aiohttp.ClientResponse) -> dict[str, Any]:
    if not response.ok:
        raise NotSeen(f"the sandbox refused: {response.status} {await response.text()}")
    body: dict[str, Any] = await response.json()
    return body


def _message(raw: dict[str, Any]) -> Seen:
    rows = (raw.get("reply_markup") or {}).get("inline_keyboard", [])
    return Seen(
        id=raw["message_id"],
        text=raw.get("text") or raw.get("caption") or "",
        from_bot=raw["outgoing"],
        buttons=tuple(tuple(row) for row in rows),
        edited="edit_date" in raw,
        raw=raw,
    )


def _condition(wanted: Found | str | re.Pattern[str]) -> Found:
    if isinstance(wanted, str):
        return lambda message: wanted in message.text
    if isinstance(wanted, re.Pattern):
        return lambda message: wanted.search(message.text) is not None
    return wanted


def _media_name(raw: dict[str, Any]) -> str:
    if "photo" in raw:
        return "(photo)"
    return f"(document {raw['document'].get('file_name')})" if "document" in raw else "(service message)"
