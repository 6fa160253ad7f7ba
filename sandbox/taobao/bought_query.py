"""Which orders a list shows: tab, search word, page. Every look counts for the lists' lag."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from sandbox.market.model import MarketOrder
from sandbox.taobao.state import site_of
from sandbox.taobao.statuses import in_tab, raw_status

NEW_STATUS = "TRADE_WAIT_NEW_THING"
"""What the fault `unknown_status` shows unless it names a `status` itself."""


def visible_orders(request: web.Request, login: str) -> list[MarketOrder]:
    """The account's orders as lists show them now, with a status nobody knows when that was ordered."""
    site = site_of(request)
    orders = site.world.look(login)
    unknown = site.faults.take("bought", "unknown_status")
    if unknown and orders:
        site.world.set_raw_status(orders[0].id, unknown.details.get("status", NEW_STATUS))
    return orders


@dataclass(frozen=True, slots=True)
class Query:
    """A page of the list. `word` is a title's part or an order id; `number` counts from 1."""

    tab: str = "all"
    number: int = 1
    size: int = 15
    word: str = ""
    status: str = ""
    since_ms: int = 0
    until_ms: int = 0

    def holds(self, order: MarketOrder) -> bool:
        made = order.created_at.timestamp() * 1000
        return (
            in_tab(order, self.tab)
            and self.status in {"", "ALL", raw_status(order)}
            and (not self.since_ms or made >= self.since_ms)
            and (not self.until_ms or made <= self.until_ms)
            and (not self.word or self.word == order.id or any(self.word in one.title for one in order.lines))
        )

    def cut(self, orders: Sequence[MarketOrder]) -> tuple[list[MarketOrder], int]:
        """This page's orders, and how many there are in all."""
        found = [order for order in orders if self.holds(order)]
        start = (self.number - 1) * self.size
        return found[start : start + self.size], len(found)
