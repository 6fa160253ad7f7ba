"""The cart as a means: our lines go in, exactly they are checked, and whatever we changed is put back."""

import logging
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from providers.base import same_choice
from providers.taobao.item import NO_SKU, open_item
from providers.taobao.listing import MTOP
from providers.taobao.signs import judge_answer
from providers.taobao.site import Site
from providers.taobao.tab import changed, check, read, until, visit, with_picture
from providers.taobao.texts import pairs_of
from purchasing.errors import PageChanged, ProviderError, Refused, SessionExpired, Transient
from purchasing.provider import CheckoutLine
from purchasing.refusals import Refusal

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

log = logging.getLogger(__name__)

PRESS_MS = 5000

_ROWS = """([row, link, choice, check, quantity]) => [...document.querySelectorAll(row)]
  .filter((node) => node.getClientRects().length > 0)
  .map((node) => ({
    link: node.querySelector(link)?.href ?? "",
    choice: node.querySelector(choice)?.innerText ?? "",
    checked: node.querySelector(check)?.checked ?? false,
    quantity: node.querySelector(quantity)?.value ?? "",
    text: node.innerText,
  }))"""


@dataclass(frozen=True)
class CartRow:
    """A visible line of the cart; `index` is its place on the page now."""

    index: int
    item_id: str
    sku_id: str
    choice: str
    checked: bool
    quantity: int
    text: str

    def holds(self, line: CheckoutLine) -> bool:
        if self.item_id != line.item_id:
            return False
        if self.sku_id and line.sku_id:
            return self.sku_id == line.sku_id
        return not line.sku_id or same_choice(self.choice, pairs_of(line.choice))


def merged(lines: tuple[CheckoutLine, ...]) -> list[CheckoutLine]:
    """Two lines of one configuration are one line of the cart."""
    sums: dict[tuple[str, str], CheckoutLine] = {}
    for line in lines:
        known = sums.get((line.item_id, line.sku_id))
        sums[line.item_id, line.sku_id] = replace(line, quantity=line.quantity + known.quantity) if known else line
    return list(sums.values())


@dataclass
class Cart:
    """What one checkout does to the cart of the page's account."""

    page: "Page"
    site: Site
    added: dict[int, int] = field(default_factory=dict)
    """Pieces that we put in, by line."""
    before: dict[int, int] = field(default_factory=dict)
    """Pieces that were there already, by line: restored at the end."""
    lines: list[CheckoutLine] = field(default_factory=list)

    async def fill(self, lines: tuple[CheckoutLine, ...]) -> None:
        """Puts the lines in and checks exactly them. Raises Refused and ProviderError."""
        self.lines = merged(lines)
        refused = {line.line_id: refusal for line in self.lines if (refusal := await self._add(line))}
        await self._open()
        for line in self.lines:
            await self._set_line(line, refused.get(line.line_id))
        await self._check_only_ours()

    async def _add(self, line: CheckoutLine) -> Refused | None:
        """Adds one line from its item's page. What the site refuses may be there already: the cart page tells."""
        item = await open_item(self.page, self.site, line.item_id, line.sku_id)
        if item.refusal is not None:
            return Refused(item.refusal, line.line_id)
        if item.tmall:
            raise Refused(Refusal.TMALL, line.line_id)
        data = {
            "itemId": line.item_id,
            "skuId": line.sku_id or NO_SKU,
            "quantity": str(line.quantity),
            "exParams": "{}",
        }
        answer = await read(self.page, MTOP, {"api": "mtop.trade.addBag", "v": "3.1", "data": data})
        refusal = await self._refusal_of(answer, line)
        if refusal is None:
            self.added[line.line_id] = line.quantity
        return refusal

    async def _refusal_of(self, answer: Any, line: CheckoutLine) -> Refused | None:
        if not isinstance(answer, dict):
            raise PageChanged("the item page's mtop", str(answer)[:100])
        ret = " ".join(map(str, answer.get("ret", [])))
        if "SUCCESS" in ret:
            return None
        trouble = judge_answer(answer)
        if isinstance(trouble, SessionExpired):
            await check(self.page, self.site)
        if trouble is not None:
            raise await with_picture(self.page, trouble)
        code = self.site.refusal(ret)
        if code is None:
            raise PageChanged("adding to the cart", ret[:200])
        return Refused(code, line.line_id, ret.rpartition("::")[2])

    async def _open(self) -> None:
        await visit(self.page, self.site, self.site.url("cart"))
        if await until(self._drawn, self.site.pace.drawn_timeout) is None:
            raise await changed(self.page, self.site, "the cart")

    async def _drawn(self) -> bool | None:
        if await self._rows():
            return True
        text = await read(self.page, "() => document.body.innerText")
        return any(word in text for word in self.site.cart.empty_texts) or None

    async def _rows(self) -> list[CartRow]:
        cart = self.site.cart
        found = await read(self.page, _ROWS, [cart.row, cart.item_link, cart.choice, cart.check, cart.quantity])
        return [_row(index, one) for index, one in enumerate(found)]

    async def _row_of(self, line: CheckoutLine) -> CartRow | None:
        return next((row for row in await self._rows() if row.holds(line)), None)

    def _locator(self, row: CartRow, inner: str) -> "Locator":
        return self.page.locator(self.site.cart.row).filter(visible=True).nth(row.index).locator(inner).first

    async def _set_line(self, line: CheckoutLine, refused: Refused | None) -> None:
        """Makes the cart hold just the wanted pieces of a line, remembering what a person had put there."""
        row = await self._row_of(line)
        if row is None:
            raise refused or PageChanged("the cart lacks what was added", line.item_id)
        self.before[line.line_id] = row.quantity - self.added.get(line.line_id, 0)
        bad = next((word for word in self.site.cart.bad_texts if word in row.text.replace(row.choice, "")), None)
        if bad and row.quantity <= line.quantity:
            raise Refused(self.site.refusal(bad) or Refusal.ITEM_GONE, line.line_id, bad)
        await self._set_quantity(line, line.quantity)

    async def _set_quantity(self, line: CheckoutLine, quantity: int) -> None:
        row = await self._row_of(line)
        if row is None or row.quantity == quantity:
            return
        field_ = self._locator(row, self.site.cart.quantity)
        await field_.fill(str(quantity), timeout=PRESS_MS)
        await field_.press("Tab", timeout=PRESS_MS)

        async def done() -> bool | None:
            now = await self._row_of(line)
            return (now is not None and now.quantity == quantity) or None

        if await until(done, self.site.pace.change_timeout) is None:
            raise Refused(Refusal.STOCK_SHORT, line.line_id, "the cart takes no such quantity")

    async def _check_only_ours(self) -> None:
        """Unchecks everything, checks our lines, and compares with what the settling button counts."""
        await self._uncheck_all()
        for line in self.lines:
            await self._tick(line)
        rows = await self._rows()
        ours = [row for row in rows if any(row.holds(line) for line in self.lines)]
        if any(row.checked != (row in ours) for row in rows):
            raise PageChanged("the cart's checks", f"{sum(row.checked for row in rows)} of {len(rows)}")
        counts = {len(self.lines), sum(line.quantity for line in self.lines)}
        if await until(lambda: self._counted(counts), self.site.pace.change_timeout) is None:
            raise PageChanged("the cart counts other lines than ours", str(await self._count()))

    async def _uncheck_all(self) -> None:
        """Through 全选, on and off, for rows that aren't drawn yet may be checked too."""
        if not await self._count():
            return
        everything = self.page.locator(self.site.cart.check_all).first
        for wanted in (True, False):
            if await everything.is_checked(timeout=PRESS_MS) != wanted:
                await everything.click(timeout=PRESS_MS)
                await until(lambda wanted=wanted: self._all_is(wanted), self.site.pace.change_timeout)  # type: ignore[misc]  # bound now
        if await until(lambda: self._counted({0}), self.site.pace.change_timeout) is None:
            raise PageChanged("the cart keeps lines checked", str(await self._count()))

    async def _all_is(self, wanted: bool) -> bool | None:
        everything = self.page.locator(self.site.cart.check_all).first
        return (await everything.is_checked(timeout=PRESS_MS) == wanted) or None

    async def _tick(self, line: CheckoutLine) -> None:
        row = await self._row_of(line)
        if row is None:
            raise PageChanged("a line left the cart", line.item_id)
        if row.checked:
            return
        await self._locator(row, self.site.cart.check).click(timeout=PRESS_MS)

        async def done() -> bool | None:
            now = await self._row_of(line)
            return (now is not None and now.checked) or None

        if await until(done, self.site.pace.change_timeout) is None:
            raise Transient("the cart does not take a check")

    async def _count(self) -> int:
        text = await self.page.locator(self.site.cart.settle).first.inner_text(timeout=PRESS_MS)
        found = re.search(self.site.cart.settle_count, text)
        return int(found[1]) if found else 0

    async def _counted(self, counts: set[int]) -> bool | None:
        """Whether the button counts lines or pieces is not known, so either will do."""
        return (await self._count() in counts) or None

    async def settle(self) -> None:
        """Presses 结算: leads to the confirm page, orders nothing."""
        await self.page.locator(self.site.cart.settle).first.click(timeout=PRESS_MS)

    @property
    def touched(self) -> bool:
        return bool(self.added or self.before)

    def forget(self) -> None:
        """The lines are bought: there is nothing to put back."""
        self.added.clear()
        self.before.clear()

    async def put_back(self, page: "Page") -> None:
        """Leaves the cart as a person had it; what fails here is only noted."""
        from playwright.async_api import Error

        self.page = page
        try:
            await self._open()
            for line in self.lines:
                before = self.before.get(line.line_id, 0)
                if line.line_id in self.added and before <= 0:
                    await self._remove(line)
                elif before > 0:
                    await self._set_quantity(line, before)
        except (ProviderError, Error, TimeoutError) as error:
            log.warning("the cart was not put back: %s", error)

    async def _remove(self, line: CheckoutLine) -> None:
        row = await self._row_of(line)
        if row is None:
            return
        await self._locator(row, self.site.cart.remove).click(timeout=PRESS_MS)

        async def gone() -> bool | None:
            agree = self.page.locator(self.site.cart.agree).filter(visible=True)
            if await agree.count():
                await agree.first.click(timeout=PRESS_MS)
            return (await self._row_of(line) is None) or None

        await until(gone, self.site.pace.change_timeout)


def _row(index: int, seen: dict[str, Any]) -> CartRow:
    item, sku = re.search(r"[?&]id=(\d+)", seen["link"]), re.search(r"[?&]skuId=(\d+)", seen["link"])
    return CartRow(
        index,
        item[1] if item else "",
        sku[1] if sku and sku[1] != NO_SKU else "",
        str(seen["choice"]),
        bool(seen["checked"]),
        int(seen["quantity"]) if str(seen["quantity"]).isdigit() else 0,
        str(seen["text"]),
    )
