"""The marketplace's hosts on one address: every host is a path prefix. Nothing may answer outside its prefix."""

from urllib.parse import urlencode

from aiohttp import web

LOGIN = "login.taobao.com"
LOGIN_TMALL = "login.tmall.com"
LOGIN_MOBILE = "login.m.taobao.com"
PASSPORT = "passport.taobao.com"
PASS_TMALL = "pass.tmall.com"
HOME = "www.taobao.com"
GATE = "i.taobao.com"
ITEM = "item.taobao.com"
ITEM_TMALL = "detail.tmall.com"
CART = "cart.taobao.com"
BUY = "buy.taobao.com"
BUY_TMALL = "buy.tmall.com"
BOUGHT = "buyertrade.taobao.com"
TRADE = "trade.taobao.com"
ARCHIVE = "tradearchive.taobao.com"
TRADE_TMALL = "trade.tmall.com"
MEMBER = "member1.taobao.com"
MOBILE = "market.m.taobao.com"
MTOP = "h5api.m.taobao.com"
MTOP_TMALL = "h5api.m.tmall.com"
CASHIER = "cashierstm.alipay.com"
ASSETS = "g.alicdn.com"

HOSTS = (
    LOGIN_TMALL, ARCHIVE,
    LOGIN, LOGIN_MOBILE, PASSPORT, PASS_TMALL, HOME, GATE, ITEM, ITEM_TMALL, CART, BUY, BUY_TMALL, BOUGHT, TRADE,
    TRADE_TMALL, MEMBER, MOBILE, MTOP, MTOP_TMALL, CASHIER, ASSETS,
)  # fmt: skip


def path(host: str, tail: str, **query: str) -> str:
    """The path of a page of `host` on this server."""
    return f"/{host}{tail}" + (f"?{urlencode(query)}" if query else "")


def bare_url(request: web.Request, host: str, tail: str, **query: str) -> str:
    """The page's address without a protocol, as the marketplace writes addresses in its JSON."""
    return f"//{request.host}{path(host, tail, **query)}"


def host_of(request: web.Request) -> str:
    """The marketplace host a request is meant for (the first part of its path)."""
    return request.path.split("/", 2)[1]


async def show_site(request: web.Request) -> web.Response:
    """`GET /_site`: {"hosts": {host: base url}, "origin": …}, from which a client's addresses are made."""
    origin = f"{request.scheme}://{request.host}"
    return web.json_response({"origin": origin, "hosts": {host: f"{origin}/{host}" for host in HOSTS}})
