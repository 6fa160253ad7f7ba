"""What the site remembers: sessions, carts, confirm pages, modes. All in memory, gone with the process."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Literal
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from sandbox.market.faults import Faults
from sandbox.market.model import BuyerAccount
from sandbox.market.world import World
from sandbox.taobao.hosts import LOGIN, host_of, path


class Modes(BaseModel):
    """Which of its shapes the site shows; set by the verb `mode`. What each does is told in the package."""

    model_config = ConfigDict(extra="forbid")

    confirm_page: Literal["new", "old"] = "new"
    submit_label: Literal["提交订单", "确认订单", "立即支付", "免密支付"] = "提交订单"
    confirm_new_tab: bool = False
    bought_list: Literal["old", "v2", "dom"] = "old"
    charset: Literal["utf-8", "gb18030"] = "utf-8"
    item_data: Literal["both", "ssr", "xhr"] = "both"
    detail_logistics: bool = True
    qr_seconds: float = 120
    quick_login: bool = True
    limit_per_order: int = 0
    pseudo_lines: bool = False
    shop_discount_fen: int = 0


@dataclass(slots=True)
class Session:
    """One cookie jar's session. `challenge` is an unsolved slider; until it is solved every page leads to it."""

    sid: str
    token: str
    account: str = ""
    epoch: int = -1
    challenge: str = ""
    mtop_token: str = ""


@dataclass(slots=True)
class CartLine:
    cart_id: str
    item_id: str
    sku_id: str
    quantity: int
    checked: bool = False


@dataclass(frozen=True, slots=True)
class PayingPress:
    """A press of a control that pays, made in a browser signed in as the buyer."""

    where: str
    label: str
    account: str
    order_ids: tuple[str, ...]


@dataclass(slots=True)
class Site:
    world: World
    faults: Faults
    modes: Modes = field(default_factory=Modes)
    sessions: dict[str, Session] = field(default_factory=dict)
    carts: dict[str, list[CartLine]] = field(default_factory=dict)
    off_shelf: set[str] = field(default_factory=set)
    cashier: dict[str, tuple[str, ...]] = field(default_factory=dict)
    paying_presses: list[PayingPress] = field(default_factory=list)

    def open_session(self, account: str = "") -> Session:
        """A new session; of a guest when no account is named."""
        epoch = self.world.account(account).session_epoch if account else -1
        session = Session(secrets.token_hex(16), secrets.token_hex(7), account, epoch)
        self.sessions[session.sid] = session
        return session

    def signed_in(self, session: Session) -> BuyerAccount | None:
        """The account whose session this still is."""
        buyer = self.world.accounts.get(session.account)
        return buyer if buyer and buyer.session_epoch == session.epoch else None

    def told_presses(self) -> list[dict[str, object]]:
        return [asdict(press) for press in self.paying_presses]

    def cart(self, login: str) -> list[CartLine]:
        return self.carts.setdefault(login, [])


SITE: web.AppKey[Site] = web.AppKey("site", Site)
SESSION: web.RequestKey[Session] = web.RequestKey("session", Session)
TOO_OFTEN: web.RequestKey[bool] = web.RequestKey("too_often", bool)


def site_of(request: web.Request) -> Site:
    return request.app[SITE]


def session_of(request: web.Request) -> Session:
    return request[SESSION]


def buyer_of(request: web.Request) -> BuyerAccount | None:
    """Who is signed in, for pages that guests see too."""
    return site_of(request).signed_in(session_of(request))


def meet_faults(request: web.Request, at: str) -> None:
    """Let the session faults ordered for this page happen: expiry, or a slider that then stays."""
    site, session = site_of(request), session_of(request)
    if site.faults.take(at, "session_expired") and session.account:
        site.world.expire_session(session.account)
    captcha = site.faults.take(at, "captcha")
    if captcha and captcha.details.get("kind") == "dialog":
        request[TOO_OFTEN] = True
    elif captcha:
        session.challenge = captcha.details.get("kind", "slider")


def enter(request: web.Request, at: str) -> BuyerAccount:
    """The signed-in buyer of a page; a guest is sent to log in, a suspect to the punish page.

    Raises `web.HTTPFound`.
    """
    meet_faults(request, at)
    buyer = buyer_of(request)
    if buyer is None:
        raise web.HTTPFound(login_path(request))
    if session_of(request).challenge:
        raise web.HTTPFound(punish_path(request))
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
