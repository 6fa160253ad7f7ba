"""Looks for orders: what a checkout may have made, and one by its number. Reads only."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from providers.taobao.detail.page import open_detail, with_detail
from providers.taobao.listing import BoughtList
from providers.taobao.match import EARLIER, may_be, with_skus
from providers.taobao.site import Site
from providers.taobao.transit import open_transit
from purchasing.provider import ProviderOrderSeen, Sought
from purchasing.words import Stage

if TYPE_CHECKING:
    from playwright.async_api import Page

    from providers.taobao.bought.page import BoughtPage

ON_THE_WAY = frozenset({Stage.PART_SHIPPED, Stage.SHIPPED, Stage.SIGNED})
"""Stages at which an order has, or may get, another parcel."""


async def timed(page: "Page", site: Site, orders: list[ProviderOrderSeen]) -> list[ProviderOrderSeen]:
    """The bare page tells only the day of an order: its own page tells the time."""
    known = []
    for order in orders:
        if order.created_at is None:
            detail = await open_detail(page, site, order.number)
            known.append(replace(order, created_at=detail.created_at))
        else:
            known.append(order)
    return known


def goes_on(page: "BoughtPage", number: int, site: Site) -> bool:
    """Whether there is a further page; where the shape doesn't tell, a full one suggests so."""
    more = len(page.orders) >= site.bought.page_size if page.has_more is None else page.has_more
    return more and number < site.bought.max_pages


def reaches(page: "BoughtPage", since: datetime) -> bool:
    """Whether this page goes back to before that time (the list is newest first)."""
    return any(one.created_at is not None and one.created_at < since for one in page.orders)


async def find_placed(page: "Page", site: Site, sought: Sought) -> list[ProviderOrderSeen]:
    """Orders since the press that hold just these goods and are bound to nothing; no sum is compared, for a seller
    may have changed it meanwhile: a person sees it."""
    bought = BoughtList(page, site)
    listed = await bought.open()
    orders, number = list(listed.orders), 1
    while goes_on(listed, number, site) and not reaches(listed, sought.since - EARLIER):
        number += 1
        listed = await bought.more("all", number)
        orders += listed.orders
    free = [one for one in orders if one.number not in sought.bound]
    return [
        with_skus(one, sought.checkout)
        for one in await timed(page, site, free)
        if may_be(one, sought.checkout, sought.since)
    ]


async def whole_order(page: "Page", site: Site, number: str) -> ProviderOrderSeen:
    """The order from the list, for its ids, and from its own page, for the rest. Raises Refused(ORDER_NOT_FOUND)."""
    bought = BoughtList(page, site)
    await bought.open()
    listed = await bought.search(number)
    detail = await parcels_of(page, site, number)
    return with_detail(listed, detail) if listed else detail


async def parcels_of(page: "Page", site: Site, number: str) -> ProviderOrderSeen:
    """The order's own page; a shipped order without a number there is asked for once more."""
    detail = await open_detail(page, site, number)
    if detail.waybills or detail.stage not in ON_THE_WAY:
        return detail
    found = await open_transit(page, site, number)
    return replace(detail, waybills=(found,) if found else ())
