"""The press of the submit button and its outcomes. One press makes one order per seller; pressed twice it makes
them twice, for nothing tells that the live site does otherwise."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from sandbox.market.model import Address, BuyerAccount, MarketOrder, Refused, Wanted, fen
from sandbox.market.world import largest_remainder
from sandbox.taobao.access import enter
from sandbox.taobao.cart import Basket, baskets, why_not
from sandbox.taobao.failure import BUSY, LIMIT, PROMOTION, failure, refusal
from sandbox.taobao.hosts import BUY, CASHIER, path
from sandbox.taobao.pages import page
from sandbox.taobao.state import CartLine, PayingPress, Site, site_of

PAYING_LABELS = {"立即支付", "免密支付"}


@dataclass(frozen=True, slots=True)
class Press:
    """What the page's form held."""

    request: web.Request
    site: Site
    buyer: BuyerAccount
    lines: tuple[CartLine, ...]
    form: Mapping[str, str]


async def submit(request: web.Request) -> web.Response:
    """Orders, then the cashier; or the failure page."""
    press = await _read(request, enter(request, "submit"))
    _refuse(press)
    orders = _place(press)
    ids = tuple(order.id for order in orders)
    _empty_cart(press)
    label = press.form.get("label", "")
    if label in PAYING_LABELS:
        press.site.paying_presses.append(PayingPress("confirm", label, press.buyer.login, ids))
    if label != "免密支付":
        raise web.HTTPFound(open_cashier(press.site, ids))
    for order_id in ids:
        press.site.world.pay(order_id)
    raise web.HTTPFound(path(BUY, "/auction/payresult.htm", orderId=ids[0]))


async def _read(request: web.Request, buyer: BuyerAccount) -> Press:
    form = {key: str(value) for key, value in (await request.post()).items()}
    lines = [CartLine(*one) for one in json.loads(form.get("lines", "[]"))]
    for line in lines:
        line.quantity = int(form.get(f"quantity_{line.cart_id or line.item_id}") or line.quantity)
    return Press(request, site_of(request), buyer, tuple(lines), form)


def open_cashier(site: Site, order_ids: tuple[str, ...]) -> str:
    """The cashier's address for these orders; its number is the payment's, not an order's."""
    number = site.world.now().strftime("%Y%m%d") + "22001" + f"{site.world.random.randrange(10**15):015d}"
    site.cashier[number] = order_ids
    return path(CASHIER, "/standard/lightpay/lightPayCashier.htm", orderId=number, bizIdentity="trade10001")


def _refuse(press: Press) -> None:
    """Raise `HTTPFound` to the failure page when something stands against the submit."""
    take, site = press.site.faults.take, press.site
    if not press.lines:
        raise failure(press.request, *BUSY)
    if take("submit", "sold_out"):
        site.world.sell_out(press.lines[0].item_id, press.lines[0].sku_id)
    if take("submit", "booking_limit"):
        raise failure(press.request, *LIMIT)
    for line in press.lines:
        reason = why_not(site, site.world.item(line.item_id), line.sku_id, line.quantity)
        if reason:
            raise refusal(press.request, f"商品{reason}，无法购买")
    if take("submit", "price_changed") or press.form.get("expected") != str(_stamp(press)):
        raise failure(press.request, *PROMOTION)


def _stamp(press: Press) -> int:
    """The sum of unit prices that the page would show now."""
    return sum(fen(press.site.world.item(one.item_id).unit_price(one.sku_id, one.quantity)) for one in press.lines)


def _place(press: Press) -> list[MarketOrder]:
    """One order per seller. When a later seller's is refused, the earlier ones stay."""
    address = _address(press)
    partial = press.site.faults.take("submit", "partial") is not None
    orders: list[MarketOrder] = []
    for basket in baskets(press.site, list(press.lines)):
        if partial and orders:
            raise refusal(press.request, "部分订单提交失败")
        orders.append(_place_one(press, basket, address))
    _share_platform_discount(press.site, orders)
    return orders


def _address(press: Press) -> Address:
    chosen = press.form.get("addressId")
    address = next((one for one in press.buyer.addresses if one.address_id == chosen), None)
    if address is None:
        raise refusal(press.request, "请选择收货地址")
    if address.address_id == press.site.modes.no_delivery_to:
        raise refusal(press.request, "商品在收货地址内不可售")
    return address


def _place_one(press: Press, basket: Basket, address: Address) -> MarketOrder:
    world = press.site.world
    wanted = [Wanted(one.item_id, one.sku_id, one.quantity) for one in basket.lines]
    remark = press.form.get(f"remark_{basket.seller.seller_id}", "")
    try:
        order = world.place(press.buyer.login, wanted, address, remark=remark)
    except Refused as refused:
        if refused.code == "limit":
            raise failure(press.request, *LIMIT) from refused
        raise refusal(press.request, "商品库存不足，无法购买") from refused
    discount = min(press.site.modes.shop_discount_fen, order.goods_fen)
    return world.set_order_price(order.id, order.goods_fen - discount) if discount else order


def _share_platform_discount(site: Site, orders: list[MarketOrder]) -> None:
    """The platform's discount is for the whole page; orders share it by their goods."""
    whole = min(site.modes.platform_discount_fen, sum(order.goods_fen for order in orders))
    for order, share in zip(orders, largest_remainder(whole, [one.goods_fen for one in orders]), strict=True):
        if share:
            site.world.set_order_price(order.id, order.goods_fen - share)


def _empty_cart(press: Press) -> None:
    bought = {line.cart_id for line in press.lines}
    cart = press.site.cart(press.buyer.login)
    cart[:] = [line for line in cart if line.cart_id not in bought]


async def pay_result(request: web.Request) -> web.Response:
    return page(request, "pay_result.html")
