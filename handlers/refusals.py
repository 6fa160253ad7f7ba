"""The catalogue of refusals: for every code what happened, and what to do about it."""

from decimal import Decimal, InvalidOperation

from bot.texts import Html, Reader, esc, lazy_text
from purchasing.refusals import Refusal

HAPPENED: dict[str, str] = {
    Refusal.SOLD_OUT: lazy_text("sold out"),
    Refusal.STOCK_SHORT: lazy_text("the seller has fewer pieces"),
    Refusal.ITEM_GONE: lazy_text("the product was taken off sale"),
    Refusal.CONFIGURATION_CHANGED: lazy_text("the product no longer has this configuration"),
    Refusal.CONFIGURATION_UNCLEAR: lazy_text("several configurations fit the order's text"),
    Refusal.BELOW_MINIMUM: lazy_text("fewer pieces than the seller's minimum"),
    Refusal.MIXED_BATCH: lazy_text("the seller's rule for mixed batches isn't met"),
    Refusal.QUANTITY_LIMIT: lazy_text("the seller allows fewer pieces per buyer"),
    Refusal.PRICE_CHANGED: lazy_text("the price has risen"),
    Refusal.TOTAL_DIFFERS: lazy_text("the sum to pay is higher than agreed"),
    Refusal.SEVERAL_SELLERS: lazy_text("the marketplace splits this between several sellers"),
    Refusal.TMALL: lazy_text("a Tmall product: it is bought by hand"),
    Refusal.NOT_FOR_SALE_ONLINE: lazy_text("can't be ordered online"),
    Refusal.NO_DELIVERY: lazy_text("isn't delivered to the warehouse's address"),
    Refusal.ADDRESS_DIFFERS: lazy_text("the order form shows another address"),
    Refusal.ADDRESS_INVALID: lazy_text("the account's address book lacks the warehouse"),
    Refusal.RECIPIENT_MISSING: lazy_text("the recipient isn't set"),
    Refusal.PAYS_AT_ONCE: lazy_text("the account pays without asking: nothing was pressed"),
    Refusal.NO_ESCROW: lazy_text("the seller offers no escrow payment"),
    Refusal.TOO_MANY_LINES: lazy_text("too many configurations for one order"),
    Refusal.LIMIT_REACHED: lazy_text("the marketplace allows this account no more orders for now"),
    Refusal.NO_SESSION: lazy_text("no session for this marketplace"),
    Refusal.PROVIDER_OFF: lazy_text("this marketplace is switched off in the settings"),
    Refusal.ORDER_NOT_FOUND: lazy_text("the marketplace doesn't know this order"),
    Refusal.ORDER_PAID: lazy_text("the order is already paid"),
    Refusal.TOO_SOON: lazy_text("the order is too fresh to be cancelled"),
    Refusal.HELD: lazy_text("somebody else has it in a preview or reservation"),
    Refusal.UNKNOWN_OUTCOME: lazy_text("the same goods are in an order whose outcome isn't known yet"),
    Refusal.UNKNOWN: lazy_text("the marketplace refused without saying why"),
    "which_line": lazy_text("which line is it?"),
    "import_changed": lazy_text("in the purchase already, and the file says otherwise"),
    "not_bound": lazy_text("placed, but the marketplace's order doesn't show it"),
    "outcome_unknown": lazy_text("left to a person: it isn't known whether it was ordered"),
    "closed_unpaid": lazy_text("the marketplace closed the unpaid order"),
    "skipped": lazy_text("skipped"),
    "stopped": lazy_text("the reservation was stopped"),
    "given_up": lazy_text("the reservation ended early"),
    "cancelled": lazy_text("cancelled"),
    "unbind_unpaid": lazy_text("the provider order isn't paid yet: cancel it too?"),
    "unbind_shared": lazy_text("other lines hang on the same provider order, so it isn't cancelled from here"),
    "unbind_foreign": lazy_text("the provider order holds goods that aren't ours, so it isn't cancelled from here"),
    "unbind_paid": lazy_text("the provider order is paid, so it isn't cancelled from here"),
    "unbind_unsure": lazy_text("the marketplace shows a status that isn't known, so nothing is cancelled"),
    "cancel_unknown": lazy_text("the cancellation got no answer, and the order still looks unpaid"),
    "order_closed": lazy_text("the provider order is closed"),
    "buying_stopped": lazy_text("buying is stopped"),
    "browser_missing": lazy_text("there is no Chromium where the bot runs"),
    "provider_away": lazy_text("the marketplace didn't answer for a long time"),
    "page_changed": lazy_text("the marketplace's page has changed and isn't understood"),
    "poison": lazy_text("an unforeseen error, three times over"),
    "fence": lazy_text("another reservation took over"),
    "order_limit": lazy_text("over the limit for one order"),
    "day_limit": lazy_text("over the limit for a day"),
}

REMEDY: dict[str, str] = {
    Refusal.SOLD_OUT: lazy_text("Cancel the line and tell the customer, or skip it and try again later."),
    Refusal.STOCK_SHORT: lazy_text("Ask the customer for fewer pieces, or skip the line for now."),
    Refusal.ITEM_GONE: lazy_text("Look for the same product from another seller, or cancel the line."),
    Refusal.CONFIGURATION_CHANGED: lazy_text("Ask the customer for another configuration, or cancel the line."),
    Refusal.CONFIGURATION_UNCLEAR: lazy_text("Put the exact configuration into the order and import it again."),
    Refusal.BELOW_MINIMUM: lazy_text("Gather more pieces of this product, or cancel the line."),
    Refusal.MIXED_BATCH: lazy_text("Add goods of the same seller, or buy by hand after agreeing with them."),
    Refusal.QUANTITY_LIMIT: lazy_text("Buy the rest from another account."),
    Refusal.PRICE_CHANGED: lazy_text("Buy at the new price, or ask the customer first and skip it for now."),
    Refusal.TOTAL_DIFFERS: lazy_text("Freight or discounts have changed. Buy at the new sum, or skip it for now."),
    Refusal.SEVERAL_SELLERS: lazy_text("Skip it and reserve the lines one by one."),
    Refusal.NO_DELIVERY: lazy_text("Look for another seller, or cancel the line."),
    Refusal.ADDRESS_DIFFERS: lazy_text("Check the address book of the account and the recipient in the settings."),
    Refusal.ADDRESS_INVALID: lazy_text("Add the warehouse to the account's address book exactly as in the settings."),
    Refusal.RECIPIENT_MISSING: lazy_text("Fill in the recipient in the settings, then preview again."),
    Refusal.PAYS_AT_ONCE: lazy_text("Switch off payment without a password in the account, then try again."),
    Refusal.NO_ESCROW: lazy_text("Buy by hand, or look for another seller."),
    Refusal.LIMIT_REACHED: lazy_text("Use another account, or wait until orders of this one are paid."),
    Refusal.NO_SESSION: lazy_text("Add a session, then preview again."),
    Refusal.PROVIDER_OFF: lazy_text("An owner can switch the marketplace on in the settings."),
    Refusal.TOO_SOON: lazy_text("The marketplace cancels it a little later: try again, or cancel it there by hand."),
    "unbind_unpaid": lazy_text("The lines become ready to buy either way. A cancelled order can't be brought back."),
    "unbind_shared": lazy_text("Take the tie off here, or unbind all of its lines together to cancel the order."),
    "unbind_foreign": lazy_text("Take the tie off here; whoever ordered the rest may cancel it on the marketplace."),
    "unbind_paid": lazy_text("The goods will still come. Ask the seller for a refund on the marketplace if need be."),
    "unbind_unsure": lazy_text("Look at the order on the marketplace before you answer."),
    "cancel_unknown": lazy_text("Look at the order on the marketplace: a second cancellation does no harm."),
    "browser_missing": lazy_text(
        "Install Chromium there or set CHROMIUM_PATH, then start again. The command “vykup doctor” checks it."
    ),
    "provider_away": lazy_text("Start again later. What wasn't placed is ready to buy."),
    "page_changed": lazy_text("Tell the owner, and buy by hand for now. What wasn't placed is ready to buy."),
    "poison": lazy_text("The reason is in the bot's log. What wasn't placed is ready to buy."),
    Refusal.UNKNOWN_OUTCOME: lazy_text("Answer the open question about that order first."),
}
MOST = 90
"""Characters of a detail: many lines of them still fit a message."""
NUMBERS: dict[str, str] = {
    Refusal.BELOW_MINIMUM: lazy_text("the minimum is {n}"),
    Refusal.STOCK_SHORT: lazy_text("left: {n}"),
    Refusal.QUANTITY_LIMIT: lazy_text("at most {n}"),
}


def happened(reader: Reader, code: str) -> Html:
    return reader.text(HAPPENED[code]) if code in HAPPENED else esc(code.replace("_", " "))


def aside(reader: Reader, code: str, detail: str) -> Html:
    """What is known beyond the code, in brackets: a minimum, what is left, the old price and the new."""
    said = _detail(reader, code, detail.strip())
    return Html(f" ({said})") if said else Html("")


def _detail(reader: Reader, code: str, detail: str) -> Html:
    if code == Refusal.SOLD_OUT or not detail:
        return Html("")
    if detail.isdigit() and code in NUMBERS:
        return reader.text(NUMBERS[code], n=detail)
    if code == Refusal.PRICE_CHANGED:
        return Html(" → ".join(price(reader, one) for one in detail.split(" → ")))
    if code == Refusal.CONFIGURATION_CHANGED:
        return reader.text("there is: {choices}", choices=shortened(detail))
    return esc(shortened(detail))


def shortened(detail: str) -> str:
    return detail if len(detail) <= MOST else f"{detail[: MOST - 1]}…"


def price(reader: Reader, amount: str) -> Html:
    try:
        return reader.money(Decimal(amount), "CNY")
    except InvalidOperation:
        return esc(amount)


def remedy(reader: Reader, code: str) -> Html:
    return reader.text(REMEDY[code]) if code in REMEDY else Html("")
