"""Keeps the last answer of the page's own calls: the traffic is only listened to, never changed."""

import json
import re
from typing import TYPE_CHECKING

from providers.taobao.signs import token_rotated
from providers.taobao.texts import decode

if TYPE_CHECKING:
    from playwright.async_api import Page, Response


class Caught:
    """Answers whose address holds one of `words` (lower case)."""

    def __init__(self, page: "Page", *words: str) -> None:
        self._words = words
        self._last: Response | None = None
        page.on("response", self._keep)

    def _keep(self, response: "Response") -> None:
        if response.request.method != "OPTIONS" and any(word in response.url.lower() for word in self._words):
            self._last = response

    async def json(self) -> object:
        """The last one as JSON (or JSONP); None when there is none yet, it can't be read or will be asked again."""
        from playwright.async_api import Error

        if self._last is None:
            return None
        try:
            body = await self._last.body()
        except Error:
            return None
        data = loads(decode(body))
        return None if token_rotated(data) else data


def loads(text: str) -> object:
    """JSON, with or without a JSONP call around it; None for anything else."""
    inner = re.fullmatch(r"\s*[\w$.]+\s*\((.*)\)\s*;?\s*", text, re.DOTALL)
    try:
        return json.loads(inner[1] if inner else text)
    except ValueError:
        return None
