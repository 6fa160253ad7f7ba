"""Cancels an unpaid order through the site's own button: one press, behind the gate, then proved by the order's page.

How the live site asks for a reason is not known, so what its dialog wants beyond an agreement ends as unknown."""

import asyncio
from typing import TYPE_CHECKING

from providers.base import seconds_left
from providers.taobao.browser import Hands
from providers.taobao.detail.page import open_detail
from providers.taobao.listing import BoughtList
from providers.taobao.site import Site
from providers.taobao.tab import first_line, until
from purchasing.crash import crash_point
from purchasing.errors import OutcomeUnknown, PageChanged, Refused
from purchasing.provider import AboutToSend, Gate, ProviderOrderSeen
from purchasing.refusals import Refusal
from purchasing.words import Stage

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Locator

AGREE_SECONDS = 3
CLOSED = frozenset({Stage.CLOSED_UNPAID, Stage.CLOSED_REFUNDED})


async def cancel_order(hands: Hands, site: Site, number: str, gate: Gate) -> None:
    """Raises what `Provider.cancel` tells."""
    order = await open_detail(hands.page, site, number)
    if order.stage in CLOSED:
        return
    if order.stage is not Stage.UNPAID:
        raise Refused(Refusal.ORDER_PAID, detail=order.raw_status)
    link = await _link(hands, site, number)
    deadline = await gate(AboutToSend(order.total, order.freight, f"cancel {number}: {order.raw_status}"))
    left = seconds_left(deadline)
    try:
        crash_point("taobao.cancel")
        await _press(hands, site, link, left)
        crash_point("taobao.cancelled")
        after = await _after(hands, site, number)
    except Exception as error:
        raise OutcomeUnknown(f"after the press: {first_line(error)}") from error
    if after.stage not in CLOSED:
        raise OutcomeUnknown(f"the order still reads {after.raw_status}")


async def _link(hands: Hands, site: Site, number: str) -> "Locator":
    """取消订单 on the order's page, else on its card in the list. Raises PageChanged."""
    page = hands.page
    own = page.locator(site.cancel.link).filter(visible=True)
    if await own.count():
        return own.first
    await BoughtList(page, site).open("waitPay")
    card = page.locator(site.bought.card).filter(has_text=number)
    in_list = card.locator(site.cancel.link).filter(visible=True)
    if await in_list.count() != 1:
        raise PageChanged("no button that cancels the order", site.place(page.url))
    return in_list.first


async def _press(hands: Hands, site: Site, link: "Locator", seconds: float) -> None:
    """Presses, and agrees to the one question that follows: the browser's own or the page's."""
    page, asked = hands.page, asyncio.Event()

    async def agree(dialog: "Dialog") -> None:
        asked.set()
        await dialog.accept()

    async def agreed() -> bool | None:
        button = page.locator(site.cancel.agree).filter(visible=True)
        if not asked.is_set() and await button.count():
            await button.first.click(timeout=AGREE_SECONDS * 1000)
            asked.set()
        return asked.is_set() or None

    page.once("dialog", agree)

    async def gone() -> bool | None:
        return not await link.count() or None

    await link.click(timeout=seconds * 1000, no_wait_after=True)
    await until(agreed, AGREE_SECONDS)
    await until(gone, site.pace.change_timeout)  # the page shows that its call is through


async def _after(hands: Hands, site: Site, number: str) -> ProviderOrderSeen:
    """The order as its page tells it once the press has worked, or when the looks are over."""
    page = await hands.fresh()
    for look in range(site.pace.looks):
        if look:
            await asyncio.sleep(site.pace.between_looks)
        order = await open_detail(page, site, number)
        if order.stage in CLOSED:
            break
    return order
