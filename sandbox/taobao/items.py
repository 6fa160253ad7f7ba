"""Item pages and their data: skus by pid:vid, prices as texts and fen. Creates nothing."""

import zlib
from collections.abc import Sequence
from decimal import Decimal

from aiohttp import web

from sandbox.market.model import Goods, Sku, fen
from sandbox.taobao.access import visit
from sandbox.taobao.hosts import BUY, BUY_TMALL, ITEM, ITEM_TMALL, bare_url, host_of, path
from sandbox.taobao.mtop import Data
from sandbox.taobao.pages import page, price_text
from sandbox.taobao.state import site_of


def prop_id(name: str) -> str:
    """The pid of a property: the same for the same name, as on the site."""
    return str(20000 + zlib.crc32(name.encode()) % 9000)


def value_id(name: str, value: str) -> str:
    return str(30000000 + zlib.crc32(f"{name}/{value}".encode()) % 9000000)


def prop_path(sku: Sku) -> str:
    return ";".join(f"{prop_id(name)}:{value_id(name, value)}" for name, value in sku.choice)


def item_host(goods: Goods) -> str:
    return ITEM_TMALL if goods.seller.tmall else ITEM


async def item_page(request: web.Request) -> web.Response:
    """Taobao's address of a Tmall item leads to Tmall; unknown and withdrawn goods have a page that says so."""
    visit(request, "item")
    site = site_of(request)
    goods = site.world.goods.get(request.query.get("id", ""))
    if goods is None:
        return page(request, "item_gone.html", text="很抱歉，您查看的宝贝不存在，可能已下架或者被转移")
    if goods.seller.tmall and host_of(request) == ITEM:
        raise web.HTTPFound(path(ITEM_TMALL, "/item.htm", **request.query))
    if goods.item_id in site.off_shelf:
        return page(request, "item_gone.html", text="此宝贝已下架")
    data = item_data(request, goods)
    return page(
        request,
        "item.html",
        goods=goods,
        ssr=None if site.modes.item_data == "xhr" else data,
        xhr=site.modes.item_data != "ssr",
        buy_now=path(BUY_TMALL if goods.seller.tmall else BUY, "/auction/buy_now.jhtml"),
        new_tab=site.modes.confirm_new_tab,
        limit=site.modes.limit_per_order,
        changed=site.faults.take("item", "page_changed") is not None,
    )


async def detail_call(request: web.Request, data: Data) -> object:
    """`mtop.taobao.pcdetail.data.get` 1.0."""
    site = site_of(request)
    goods = site.world.goods.get(str(data.get("id", "")))
    if goods is None or goods.item_id in site.off_shelf:
        return {
            "item": {"itemId": str(data.get("id", "")), "title": ""},
            "trade": {"redirectUrl": "", "buyEnable": "false"},
        }
    return item_data(request, goods)


def item_data(request: web.Request, goods: Goods) -> dict[str, object]:
    """The `res` tree of an item page."""
    tops = {sku.sku_id: _core(sku.price, sku.stock) for sku in goods.skus}
    whole = sum(sku.stock for sku in goods.skus) if goods.skus else goods.stock
    core = tops | {"0": _core(min([sku.price for sku in goods.skus], default=goods.price), whole)}
    return {
        "item": {
            "itemId": goods.item_id,
            "title": goods.title,
            "images": [bare_url(request, "g.alicdn.com", f"/picture/{goods.item_id}.png")],
        },
        "seller": {
            "sellerId": goods.seller.seller_id,
            "sellerNick": goods.seller.login,
            "shopName": goods.seller.shop,
            "sellerType": "B" if goods.seller.tmall else "C",
        },
        "skuBase": {"props": _props(goods.skus), "skus": [_sku(sku) for sku in goods.skus]},
        "skuCore": {"sku2info": core},
        "componentsVO": {"priceVO": {"price": core["0"]["price"]}},
    }


def _sku(sku: Sku) -> dict[str, str]:
    return {"skuId": sku.sku_id, "propPath": prop_path(sku)}


def _core(price: Decimal, stock: int) -> dict[str, object]:
    text = price_text(price)
    money = fen(price)
    return {
        "price": {"priceText": text, "priceMoney": str(money), "priceTitle": "价格"},
        "subPrice": {"priceText": text, "priceMoney": str(money), "priceTitle": "券后"},
        "quantity": str(stock),
        "quantityText": "有货" if stock else "缺货",
    }


def _props(skus: Sequence[Sku]) -> list[dict[str, object]]:
    """Properties in the order of the choice, each with its values in the order of the skus."""
    names: dict[str, dict[str, None]] = {}
    for sku in skus:
        for name, value in sku.choice:
            names.setdefault(name, {})[value] = None
    return [
        {
            "pid": prop_id(name),
            "name": name,
            "values": [{"vid": value_id(name, value), "name": value, "image": ""} for value in values],
        }
        for name, values in names.items()
    ]
