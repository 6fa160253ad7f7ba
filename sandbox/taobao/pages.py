"""Rendering of the site's templates and the session middleware. Pages hold no state of their own."""

from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler
from jinja2 import Environment, FileSystemLoader

from sandbox.market.model import BuyerAccount
from sandbox.market.person import is_person_path
from sandbox.taobao import hosts
from sandbox.taobao.access import buyer_of
from sandbox.taobao.state import SESSION, TOO_OFTEN, Session, Site, site_of

HERE = Path(__file__).parent


def yuan(fen: int) -> str:
    """Fen as the site writes sums: 12.30."""
    return f"{fen // 100}.{fen % 100:02d}"


def price_text(price: Decimal) -> str:
    return f"{price:.2f}"


def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
    environment.globals["link"] = hosts.path
    environment.filters.update(yuan=yuan, price=price_text)
    return environment


_ENVIRONMENT = _environment()


def page(request: web.Request, template: str, **values: object) -> web.Response:
    """A page for people, in UTF-8, with the header of the site."""
    buyer = buyer_of(request)
    text = _ENVIRONMENT.get_template(template).render(
        nick=buyer.login if buyer else "",
        tmall=".tmall.com" in hosts.host_of(request),
        too_often=request.get(TOO_OFTEN, False),
        **values,
    )
    return web.Response(text=text, content_type="text/html", charset="utf-8")


def person_page(template: str, **values: object) -> web.Response:
    """A page of this sandbox, not of the marketplace: it knows of no session."""
    text = _ENVIRONMENT.get_template(template).render(nick="", **values)
    return web.Response(text=text, content_type="text/html", charset="utf-8")


def encoded_page(request: web.Request, template: str, charset: str, **values: object) -> web.Response:
    """The same in another charset, which the header and the page itself both tell."""
    answer = page(request, template, charset=charset, **values)
    return web.Response(body=(answer.text or "").encode(charset, "replace"), content_type="text/html", charset=charset)


@web.middleware
async def session_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Finds the jar's session; a jar without one becomes a guest with `cookie2`, `t` and `_tb_token_`."""
    if is_person_path(request.path) or request.path.startswith("/phone/"):
        return await handler(request)
    site = site_of(request)
    known = site.sessions.get(request.cookies.get("cookie2", ""))
    request[SESSION] = known or site.open_session()
    try:
        answer: web.StreamResponse = await handler(request)
    except web.HTTPException as redirect:
        answer = web.Response(status=redirect.status, headers=redirect.headers, text=redirect.text)
        answer.cookies.update(redirect.cookies)
    if known is None and "cookie2" not in answer.cookies:
        set_guest_cookies(answer, request[SESSION])
    return answer


def set_guest_cookies(answer: web.StreamResponse, session: Session) -> None:
    for name, value in (("cookie2", session.sid), ("_tb_token_", session.token), ("t", session.sid[::-1])):
        answer.set_cookie(name, value, path="/", httponly=name == "cookie2")
    answer.set_cookie("cna", session.sid[:24], path="/", max_age=10**8)


def set_account_cookies(answer: web.StreamResponse, session: Session, buyer: BuyerAccount) -> None:
    """The cookies that bear the account, as the facts name them; some outlive the browser, as on the site."""
    set_guest_cookies(answer, session)
    nick = quote(buyer.login)
    kept = {"tracknick": nick, "lgc": nick, "_nk_": nick, "dnk": nick, "lid": nick, "wk_unb": buyer.user_id}
    fresh = {"unb": buyer.user_id, "cookie17": buyer.user_id[::-1], "sgcookie": session.token, "csg": session.sid[:8]}
    for name, value in kept.items():
        answer.set_cookie(name, value, path="/", max_age=30 * 86400)
    for name, value in fresh.items():
        answer.set_cookie(name, value, path="/", httponly=name != "unb")


def known_account(request: web.Request, site: Site) -> BuyerAccount | None:
    """Whose account this browser still remembers after the session is gone."""
    return site.world.accounts.get(request.cookies.get("lid", ""))
