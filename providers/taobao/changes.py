"""A sync in bounded pieces: new orders, the open tabs, then open orders that none of them showed. Reads only.

Its cost follows open and changed orders; pages about parcels are few per piece, for the site stops who asks often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from providers.taobao.bought.page import BoughtPage
from providers.taobao.detail.page import with_detail
from providers.taobao.listing import TABS, BoughtList
from providers.taobao.looking import ON_THE_WAY, goes_on, parcels_of, reaches
from providers.taobao.site import Site
from providers.taobao.statuses import CLOSED_TEXT
from purchasing.errors import Refused
from purchasing.provider import ChangesPage, ProviderOrderSeen

if TYPE_CHECKING:
    from playwright.async_api import Page

OVERLAP = timedelta(hours=1)
"""Looked at again before the watermark: the list may show an order late."""
KEPT = timedelta(hours=4)
"""How long parcels once read are believed: numbers rarely change."""


class Cursor(BaseModel):
    """Where a sync stands. `since` is the watermark; `started` is None between two syncs; `tab` == number of tabs
    means the open orders that were not seen; `seen` are open orders already told."""

    since: datetime
    started: datetime | None = None
    tab: int = 0
    page: int = 1
    seen: tuple[str, ...] = ()


class Details:
    """Orders' own pages read lately: this process' memory only, a missing one is simply read again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[datetime, ProviderOrderSeen]] = {}

    def keep(self, listed: ProviderOrderSeen, detail: ProviderOrderSeen) -> None:
        now = datetime.now(UTC)
        self._kept = {key: one for key, one in self._kept.items() if one[0] > now - KEPT}
        self._kept[listed.number, listed.raw_status] = now, detail

    def of(self, listed: ProviderOrderSeen) -> ProviderOrderSeen | None:
        """What was read while the list told the same status."""
        at, detail = self._kept.get((listed.number, listed.raw_status), (None, None))
        return detail if at is not None and at > datetime.now(UTC) - KEPT else None


@dataclass
class Sync:
    """One piece of a sync on one page of the account."""

    page: "Page"
    site: Site
    details: Details
    left: int = 0
    """Pages about parcels that this piece may still open."""

    async def piece(self, text: str, open_numbers: Sequence[str]) -> ChangesPage:
        """Raises ProviderError."""
        cursor = self._begun(text)
        self.left = self.site.bought.details_per_page
        if cursor.tab < len(TABS):
            orders, cursor = await self._tab(cursor, open_numbers)
        else:
            orders, cursor = await self._missing(cursor, open_numbers)
        if cursor.tab >= len(TABS) and not _unseen(cursor, open_numbers):
            done = Cursor(since=cursor.started or cursor.since)
            return ChangesPage(tuple(orders), done.model_dump_json(), done=True)
        return ChangesPage(tuple(orders), cursor.model_dump_json(), done=False)

    def _begun(self, text: str) -> Cursor:
        now = datetime.now(UTC)
        try:
            cursor = Cursor.model_validate_json(text)
        except ValidationError:  # "" at first; what another version wrote is begun anew
            cursor = Cursor(since=now - timedelta(days=self.site.bought.first_days))
        return cursor if cursor.started else Cursor(since=cursor.since, started=now)

    async def _tab(self, cursor: Cursor, open_numbers: Sequence[str]) -> tuple[list[ProviderOrderSeen], Cursor]:
        """One page of one tab; the first tab only back to the watermark."""
        bought, tab, number = BoughtList(self.page, self.site), TABS[cursor.tab], cursor.page
        listed = await bought.open(tab)
        if number > 1:
            listed = await bought.more(tab, number)
        more = goes_on(listed, number, self.site)
        if cursor.tab == 0:
            more = more and not reaches(listed, cursor.since - OVERLAP)
        orders = await self._told(_wanted(listed, cursor, open_numbers), open_numbers)
        seen = [one.number for one in listed.orders if one.number in open_numbers]
        following = {"page": number + 1} if more else {"tab": cursor.tab + 1, "page": 1}
        return orders, cursor.model_copy(update={**following, "seen": (*cursor.seen, *seen)})

    async def _told(self, orders: list[ProviderOrderSeen], open_numbers: Sequence[str]) -> list[ProviderOrderSeen]:
        """The orders, those of them that we follow completed."""
        return [await self._with_detail(one) if one.number in open_numbers and _lacks(one) else one for one in orders]

    async def _with_detail(self, order: ProviderOrderSeen) -> ProviderOrderSeen:
        kept = self.details.of(order)
        if kept is None and self.left > 0:
            self.left -= 1
            kept = await parcels_of(self.page, self.site, order.number)
            if kept.waybills or order.raw_status == CLOSED_TEXT:  # no number yet: asked again next time
                self.details.keep(order, kept)
        return with_detail(order, kept) if kept else order

    async def _missing(self, cursor: Cursor, open_numbers: Sequence[str]) -> tuple[list[ProviderOrderSeen], Cursor]:
        """A few of the open orders that no tab showed: finished, closed, or beyond the last page."""
        bought = BoughtList(self.page, self.site)
        await bought.open()
        numbers = _unseen(cursor, open_numbers)[: self.site.bought.details_per_page]
        found = [(number, await bought.search(number)) for number in numbers]
        orders = []
        for number, listed in found:
            enough = listed is not None and listed.stage is not None and not _lacks(listed)
            order = listed if enough else await self._own_page(number, listed)
            if order is not None:
                orders.append(order)
        return orders, cursor.model_copy(update={"seen": (*cursor.seen, *numbers)})

    async def _own_page(self, number: str, listed: ProviderOrderSeen | None) -> ProviderOrderSeen | None:
        """Completed by its own page; None when the site knows no such order."""
        if listed is not None and _lacks(listed):
            return await self._with_detail(listed)
        try:
            detail = await parcels_of(self.page, self.site, number)
        except Refused:
            return listed
        return with_detail(listed, detail) if listed else detail


def _wanted(listed: BoughtPage, cursor: Cursor, open_numbers: Sequence[str]) -> list[ProviderOrderSeen]:
    """Orders that are new since the watermark, open, or ours; the rest of a page is history."""
    since = cursor.since - OVERLAP
    return [
        one
        for one in listed.orders
        if cursor.tab > 0 or one.number in open_numbers or one.created_at is None or one.created_at >= since
    ]


def _lacks(order: ProviderOrderSeen) -> bool:
    """Whether its own page must be asked: for parcels, or for what "closed" means."""
    return (order.stage in ON_THE_WAY and order.waybills is None) or order.raw_status == CLOSED_TEXT


def _unseen(cursor: Cursor, open_numbers: Sequence[str]) -> list[str]:
    return sorted(set(open_numbers) - set(cursor.seen))
