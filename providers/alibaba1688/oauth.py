"""Tokens of an account: got for a code, refreshed and kept. A token must never appear in a text that is logged."""

import asyncio
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, ValidationError

from providers.alibaba1688 import dates
from providers.alibaba1688.transport import Transport
from providers.alibaba1688.wire import Wire, read_as
from purchasing.crash import crash_point
from purchasing.errors import PageChanged, ProviderError, SessionExpired, Transient
from purchasing.provider import SessionSecrets

_SOON = timedelta(minutes=5)


class Tokens(BaseModel):
    """An account's secret. No `refresh_token`: a long-lived token that a person copied from the console."""

    model_config = ConfigDict(frozen=True)

    access_token: str
    refresh_token: str = ""
    access_until: datetime | None = None
    refresh_until: datetime | None = None
    nick: str = ""
    member_id: str = ""

    @property
    def session_until(self) -> datetime | None:
        """When a person must log in again, as far as 1688 tells."""
        return self.refresh_until if self.refresh_token else self.access_until

    def sealed(self) -> bytes:
        return self.model_dump_json().encode()


class CodeRejected(ProviderError):
    """The authorisation code is wrong, used or older than two minutes."""


class _Grant(Wire):
    access_token: str = ""
    refresh_token: str = ""
    expires_in: int = 36_000
    refresh_token_timeout: str = ""
    resource_owner: str = ""
    member_id: str = ""
    error: str = ""
    error_code: str = ""

    model_config = ConfigDict(alias_generator=lambda name: "memberId" if name == "member_id" else name)


class OAuth:
    """The `system.oauth2` calls of one app; they are not signed."""

    def __init__(self, transport: Transport, gateway: str, app_key: str, app_secret: str, redirect_uri: str) -> None:
        self._transport = transport
        self._url = f"{gateway}/openapi/http/1/system.oauth2/getToken/{app_key}"
        self._client = {"client_id": app_key, "client_secret": app_secret}
        self._redirect_uri = redirect_uri

    def authorize_link(self, auth: str, state: str) -> str:
        """The page on which a person allows the app; 1688 wants the exact redirect address registered for it."""
        query = {
            "client_id": self._client["client_id"],
            "site": "1688",
            "redirect_uri": self._redirect_uri,
            "state": state,
        }
        return f"{auth}/oauth/authorize?{urlencode(query)}"

    async def exchange(self, code: str) -> Tokens:
        """Raises CodeRejected, Transient, or PageChanged when the app itself is refused."""
        form = {"grant_type": "authorization_code", "need_refresh_token": "true", "code": code}
        tokens = await self._ask(form | {"redirect_uri": self._redirect_uri})
        if tokens is None:
            raise CodeRejected("1688 gave no token for the code")
        return tokens

    async def refresh(self, old: Tokens) -> Tokens:
        """Raises SessionExpired or Transient. 1688 doesn't always give a new refresh token: then the old one stays."""
        tokens = await self._ask({"grant_type": "refresh_token", "refresh_token": old.refresh_token})
        if tokens is None:
            raise SessionExpired("1688 no longer takes the refresh token")
        kept = {"nick": tokens.nick or old.nick, "member_id": tokens.member_id or old.member_id}
        if not tokens.refresh_token:
            kept |= {"refresh_token": old.refresh_token}
        until = tokens.refresh_until or old.refresh_until
        return tokens.model_copy(update={**kept, "refresh_until": until})

    async def _ask(self, form: dict[str, str]) -> Tokens | None:
        answer = await self._transport.post(self._url, form | self._client, 20)
        if answer.status == 429 or answer.status >= 500:
            raise Transient(f"1688 answered {answer.status}")
        try:
            body = json.loads(answer.text)
            grant = read_as(_Grant, body if isinstance(body, dict) else {}, "getToken")
        except (ValueError, PageChanged):
            raise Transient("1688 gave no readable answer to getToken") from None
        # The form of errors is inferred: OAuth's usual one, and the gateway's.
        if grant.error in {"invalid_client", "unauthorized_client"} or grant.error_code.startswith("gw."):
            raise PageChanged("1688 refuses the app key or its secret", grant.error or grant.error_code)
        return _tokens(grant) if grant.access_token else None


def _tokens(grant: _Grant) -> Tokens:
    return Tokens(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        access_until=datetime.now(UTC) + timedelta(seconds=grant.expires_in),
        refresh_until=dates.parse(grant.refresh_token_timeout),
        nick=grant.resource_owner,
        member_id=grant.member_id,
    )


class TokenKeeper:
    """Gives each account's access token, renewing it once for all who find it dead at the same time."""

    def __init__(self, oauth: OAuth, secrets: SessionSecrets) -> None:
        self._oauth = oauth
        self._secrets = secrets
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(self, account_id: int) -> Tokens:
        """Raises SessionExpired when nothing usable is kept."""
        secret = await self._secrets.load(account_id)
        try:
            return Tokens.model_validate_json(secret or b"")
        except ValidationError:
            raise SessionExpired("no 1688 token is kept for this account") from None

    async def current(self, account_id: int) -> str:
        tokens = await self.load(account_id)
        ends = tokens.access_until
        if tokens.refresh_token and ends is not None and ends - datetime.now(UTC) < _SOON:
            return await self.renew(account_id, tokens.access_token)
        return tokens.access_token

    async def renew(self, account_id: int, rejected: str) -> str:
        """A token other than the rejected one. Raises SessionExpired or Transient."""
        async with self._locks[account_id]:
            tokens = await self.load(account_id)
            if tokens.access_token != rejected:
                return tokens.access_token
            if not tokens.refresh_token:
                raise SessionExpired("1688 no longer takes the token, and there is none to refresh it with")
            fresh = await self._oauth.refresh(tokens)
            crash_point("alibaba1688.renewed")
            await self._secrets.save(account_id, fresh.sealed(), fresh.session_until)
            return fresh.access_token
