"""The confirm page in both shapes, the submit and its outcomes. One submit creates one order per seller;
asked twice it creates twice, as the live site is not known to do otherwise."""

import json
from decimal import Decimal

from aiohttp import web

from sandbox.market.model import BuyerAccount, Refused, Wanted, fen
from sandbox.taobao.access import enter
from sandbox.taobao.cart import baskets, clean_sku, why_not
from sandbox.taobao.confirmation import build
from sandbox.taobao.hosts import BUY, CASHIER, host_of, path
from sandbox.taobao.pages import page
from sandbox.taobao.state import CartLine, PayingPress, Site, site_of
from sandbox.taobao.ultron import order_data

PAYING_LABELS = {"立即支付", "免密支付"}
SUBMIT_TAIL = "/auction/order/submit.htm"
ERROR_PAGE = "/auction/order/TmallConfirmOrderError.htm"


async def confirm_page(request: web.Request) -> web.Response:
    """Of `buy_now.jhtml?itemId=&skuId=&quantity=` or `confirm_order.htm?cartIds=`."""
    buyer = enter(request, "confirm")
    site = site_of(request)
    lines = _asked_lines(request, site, buyer)
    _meet_market_faults(site, lines)
    if site.faults.take("confirm", "booking_limit"):
        raise _error(request, "F-10005-11-10-003", "您的下单次数过多，请稍后再试")
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
        raise _error(request, "F-10000-15-15-014", "系统繁忙，请稍候再试")
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


async def submit(request: web.Request) -> web.Response:
    """The press of the submit button: orders, then the cashier; or the failure page."""
    buyer = enter(request, "submit")
    site = site_of(request)
    form = {key: str(value) for key, value in (await request.post()).items()}
    lines = [CartLine(*one) for one in json.loads(form.get("lines", "[]"))]
    for line in lines:
        line.quantity = int(form.get(f"quantity_{line.cart_id or line.item_id}") or line.quantity)
    _refuse(request, site, lines, form)
    placed = _place(request, site, buyer, lines, form)
    label = form.get("label", "")
    if label in PAYING_LABELS:
        site.paying_presses.append(PayingPress("confirm", label, buyer.login, tuple(placed)))
    bought = {(line.item_id, line.sku_id) for line in lines if line.cart_id}
    site.carts[buyer.login] = [one for one in site.cart(buyer.login) if (one.item_id, one.sku_id) not in bought]
    if label == "免密支付":
        for order_id in placed:
            site.world.pay(order_id)
        raise web.HTTPFound(path(BUY, "/auction/payresult.htm", orderId=placed[0]))
    raise web.HTTPFound(open_cashier(site, tuple(placed)))


def open_cashier(site: Site, order_ids: tuple[str, ...]) -> str:
    """The cashier's address for these orders; its number is the payment's, not an order's."""
    number = site.world.now().strftime("%Y%m%d") + "22001" + f"{site.world.random.randrange(10**15):015d}"
    site.cashier[number] = order_ids
    return path(CASHIER, "/standard/lightpay/lightPayCashier.htm", orderId=number, bizIdentity="trade10001")


def _refuse(request: web.Request, site: Site, lines: list[CartLine], form: dict[str, str]) -> None:
    """Raise `HTTPFound` to the failure page when something stands against the submit."""
    take = site.faults.take
    if not lines:
        raise _error(request, "F-10000-15-15-014", "系统繁忙，请稍候再试")
    if take("submit", "sold_out"):
        site.world.sell_out(lines[0].item_id, lines[0].sku_id)
    if take("submit", "booking_limit"):
        raise _error(request, "F-10005-11-10-003", "您的下单次数过多，请稍后再试")
    if take("submit", "price_changed"):
        raise _error(request, "USING_PROMOTION_FAIL", "优惠信息变更，请返回重新下单")
    for line in lines:
        reason = why_not(site, site.world.item(line.item_id), line.sku_id, line.quantity)
        if reason:
            raise _error(request, "F-10005-11-10-003", f"商品{reason}，无法购买")
    if form.get("expected") and int(form["expected"]) != _unit_sum(site, lines):
        raise _error(request, "USING_PROMOTION_FAIL", "优惠信息变更，请返回重新下单")


def _unit_sum(site: Site, lines: list[CartLine]) -> int:
    """A stamp of the unit prices that the page has shown."""
    return sum(fen(site.world.item(one.item_id).unit_price(one.sku_id, one.quantity)) for one in lines)


def _place(
    request: web.Request, site: Site, buyer: BuyerAccount, lines: list[CartLine], form: dict[str, str]
) -> list[str]:
    """One order per seller. When a later seller's is refused, the earlier ones stay, as on the site."""
    address = next((one for one in buyer.addresses if one.address_id == form.get("addressId")), None)
    if address is None:
        raise _error(request, "F-10005-11-10-003", "请选择收货地址")
    placed: list[str] = []
    partial = site.faults.take("submit", "partial") is not None
    for basket in baskets(site, lines):
        if partial and placed:
            raise _error(request, "F-10005-11-10-003", "部分订单提交失败")
        wanted = [Wanted(one.item_id, one.sku_id, one.quantity) for one in basket.lines]
        remark = form.get(f"remark_{basket.seller.seller_id}", "")
        try:
            order = site.world.place(buyer.login, wanted, address, remark=remark)
        except Refused as refusal:
            text = "您的下单次数过多，请稍后再试" if refusal.code == "limit" else "商品库存不足，无法购买"
            raise _error(request, "F-10005-11-10-003", text) from refusal
        if site.modes.shop_discount_fen:
            discount = min(site.modes.shop_discount_fen, order.goods_fen)
            site.world.set_order_price(order.id, order.goods_fen - discount)
        placed.append(order.id)
    return placed


def _error(request: web.Request, code: str, text: str) -> web.HTTPFound:
    query = {"__buy_error_code": code, "__buy_error_trace_id": "sandbox", "__buy_error_original_code": code}
    return web.HTTPFound(path(host_of(request), ERROR_PAGE, **query, text=text))


async def error_page(request: web.Request) -> web.Response:
    return page(request, "confirm_error.html", text=request.query.get("text", "系统繁忙，请稍候再试"))


async def pay_result(request: web.Request) -> web.Response:
    return page(request, "pay_result.html")
