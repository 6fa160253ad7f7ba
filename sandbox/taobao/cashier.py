"""The cashier: here a person pays. A press in a browser that is signed in as the buyer is written down,
for the product must never make one; a person comes with a browser of their own."""

from aiohttp import web

from sandbox.market.model import MarketOrder, Refused
from sandbox.taobao.access import buyer_of, enter
from sandbox.taobao.hosts import CASHIER, path
from sandbox.taobao.pages import page
from sandbox.taobao.state import PayingPress, Site, site_of
from sandbox.taobao.submit import open_cashier


def _orders(site: Site, number: str) -> list[MarketOrder]:
    if number not in site.cashier:
        raise web.HTTPNotFound
    return [site.world.order(one) for one in site.cashier[number]]


async def cashier_page(request: web.Request) -> web.Response:
    orders = _orders(site_of(request), request.query.get("orderId", ""))
    total = sum(order.total_fen for order in orders if order.status == "unpaid")
    return page(request, "cashier.html", orders=orders, total=total)


async def pay(request: web.Request) -> web.Response:
    """确认付款."""
    site, number = site_of(request), request.query.get("orderId", "")
    orders = _orders(site, number)
    buyer = buyer_of(request)
    if buyer:
        ids = tuple(order.id for order in orders)
        site.paying_presses.append(PayingPress("cashier", "确认付款", buyer.login, ids))
    for order in orders:
        try:
            site.world.pay(order.id)
        except Refused:
            continue
    raise web.HTTPSeeOther(path(CASHIER, "/standard/lightpay/lightPayCashier.htm", orderId=number))


async def pay_from_list(request: web.Request) -> web.Response:
    """立即付款 of the bought list: leads to the cashier, and is a paying press all the same."""
    buyer = enter(request, "bought")
    site = site_of(request)
    order = site.world.order(request.query.get("biz_order_id", ""))
    site.paying_presses.append(PayingPress("bought", "立即付款", buyer.login, (order.id,)))
    raise web.HTTPFound(open_cashier(site, (order.id,)))
