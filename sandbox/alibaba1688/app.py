"""Puts the 1688-like part together: which calls and pages there are. Holds no rule of its own."""

from aiohttp import web

from sandbox.alibaba1688 import addresses, logistics, ordering, orders, paying, products
from sandbox.alibaba1688.gateway import Api, Gateway, current_time
from sandbox.alibaba1688.market import APP_KEY, MARKET, Market
from sandbox.alibaba1688.oauth import AuthorizePages, Tokens
from sandbox.market.control import FAULTS, KNOBS, make_market_app
from sandbox.market.goods import make_world
from sandbox.market.person import add_person_pages, page
from sandbox.market.pictures import serve_picture
from sandbox.options import PartOptions

MARKET_NAME = "1688"
_TRADE = "com.alibaba.trade"
_LOGISTICS = "com.alibaba.logistics"
_CROSS = "com.alibaba.fenxiao.crossborder"
_CREATE = ("flow", "addressParam", "cargoParamList")
APIS = {
    ("system", "currentTime"): Api(current_time, needs_token=False),
    (_CROSS, "product.search.queryProductDetail"): Api(products.query_detail, ("offerDetailParam",)),
    (_CROSS, "product.freight.estimate"): Api(products.freight_estimate, ("productFreightQueryParamsNew",)),
    ("com.alibaba.product", "alibaba.product.simple.get"): Api(products.simple_get, ("productID", "webSite")),
    (_TRADE, "alibaba.trade.OpQueryMarketingMixConfig"): Api(products.mix_config),
    (_TRADE, "alibaba.trade.receiveAddress.get"): Api(addresses.receive_addresses),
    (_TRADE, "alibaba.trade.addresscode.parse"): Api(addresses.parse_code, ("addressInfo",)),
    (_TRADE, "alibaba.createOrder.preview"): Api(ordering.preview, ("addressParam", "cargoParamList")),
    (_TRADE, "alibaba.trade.fastCreateOrder"): Api(ordering.create, _CREATE),
    (_TRADE, "alibaba.trade.createCrossOrder"): Api(ordering.create, _CREATE),
    (_TRADE, "alibaba.trade.getBuyerOrderList"): Api(orders.get_list),
    (_TRADE, "alibaba.trade.get.buyerView"): Api(orders.get_detail, ("webSite",)),
    (_TRADE, "alibaba.trade.cancel"): Api(orders.cancel, ("webSite", "tradeID", "cancelReason")),
    (_TRADE, "alibaba.alipay.url.get"): Api(paying.pay_url, ("orderIdList",)),
    (_TRADE, "alibaba.trade.pay.protocolPay.preparePay"): Api(paying.prepare_pay, ("tradeWithholdPreparePayParam",)),
    (_TRADE, "alibaba.trade.pay.protocolPay.isopen"): Api(paying.is_open),
    (_LOGISTICS, "alibaba.trade.getLogisticsInfos.buyerView"): Api(logistics.infos, ("orderId", "webSite")),
    (_LOGISTICS, "alibaba.trade.getLogisticsTraceInfo.buyerView"): Api(logistics.traces, ("orderId", "webSite")),
}


def make_app(options: PartOptions) -> web.Application:
    """The gateway, the authorization pages and the pages of a person, on one address."""
    world = make_world("alibaba1688", options.seed)
    app = make_market_app(world, options, _name)
    market = Market(world, app[FAULTS])
    tokens = Tokens(market, options.seed)
    app[MARKET] = market
    app[KNOBS].update(set_manners=market.set_manners, expire_access=tokens.expire_access)
    gateway, pages = Gateway(APIS, market, tokens), AuthorizePages(market, tokens)
    for method in ("GET", "POST"):
        path = "/openapi/param2/{version}/{namespace}/{api}/{app_key}"
        app.router.add_route(method, path, gateway.handle)
    app.router.add_get("/oauth/authorize", pages.ask)
    app.router.add_post("/oauth/authorize", pages.allow)
    app.router.add_post("/openapi/http/1/system.oauth2/getToken/{app_key}", pages.get_token)
    app.router.add_get("/img/ibank/{item}.png", serve_picture)
    app.router.add_get("/", _front)
    add_person_pages(app, MARKET_NAME)
    return app


def _name(request: web.Request) -> str:
    """What faults call it: the API's name, `getToken` or `authorize`; pages of a person have none."""
    if request.path.startswith("/openapi/http/"):
        return "getToken"
    return "authorize" if request.path == "/oauth/authorize" else request.match_info.get("api", "")


async def _front(request: web.Request) -> web.Response:
    world = request.app[MARKET].world
    return page(
        "front.html",
        market=MARKET_NAME,
        accounts=list(world.accounts.values()),
        goods=list(world.goods.values()),
        gateway=str(request.url.origin()),
        app_key=APP_KEY,
    )
