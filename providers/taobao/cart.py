"""The cart as a means: our lines go in, exactly they are checked, and whatever we changed is put back."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from providers.taobao.browser import Hands
from providers.taobao.cart_page import CartPage
from providers.taobao.item import NO_SKU
from providers.taobao.item_page import open_item
from providers.taobao.mtop import ask
from providers.taobao.signs import judge_answer
from providers.taobao.site import Site
from providers.taobao.tab import check, with_picture
from purchasing.errors import PageChanged, ProviderError, Refused, SessionExpired
from purchasing.provider import CheckoutLine
from purchasing.refusals import Refusal

if TYPE_CHECKING:
    from playwright.async_api import Page

log = logging.getLogger(__name__)


def merged(lines: tuple[CheckoutLine, ...]) -> list[CheckoutLine]:
    """Two lines of one configuration are one line of the cart."""
    sums: dict[tuple[str, str], CheckoutLine] = {}
    for line in lines:
        known = sums.get((line.item_id, line.sku_id))
        sums[line.item_id, line.sku_id] = replace(line, quantity=line.quantity + known.quantity) if known else line
    return list(sums.values())


class Cart:
    """What one checkout does to the cart. Pieces are kept by line: `_added` by us, `_before` by a person."""

    def __init__(self, page: "Page", site: Site) -> None:
        self._page = page
        self._site = site
        self._cart = CartPage(page, site)
        self._lines: list[CheckoutLine] = []
        self._added: dict[int, int] = {}
        self._before: dict[int, int] = {}

    async def fill(self, lines: tuple[CheckoutLine, ...]) -> None:
        """Puts the lines in and checks exactly them. Raises Refused and ProviderError."""
        self._lines = merged(lines)
        refused = {line.line_id: refusal for line in self._lines if (refusal := await self._add(line))}
        await self._cart.open()
        for line in self._lines:
            await self._set(line, refused.get(line.line_id))
        await self._check_only_ours()

    async def settle(self) -> None:
        await self._cart.settle()

    async def _add(self, line: CheckoutLine) -> Refused | None:
        """Adds one line from its item's page. What the site refuses may be there already: the cart page tells."""
        item = await open_item(self._page, self._site, line.item_id, line.sku_id)
        if item.tmall:
            raise Refused(Refusal.TMALL, line.line_id)
        if item.refusal is not None:
            return Refused(item.refusal, line.line_id)
        data = {
            "itemId": line.item_id,
            "skuId": line.sku_id or NO_SKU,
            "quantity": str(line.quantity),
            "exParams": "{}",
        }
        answer = await ask(self._page, {"api": "mtop.trade.addBag", "v": "3.1", "data": data})
        refusal = await self._refusal_of(answer, line)
        if refusal is None:
            self._added[line.line_id] = line.quantity
        return refusal

    async def _refusal_of(self, answer: Any, line: CheckoutLine) -> Refused | None:
        if not isinstance(answer, dict):
            raise PageChanged("the item page's mtop", str(answer)[:100])
        ret = " ".join(map(str, answer.get("ret", [])))
        if "SUCCESS" in ret:
            return None
        trouble = judge_answer(answer)
        if isinstance(trouble, SessionExpired):
            await check(self._page, self._site)
        if trouble is not None:
            raise await with_picture(self._page, trouble)
        code = self._site.refusal(ret)
        if code is None:
            raise PageChanged("adding to the cart", ret[:200])
        return Refused(code, line.line_id, ret.rpartition("::")[2])

    async def _set(self, line: CheckoutLine, refused: Refused | None) -> None:
        """Makes the cart hold just the wanted pieces of a line, remembering what a person had put there."""
        row = await self._cart.row_of(line)
        if row is None:
            raise refused or PageChanged("the cart lacks what was added", line.item_id)
        self._before[line.line_id] = row.quantity - self._added.get(line.line_id, 0)
        bad = next((word for word in self._site.cart.bad_texts if word in row.remarks), None)
        if bad and row.quantity <= line.quantity:  # with more than is wanted there, a smaller number may do
            raise Refused(self._site.refusal(bad) or Refusal.ITEM_GONE, line.line_id, bad)
        if not await self._cart.set_quantity(line, line.quantity):
            raise Refused(Refusal.STOCK_SHORT, line.line_id, "the cart takes no such quantity")

    async def _check_only_ours(self) -> None:
        """Unchecks everything, checks our lines, and compares with what the settling button counts.

        Whether it counts lines or pieces is not known, so either will do. Raises PageChanged."""
        await self._cart.uncheck_all()
        for line in self._lines:
            await self._cart.tick(line)
        rows = await self._cart.rows()
        ours = [row for row in rows if any(row.holds(line) for line in self._lines)]
        if any(row.checked != (row in ours) for row in rows):
            raise PageChanged("the cart's checks", f"{sum(row.checked for row in rows)} of {len(rows)}")
        if not await self._cart.counts({len(self._lines), sum(line.quantity for line in self._lines)}):
            raise PageChanged("the cart counts other lines than ours", str(await self._cart.count()))

    @property
    def touched(self) -> bool:
        return bool(self._added or self._before)

    def forget(self) -> None:
        """The lines are bought: there is nothing to put back."""
        self._added.clear()
        self._before.clear()

    async def put_back(self, hands: Hands) -> None:
        """Leaves the cart as a person had it; what fails here is only noted, for more important news is on its way."""
        from playwright.async_api import Error

        try:
            cart = CartPage(await hands.fresh(), self._site)
            await cart.open()
            for line in self._lines:
                await self._put_back(cart, line)
        except (ProviderError, Error, TimeoutError) as error:
            log.warning("the cart was not put back: %s", error)

    async def _put_back(self, cart: CartPage, line: CheckoutLine) -> None:
        row = await cart.row_of(line)
        if row is None:
            return
        before = self._before.get(line.line_id, row.quantity - self._added.get(line.line_id, 0))
        if before > 0:
            await cart.set_quantity(line, before)
        elif line.line_id in self._added:
            await cart.remove(line)
