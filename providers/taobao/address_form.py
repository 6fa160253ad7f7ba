"""Adds a recipient to the account's address book: an effect like others, saved once behind the gate, then looked up."""

from typing import TYPE_CHECKING

from providers.base import seconds_left
from providers.taobao.address import in_address_book
from providers.taobao.browser import Hands
from providers.taobao.site import Site
from providers.taobao.tab import first_line, read, settled
from purchasing.crash import crash_point
from purchasing.errors import OutcomeUnknown, PageChanged, Refused
from purchasing.provider import AboutToSend, Gate
from purchasing.recipient import TaobaoRecipient
from purchasing.refusals import Refusal

if TYPE_CHECKING:
    from playwright.async_api import Page

FILL_MS = 5000
_ERROR = """(selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.getClientRects().length > 0).map((node) => node.innerText).join(" ").trim()"""


async def add_address(hands: Hands, site: Site, recipient: TaobaoRecipient, gate: Gate) -> None:
    """Raises what `TaobaoProvider.add_address` tells."""
    page, words = hands.page, site.addresses
    if not recipient.name:
        raise Refused(Refusal.RECIPIENT_MISSING, detail="an address needs a name")
    if await in_address_book(page, site, recipient):
        return
    await _choose_region(page, site, recipient.region)
    fields = {words.street: recipient.address, words.zip: recipient.zip}
    for selector, value in (fields | {words.name: recipient.name, words.mobile: recipient.mobile}).items():
        await page.locator(selector).first.fill(value, timeout=FILL_MS)
    evidence = f"{recipient.name}, {recipient.mobile}, {recipient.region}, {recipient.zip}, {recipient.address}"
    left = seconds_left(await gate(AboutToSend(0, 0, evidence)))
    crash_point("taobao.save_address")
    try:
        async with page.expect_navigation(timeout=site.pace.page_timeout * 1000):
            await page.locator(words.save).filter(visible=True).first.click(timeout=left * 1000)
        crash_point("taobao.address_saved")
        await settled(page)
        error = str(await read(page, _ERROR, words.error))
        added = await in_address_book(page, site, recipient)
    except Exception as failure:
        raise OutcomeUnknown(f"after the press: {first_line(failure)}") from failure
    if not added:
        raise refused(site, error) if error else OutcomeUnknown("not in the address book yet")


def refused(site: Site, error: str) -> Refused:
    full = Refusal.ADDRESS_BOOK_FULL
    return Refused(full if site.refusal(error) is full else Refusal.ADDRESS_INVALID, detail=error)


async def _choose_region(page: "Page", site: Site, region: str) -> None:
    """Province, city and district by their numbers. Raises Refused for a number that the site does not offer."""
    pickers = page.locator(site.addresses.regions)
    codes = (f"{region[:2]}0000", f"{region[:4]}00", region)
    if await pickers.count() < len(codes):
        raise PageChanged("the address form", "no region pickers")
    for index, code in enumerate(codes):
        picker = pickers.nth(index)
        offered = await picker.locator("option").evaluate_all("(all) => all.map((one) => one.value)")
        if code not in offered:
            raise Refused(Refusal.ADDRESS_INVALID, detail=f"no region {code}")
        await picker.select_option(code, timeout=FILL_MS)
