"""The port to a marketplace's page that a person looks at and touches from afar. What is typed into it is passed on and
kept nowhere: not in a log, not in an error, not in the database."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

Part = Annotated[float, Field(ge=0, le=1)]
"""A place in the picture: a part of its width or height."""
Stretch = Annotated[float, Field(ge=-2, le=2)]


Arrow = Literal["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]


class _Deed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Pointer(_Deed):
    """A finger or a mouse; `touch` says which, and the page gets the one that it understands."""

    kind: Literal["pointer"]
    what: Literal["down", "move", "up"]
    x: Part
    y: Part
    touch: bool = False


class Scroll(_Deed):
    """At a place, by parts of the picture."""

    kind: Literal["scroll"]
    x: Part
    y: Part
    dx: Stretch
    dy: Stretch


class Key(_Deed):
    """A key that writes nothing."""

    kind: Literal["key"]
    key: Literal["Enter", "Backspace", "Delete", "Tab", "Escape", "Home", "End"] | Arrow


class Typed(_Deed):
    """Typed, pasted, or made by an input method."""

    kind: Literal["text"]
    text: str = Field(min_length=1, max_length=1000, repr=False)


class Go(_Deed):
    kind: Literal["go"]
    where: Literal["back", "reload"]


Deed = Annotated[Pointer | Scroll | Key | Typed | Go, Field(discriminator="kind")]


class LivePage(Protocol):
    """One page, shown to one person. It ends when it is closed or the page is gone, and leads nowhere but within the
    marketplace's hosts."""

    def frames(self) -> AsyncIterator[bytes]:
        """JPEG pictures of the page, the newest each time, as often as they are asked for and bounded in rate and
        size; none while nothing changes."""
        ...

    async def act(self, deed: Deed) -> bool:
        """Passes it on. What a page that is just leaving doesn't take is lost, as it would be in a browser; False when
        the page took nothing for some seconds."""
        ...

    async def close(self) -> None:
        """Stops showing; the page itself stays where it is."""
        ...
