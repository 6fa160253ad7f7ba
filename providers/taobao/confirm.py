"""The confirm page before any press: brought to our recipient and note, then checked against the checkout.

Whatever is more, less or other than the checkout is refused: what this page shows is what would be ordered."""

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from providers.taobao.address import fits, not_in_book
from providers.taobao.browser import Hands
from providers.taobao.cart import merged
from providers.taobao.confirm_read import RAW, ConfirmRow, ConfirmSeen, RawPage, read_confirm
from providers.taobao.site import Site, pattern
from providers.taobao.tab import changed, check, picture, read, settled, until
from purchasing.errors import LimitReached, NeedsHuman, PageChanged, Refused, Transient
from purchasing.money import yuan
from purchasing.provider import Checkout, CheckoutLine, CheckoutQuote, LineRefusal
from purchasing.recipient import Recipient, TaobaoRecipient
from purchasing.refusals import Refusal

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

PRESS_MS = 5000


class ConfirmTab:
    """The confirm page of one checkout."""

    def __init__(self, page: "Page", site: Site) -> None:
        self.page = page
        self._site = site

    @classmethod
    async def reached(cls, hands: Hands, site: Site) -> "ConfirmTab":
        """The page that 结算 leads to, in the same tab or a new one. Raises Refused and ProviderError."""

        async def arrived() -> "Page | None":
            places = (*site.confirm.places, *site.confirm.failure)
            return next((one for one in reversed(hands.pages) if _is(site, one, places)), None)

        page = await until(arrived, site.pace.page_timeout)
        if page is None:
            for one in hands.pages:
                await check(one, site)
            raise PageChanged("no confirm page", ", ".join(site.place(one.url) for one in hands.pages)[:300])
        await settled(page)
        await check(page, site)
        if _is(site, page, site.confirm.failure):
            raise await failure(page, site)
        return cls(page, site)

    async def seen(self) -> ConfirmSeen:
        words = self._site.confirm
        raw = await read(self.page, RAW, [words.item_link, words.shop_note, words.address, words.address_selected])
        return read_confirm(self._site, RawPage.model_validate(raw))

    async def prepare(self, checkout: Checkout) -> ConfirmSeen:
        """Chooses the recipient and writes the note, then gives what the page shows. Raises Refused."""
        if not await self._choose_address(checkout.recipient):
            raise Refused(Refusal.ADDRESS_INVALID, detail=not_in_book(checkout.recipient))
        if checkout.note:
            await self._write_note(checkout.note)
        return await self._shown()

    async def _write_note(self, note: str) -> None:
        """Whole or not at all: one that is cut off may say the opposite. Raises Refused."""
        field = self.page.locator(self._site.confirm.shop_note).filter(visible=True).first
        most = await field.get_attribute("maxlength", timeout=PRESS_MS)
        if most and most.isdigit() and len(note) > int(most):
            raise Refused(Refusal.NOTE_TOO_LONG, detail=most)
        await field.fill(note, timeout=PRESS_MS)
        if (kept := await field.input_value(timeout=PRESS_MS)) != note:
            raise Refused(Refusal.NOTE_TOO_LONG, detail=str(len(kept)))

    async def priced(self, checkout: Checkout) -> ConfirmSeen:
        """What the page shows for a recipient that the address book doesn't hold yet: the same street under another
        name costs the same; without one, freight is that of the address which the page chose itself."""
        if isinstance(checkout.recipient, TaobaoRecipient):
            await self._choose_address(replace(checkout.recipient, name=""))
        return await self._shown()

    async def _shown(self) -> ConfirmSeen:
        seen = await self._steady()
        self._refuse_paying(seen)
        return seen

    async def _known_shape(self) -> ConfirmSeen:
        """The page once it shows its heading and a sum. Raises PageChanged."""

        async def drawn() -> ConfirmSeen | None:
            seen = await self.seen()
            known = any(heading in seen.text for heading in self._site.confirm.headings)
            return seen if known and (seen.payable is not None or seen.rows) else None

        seen = await until(drawn, self._site.pace.drawn_timeout)
        if seen is None:
            raise await changed(self.page, self._site, "the confirm page")
        return seen

    def _refuse_paying(self, seen: ConfirmSeen) -> None:
        found = next((word for word in self._site.confirm.paying_texts if word in seen.text), None)
        if found:
            raise Refused(Refusal.PAYS_AT_ONCE, detail=found)

    async def _choose_address(self, recipient: Recipient) -> bool:
        """Selects the recipient's entry; False when the page offers none."""
        seen = await self._known_shape()
        self._refuse_paying(seen)
        ours = [i for i, one in enumerate(seen.addresses) if fits(recipient, one.text)]
        if not ours:
            return False
        if not any(seen.addresses[place].selected for place in ours):
            entries = self.page.locator(self._site.confirm.address).filter(visible=True)
            await entries.nth(ours[0]).click(timeout=PRESS_MS)
        return True

    async def _steady(self) -> ConfirmSeen:
        """What the page shows when it has stopped changing: another address may change freight."""
        last = await self.seen()

        async def same() -> ConfirmSeen | None:
            nonlocal last
            before, last = last, await self.seen()
            return last if last.figures == before.figures and last.payable is not None else None

        await asyncio.sleep(self._site.pace.before_press)
        steady = await until(same, self._site.pace.drawn_timeout)
        if steady is None:
            raise PageChanged("the confirm page's sums", last.text[-300:])
        return steady

    async def button(self) -> "Locator":
        """The one button that submits without paying. Raises NeedsHuman when only a doubtful label is there."""
        words = self._site.confirm
        found = self._labelled(words.submit_labels)
        if await found.count():
            return found.first
        if await self._labelled(words.asking_labels).count():
            raise NeedsHuman("submit_label", await picture(self.page))
        raise PageChanged("no submit button", (await self.seen()).text[-300:])

    def _labelled(self, labels: tuple[str, ...]) -> "Locator":
        """A short text, which may carry the sum."""
        label = "|".join(map(re.escape, labels))
        words = re.compile(rf"^\s*(?:{label})\s*(?:[¥￥]?\s*[\d,.]+)?\s*$")
        return self.page.get_by_text(words).filter(visible=True)


def _is(site: Site, page: "Page", places: tuple[str, ...]) -> bool:
    return pattern(*places).search(site.place(page.url)) is not None


async def failure(page: "Page", site: Site) -> Exception:
    """What a failure page says, as an error: nothing is ordered by a page that says so before the submit."""
    text = await read(page, "(s) => document.querySelector(s)?.innerText ?? ''", site.confirm.failure_text)
    return refusal_error(site, str(text))


def refusal_error(site: Site, text: str) -> Exception:
    text = text.strip()
    if any(word in text for word in site.signs.busy_texts):
        return Transient(f"the site says: {text}")
    code = site.refusal(text)
    if code is Refusal.LIMIT_REACHED:
        return LimitReached(text)
    return Refused(code or Refusal.UNKNOWN, detail=text)


def check_confirm(site: Site, checkout: Checkout, seen: ConfirmSeen) -> None:
    """Raises Refused for the first thing on which page and checkout differ."""
    _check_address(checkout, seen)
    _check_goods(site, checkout, seen)


def _check_goods(site: Site, checkout: Checkout, seen: ConfirmSeen) -> None:
    for refusal in line_refusals(site, checkout, seen):
        raise Refused(refusal.code, refusal.line_id, refusal.detail)
    if seen.shops > 1:
        raise Refused(Refusal.SEVERAL_SELLERS, detail=str(seen.shops))
    if len(seen.ordered) != len(merged(checkout.lines)):
        raise Refused(Refusal.MIXED_BATCH, detail=f"{len(seen.ordered)} rows for {len(merged(checkout.lines))} lines")
    _check_sums(checkout, seen)


def _check_address(checkout: Checkout, seen: ConfirmSeen) -> None:
    chosen = [one for one in seen.addresses if one.selected] or list(seen.addresses)
    if len(chosen) != 1 or not fits(checkout.recipient, chosen[0].text):
        raise Refused(Refusal.ADDRESS_DIFFERS, detail="; ".join(one.text for one in chosen)[:200])


def line_refusals(site: Site, checkout: Checkout, seen: ConfirmSeen) -> list[LineRefusal]:
    """Lines that the page would not order, or not in this number."""
    refusals = []
    for line in merged(checkout.lines):
        row = next((one for one in seen.rows if _is_row(one, line)), None)
        if row is None:
            refusals.append(LineRefusal(line.line_id, Refusal.ITEM_GONE, "not on the confirm page"))
        elif row.unit_price is None:
            code = site.refusal(row.text) or Refusal.ITEM_GONE
            refusals.append(LineRefusal(line.line_id, code, " ".join(row.text.split())[-60:]))
        elif row.quantity != line.quantity:
            refusals.append(LineRefusal(line.line_id, Refusal.STOCK_SHORT, f"{row.quantity} of {line.quantity}"))
    return refusals


def _is_row(row: ConfirmRow, line: CheckoutLine) -> bool:
    return row.item_id == line.item_id and (not (row.sku_id and line.sku_id) or row.sku_id == line.sku_id)


def _check_sums(checkout: Checkout, seen: ConfirmSeen) -> None:
    """The page must add up by itself, and to no more than the order expects."""
    total, freight = payable(seen), freight_of(seen)
    if seen.rows_total + freight - seen.discount != total or (seen.goods not in {None, seen.rows_total}):
        raise Refused(Refusal.TOTAL_DIFFERS, detail=f"the page's own sums don't add up: {sums(seen)}")
    if seen.pieces not in {None, sum(row.quantity for row in seen.ordered)}:
        raise Refused(Refusal.TOTAL_DIFFERS, detail=f"the page counts {seen.pieces} pieces")
    expected = checkout.expected_total
    if expected is not None and total > expected + checkout.tolerance:
        raise Refused(Refusal.TOTAL_DIFFERS, detail=f"¥{yuan(total)} instead of ¥{yuan(expected)}; {sums(seen)}")


def payable(seen: ConfirmSeen) -> int:
    if seen.payable is None:
        raise PageChanged("no sum to pay", seen.text[-300:])
    return seen.payable


def freight_of(seen: ConfirmSeen) -> int:
    """As told; else what the sum holds beyond the goods."""
    if seen.freight is not None:
        return seen.freight
    return max(0, payable(seen) - seen.rows_total + seen.discount)


def sums(seen: ConfirmSeen) -> str:
    freight = freight_of(seen)
    return f"goods ¥{yuan(seen.rows_total)}, freight ¥{yuan(freight)}, discount ¥{yuan(seen.discount)}"


def evidence(checkout: Checkout, seen: ConfirmSeen) -> str:
    """What a person may be shown later about the moment before the press."""
    rows = ", ".join(f"{row.item_id}/{row.sku_id or '-'} ×{row.quantity}" for row in seen.ordered)
    return f"{rows}; {sums(seen)}; to pay ¥{yuan(payable(seen))}; note {checkout.note!r}"


def quote_of(site: Site, checkout: Checkout, seen: ConfirmSeen, *, new_address: bool = False) -> CheckoutQuote:
    """The preview of a checkout: its refusals stand in it rather than being raised. With a new address the page can't
    show ours yet."""
    total, freight = payable(seen), freight_of(seen)
    quote = CheckoutQuote(seen.rows_total, freight, seen.discount, total, new_address=new_address)
    check = _check_goods if new_address else check_confirm
    try:
        check(site, replace(checkout, expected_total=None), seen)
    except Refused as refused:
        found = line_refusals(site, checkout, seen)
        return replace(quote, refusals=tuple(found) or whole(checkout, refused))
    return quote


def whole(checkout: Checkout, refused: Refused) -> tuple[LineRefusal, ...]:
    """A refusal of the checkout as refusals of its lines."""
    lines = [refused.line_id] if refused.line_id is not None else [line.line_id for line in checkout.lines]
    return tuple(LineRefusal(line_id, refused.code, refused.detail) for line_id in lines)
