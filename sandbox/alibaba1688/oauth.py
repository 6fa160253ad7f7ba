"""Authorization: the page on which a person allows the app, and the tokens. Nothing is allowed unasked.

The form of errors and that a new refresh token ends the old one are inferred; the sources don't say.
"""

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from aiohttp import web
from yarl import URL

from sandbox.alibaba1688.market import APP_KEY, APP_SECRET, Json, Market
from sandbox.market.person import page

ACCESS_SECONDS = 36_000
CODE_SECONDS = 120
REFRESH_DAYS = 180
SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Grant:
    """A code or token: whose it is, until when, and the session epoch in which it was given."""

    login: str
    until: datetime
    epoch: int


class Refusal(Exception):
    """Why no token is given: an OAuth error name and a text."""

    def __init__(self, error: str, text: str) -> None:
        super().__init__(text)
        self.error = error
        self.text = text


class Tokens:
    """Codes, access tokens and refresh tokens that live now."""

    def __init__(self, market: Market, seed: int) -> None:
        self.market = market
        self._random = random.Random(f"oauth/{seed}")
        self._codes: dict[str, tuple[Grant, str]] = {}
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._refreshes = 0

    def login_of(self, access_token: str) -> str | None:
        """Whose account this token buys with, or None when it is bad, expired or taken back."""
        grant = self._access.get(access_token)
        return grant.login if grant and self._alive(grant) else None

    def give_code(self, login: str, redirect_uri: str) -> str:
        """Single use, two minutes, only for the same redirect_uri."""
        code = self._new()
        self._codes[code] = (self._grant(login, timedelta(seconds=CODE_SECONDS)), redirect_uri)
        return code

    def expire_access(self, account: str) -> None:
        """End the account's access tokens; refresh tokens live on."""
        self._access = {key: one for key, one in self._access.items() if one.login != account}

    def exchange(self, form: Mapping[str, str]) -> Json:
        """`getToken`: by `authorization_code` or by `refresh_token`."""
        if (form.get("client_id"), form.get("client_secret")) != (APP_KEY, APP_SECRET):
            raise Refusal("invalid_client", "client_id or client_secret is wrong")
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form.get("code", ""), form.get("redirect_uri", ""))
            case "refresh_token":
                return self._by_refresh(form.get("refresh_token", ""))
        raise Refusal("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")

    def _by_code(self, code: str, redirect_uri: str) -> Json:
        grant, registered = self._codes.pop(code, (None, ""))
        if grant is None or not self._alive(grant) or redirect_uri != registered:
            raise Refusal("invalid_grant", "code is used, expired or of another redirect_uri")
        return self._answer(grant.login, self._new_refresh(grant.login))

    def _by_refresh(self, token: str) -> Json:
        grant = self._refresh.get(token)
        if grant is None or not self._alive(grant):
            raise Refusal("invalid_grant", "refresh_token is invalid or expired")
        self._refreshes += 1
        often = self.market.manners.new_refresh_token
        if often == "never" or (often == "sometimes" and self._refreshes % 2):
            return self._answer(grant.login, None)
        del self._refresh[token]
        return self._answer(grant.login, self._new_refresh(grant.login))

    def _new_refresh(self, login: str) -> str:
        token = self._new()
        self._refresh[token] = self._grant(login, timedelta(days=REFRESH_DAYS))
        return token

    def _answer(self, login: str, refresh_token: str | None) -> Json:
        account = self.market.world.account(login)
        access = self._new()
        self._access[access] = self._grant(login, timedelta(seconds=ACCESS_SECONDS))
        body: Json = {
            "aliId": account.user_id,
            "resource_owner": login,
            "memberId": account.member_id,
            "expires_in": str(ACCESS_SECONDS),
            "access_token": access,
        }
        if refresh_token:
            until = self._refresh[refresh_token].until.astimezone(SHANGHAI)
            body |= {"refresh_token": refresh_token, "refresh_token_timeout": f"{until:%Y%m%d%H%M%S%z}"}
        return body

    def _grant(self, login: str, lasts: timedelta) -> Grant:
        world = self.market.world
        return Grant(login, world.now() + lasts, world.account(login).session_epoch)

    def _alive(self, grant: Grant) -> bool:
        world = self.market.world
        return grant.until > world.now() and grant.epoch == world.account(grant.login).session_epoch

    def _new(self) -> str:
        return f"{self._random.getrandbits(128):032x}"


class AuthorizePages:
    """`/oauth/authorize` for a person's browser and `getToken` for the app."""

    def __init__(self, market: Market, tokens: Tokens) -> None:
        self.market = market
        self.tokens = tokens

    async def ask(self, request: web.Request) -> web.Response:
        query = request.query
        if not query.get("redirect_uri") or not query.get("client_id"):
            return page("message.html", market="1688", text="缺少必要参数 A required argument is missing", status=400)
        if query["client_id"] != APP_KEY:
            return page("message.html", market="1688", text="非法请求 Unknown application", status=400)
        return page(
            "authorize.html",
            market="1688",
            accounts=list(self.market.world.accounts.values()),
            redirect_uri=query["redirect_uri"],
            state=query.get("state", ""),
        )

    async def allow(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        login, redirect_uri = form.get("account", ""), form.get("redirect_uri", "")
        if login not in self.market.world.accounts or not redirect_uri:
            return page("message.html", market="1688", text="缺少必要参数 A required argument is missing", status=400)
        code = self.tokens.give_code(login, redirect_uri)
        target = URL(redirect_uri)
        if target.scheme in {"http", "https"}:
            target = target.update_query(code=code, state=form.get("state", ""))
            if await _answers(target):
                raise web.HTTPFound(target)
        return page("code.html", market="1688", account=login, code=code, target=str(target))

    async def get_token(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in {**request.query, **await request.post()}.items()}
        try:
            body = self.tokens.exchange(form)
        except Refusal as refusal:
            body = {"error": refusal.error, "error_description": refusal.text}
            return web.json_response(body, status=400)
        return web.json_response(body, dumps=lambda one: json.dumps(one, ensure_ascii=False))


async def _answers(target: URL) -> bool:
    """Whether somebody listens there; only this machine is ever asked."""
    if target.host not in {"127.0.0.1", "localhost", "::1"} or not target.port:
        return False
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(target.host, target.port), 1)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
