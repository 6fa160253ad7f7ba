"""The failure page of a confirm or a submit, with the codes that were seen live. Nothing has been ordered by it."""

from aiohttp import web

from sandbox.taobao.hosts import host_of, path
from sandbox.taobao.pages import page

TAIL = "/auction/order/TmallConfirmOrderError.htm"
BUSY = ("F-10000-15-15-014", "系统繁忙，请稍候再试")
PROMOTION = ("USING_PROMOTION_FAIL", "优惠信息变更，请返回重新下单")
LIMIT = ("F-10005-11-10-003", "您的下单次数过多，请稍后再试")


def failure(request: web.Request, code: str, text: str) -> web.HTTPFound:
    """The way to the page, to be raised."""
    query = {"__buy_error_code": code, "__buy_error_trace_id": "sandbox", "__buy_error_original_code": code}
    return web.HTTPFound(path(host_of(request), TAIL, **query, text=text))


def refusal(request: web.Request, text: str) -> web.HTTPFound:
    """The same for what is wrong with the goods or the form."""
    return failure(request, LIMIT[0], text)


async def failure_page(request: web.Request) -> web.Response:
    return page(request, "confirm_error.html", text=request.query.get("text", BUSY[1]))
