"""Order detail pages of Taobao and Tmall. Reads only."""

from aiohttp import web

from sandbox.market.model import MarketOrder, MarketOrderLine, Shipment
from sandbox.taobao.access import enter
from sandbox.taobao.bought import js_text
from sandbox.taobao.bought_old import choice_pairs, detail_url, operations, unit_text
from sandbox.taobao.hosts import TRADE, TRADE_TMALL, bare_url
from sandbox.taobao.pages import encoded_page, page, yuan
from sandbox.taobao.state import site_of
from sandbox.taobao.statuses import china_time, raw_status, status_text

STEPS = ("拍下商品", "付款到支付宝", "卖家发货", "确认收货", "评价")


async def old_address(request: web.Request) -> web.Response:
    """`trade_item_detail.htm?bizOrderId=` leads to the page of the order's own site."""
    buyer = enter(request, "detail")
    order = own_order(request, buyer.login, request.query.get("bizOrderId", ""))
    raise web.HTTPFound(detail_url(request, order))


async def taobao_page(request: web.Request) -> web.Response:
    buyer = enter(request, "detail")
    order = own_order(request, buyer.login, request.query.get("biz_order_id", ""))
    site = site_of(request)
    unknown = site.faults.take("detail", "unknown_status")
    if unknown:
        site.world.set_raw_status(order.id, unknown.details.get("status", "TRADE_WAIT_NEW_THING"))
    data = taobao_data(request, order)
    changed = site.faults.take("detail", "page_changed") is not None
    return encoded_page(
        request,
        "detail.html",
        site.modes.charset,
        data=js_text(data),
        order=order,
        state=status_text(raw_status(order)),
        operations=operations(request, order),
        changed=changed,
    )


def taobao_data(request: web.Request, order: MarketOrder) -> dict[str, object]:
    """The tree of a Taobao order's page, its status as texts only. Several parcels: `showLogistics` false and
    `packageInfos.list`."""
    fees = [("商品总价", order.goods_fen), ("运费(快递)", order.freight_fen), ("实付款", order.total_fen)]
    return {
        "mainOrder": {
            "id": order.id,
            "subOrders": [_sub_order(order, line) for line in order.lines],
            "payInfo": {"feeMess": [{"name": name, "value": f"￥{yuan(fen)}"} for name, fen in fees]},
            "seller": {"nick": order.seller.login, "shopName": order.seller.shop},
            "statusInfo": {"text": status_text(raw_status(order))},
            "operations": operations(request, order),
        },
        "deliveryInfo": _delivery(request, order),
        "packageInfos": {"list": [_package(order, one) for one in order.shipments]} if _several(request, order) else {},
        "orderBar": {
            "nodes": [{"index": i, "text": text, "date": date} for i, (text, date) in enumerate(_steps(order))]
        },
    }


def _several(request: web.Request, order: MarketOrder) -> bool:
    return len(order.shipments) > 1 or (bool(order.shipments) and not site_of(request).modes.detail_logistics)


def _delivery(request: web.Request, order: MarketOrder) -> dict[str, object]:
    address = order.address
    told = order.shipments[0] if order.shipments and not _several(request, order) else None
    parts = (address.name, address.mobile, address.province, address.city, address.area, address.town, address.detail)
    return {
        "address": "，".join((*parts[:2], " ".join(part for part in parts[2:] if part), address.post)),
        "showLogistics": not _several(request, order),
        "logisticsName": told.carrier if told else "—",
        "logisticsNum": told.waybill if told else "—",
    }


def _sub_order(order: MarketOrder, line: MarketOrderLine) -> dict[str, object]:
    pairs = [{"value": pair} for pair in choice_pairs(line)]
    return {
        "id": line.sub_id,
        "itemInfo": {"id": line.item_id, "title": line.title, "skuText": [{"content": pairs}]},
        "priceInfo": unit_text(line),
        "quantity": str(line.quantity),
        "tradeStatus": [{"content": [{"value": status_text(raw_status(order))}]}],
    }


def _package(order: MarketOrder, shipment: Shipment) -> dict[str, object]:
    lines = [(order.line(piece.sub_id), piece.quantity) for piece in shipment.lines]
    return {
        "companyName": shipment.carrier,
        "invoiceNo": shipment.waybill,
        "consignTime": china_time(shipment.shipped_at),
        "details": [{"id": line.sub_id, "title": line.title, "quantity": str(quantity)} for line, quantity in lines],
    }


def _steps(order: MarketOrder) -> list[tuple[str, str]]:
    shipped = order.shipments[0].shipped_at if order.shipments else None
    moments = (order.created_at, order.paid_at, shipped, order.finished_at, None)
    return [(text, china_time(moment) if moment else "") for text, moment in zip(STEPS, moments, strict=True)]


async def tmall_page(request: web.Request) -> web.Response:
    buyer = enter(request, "detail")
    order = own_order(request, buyer.login, request.query.get("bizOrderId", ""))
    data = tmall_data(request, order)
    return page(request, "detail_tmall.html", data=data, order=order, state=status_text(raw_status(order)))


def tmall_data(request: web.Request, order: MarketOrder) -> dict[str, object]:
    """`var detailData`: parcels are entries of `orders.list`, each with its own lines."""
    address = order.address
    region = f"{address.province} {address.city} {address.area} {address.detail}"
    place = f"{address.name},{address.mobile},{region}"
    steps = [{"content": text, "time": date} for text, date in _steps(order)]
    return {
        "orders": {"id": order.id, "list": _tmall_parcels(request, order)},
        "basic": {
            "lists": [
                {"key": "收货地址", "content": [{"text": place}]},
                {"key": "订单编号", "content": [{"text": order.id}]},
            ]
        },
        "stepbar": {"options": steps},
        "amount": {"count": [{"key": "订单总价", "content": [{"text": f"￥{yuan(order.total_fen)}"}]}]},
    }


def _tmall_parcels(request: web.Request, order: MarketOrder) -> list[dict[str, object]]:
    parts: list[tuple[Shipment | None, list[tuple[MarketOrderLine, int]]]] = [
        (one, [(order.line(piece.sub_id), piece.quantity) for piece in one.lines]) for one in order.shipments
    ]
    rest = [(line, order.unshipped(line)) for line in order.lines if order.unshipped(line)]
    if rest:
        parts.append((None, rest))
    return [_tmall_parcel(request, order, shipment, lines) for shipment, lines in parts]


def _tmall_parcel(
    request: web.Request, order: MarketOrder, shipment: Shipment | None, lines: list[tuple[MarketOrderLine, int]]
) -> dict[str, object]:
    subs = [
        {
            "itemInfo": {
                "title": line.title,
                "snapUrl": bare_url(request, TRADE_TMALL, "/detail/tradeItemDetail.htm", tradeID=line.sub_id),
                "skuText": [{"key": one["name"], "content": [{"text": one["value"]}]} for one in choice_pairs(line)],
            },
            "priceInfo": [{"text": unit_text(line)}],
            "quantity": str(quantity),
        }
        for line, quantity in lines
    ]
    told = {"companyName": shipment.carrier, "mailNo": shipment.waybill} if shipment else {}
    state = status_text(raw_status(order))
    return {
        "logistic": {"content": [told] if told else []},
        "status": [{"statusInfo": [{"text": state}], "subOrders": subs}],
    }


def own_order(request: web.Request, login: str, order_id: str) -> MarketOrder:
    """The buyer's own order; raises `HTTPFound` to the error page for any other."""
    order = site_of(request).world.orders.get(order_id)
    if order is None or order.account != login:
        raise web.HTTPFound(f"/{TRADE}/trade/error/index_error.html")
    return order
