"""Calls of the Open Platform: signed, rate limited, and told apart by what an error means.

A read may be repeated; a write is prepared first and then sent exactly once, whatever comes back.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_random

from providers.alibaba1688.apis import Api
from providers.alibaba1688.oauth import TokenKeeper
from providers.alibaba1688.rate import Turns
from providers.alibaba1688.signature import sign
from providers.alibaba1688.transport import Answer, NotSent, Transport
from providers.alibaba1688.wire import Json, W, read_as
from providers.base import seconds_left
from purchasing.errors import (
    LimitReached,
    OutcomeUnknown,
    PageChanged,
    Refused,
    SessionExpired,
    Transient,
)
from purchasing.refusals import Refusal

_READ_SECONDS = 20.0


class Declined(PageChanged):
    """The gateway itself said no (permission, signature, argument): definitely nothing was done."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"1688's gateway refuses: {code} {message}", code)
        self.code = code


class Throttled(Transient):
    """The gateway says that the app calls too often: definitely nothing was done."""

    def __init__(self, code: str) -> None:
        super().__init__(f"1688 limits our calls: {code}", timedelta(seconds=30))


@dataclass(frozen=True)
class App:
    """An application registered at 1688 and the gateway that serves it, without a final slash."""

    gateway: str
    key: str
    secret: str


class Client:
    def __init__(self, app: App, transport: Transport, tokens: TokenKeeper, per_second: int = 4) -> None:
        self._app = app
        self._transport = transport
        self._tokens = tokens
        self._turns = Turns(per_second)

    async def read(self, account_id: int, api: Api, params: Mapping[str, str], shape: type[W]) -> W:
        """Tries up to three times, renews a dead token once.

        Raises Transient, SessionExpired, PageChanged or Declined."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Transient),
            stop=stop_after_attempt(3),
            wait=wait_exponential(multiplier=0.3, max=3) + wait_random(0, 0.3),
            reraise=True,
        )
        body: Json = await retrying(self._read_once, account_id, api, params)
        return read_as(shape, body, api.name)

    async def read_with(self, access_token: str, api: Api, params: Mapping[str, str]) -> Json:
        """One try with a token that belongs to no account yet."""
        await self._turns.take(self._app.key)
        return _understand(await self._post(api, self._form(api, params, access_token), _READ_SECONDS))

    async def prepare(self, account_id: int, api: Api, params: Mapping[str, str]) -> "PreparedCall":
        """A write with its token fresh and its turn taken, so that nothing slow stands between gate and effect."""
        access_token = await self._tokens.current(account_id)
        await self._turns.take(self._app.key)
        return PreparedCall(self, api, params, access_token)

    async def _read_once(self, account_id: int, api: Api, params: Mapping[str, str]) -> Json:
        access_token = await self._tokens.current(account_id)
        try:
            return await self.read_with(access_token, api, params)
        except SessionExpired:
            renewed = await self._tokens.renew(account_id, access_token)
            return await self.read_with(renewed, api, params)

    async def send_once(self, api: Api, params: Mapping[str, str], access_token: str, seconds: float) -> Json:
        """Only for a PreparedCall."""
        return _understand(await self._post(api, self._form(api, params, access_token), seconds))

    def _form(self, api: Api, params: Mapping[str, str], access_token: str) -> dict[str, str]:
        form = {**params, "access_token": access_token, "_aop_timestamp": str(time.time_ns() // 1_000_000)}
        return form | {"_aop_signature": sign(self._path(api), form, self._app.secret)}

    async def _post(self, api: Api, form: Mapping[str, str], seconds: float) -> Answer:
        return await self._transport.post(f"{self._app.gateway}/openapi/{self._path(api)}", form, seconds)

    def _path(self, api: Api) -> str:
        return f"param2/1/{api.namespace}/{api.name}/{self._app.key}"


@dataclass(frozen=True)
class PreparedCall:
    """A write that waits for the gate; `send` is called at most once."""

    client: Client
    api: Api
    params: Mapping[str, str]
    access_token: str

    async def send(self, deadline: datetime) -> Json:
        """The answer of the business layer. Raises SendingStopped after the deadline; Refused or LimitReached when the
        call was definitely not carried out; OutcomeUnknown in every other case."""
        seconds = seconds_left(deadline)
        try:
            return await self.client.send_once(self.api, self.params, self.access_token, seconds)
        except Declined as error:
            raise Refused(Refusal.UNKNOWN, detail=str(error)) from error
        except SessionExpired as error:
            # 1688 checks the token before anything else; logging in again comes before another try.
            raise Refused(Refusal.NO_SESSION, detail=str(error)) from error
        except Throttled as error:
            raise LimitReached(str(error)) from error
        except NotSent as error:
            raise Refused(Refusal.UNKNOWN, detail=str(error)) from error
        except (Transient, PageChanged) as error:
            raise OutcomeUnknown(f"{self.api.name}: {error}") from error


def _understand(answer: Answer) -> Json:
    """The body, or the error of the gateway's layer, which comes first whatever the HTTP status says below 500."""
    if answer.status >= 500:
        raise Transient(f"1688 answered {answer.status}")
    try:
        body = json.loads(answer.text, parse_float=Decimal)
    except ValueError:
        body = None
    if isinstance(body, dict) and body.get("error_code"):
        raise _gateway_error(str(body["error_code"]), str(body.get("error_message") or body.get("exception") or ""))
    if answer.status == 401:
        raise SessionExpired("1688 wants the user authorised again")
    if answer.status == 429:
        raise Transient("1688 answered 429")
    if answer.status >= 300:
        raise PageChanged(f"1688 answered {answer.status}")
    if body is None:
        raise Transient("1688's answer is no whole JSON")
    if not isinstance(body, dict):
        raise PageChanged("1688's answer is no JSON object")
    return body


def _gateway_error(code: str, message: str) -> Exception:
    if code == "401":
        return SessionExpired(f"1688 wants the user authorised again: {message}")
    if code.startswith("gw.Qos"):
        return Throttled(code)
    return Declined(code, message)


def as_json(value: object) -> str:
    """An object parameter: written once, the same text is signed and sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
