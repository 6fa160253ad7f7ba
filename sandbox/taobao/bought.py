"""The bought list's pages and calls in three shapes. Reads only, but for the buyer's own cancel."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.market.model import MarketOrder, Refused
from sandbox.taobao.access import enter, enter_call
from sandbox.taobao.bought_new import card_view
from sandbox.taobao.bought_old import list_json, main_order
from sandbox.taobao.bought_query import Query, visible_orders
from sandbox.taobao.pages import encoded_page, page
from sandbox.taobao.state import site_of


async def list_page(request: web.Request) -> web.Response:
    """`list_bought_items.htm`; `route_to=tm1` forces the older page whatever the mode."""
    buyer = enter(request, "bought")
    site = site_of(request)
    query = Query(tab=request.query.get("tabCode", "all"), word=request.query.get("itemTitle", ""))
    shape = "old" if request.query.get("route_to") == "tm1" else site.modes.bought_list
    changed = site.faults.take("bought", "page_changed") is not None
    if shape == "old":
        data = list_json(request, site, visible_orders(request, buyer.login), query)
        return encoded_page(request, "bought_old.html", site.modes.charset, data=js_text(data), changed=changed)
    if shape == "v2":
        return page(request, "bought_new.html", cards=None, tab=query.tab, changed=changed, more=False, number=1)
    return _dom_page(request, visible_orders(request, buyer.login), query, changed=changed)


def _dom_page(request: web.Request, orders: list[MarketOrder], query: Query, *, changed: bool) -> web.Response:
    """The newer page with everything in its DOM and no JSON at all."""
    number = int(request.query.get("page", "1"))
    shown, count = Query(tab=query.tab, word=query.word, number=number).cut(orders)
    cards = [card_view(request, order) for order in shown]
    more = count > number * query.size
    return page(request, "bought_new.html", cards=cards, tab=query.tab, changed=changed, more=more, number=number)


async def list_call(request: web.Request) -> web.Response:
    """`asyncBought.htm`: the older list's data. A guest gets the login page's html, a suspect no data,
    a call from elsewhere than the list's page an empty list."""
    buyer = enter_call(request, "bought")
    site = site_of(request)
    form = {key: str(value) for key, value in (await request.post()).items()}
    from_list = "list_bought_items" in request.headers.get("Referer", "")
    orders = visible_orders(request, buyer.login) if from_list else []
    body = list_json(request, site, orders, _form_query(form))
    if site.faults.take("bought", "partial"):
        body["mainOrders"] = [main_order(request, site, order) for order in orders[:1]]
    text = json.dumps(body, ensure_ascii=False)
    charset = site.modes.charset
    return web.Response(body=text.encode(charset), content_type="application/json", charset=charset)


def _form_query(form: Mapping[str, str]) -> Query:
    return Query(
        tab=form.get("tabCode") or "all",
        number=int(form.get("pageNum") or 1),
        size=min(100, int(form.get("pageSize") or 15)),
        word=form.get("itemTitle") or form.get("auctionTitle") or "",
        status=form.get("orderStatus") or "",
        since_ms=int(form.get("dateBegin") or 0),
        until_ms=int(form.get("dateEnd") or 0),
    )


async def cancel_call(request: web.Request) -> web.Response:
    """The buyer cancels an unpaid order (this call's address and reply are this site's own)."""
    buyer, site = enter_call(request, "cancel"), site_of(request)
    order = site.world.orders.get(request.query.get("bizOrderId", ""))
    try:
        if order is None or order.account != buyer.login or order.status != "unpaid":
            raise Refused("status", "订单状态已变更")
        site.world.close(order.id)
    except Refused as refusal:
        return web.json_response({"success": False, "msg": refusal.text})
    return web.json_response({"success": True})


def js_text(data: Any) -> str:
    """JSON as the inside of a JS string in single quotes, as `var data = JSON.parse('…')` has it."""
    text = json.dumps(data, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
    return text.replace("</", "<\\/")
