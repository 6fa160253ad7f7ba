"""The Taobao provider: ties pages and rules together, call by call. No rule of the site stands here; nothing pays."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from providers.taobao.address import in_address_book, not_in_book
from providers.taobao.address_form import add_address
from providers.taobao.browser import Hands, Profiles
from providers.taobao.cancel import cancel_order
from providers.taobao.cart import Cart
from providers.taobao.changes import Details, Sync
from providers.taobao.chromium import Chromium
from providers.taobao.confirm import ConfirmTab, quote_of, whole
from providers.taobao.item import ItemSeen
from providers.taobao.item import quote_of as quote_line
from providers.taobao.item_page import open_item
from providers.taobao.listing import BoughtList
from providers.taobao.live import page_to_show
from providers.taobao.login import QrLogin
from providers.taobao.looking import find_placed, parcels_of, whole_order
from providers.taobao.site import load_site
from providers.taobao.submit import submit
from providers.taobao.tab import gate_nick, known_errors, picture, visit
from purchasing.crash import crash_point
from purchasing.errors import LimitReached, NeedsHuman, Refused, SessionExpired
from purchasing.provider import (
    AccountRef,
    ChangesPage,
    Checkout,
    CheckoutQuote,
    Gate,
    LoginAttempt,
    Placed,
    ProviderOrderSeen,
    Quote,
    SessionHealth,
    SessionSecrets,
    Sought,
    Want,
    WaybillSeen,
)
from purchasing.recipient import Recipient, TaobaoRecipient
from purchasing.refusals import Refusal
from purchasing.words import ProviderName

if TYPE_CHECKING:
    from playwright.async_api import Page

IDLE_AFTER = timedelta(minutes=5)


class TaobaoProvider:
    """`purchasing.provider.Provider` over Chromium. `cdp_url` names a Chromium that stands in for our own;
    an account's own `cdp_url` is a person's Chrome, signed in there. Raises SiteFileWrong.

    `data_dir` holds nothing but the number of our browser's process; `site_file` overrides addresses and selectors."""

    name = ProviderName.TAOBAO

    def __init__(
        self,
        secrets: SessionSecrets,
        data_dir: Path,
        chromium_path: str = "",
        cdp_url: str = "",
        site_file: Path | None = None,
        idle_after: timedelta = IDLE_AFTER,
    ) -> None:
        self._site = load_site(site_file)
        self._profiles = Profiles(self._site, secrets, Chromium(data_dir, chromium_path, cdp_url), idle_after)
        self._details = Details()
        self._in_book: set[tuple[int, Recipient]] = set()
        self._logins: list[QrLogin] = []
        self._asked_at: dict[int, str] = {}
        """Where an account was last asked for a person; in no database, for such addresses hold tokens."""

    def login(self, account: AccountRef | None, *, resume: bool = False) -> LoginAttempt:
        asked_at = self._asked_at.get(account.id, self._site.url("gate")) if account and resume else ""
        attempt = QrLogin(self._site, self._profiles, account, asked_at)
        self._logins.append(attempt)
        return attempt

    async def try_browser(self, account: AccountRef) -> str:
        async with known_errors(), self._profiles.guest(account) as page:
            with suppress(SessionExpired, NeedsHuman):
                await visit(page, self._site, self._site.url("gate"))
            browser = page.context.browser
            return f"Chromium {browser.version}" if browser else "Chromium"

    async def check_session(self, account: AccountRef) -> SessionHealth:
        try:
            async with self._page(account) as page:
                return SessionHealth(True, await gate_nick(page, self._site))
        except SessionExpired:
            return SessionHealth(False)

    async def quote(self, account: AccountRef, wants: Sequence[Want]) -> list[Quote]:
        items: dict[str, ItemSeen] = {}
        async with self._page(account) as page:
            for item_id in dict.fromkeys(want.item_id for want in wants):
                items[item_id] = await open_item(page, self._site, item_id)
        return [quote_line(want, items[want.item_id]) for want in wants]

    async def preview(self, account: AccountRef, checkout: Checkout) -> CheckoutQuote:
        try:
            async with self._hands(account) as hands:
                known = await self._knows(hands.page, account, checkout.recipient)
                async with self._confirm(hands, checkout) as (_, tab):
                    seen = await (tab.prepare(checkout) if known else tab.priced(checkout))
                    return quote_of(self._site, checkout, seen, new_address=not known)
        except Refused as refused:
            return CheckoutQuote(refusals=whole(checkout, refused))
        except LimitReached as limit:
            return CheckoutQuote(refusals=whole(checkout, Refused(Refusal.LIMIT_REACHED, detail=str(limit))))

    async def place(self, account: AccountRef, checkout: Checkout, gate: Gate) -> Placed:
        async with self._hands(account) as hands:
            listed = await BoughtList(hands.page, self._site).open("waitPay")
            known = frozenset(order.number for order in listed.orders)
            if not await self._knows(hands.page, account, checkout.recipient):
                raise Refused(Refusal.ADDRESS_INVALID, detail=not_in_book(checkout.recipient))
            async with self._confirm(hands, checkout) as (cart, tab):
                placed = await submit(hands, tab, self._site, checkout, gate, known)
                cart.forget()
            return placed

    @asynccontextmanager
    async def _confirm(self, hands: Hands, checkout: Checkout) -> AsyncIterator[tuple[Cart, ConfirmTab]]:
        """The confirm page of a checkout, by way of the cart; what is left of it in the cart afterwards is put back."""
        cart = Cart(hands.page, self._site)
        try:
            await cart.fill(checkout.lines)
            await cart.settle()
            crash_point("taobao.cart")
            yield cart, await ConfirmTab.reached(hands, self._site)
        finally:
            if cart.touched:
                await cart.put_back(hands)

    async def _knows(self, page: "Page", account: AccountRef, recipient: Recipient) -> bool:
        """Looked up once per account and recipient; the confirm page is checked every time."""
        known = (account.id, recipient) in self._in_book
        if not known and await in_address_book(page, self._site, recipient):
            self._in_book.add((account.id, recipient))
            return True
        return known

    async def find_placed(self, account: AccountRef, sought: Sought) -> list[ProviderOrderSeen]:
        async with self._page(account) as page:
            return await find_placed(page, self._site, sought)

    async def picture(self, account: AccountRef) -> bytes | None:
        async with self._page(account) as page:
            await BoughtList(page, self._site).open()
            return await picture(page)

    async def changes(self, account: AccountRef, cursor: str, open_numbers: Sequence[str]) -> ChangesPage:
        async with self._page(account) as page:
            return await Sync(page, self._site, self._details).piece(cursor, open_numbers)

    async def order(self, account: AccountRef, number: str) -> ProviderOrderSeen:
        async with self._page(account) as page:
            return await whole_order(page, self._site, number)

    async def waybills(self, account: AccountRef, number: str) -> tuple[WaybillSeen, ...]:
        async with self._page(account) as page:
            return (await parcels_of(page, self._site, number)).waybills or ()

    async def cancel(self, account: AccountRef, number: str, gate: Gate) -> None:
        async with self._hands(account) as hands:
            await cancel_order(hands, self._site, number, gate)

    async def knows_address(self, account: AccountRef, recipient: Recipient) -> bool:
        async with self._page(account) as page:
            return await in_address_book(page, self._site, recipient)

    async def add_address(self, account: AccountRef, recipient: Recipient, gate: Gate) -> None:
        if not isinstance(recipient, TaobaoRecipient):
            raise Refused(Refusal.ADDRESS_INVALID, detail="not an address for Taobao")
        async with self._hands(account) as hands:
            await add_address(hands, self._site, recipient, gate)

    async def stop_hands(self, account: AccountRef) -> None:
        async with known_errors():
            await self._profiles.stop_hands(account)

    async def close_idle(self) -> None:
        for attempt in [one for one in self._logins if one.over or one.late]:
            self._logins.remove(attempt)
            await attempt.cancel()
        await self._profiles.close_idle()

    async def close(self) -> None:
        for attempt in self._logins:
            await attempt.cancel()
        self._logins.clear()
        await self._profiles.close()

    @asynccontextmanager
    async def _hands(self, account: AccountRef) -> AsyncIterator[Hands]:
        async with known_errors(), self._profiles.use(account) as hands:
            try:
                yield hands
            except NeedsHuman:
                self._asked_at[account.id] = page_to_show(self._site, hands.page.url)
                raise

    @asynccontextmanager
    async def _page(self, account: AccountRef) -> AsyncIterator["Page"]:
        async with self._hands(account) as hands:
            yield hands.page
