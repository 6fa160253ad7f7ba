"""The cart: its calls and its page. Checks are kept on the server, so a line once checked stays so."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.market.model import Goods, Seller, fen
from sandbox.taobao.access import enter
from sandbox.taobao.hosts import BUY, path
from sandbox.taobao.items import item_host
from sandbox.taobao.mtop import Data, MtopError, caller
from sandbox.taobao.pages import page
from sandbox.taobao.state import CartLine, Site, site_of


@dataclass(frozen=True, slots=True)
class Basket:
    """One seller's lines among others."""

    seller: Seller
    lines: tuple[CartLine, ...]


def baskets(site: Site, lines: list[CartLine]) -> list[Basket]:
    """Lines by seller, in the order in which the sellers appear."""
    by_seller: dict[Seller, list[CartLine]] = {}
    for line in lines:
        by_seller.setdefault(site.world.item(line.item_id).seller, []).append(line)
    return [Basket(seller, tuple(mine)) for seller, mine in by_seller.items()]


def clean_sku(sku_id: object) -> str:
    """Goods without variants are asked for with sku 0 or none."""
    return "" if sku_id in {None, "", "0"} else str(sku_id)


def why_not(site: Site, goods: Goods, sku_id: str, quantity: int) -> str:
    """The site's words for why this can't be bought now; empty when it can."""
    if goods.item_id in site.off_shelf:
        return "商品已下架"
    if bool(goods.skus) != bool(goods.sku(sku_id)):
        return "商品已失效"
    if goods.available(sku_id) <= 0:
        return "缺货"
    if goods.available(sku_id) < quantity:
        return "库存不足"
    limit = site.modes.limit_per_order
    return f"超出限购，每人限购{limit}件" if limit and quantity > limit else ""


async def cart_page(request: web.Request) -> web.Response:
    enter(request, "cart")
    site = site_of(request)
    changed = site.faults.take("cart", "page_changed") is not None
    confirm = path(BUY, "/order/confirm_order.htm")
    return page(request, "cart.html", confirm=confirm, new_tab=site.modes.confirm_new_tab, changed=changed)


async def add_call(request: web.Request, data: Data) -> object:
    """`mtop.trade.addBag` 3.1: the same goods and sku again add to the quantity."""
    site, buyer = site_of(request), caller(request)
    goods = site.world.goods.get(str(data.get("itemId")))
    sku_id, quantity = clean_sku(data.get("skuId")), int(str(data.get("quantity", 1)))
    if goods is None:
        raise MtopError("FAIL_BIZ_ITEM_NOT_FOUND::商品不存在")
    cart = site.cart(buyer.login)
    known = next((one for one in cart if (one.item_id, one.sku_id) == (goods.item_id, sku_id)), None)
    wanted = quantity + (known.quantity if known else 0)
    reason = why_not(site, goods, sku_id, wanted)
    if reason:
        raise MtopError(f"FAIL_BIZ_ADD_CART_FAILURE::{reason}")
    if known:
        known.quantity = wanted
        return {"cartId": known.cart_id}
    line = CartLine(site.world.new_id()[:13], goods.item_id, sku_id, quantity)
    cart.insert(0, line)
    return {"cartId": line.cart_id}


async def query_call(request: web.Request, data: Data) -> object:
    """`mtop.trade.query.bag` 5.0: shops with their lines. The live reply is a component tree; its page
    is what a client can rely on, so this one is plain."""
    site = site_of(request)
    cart = site.cart(caller(request).login)
    return {
        "shops": [
            {
                "sellerId": basket.seller.seller_id,
                "shopName": basket.seller.shop,
                "isTmall": basket.seller.tmall,
                "items": [_line(site, one) for one in basket.lines],
            }
            for basket in baskets(site, cart)
        ]
    }


def _line(site: Site, line: CartLine) -> dict[str, object]:
    goods = site.world.item(line.item_id)
    sku = goods.sku(line.sku_id)
    return {
        "cartId": line.cart_id,
        "itemId": line.item_id,
        "skuId": line.sku_id or "0",
        "title": goods.title,
        "skuText": sku.choice_text if sku else "",
        "url": path(item_host(goods), "/item.htm", id=line.item_id, skuId=line.sku_id or "0"),
        "priceFen": fen(goods.unit_price(line.sku_id, line.quantity)),
        "quantity": line.quantity,
        "checked": line.checked,
        "invalid": why_not(site, goods, line.sku_id, line.quantity),
    }


async def update_call(request: web.Request, data: Data) -> object:
    """`mtop.trade.update.bag`: `operation` is check, uncheck, quantity or delete, for `cartIds`."""
    site = site_of(request)
    cart = site.cart(caller(request).login)
    chosen = str(data.get("cartIds", "")).split(",")
    for line in [one for one in cart if one.cart_id in chosen]:
        match data.get("operation"):
            case "check" | "uncheck" as word:
                line.checked = word == "check"
            case "quantity":
                _set_quantity(site, line, int(str(data.get("quantity", 1))))
            case "delete":
                cart.remove(line)
            case other:
                raise MtopError(f"FAIL_BIZ_PARAM::{other}")
    return await query_call(request, data)


def _set_quantity(site: Site, line: CartLine, quantity: int) -> None:
    reason = why_not(site, site.world.item(line.item_id), line.sku_id, quantity)
    if reason:
        raise MtopError(f"FAIL_BIZ_UPDATE_CART_FAILURE::{reason}")
    line.quantity = max(1, quantity)
