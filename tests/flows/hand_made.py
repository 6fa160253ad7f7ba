"""Orders that a person places on the marketplace by hand, past the bot."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from purchasing.accounts import Account
from purchasing.options import recipient
from purchasing.provider import AboutToSend, Checkout, CheckoutLine, Want
from purchasing.words import ProviderName
from tests.flows.conftest import Desk


async def account_of(desk: Desk) -> Account:
    return (await desk.db.read(lambda store: store.accounts.all()))[0]


async def order_by_hand(desk: Desk, *goods: tuple[str, str, int]) -> str:
    """The number of an order of (item, sku, quantity), placed like a person would."""
    driver = desk.providers[ProviderName.ALIBABA1688]
    account = await account_of(desk)
    wants = [Want(number, item, sku, pieces, Decimal(1)) for number, (item, sku, pieces) in enumerate(goods, 1)]
    quotes = await driver.quote(account.ref, wants)
    chosen = tuple(
        CheckoutLine(
            want.line_id, want.item_id, quote.sku_id, quote.choice, want.quantity, quote.unit_price or want.unit_price
        )
        for want, quote in zip(wants, quotes, strict=True)
    )
    to = await desk.db.read(lambda store: recipient(store, ProviderName.ALIBABA1688))

    async def straight_on(_about: AboutToSend) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=8)

    key = f"HAND{datetime.now(UTC).timestamp()}"
    placed = await driver.place(
        account.ref, Checkout(key, chosen, to, quotes[0].seller_id, expected_total=10**7), straight_on
    )
    return placed.orders[0].number
