"""What the page says over its WebSocket, read strictly; nothing of it may get into a log."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from purchasing.live import Go, Key, Pointer, Scroll, Typed

HELLO_SECONDS = 10.0


class Hello(BaseModel):
    """The first word: the link's token."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    token: str = Field(max_length=200, repr=False)


class Drawn(BaseModel):
    """The picture is shown: the next one may come."""

    kind: Literal["drawn"]


class Done(BaseModel):
    """The person is through with the page."""

    kind: Literal["done"]


Said = Annotated[Drawn | Done | Pointer | Scroll | Key | Typed | Go, Field(discriminator="kind")]
_SAID: TypeAdapter[Said] = TypeAdapter(Said, config=ConfigDict(hide_input_in_errors=True))


async def hello(socket: web.WebSocketResponse) -> str:
    """The token; "" for whoever says something else, or nothing in time."""
    try:
        message = await socket.receive(HELLO_SECONDS)
        return Hello.model_validate_json(message.data).token if message.type is WSMsgType.TEXT else ""
    except (ValidationError, TimeoutError):
        return ""


async def said(socket: web.WebSocketResponse) -> AsyncIterator[Said]:
    """Until the viewer leaves, or says what the page never says."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            return
        try:
            yield _SAID.validate_json(message.data)
        except ValidationError:
            return
