"""Bought orders in the older list's shape (`mainOrders`). Ids are texts, sums are yuan texts."""

from collections.abc import Sequence

from aiohttp import web

from sandbox.market.model import MarketOrder, MarketOrderLine
from sandbox.taobao.bought_query import Query
from sandbox.taobao.hosts import BOUGHT, MOBILE, TRADE, TRADE_TMALL, bare_url
from sandbox.taobao.items import item_host
from sandbox.taobao.pages import price_text, yuan
from sandbox.taobao.state import Site
from sandbox.taobao.statuses import TABS, china_time, raw_status, status_text

ASYNC_URL = "asyncBought.htm?action=itemlist/BoughtQueryAction&event_submit_do_query=1&_input_charset=utf8"
PSEUDO = {"title": "保险服务", "skuText": [], "serviceIcons": []}
"""A line that is no goods: it has no item id and no address."""


def list_json(request: web.Request, site: Site, orders: Sequence[MarketOrder], query: Query) -> dict[str, object]:
    """The whole tree that the page holds in `var data` and `asyncBought.htm` answers."""
    shown, count = query.cut(orders)
    return {
        "mainOrders": [main_order(request, site, order) for order in shown],
        "page": {
            "currentPage": query.number,
            "pageSize": query.size,
            "totalNumber": count,
            "totalPage": max(1, -(-count // query.size)),
        },
        "tabs": [{"code": "all", "text": "所有订单"}, *({"code": code, "text": tab[0]} for code, tab in TABS.items())],
        "query": {"tabCode": query.tab},
        "extra": {
            "asyncRequestUrl": ASYNC_URL,
            "mainBizOrderIds": ",".join(order.id for order in shown),
        },
    }


def main_order(request: web.Request, site: Site, order: MarketOrder) -> dict[str, object]:
    raw = raw_status(order)
    time = china_time(order.created_at)
    subs = [_sub_order(request, site, order, line) for line in order.lines]
    if site.modes.pseudo_lines:
        subs.append(
            {
                "id": f"{order.id}9",
                "itemInfo": PSEUDO,
                "priceInfo": {"realTotal": "0.00"},
                "quantity": "1",
                "operations": [],
            }
        )
    return {
        "id": order.id,
        "extra": {
            "tradeStatus": raw,
            "finish": order.status in {"finished", "closed"},
            "batchPay": order.status == "unpaid",
            "batchConfirm": False,
        },
        "orderInfo": {"id": order.id, "createDay": time[:10], "createTime": time},
        "payInfo": {
            "actualFee": yuan(order.total_fen),
            "icons": [],
            "postFees": [{"prefix": "(含运费：", "value": f"￥{yuan(order.freight_fen)}", "suffix": ")"}],
        },
        "seller": {"id": order.seller.seller_id, "nick": order.seller.login, "shopName": order.seller.shop},
        "statusInfo": {"text": status_text(raw), "operations": operations(request, order)},
        "operations": [],
        "subOrders": subs,
    }


def detail_url(request: web.Request, order: MarketOrder) -> str:
    if order.seller.tmall:
        return bare_url(request, TRADE_TMALL, "/detail/orderDetail.htm", bizOrderId=order.id)
    return bare_url(request, TRADE, "/trade/detail/trade_order_detail.htm", biz_order_id=order.id)


def operations(request: web.Request, order: MarketOrder) -> list[dict[str, str]]:
    """`viewDetail` always, `viewLogistic` once shipped; paying and cancelling while unpaid (the id
    `cancelOrder` and its `dataUrl` are this site's own: no source tells the live ones)."""
    made = [{"id": "viewDetail", "text": "订单详情", "url": detail_url(request, order), "style": "t0"}]
    if order.shipments:
        url = bare_url(request, MOBILE, "/app/dinamic/pc-trade-logistics/home.html", orderId=order.id)
        made.append({"id": "viewLogistic", "text": "查看物流", "url": url, "style": "t0"})
    if order.status == "unpaid":
        pay = bare_url(request, BOUGHT, "/trade/pay.htm", biz_order_id=order.id)
        cancel = bare_url(request, BOUGHT, "/trade/json/cancel_order.do", bizOrderId=order.id)
        made.append({"id": "pay", "text": "立即付款", "url": pay, "style": "t1"})
        made.append({"id": "cancelOrder", "text": "取消订单", "dataUrl": cancel, "action": "a1", "style": "t0"})
    return made


def _sub_order(request: web.Request, site: Site, order: MarketOrder, line: MarketOrderLine) -> dict[str, object]:
    goods = site.world.goods.get(line.item_id)
    host = item_host(goods) if goods else "item.taobao.com"
    return {
        "id": line.sub_id,
        "itemInfo": {
            "id": line.item_id,
            "skuId": line.sku_id or "0",
            "title": line.title,
            "itemUrl": bare_url(request, host, "/item.htm", id=line.item_id),
            "pic": bare_url(request, "g.alicdn.com", f"/picture/{line.item_id}.png"),
            "snapUrl": bare_url(request, TRADE, "/trade/detail/tradeSnap.htm", tradeID=line.sub_id),
            "skuText": choice_pairs(line),
            "serviceIcons": [],
        },
        "priceInfo": {"original": price_text(line.unit_price), "realTotal": unit_text(line)},
        "quantity": str(line.quantity),
        "operations": _refund_operations(order, line),
    }


def choice_pairs(line: MarketOrderLine) -> list[dict[str, str]]:
    pairs = (pair.partition(":") for pair in line.choice.split(";") if pair)
    return [{"name": name, "value": value} for name, _, value in pairs]


def unit_text(line: MarketOrderLine) -> str:
    """What one piece really costs after discounts, as the list shows it (rounded to fen)."""
    return yuan(round(line.amount_fen / line.quantity))


def _refund_operations(order: MarketOrder, line: MarketOrderLine) -> list[dict[str, str]]:
    mine = [one for one in order.refunds if one.sub_id == line.sub_id]
    if mine:
        done = mine[-1].state == "done"
        return [{"id": "viewRefund", "text": "查看退款", "style": "t8" if done else "t0", "url": ""}]
    asked = order.paid_at and order.status not in {"closed", "finished"}
    return [{"id": "refund", "text": "退款/退货", "style": "t0", "url": ""}] if asked else []
