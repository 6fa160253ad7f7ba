"""Opens an order's page and reads it in whichever shape it has. Reads only."""

from dataclasses import replace
from typing import TYPE_CHECKING

from providers.taobao.detail.taobao import read_taobao
from providers.taobao.detail.tmall import read_tmall
from providers.taobao.site import Site, pattern
from providers.taobao.tab import changed, visit
from providers.taobao.texts import decode, script_data
from purchasing.errors import Refused, Transient
from purchasing.provider import ProviderOrderSeen
from purchasing.refusals import Refusal

if TYPE_CHECKING:
    from playwright.async_api import Page


async def open_detail(page: "Page", site: Site, number: str) -> ProviderOrderSeen:
    """The order's page, whichever site it is on. Raises Refused(ORDER_NOT_FOUND) and ProviderError."""
    from playwright.async_api import Error

    response = await visit(page, site, site.url("detail", number=number))
    if pattern(*site.bought.missing).search(site.place(page.url)):
        raise Refused(Refusal.ORDER_NOT_FOUND, detail=number)
    try:
        html = decode(await response.body()) if response else ""
    except Error as error:
        raise Transient("the order's page broke off") from error
    taobao, tmall = script_data(html), script_data(html, "detailData")
    if isinstance(taobao, dict) and "mainOrder" in taobao:
        return read_taobao(taobao)
    if tmall is not None:
        return read_tmall(tmall)
    raise await changed(page, site, "the order's page")


def with_detail(listed: ProviderOrderSeen, detail: ProviderOrderSeen) -> ProviderOrderSeen:
    """What the list told, completed by the order's own page."""
    return replace(
        listed,
        stage=listed.stage or detail.stage,
        created_at=listed.created_at or detail.created_at,
        waybills=detail.waybills or listed.waybills or (),
        paid_at=detail.paid_at,
        address_seen=detail.address_seen,
        tmall=listed.tmall or detail.tmall,
    )
