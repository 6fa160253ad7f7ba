"""The cart's page: its rows, their checks and quantities. It knows nothing of what a checkout wants."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from providers.base import same_choice
from providers.taobao.item import NO_SKU
from providers.taobao.site import Site
from providers.taobao.tab import changed, read, until, visit
from providers.taobao.texts import pairs_of
from purchasing.errors import PageChanged, Transient
from purchasing.provider import CheckoutLine

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

PRESS_MS = 5000

_ROWS = """([row, link, choice, check, quantity]) => [...document.querySelectorAll(row)]
  .filter((node) => node.getClientRects().length > 0)
  .map((node) => ({
    link: node.querySelector(link)?.href ?? "",
    title: node.querySelector(link)?.innerText ?? "",
    choice: node.querySelector(choice)?.innerText ?? "",
    checked: node.querySelector(check)?.checked ?? false,
    quantity: node.querySelector(quantity)?.value ?? "",
    text: node.innerText,
  }))"""


@dataclass(frozen=True)
class CartRow:
    """A visible line of the cart; `index` is its place on the page now, `remarks` its text beside title and choice."""

    index: int
    item_id: str
    sku_id: str
    choice: str
    checked: bool
    quantity: int
    remarks: str

    def holds(self, line: CheckoutLine) -> bool:
        if self.item_id != line.item_id:
            return False
        if self.sku_id and line.sku_id:
            return self.sku_id == line.sku_id
        return not line.sku_id or same_choice(self.choice, pairs_of(line.choice))


class CartPage:
    """Changes take effect when the page shows them; one that it doesn't show in time is told."""

    def __init__(self, page: "Page", site: Site) -> None:
        self._page = page
        self._site = site

    async def open(self) -> None:
        """Raises ProviderError."""
        await visit(self._page, self._site, self._site.url("cart"))
        if await until(self._drawn, self._site.pace.drawn_timeout) is None:
            raise await changed(self._page, self._site, "the cart")

    async def _drawn(self) -> bool | None:
        if await self.rows():
            return True
        text = await read(self._page, "() => document.body.innerText")
        return any(word in text for word in self._site.cart.empty_texts) or None

    async def rows(self) -> list[CartRow]:
        cart = self._site.cart
        found = await read(self._page, _ROWS, [cart.row, cart.item_link, cart.choice, cart.check, cart.quantity])
        return [_row(index, one) for index, one in enumerate(found)]

    async def row_of(self, line: CheckoutLine) -> CartRow | None:
        return next((row for row in await self.rows() if row.holds(line)), None)

    def _in_row(self, row: CartRow, inner: str) -> "Locator":
        return self._page.locator(self._site.cart.row).filter(visible=True).nth(row.index).locator(inner).first

    async def set_quantity(self, line: CheckoutLine, quantity: int) -> bool:
        """Whether the cart now holds so many pieces of the line."""
        row = await self.row_of(line)
        if row is None or row.quantity == quantity:
            return row is not None
        field = self._in_row(row, self._site.cart.quantity)
        await field.fill(str(quantity), timeout=PRESS_MS)
        await field.press("Tab", timeout=PRESS_MS)

        async def done() -> bool | None:
            now = await self.row_of(line)
            return (now is not None and now.quantity == quantity) or None

        return await until(done, self._site.pace.change_timeout) is not None

    async def uncheck_all(self) -> None:
        """Through 全选, on and off, for rows that aren't drawn yet may be checked too. Raises PageChanged."""
        if not await self.count():
            return
        for wanted in (True, False):
            await self._set_all(wanted)
        if not await self.counts({0}):
            raise PageChanged("the cart keeps lines checked", str(await self.count()))

    async def _set_all(self, wanted: bool) -> None:
        everything = self._page.locator(self._site.cart.check_all).first

        async def done() -> bool | None:
            return (await everything.is_checked(timeout=PRESS_MS) == wanted) or None

        if await done() is None:
            await everything.click(timeout=PRESS_MS)
            await until(done, self._site.pace.change_timeout)

    async def tick(self, line: CheckoutLine) -> None:
        """Checks a line that is there. Raises PageChanged and Transient."""
        row = await self.row_of(line)
        if row is None:
            raise PageChanged("a line left the cart", line.item_id)
        if row.checked:
            return
        await self._in_row(row, self._site.cart.check).click(timeout=PRESS_MS)

        async def done() -> bool | None:
            now = await self.row_of(line)
            return (now is not None and now.checked) or None

        if await until(done, self._site.pace.change_timeout) is None:
            raise Transient("the cart does not take a check")

    async def count(self) -> int:
        """What the settling button counts."""
        text = await self._page.locator(self._site.cart.settle).first.inner_text(timeout=PRESS_MS)
        found = re.search(self._site.cart.settle_count, text)
        return int(found[1]) if found else 0

    async def counts(self, numbers: set[int]) -> bool:
        """Whether the settling button comes to count one of these numbers."""

        async def done() -> bool | None:
            return (await self.count() in numbers) or None

        return await until(done, self._site.pace.change_timeout) is not None

    async def settle(self) -> None:
        """Presses 结算: leads to the confirm page, orders nothing."""
        await self._page.locator(self._site.cart.settle).first.click(timeout=PRESS_MS)

    async def remove(self, line: CheckoutLine) -> None:
        row = await self.row_of(line)
        if row is None:
            return
        await self._in_row(row, self._site.cart.remove).click(timeout=PRESS_MS)

        async def gone() -> bool | None:
            agree = self._page.locator(self._site.cart.agree).filter(visible=True)
            if await agree.count():
                await agree.first.click(timeout=PRESS_MS)
            return (await self.row_of(line) is None) or None

        await until(gone, self._site.pace.change_timeout)


def _row(index: int, seen: dict[str, Any]) -> CartRow:
    item, sku = re.search(r"[?&]id=(\d+)", seen["link"]), re.search(r"[?&]skuId=(\d+)", seen["link"])
    return CartRow(
        index,
        item[1] if item else "",
        sku[1] if sku and sku[1] != NO_SKU else "",
        str(seen["choice"]),
        bool(seen["checked"]),
        int(seen["quantity"]) if str(seen["quantity"]).isdigit() else 0,
        str(seen["text"]).replace(seen["title"] or "\0", "").replace(seen["choice"] or "\0", ""),
    )
