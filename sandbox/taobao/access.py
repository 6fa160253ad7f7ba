"""Who may see a page, and where everybody else is sent: the login or the slider. Lets nobody in by itself."""

import json
from urllib.parse import quote

from aiohttp import web

from sandbox.market.model import BuyerAccount
from sandbox.taobao.hosts import LOGIN, host_of, path
from sandbox.taobao.state import OLD_SIGN, SESSION, TOO_OFTEN, TURNED_AWAY, Session, site_of

CROWDED = "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试"


def session_of(request: web.Request) -> Session:
    return request[SESSION]


def buyer_of(request: web.Request) -> BuyerAccount | None:
    """Who is signed in, for pages that guests see too."""
    return site_of(request).signed_in(session_of(request))


def meet_faults(request: web.Request, at: str) -> None:
    """Let the session faults ordered for this page happen: expiry (of the session, or for one call: of its token),
    or a slider that then stays."""
    site, session = site_of(request), session_of(request)
    expired = site.faults.take(at, "session_expired")
    if expired and expired.details.get("kind") == "background":
        request[TURNED_AWAY] = True
    elif expired and expired.details.get("kind") == "token":
        request[OLD_SIGN] = True
    elif expired and session.account:
        site.world.expire_session(session.account)
    captcha = site.faults.take(at, "captcha")
    if captcha and captcha.details.get("kind") == "dialog":
        request[TOO_OFTEN] = True
    elif captcha:
        session.challenge = True


def visit(request: web.Request, at: str) -> None:
    """Anybody may see the page; a suspect is sent to the slider by `web.HTTPFound`."""
    meet_faults(request, at)
    if session_of(request).challenge:
        raise web.HTTPFound(punish_path(request))


def enter(request: web.Request, at: str) -> BuyerAccount:
    """The signed-in buyer of a page; a guest is sent to log in, a suspect to the slider (`web.HTTPFound`)."""
    visit(request, at)
    buyer = buyer_of(request)
    if buyer is None:
        raise web.HTTPFound(login_path(request))
    return buyer


def enter_call(request: web.Request, at: str) -> BuyerAccount:
    """The same for one of the older calls: a guest gets the login's html (`web.HTTPFound`), a suspect no
    data but `rgv587_flag` and the punish address (`web.HTTPOk`)."""
    meet_faults(request, at)
    buyer = buyer_of(request)
    if buyer is None or request.get(TURNED_AWAY):
        raise web.HTTPFound(login_path(request))
    if session_of(request).challenge:
        body = {"rgv587_flag": "sm", "url": punish_url(request), "ret": ["FAIL_SYS_USER_VALIDATE", CROWDED]}
        raise web.HTTPOk(text=json.dumps(body, ensure_ascii=False), content_type="application/json")
    return buyer


def login_path(request: web.Request) -> str:
    return f"{path(LOGIN, '/member/login.jhtml')}?redirectURL={quote(_page_of(request), safe='')}"


def _page_of(request: web.Request) -> str:
    """The page that a login or a slider leads back to: a press leads to the page where it was made."""
    return str(request.url) if request.method == "GET" else request.headers.get("Referer", "")


def punish_path(request: web.Request, back: str = "") -> str:
    """The slider page of the host that was asked; `back` is where a solved one leads (this page)."""
    back = back or _page_of(request)
    return path(host_of(request), "/_____tmd_____/punish", x5secdata="x5", x5step="2", back=back)


def punish_url(request: web.Request) -> str:
    """Its address as a call's answer names it; a solved slider leads to the page that made the call."""
    return f"//{request.host}{punish_path(request, request.headers.get('Referer', ''))}"
