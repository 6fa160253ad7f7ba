"""The mtop gateway: token cookies, signature, envelope. A call that isn't signed right gets no data."""

import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from sandbox.market.model import BuyerAccount
from sandbox.taobao.access import CROWDED, buyer_of, meet_faults, punish_url, session_of
from sandbox.taobao.state import OLD_SIGN, TOO_OFTEN, TURNED_AWAY

APP_KEY = "12574478"
ILLEGAL = "FAIL_SYS_ILLEGAL_ACCESS::非法请求"
Data = Mapping[str, object]
Call = Callable[[web.Request, Data], Awaitable[object]]


class MtopError(Exception):
    """A call's refusal: `ret` such as `FAIL_BIZ_…::text`, and data beside it."""

    def __init__(self, ret: str, data: object = None) -> None:
        super().__init__(ret)
        self.ret = ret
        self.data = data if data is not None else {}


@dataclass(frozen=True, slots=True)
class Api:
    """`at` is the call's name for faults; guests may use it unless `private`."""

    name: str
    version: str
    at: str
    call: Call
    private: bool = True

    @property
    def tail(self) -> str:
        return f"/h5/{self.name.lower()}/{self.version}/"

    async def handle(self, request: web.Request) -> web.Response:
        """One call in the gateway's envelope."""
        try:
            data = await _checked_data(request)
            self._admit(request)
            body, ret = await self.call(request, data), "SUCCESS::调用成功"
        except MtopError as error:
            body, ret = error.data, error.ret
        envelope = {"api": self.name.lower(), "v": self.version, "ret": [ret], "data": body}
        answer = web.json_response(envelope, dumps=lambda one: json.dumps(one, ensure_ascii=False))
        if "TOKEN" in ret:
            _renew_token(request, answer)
        return answer

    def _admit(self, request: web.Request) -> None:
        meet_faults(request, self.at)
        if request.get(OLD_SIGN):
            raise MtopError(ILLEGAL)
        if request.get(TOO_OFTEN):
            raise MtopError(CROWDED)
        if session_of(request).challenge:
            raise MtopError(f"FAIL_SYS_USER_VALIDATE::{CROWDED}", {"url": punish_url(request)})
        if self.private:
            caller(request)


def caller(request: web.Request) -> BuyerAccount:
    """Whose call it is; raises `MtopError` for a guest's."""
    buyer = buyer_of(request)
    if buyer is None or request.get(TURNED_AWAY):
        raise MtopError("FAIL_SYS_SESSION_EXPIRED::Session过期")
    return buyer


async def _checked_data(request: web.Request) -> Data:
    """The call's data once its signature holds for the exact text of `data`."""
    form = await request.post() if request.method == "POST" else {}
    text = str(form.get("data") or request.query.get("data") or "{}")
    session = session_of(request)
    known = request.cookies.get("_m_h5_tk", "")
    if not known:
        raise MtopError("FAIL_SYS_TOKEN_EMPTY::令牌为空")
    token, _, end = known.partition("_")
    if token != session.mtop_token or not end.isdigit() or int(end) < time.time() * 1000:
        raise MtopError("FAIL_SYS_TOKEN_EXOIRED::令牌过期")
    words = (token, request.query.get("t", ""), request.query.get("appKey", ""), text)
    sign = hashlib.md5("&".join(words).encode(), usedforsecurity=False).hexdigest()
    if sign != request.query.get("sign") or request.query.get("appKey") != APP_KEY:
        raise MtopError(ILLEGAL)
    data = json.loads(text)
    if not isinstance(data, dict):
        raise MtopError("FAIL_SYS_PARAMINVALID::参数错误")
    return data


def _renew_token(request: web.Request, answer: web.Response) -> None:
    session = session_of(request)
    session.mtop_token = secrets.token_hex(16)
    end = int(time.time() * 1000) + 2 * 3600 * 1000
    answer.set_cookie("_m_h5_tk", f"{session.mtop_token}_{end}", path="/")
    answer.set_cookie("_m_h5_tk_enc", secrets.token_hex(16), path="/")
