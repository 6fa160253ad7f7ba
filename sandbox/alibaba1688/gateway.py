"""The gateway's door: who calls what, signed and allowed, and how often. No business rule may live here.

Checks come in this order: app key, API, signature, frequency, token, permission, arguments. That the token
comes before the permission and the permission before the arguments is measured by others; the rest is inferred.
"""

import hmac
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from aiohttp import web

from sandbox.alibaba1688.market import APP_KEY, APP_SECRET, Call, GatewayError, Market
from sandbox.alibaba1688.oauth import Tokens
from sandbox.alibaba1688.signature import sign


@dataclass(frozen=True, slots=True)
class Api:
    """One API of a namespace, version 1."""

    answer: Callable[[Call], object]
    required: tuple[str, ...] = ()
    needs_token: bool = True


Apis = Mapping[tuple[str, str], Api]
"""By namespace and name: a name under the wrong namespace does not exist."""


class Gateway:
    """`/openapi/param2/{version}/{namespace}/{api}/{app_key}`."""

    def __init__(self, apis: Apis, market: Market, tokens: Tokens) -> None:
        self.apis = apis
        self.market = market
        self.tokens = tokens
        self._called: deque[float] = deque()
        self._requests = (f"0b{number:030x}" for number in count(1))

    async def handle(self, request: web.Request) -> web.Response:
        params = {key: str(value) for key, value in {**request.query, **await request.post()}.items()}
        try:
            return answer(self._answer(request, params))
        except GatewayError as error:
            body = {"error_code": error.code, "error_message": error.text, "request_id": next(self._requests)}
            return answer(body, error.status or self.market.manners.error_status)

    def _answer(self, request: web.Request, params: Mapping[str, str]) -> object:
        path = request.match_info
        self._check_app(path["app_key"])
        api = self.apis.get((path["namespace"], path["api"])) if path["version"] == "1" else None
        if api is None:
            raise GatewayError("gw.APIUnsupported", f"Unsupported API {path['namespace']}:{path['api']}")
        self._check_signature(request.rel_url.raw_path.removeprefix("/openapi/"), params)
        self._check_frequency()
        login = self._login(path["api"], params) if api.needs_token else ""
        if path["api"] in self.market.manners.denied:
            raise GatewayError("gw.APIACLDecline", "AppKey is not allowed(acl)")
        for name in api.required:
            if not params.get(name):
                raise GatewayError("gw.ParamMissing", f"Required argument {name}")
        call = Call(path["api"], params, login, self.market, str(request.url.origin()))
        return self._with_faults(call, api)

    def _check_app(self, app_key: str) -> None:
        if app_key != APP_KEY:
            raise GatewayError("gw.AppKeyNotFound", f"AppKey {app_key} is not found")

    def _check_signature(self, path: str, params: Mapping[str, str]) -> None:
        given = params.get("_aop_signature", "")
        if not given:
            raise GatewayError("gw.SignatureMissing", "Request signature is missing")
        if not hmac.compare_digest(given.encode(), sign(path, params, APP_SECRET).encode()):
            raise GatewayError("gw.SignatureInvalid", "Invalid signature")

    def _check_frequency(self) -> None:
        """A sliding window over all calls of the app; a refused call does not count."""
        manners, now = self.market.manners, time.monotonic()
        while self._called and self._called[0] <= now - manners.rate_seconds:
            self._called.popleft()
        if len(self._called) >= manners.rate_calls:
            raise GatewayError("gw.QosAppFrequencyLimit", "App call exceeds limited frequency")
        self._called.append(now)

    def _login(self, name: str, params: Mapping[str, str]) -> str:
        login = self.tokens.login_of(params.get("access_token", ""))
        if login is None or self.market.faults.take(name, "session_expired"):
            raise GatewayError("401", "Request need user authorized", 401)
        return login

    def _with_faults(self, call: Call, api: Api) -> object:
        if call.take("captcha"):
            # Inferred: the Open Platform shows no captcha; its risk control would refuse with some code.
            raise GatewayError("gw.RiskControlDecline", "Verification is required")
        result = api.answer(call)
        return {"model": {"data": []}} if call.take("page_changed") else result


def answer(value: object, status: int = 200) -> web.Response:
    return web.json_response(value, status=status, dumps=lambda one: json.dumps(one, ensure_ascii=False))


def current_time(call: Call) -> str:
    """The free self-test; the form of its answer is inferred."""
    return call.market.stamp(call.world.now())
