"""Puts the site together: which host and path leads where, and the name faults know it by. No logic here."""

from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.market.control import FAULTS, KNOBS, TRUTHS, make_market_app
from sandbox.market.goods import make_world
from sandbox.market.person import add_person_pages
from sandbox.market.pictures import serve_picture
from sandbox.options import PartOptions
from sandbox.taobao import (
    address,
    bought,
    bought_new,
    cart,
    cashier,
    checkout,
    checks,
    detail,
    failure,
    home,
    hosts,
    items,
    login,
    parcels,
    phone,
    risk,
    submit,
)
from sandbox.taobao.knobs import show_truth, verbs
from sandbox.taobao.login import LOGINS
from sandbox.taobao.mtop import Api
from sandbox.taobao.pages import session_middleware
from sandbox.taobao.qr import Logins
from sandbox.taobao.state import SITE, Site


@dataclass(frozen=True, slots=True)
class Page:
    """A page or call of a host; `at` is its name for faults, empty for what no fault applies to."""

    method: str
    host: str
    tail: str
    handler: Handler
    at: str = ""


LEGACY = login.LEGACY
PAGES = (
    Page("GET", hosts.HOME, "/", home.front_page),
    Page("GET", hosts.GATE, "/my_itaobao", home.gate_page, "gate"),
    Page("GET", hosts.ASSETS, "/sandbox/{name}", home.asset),
    Page("GET", hosts.ASSETS, "/picture/{item}.png", serve_picture),
    Page("GET", hosts.LOGIN, "/member/login.jhtml", login.classic_entry, "login"),
    Page("GET", hosts.LOGIN_TMALL, "/", login.classic_entry, "login"),
    Page("GET", hosts.LOGIN, "/havanaone/login/login.htm", login.login_page, "login"),
    Page("GET", hosts.LOGIN, f"{LEGACY}/qrCode/generate.do", login.generate, "qr_generate"),
    Page("GET", hosts.LOGIN, f"{LEGACY}/qrCode/picture.png", login.picture),
    Page("POST", hosts.LOGIN, f"{LEGACY}/qrCode/query.do", login.query, "qr_query"),
    Page("GET", hosts.LOGIN, "/havanaone/login/add.do", login.add_cookies),
    Page("GET", hosts.PASS_TMALL, "/havanaone/login/add.do", login.add_cookies),
    Page("POST", hosts.LOGIN, "/havanaone/login/autoLogin/choose.do", login.quick_login, "login"),
    Page("POST", hosts.LOGIN, "/newlogin/login.do", login.password_login, "login"),
    Page("GET", hosts.LOGIN, "/member/login_unusual.htm", checks.unusual, "login_check"),
    Page("POST", hosts.LOGIN, "/member/login_unusual.htm", checks.take_code, "login_check"),
    Page("GET", hosts.PASSPORT, "/iv/identity_verify.htm", checks.identity, "login_check"),
    Page("GET", hosts.PASSPORT, "/iv/identity_verify/state.do", checks.identity_state),
    Page("GET", hosts.PASSPORT, "/iv/identity_verify/done.do", checks.identity_done),
    Page("GET", hosts.LOGIN_MOBILE, "/qrcodeCheck.htm", login.choose_phone),
    Page("GET", hosts.ITEM, "/item.htm", items.item_page, "item"),
    Page("GET", hosts.ITEM_TMALL, "/item.htm", items.item_page, "item"),
    Page("GET", hosts.CART, "/cart.htm", cart.cart_page, "cart"),
    *(
        page
        for host in (hosts.BUY, hosts.BUY_TMALL)
        for page in (
            Page("GET", host, "/auction/buy_now.jhtml", checkout.confirm_page, "confirm"),
            Page("GET", host, "/order/confirm_order.htm", checkout.confirm_page, "confirm"),
            Page("GET", host, "/auction/order/confirm_order.htm", checkout.confirm_page, "confirm"),
            Page("POST", host, checkout.SUBMIT_TAIL, submit.submit, "submit"),
            Page("GET", host, failure.TAIL, failure.failure_page),
        )
    ),
    Page("GET", hosts.BUY, "/auction/payresult.htm", submit.pay_result),
    Page("GET", hosts.CASHIER, "/standard/lightpay/lightPayCashier.htm", cashier.cashier_page, "cashier"),
    Page("POST", hosts.CASHIER, "/standard/lightpay/lightPayCashier.htm", cashier.pay, "cashier"),
    Page("GET", hosts.BOUGHT, "/trade/itemlist/list_bought_items.htm", bought.list_page, "bought"),
    Page("POST", hosts.BOUGHT, "/trade/itemlist/asyncBought.htm", bought.list_call, "bought"),
    Page("GET", hosts.BOUGHT, "/trade/pay.htm", cashier.pay_from_list),
    Page("POST", hosts.BOUGHT, "/trade/json/cancel_order.do", bought.cancel_call, "cancel"),
    Page("GET", hosts.BOUGHT, "/trade/json/transit_step.do", parcels.transit_call, "transit"),
    Page("GET", hosts.BOUGHT, "/trade/detail/trade_item_detail.htm", detail.old_address, "detail"),
    Page("GET", hosts.TRADE, "/trade/detail/trade_item_detail.htm", detail.old_address, "detail"),
    Page("GET", hosts.ARCHIVE, "/trade/detail/trade_item_detail.htm", detail.old_address, "detail"),
    Page("GET", hosts.TRADE, "/trade/detail/trade_order_detail.htm", detail.taobao_page, "detail"),
    Page("GET", hosts.TRADE_TMALL, "/detail/orderDetail.htm", detail.tmall_page, "detail"),
    Page("GET", hosts.TRADE, "/trade/error/index_error.html", home.error_index),
    Page("GET", hosts.MOBILE, "/app/dinamic/pc-trade-logistics/home.html", parcels.logistics_page, "transit"),
    Page("GET", hosts.MEMBER, address.TAIL, address.book_page, "address"),
    Page("POST", hosts.MEMBER, address.TAIL, address.add, "address_save"),
    Page("POST", hosts.MEMBER, "/member/fresh/address/{deed:delete|default}.htm", address.move, "address"),
    *(
        page
        for host in hosts.HOSTS
        for page in (
            Page("GET", host, "/_____tmd_____/punish", risk.punish),
            Page("GET", host, "/_____tmd_____/slider", risk.slider),
            Page("POST", host, "/_____tmd_____/verify", risk.verify),
        )
    ),
)
MTOP_HOSTS = (hosts.MTOP, hosts.MTOP_TMALL)
APIS = (
    Api("mtop.taobao.pcdetail.data.get", "1.0", "item", items.detail_call, private=False),
    Api("mtop.trade.addBag", "3.1", "add_cart", cart.add_call),
    Api("mtop.trade.query.bag", "5.0", "cart", cart.query_call),
    Api("mtop.trade.update.bag", "1.0", "cart", cart.update_call),
    Api("mtop.taobao.order.queryboughtlistV2", "1.0", "bought", bought_new.list_call),
    Api("mtop.taobao.logistics.detailorlist.query", "1.0", "transit", parcels.logistics_call),
    Api("mtop.taobao.logisticstracedetailservice.queryalltrace", "1.0", "transit", parcels.trace_call),
)


def make_app(options: PartOptions) -> web.Application:
    """The whole part; its world has the seeded catalogue and two buyers without orders."""
    world = make_world("taobao", options.seed)
    names = _names()
    app = make_market_app(world, options, lambda request: names.get(_route(request), ""))
    site, logins = Site(world, app[FAULTS]), Logins()
    app[SITE], app[LOGINS] = site, logins
    app[KNOBS].update(verbs(site, logins))
    app[TRUTHS]["paying_presses"] = site.told_presses
    app.middlewares.append(session_middleware)
    _add_routes(app)
    return app


def _route(request: web.Request) -> tuple[str, str]:
    resource = request.match_info.route.resource
    return request.method, resource.canonical if resource else ""


def _names() -> dict[tuple[str, str], str]:
    """What faults call a route, by method and path pattern."""
    names = {(one.method, hosts.path(one.host, one.tail)): one.at for one in PAGES}
    for api in APIS:
        for host in MTOP_HOSTS:
            names |= {(method, hosts.path(host, api.tail)): api.at for method in ("GET", "POST")}
    return names


def _add_routes(app: web.Application) -> None:
    for one in PAGES:
        app.router.add_route(one.method, hosts.path(one.host, one.tail), one.handler)
    for api in APIS:
        for host in MTOP_HOSTS:
            for method in ("GET", "POST"):
                app.router.add_route(method, hosts.path(host, api.tail), api.handle)
    app.router.add_get("/", home.index)
    app.router.add_get("/favicon.ico", home.no_icon)
    app.router.add_get("/_site", hosts.show_site)
    app.router.add_get("/_truth/site", show_truth)
    app.router.add_get("/phone/{account}", phone.show_phone)
    app.router.add_post("/phone/{account}/{deed:scan|confirm|cancel|approve}", phone.press)
    add_person_pages(app, "淘宝 Taobao")
