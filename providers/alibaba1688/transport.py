"""Posts forms over one HTTP session. It never repeats a request and follows no redirect: either could order twice."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from purchasing.errors import Transient


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


class NotSent(Transient):
    """No connection came about: nothing can have reached the provider."""


class Transport:
    """The session is opened with the first request and again after `close`."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, form: Mapping[str, str], seconds: float) -> Answer:
        """Raises NotSent or Transient; never with the form in the text, which holds tokens."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(url, data=form, timeout=timeout, allow_redirects=False) as response:
                return Answer(response.status, await response.text(errors="replace"))
        except aiohttp.ClientConnectorError as error:
            raise NotSent(f"1688 can't be reached: {error.os_error}") from error
        except TimeoutError as error:
            raise Transient("1688 did not answer in time") from error
        except aiohttp.ClientError as error:
            raise Transient(f"the connection to 1688 broke: {type(error).__name__}") from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
