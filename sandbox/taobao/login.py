"""The login page: QR beside the form, its calls in today's shape, the quick re-login and the password form."""

import json
from typing import Literal
from urllib.parse import quote

from aiohttp import web

from sandbox.market.model import BuyerAccount
from sandbox.taobao.access import session_of, visit
from sandbox.taobao.hosts import GATE, LOGIN, LOGIN_MOBILE, PASS_TMALL, bare_url, path
from sandbox.taobao.pages import known_account, page, set_account_cookies
from sandbox.taobao.qr import Check, Logins, QrLogin, qr_png
from sandbox.taobao.state import site_of

LOGINS: web.AppKey[Logins] = web.AppKey("logins", Logins)
PASSWORD = "sandbox-password"
LEGACY = "/havanaone/loginLegacy"
TITLES = {
    "NEW": "",
    "SCANED": "扫描成功,请在手机上确认",
    "CONFIRMED": "登录成功",
    "EXPIRED": "二维码已失效",
    "CANCELED": "您已取消登录",
}


async def classic_entry(request: web.Request) -> web.Response:
    """`/member/login.jhtml`: today only a signpost."""
    back = request.query.get("redirectURL", "") or path(GATE, "/my_itaobao")
    target = f"{path(LOGIN, '/havanaone/login/login.htm')}?bizName=taobao&f=top&redirectURL={quote(back, safe='')}"
    raise web.HTTPFound(target)


async def login_page(request: web.Request) -> web.Response:
    visit(request, "login")
    site, session = site_of(request), session_of(request)
    known = known_account(request, site) if site.modes.quick_login else None
    view_data = {
        "appName": "taobao",
        "loginFormData": {"_csrf": session.token, "umidToken": session.sid, "lang": "zh_CN", "appName": "taobao"},
        "returnUrl": _return_url(request),
    }
    changed = site.faults.take("login", "page_changed") is not None
    return page(request, "login.html", view_data=view_data, known=known, changed=changed)


async def generate(request: web.Request) -> web.Response:
    """A new code: `content.data{t, ck, codeContent}`."""
    content = f"{request.scheme}://{request.host}{path(LOGIN_MOBILE, '/qrcodeCheck.htm')}?lgToken={{t}}"
    login = request.app[LOGINS].make(content, _return_url(request))
    return _content({"t": login.t, "ck": login.ck, "codeContent": login.content, "resultCode": 100})


async def picture(request: web.Request) -> web.Response:
    login = request.app[LOGINS].codes.get(request.query.get("t", ""))
    if login is None:
        raise web.HTTPNotFound
    return web.Response(body=qr_png(login.content), content_type="image/png")


async def query(request: web.Request) -> web.Response:
    """What became of a code. A confirmed one is told once; asked again it has expired."""
    form = await request.post()
    logins = request.app[LOGINS]
    logins.age(site_of(request).modes.qr_seconds)
    login = logins.codes.get(str(form.get("t", "")))
    if login is None or login.ck != form.get("ck") or login.told:
        return _content({"qrCodeStatus": "EXPIRED", "titleMsg": TITLES["EXPIRED"]})
    status: dict[str, object] = {"qrCodeStatus": login.status, "titleMsg": TITLES[login.status]}
    if login.status == "CONFIRMED":
        login.told = True
        status |= {"loginResult": "success"} | _proven(request, login.account, login.return_url)
    return _content(status)


def _proven(request: web.Request, account: str, return_url: str) -> dict[str, object]:
    """Where a browser gets its cookies once a login is proven, or the page that asks for more."""
    check = _wanted_check(request)
    word = request.app[LOGINS].ticket(account, return_url, check)
    if check:
        unusual = f"{request.scheme}:{bare_url(request, LOGIN, '/member/login_unusual.htm', st=word)}"
        return {"asyncUrls": [], "redirectUrl": unusual, "iframeRedirectUrl": unusual}
    calls = [bare_url(request, host, "/havanaone/login/add.do", st=word) for host in (PASS_TMALL, LOGIN)]
    return {"asyncUrls": calls, "redirectUrl": return_url, "returnUrl": return_url}


def _wanted_check(request: web.Request) -> Check | Literal[""]:
    """The further check ordered at `login_check`: an SMS code, or an identity check on the phone."""
    fault = site_of(request).faults.take("login_check", "captcha")
    if fault is None:
        return ""
    return "identity" if fault.details.get("kind") == "identity" else "sms"


async def add_cookies(request: web.Request) -> web.Response:
    """The address that sets the cookies of a proven login. Each host of a login is visited."""
    ticket = request.app[LOGINS].tickets.get(request.query.get("st", ""))
    answer = web.json_response({"success": ticket is not None})
    if ticket and (not ticket.check or ticket.passed) and LOGIN in request.path:
        del request.app[LOGINS].tickets[request.query["st"]]
        sign_in(request, answer, site_of(request).world.account(ticket.account))
    return answer


def sign_in(request: web.Request, answer: web.StreamResponse, buyer: BuyerAccount) -> None:
    session = site_of(request).open_session(buyer.login)
    set_account_cookies(answer, session, buyer)


async def quick_login(request: web.Request) -> web.Response:
    """快速进入: the browser still knows the account; one press signs in again."""
    form = await request.post()
    known = known_account(request, site_of(request))
    if known is None or not site_of(request).modes.quick_login:
        raise web.HTTPFound(path(LOGIN, "/member/login.jhtml"))
    answer = web.HTTPFound(str(form.get("returnUrl") or path(GATE, "/my_itaobao")))
    sign_in(request, answer, known)
    raise answer


async def password_login(request: web.Request) -> web.Response:
    """The password form's call; a wrong password shows its text, the second wrong one a slider first."""
    form = await request.post()
    buyer = site_of(request).world.accounts.get(str(form.get("loginId", "")))
    if buyer is None or form.get("password") != PASSWORD:
        return _content({"titleMsg": "账号名或登录密码不正确", "resultCode": 101, "loginResult": "fail"})
    back = str(form.get("returnUrl") or path(GATE, "/my_itaobao"))
    return _content({"loginResult": "success"} | _proven(request, buyer.login, back))


async def choose_phone(request: web.Request) -> web.Response:
    """A phone's browser opened the code's address: choose whose phone it is."""
    token = request.query.get("lgToken", "")
    return page(request, "which_phone.html", token=token, accounts=list(site_of(request).world.accounts))


def state_of(login: QrLogin) -> str:
    return TITLES[login.status]


def _return_url(request: web.Request) -> str:
    back = request.query.get("redirectURL") or request.query.get("returnUrl") or path(GATE, "/my_itaobao")
    return back if back.startswith("http") else f"{request.scheme}://{request.host}{back}"


def _content(data: dict[str, object]) -> web.Response:
    body = {"content": {"data": data, "status": 0, "success": True}, "hasError": False}
    return web.json_response(body, dumps=lambda one: json.dumps(one, ensure_ascii=False))
