"""Whether an address on a page is the recipient's. An order may only go to an entry of the account's address book."""

import re
import unicodedata
from typing import TYPE_CHECKING

from providers.taobao.site import Site
from providers.taobao.tab import changed, read, visit
from purchasing.recipient import Recipient, TaobaoRecipient

if TYPE_CHECKING:
    from playwright.async_api import Page

_ROWS = """(selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.getClientRects().length > 0).map((node) => node.innerText)"""


def fits(recipient: Recipient, shown: str) -> bool:
    """Whether a shown address has the recipient's street, phone and name (where told), and no other postcode.

    The region can't be compared: pages write its name, the settings hold its number."""
    if not isinstance(recipient, TaobaoRecipient):
        return False
    text = _plain(shown)
    return (
        _plain(recipient.address) in text
        and _phone_fits(recipient.mobile, text)
        and (not recipient.name or _name_fits(recipient.name, shown))
        and _zip_fits(recipient.zip, shown)
    )


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text.replace("*", "x"))).casefold()


def _name_fits(name: str, shown: str) -> bool:
    """A name in Latin letters must stand there whole: customers have entries of their own, and Ivan isn't Ivanov."""
    if not name.isascii():
        return _plain(name) in _plain(shown)
    words = r"\s+".join(map(re.escape, name.casefold().split()))
    text = unicodedata.normalize("NFKC", shown).casefold()
    return re.search(rf"(?<![a-z0-9])(?<![a-z][a-z] ){words}(?![a-z0-9])(?! [a-z])", text) is not None


def _phone_fits(mobile: str, text: str) -> bool:
    """Some pages hide the middle of a number: 138****5678."""
    return mobile in text or re.search(rf"{mobile[:3]}x+{mobile[-4:]}", text) is not None


def _zip_fits(wanted: str, shown: str) -> bool:
    """A postcode is only compared where one is shown; 000000 stands for none."""
    seen = {code for code in re.findall(r"(?<!\d)\d{6}(?!\d)", shown) if code != "000000"}
    return not seen or not wanted or wanted in seen


async def in_address_book(page: "Page", site: Site, recipient: Recipient) -> bool:
    await visit(page, site, site.url("addresses"))
    rows = await read(page, _ROWS, site.addresses.row)
    if not rows:
        raise await changed(page, site, "the address book")
    return any(fits(recipient, str(row)) for row in rows)


def not_in_book(recipient: Recipient) -> str:
    name = f"{recipient.name}, " if recipient.name else ""
    return f"not in the account's address book: {name}{recipient.mobile}, {recipient.address}"
