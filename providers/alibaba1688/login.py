"""A login: a person allows the app on 1688's own page and pastes what it gives. No password is ever asked for."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from providers.alibaba1688 import apis
from providers.alibaba1688.client import Client
from providers.alibaba1688.oauth import CodeRejected, OAuth, Tokens
from providers.alibaba1688.orders import OrderList
from providers.alibaba1688.wire import read_as
from purchasing.errors import SessionExpired, Stale
from purchasing.live import LivePage
from purchasing.provider import CodeWanted, LoggedIn, LoginEvent, LoginExpired

SECONDS = 180.0


@dataclass(frozen=True)
class Pasted:
    """What a person pasted: a code or token, and the state when it was a whole address."""

    text: str
    state: str = ""


def pasted(text: str) -> Pasted:
    """A bare code or token, or the address to which 1688 sent the browser."""
    text = text.strip()
    query = parse_qs(urlsplit(text).query) if "code=" in text else {}
    if "code" in query:
        return Pasted(query["code"][0], query.get("state", [""])[0])
    return Pasted(text)


class AuthorisationLogin:
    """Implements LoginAttempt. A wrong code asks again until the time is over."""

    def __init__(self, oauth: OAuth, client: Client, auth: str, nick: str) -> None:
        self._oauth = oauth
        self._client = client
        self._nick = nick
        self._state = secrets.token_urlsafe(12)
        self._link = oauth.authorize_link(auth, self._state)
        self._answers: asyncio.Queue[str | None] = asyncio.Queue()

    async def events(self) -> AsyncIterator[LoginEvent]:
        """Raises Transient when 1688 can't be asked: the login is then simply started again."""
        ends = asyncio.get_running_loop().time() + SECONDS
        while True:
            yield CodeWanted("authorisation", self._link)
            try:
                async with asyncio.timeout_at(ends):
                    answer = await self._answers.get()
            except TimeoutError:
                answer = None
            if answer is None:
                yield LoginExpired()
                return
            if (tokens := await self._tokens(pasted(answer))) is not None:
                yield LoggedIn(tokens.nick, tokens.sealed(), tokens.session_until)
                return

    async def submit_code(self, code: str) -> None:
        await self._answers.put(code)

    async def human_done(self) -> None:
        """Nothing here waits for it."""

    async def live(self) -> LivePage:
        raise Stale("no_live_page")

    async def cancel(self) -> None:
        await self._answers.put(None)

    async def _tokens(self, given: Pasted) -> Tokens | None:
        if not given.text or given.state not in {"", self._state}:
            return None
        try:
            return await self._oauth.exchange(given.text)
        except CodeRejected:
            return await self._long_lived(given.text)

    async def _long_lived(self, token: str) -> Tokens | None:
        """A token copied from the console of an app for one's own use; codes look the same, so it is simply tried.

        It doesn't tell whose it is: the account that logs in again is believed, else its newest order is asked."""
        params = {"page": "1", "pageSize": "1"}
        try:
            answer = read_as(OrderList, await self._client.read_with(token, apis.ORDER_LIST, params), "login")
        except SessionExpired:
            return None
        buyer = next((info.base.buyer_login_id for info in answer.result), "")
        made_up = f"1688-{hashlib.sha256(token.encode()).hexdigest()[:6]}"
        return Tokens(access_token=token, nick=buyer or self._nick or made_up)
