"""The one press that creates an order, and the proof of what it did. Nothing here pays and nothing is pressed twice.

The cashier's address is only a sign (its number is the payment's): the proof is a new order in the bought list."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from providers.base import seconds_left
from providers.taobao.browser import Hands
from providers.taobao.confirm import ConfirmTab, check_confirm, evidence, failure, freight_of, payable
from providers.taobao.listing import BoughtList
from providers.taobao.looking import timed
from providers.taobao.match import may_be, with_skus
from providers.taobao.site import Site, pattern
from providers.taobao.tab import first_line, settled, until
from purchasing.crash import crash_point
from purchasing.errors import LimitReached, OutcomeUnknown, Refused
from purchasing.provider import AboutToSend, Checkout, Gate, Placed, ProviderOrderSeen

if TYPE_CHECKING:
    from playwright.async_api import Page


async def submit(
    hands: Hands, tab: ConfirmTab, site: Site, checkout: Checkout, gate: Gate, known: frozenset[str]
) -> Placed:
    """Checks, opens the gate, presses once, proves. `known` are the order numbers that existed before.

    Raises what `Provider.place` tells."""
    seen = await tab.prepare(checkout)
    check_confirm(site, checkout, seen)
    button = await tab.button()
    deadline = await gate(AboutToSend(payable(seen), freight_of(seen), evidence(checkout, seen)))
    left = seconds_left(deadline)
    pressed_at = datetime.now(UTC)
    try:
        crash_point("taobao.press")
        await button.click(timeout=left * 1000, no_wait_after=True)
        crash_point("taobao.pressed")
        refusal = await _outcome(hands, site)
        crash_point("taobao.outcome")
        looks = 1 if refusal else site.pace.looks
        new = _New(checkout, payable(seen), pressed_at, known)
        order = await _proof(hands, site, new, looks)
        crash_point("taobao.proved")
    except Exception as error:
        raise OutcomeUnknown(f"after the press: {first_line(error)}") from error
    if order is not None:
        return Placed((order,))
    if refusal is not None:
        raise refusal
    raise OutcomeUnknown("not exactly one new order of these goods and this sum in the bought list")


async def _outcome(hands: Hands, site: Site) -> Exception | None:
    """Waits for the cashier or a failure page; gives what the latter says. Neither in time: nothing is known."""
    words = site.confirm
    ends = pattern(*words.cashier, *words.failure, *site.signs.punish, *site.signs.identity, *site.signs.login)

    async def arrived() -> "Page | None":
        return next((one for one in reversed(hands.pages) if ends.search(site.place(one.url))), None)

    page = await until(arrived, site.pace.outcome_timeout)
    if page is None or not pattern(*words.failure).search(site.place(page.url)):
        return None
    await settled(page)
    found = await failure(page, site)
    return found if isinstance(found, Refused | LimitReached) else None


@dataclass(frozen=True)
class _New:
    """What an order that our press made must be."""

    checkout: Checkout
    total: int
    pressed_at: datetime
    known: frozenset[str]

    def may_be(self, order: ProviderOrderSeen) -> bool:
        return order.number not in self.known and may_be(order, self.checkout, self.pressed_at, self.total)


async def _proof(hands: Hands, site: Site, new: _New, looks: int) -> ProviderOrderSeen | None:
    """The one new order of these goods, quantities and sum; None when there is none, or more than one."""
    page = await hands.fresh()
    for look in range(looks):
        if look:
            await asyncio.sleep(site.pace.between_looks)
        listed = (await BoughtList(page, site).open("waitPay")).orders
        unknown = [one for one in listed if one.number not in new.known]
        found = [one for one in await timed(page, site, unknown) if new.may_be(one)]
        if found:
            return with_skus(found[0], new.checkout) if len(found) == 1 else None
    return None
