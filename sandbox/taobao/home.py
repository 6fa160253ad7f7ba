"""The gate page that only a signed-in buyer sees, the front pages, and files."""

from aiohttp import web

from sandbox.taobao.access import enter
from sandbox.taobao.hosts import path
from sandbox.taobao.items import item_host
from sandbox.taobao.pages import HERE, page, person_page
from sandbox.taobao.state import site_of


async def gate_page(request: web.Request) -> web.Response:
    """`my_itaobao`: guests are sent to log in."""
    buyer = enter(request, "gate")
    return page(request, "home.html", heading=f"我的淘宝 {buyer.login}", goods_list=[])


async def front_page(request: web.Request) -> web.Response:
    goods = site_of(request).world.goods.values()
    listed = [(one, path(item_host(one), "/item.htm", id=one.item_id)) for one in goods]
    return page(request, "home.html", heading="淘宝网", goods_list=listed)


async def index(request: web.Request) -> web.Response:
    """`/`: where a person finds the phones, the cashier and the seller's desk of this sandbox."""
    return person_page("index.html", accounts=list(site_of(request).world.accounts))


async def asset(request: web.Request) -> web.FileResponse:
    name = request.match_info["name"]
    if name not in {"site.js", "site.css"}:
        raise web.HTTPNotFound
    return web.FileResponse(HERE / "static" / name)


async def error_index(request: web.Request) -> web.Response:
    return page(request, "item_gone.html", text="很抱歉，页面不存在")


async def no_icon(_: web.Request) -> web.Response:
    return web.Response(status=204)
