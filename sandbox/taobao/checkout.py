"""The confirm page in both shapes. Orders nothing: that is the submit's."""

from decimal import Decimal

from aiohttp import web

from sandbox.market.model import BuyerAccount
from sandbox.taobao.access import enter
from sandbox.taobao.cart import clean_sku
from sandbox.taobao.confirmation import build
from sandbox.taobao.failure import BUSY, LIMIT, failure
from sandbox.taobao.hosts import host_of, path
from sandbox.taobao.pages import page
from sandbox.taobao.state import CartLine, Site, site_of
from sandbox.taobao.ultron import order_data

SUBMIT_TAIL = "/auction/order/submit.htm"


async def confirm_page(request: web.Request) -> web.Response:
    """Of `buy_now.jhtml?itemId=&skuId=&quantity=` or `confirm_order.htm?cartIds=`."""
    buyer = enter(request, "confirm")
    site = site_of(request)
    lines = _asked_lines(request, site, buyer)
    _meet_market_faults(site, lines)
    if site.faults.take("confirm", "booking_limit"):
        raise failure(request, *LIMIT)
    checkout = build(site, buyer, lines)
    old = site.modes.confirm_page == "old"
    return page(
        request,
        "confirm_old.html" if old else "confirm_new.html",
        checkout=checkout,
        order_data=order_data(checkout, path(host_of(request), SUBMIT_TAIL)) if old else None,
        submit=path(host_of(request), SUBMIT_TAIL),
        label=site.modes.submit_label,
        changed=site.faults.take("confirm", "page_changed") is not None,
    )


def _asked_lines(request: web.Request, site: Site, buyer: BuyerAccount) -> list[CartLine]:
    """Lines of the cart, or one bought directly; raises `HTTPFound` to the error page when there are none."""
    item_id = request.query.get("itemId", "")
    if item_id in site.world.goods:
        quantity = max(1, int(request.query.get("quantity") or 1))
        return [CartLine("", item_id, clean_sku(request.query.get("skuId")), quantity)]
    chosen = request.query.get("cartIds", "").split(",")
    lines = [one for one in site.cart(buyer.login) if one.cart_id in chosen]
    if not lines:
        raise failure(request, *BUSY)
    return lines


def _meet_market_faults(site: Site, lines: list[CartLine]) -> None:
    """Let the price rise (to `price` yuan, else by a tenth) or the goods sell out before the page shows them."""
    first = lines[0]
    dearer = site.faults.take("confirm", "price_changed")
    if dearer:
        now = site.world.item(first.item_id).unit_price(first.sku_id, first.quantity)
        price = Decimal(dearer.details.get("price", "0")) or round(now * Decimal("1.1"), 2)
        site.world.set_price(first.item_id, price, first.sku_id)
    if site.faults.take("confirm", "sold_out"):
        site.world.sell_out(first.item_id, first.sku_id)
