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
    Refusal.ADDRESS_BOOK_FULL: lazy_text("the account's address book is full"),
    Refusal.RECIPIENT_MISSING: lazy_text("the recipient isn't set"),
    Refusal.PAYS_AT_ONCE: lazy_text("the account pays without asking: nothing was pressed"),
    Refusal.NO_ESCROW: lazy_text("the seller offers no escrow payment"),
    Refusal.TOO_MANY_LINES: lazy_text("too many configurations for one order"),
    Refusal.NOTE_TOO_LONG: lazy_text("the notes to the seller are too long together"),
    Refusal.LIMIT_REACHED: lazy_text("the marketplace allows this account no more orders for now"),
    Refusal.ACCOUNT_LIMIT: lazy_text("over the limit of unpaid orders that is set for this account"),
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
    "refunded": lazy_text("the customer has their money back"),
    "skipped": lazy_text("skipped"),
    "joined": lazy_text("its pieces went back to the line that they were split off"),
    "by_buyer": lazy_text("a buyer cancelled it"),
    "customer_refused": lazy_text("the customer refused the new price"),
    "stopped": lazy_text("the reservation was stopped"),
    "taken_back": lazy_text("the reservation was taken back"),
    "given_up": lazy_text("the reservation ended early"),
    "cancelled": lazy_text("cancelled"),
    "unbind_unpaid": lazy_text("the provider order isn't paid yet: cancel it too?"),
    "unbind_shared": lazy_text("other lines hang on the same provider order, so it isn't cancelled from here"),
    "unbind_foreign": lazy_text("the provider order holds goods that aren't ours, so it isn't cancelled from here"),
    "unbind_paid": lazy_text("the provider order is paid, so it isn't cancelled from here"),
    "unbind_unsure": lazy_text("the marketplace shows a status that isn't known, so nothing is cancelled"),
    "cancel_unknown": lazy_text("the cancellation got no answer, and the order still looks unpaid"),
    "order_closed": lazy_text("the provider order is closed"),
    "cost_higher": lazy_text("costs more on the marketplace than agreed"),
    "goods_differ": lazy_text("the provider order shows other goods than were ordered"),
    "goes_elsewhere": lazy_text("the provider order shows another address than the settings"),
    "paid_meanwhile": lazy_text("the provider order was paid meanwhile"),
    "closed_meanwhile": lazy_text("the provider order was closed meanwhile"),
    "fits_again": lazy_text("the provider order's sum fits again"),
    "session_expired": lazy_text("the session has expired"),
    "needs_human": lazy_text("the marketplace wants a person"),
    "slider": lazy_text("the marketplace shows a slider"),
    "identity": lazy_text("the marketplace asks who you are"),
    "password": lazy_text("the marketplace asks for the password"),
    "punish": lazy_text("the marketplace shows a check"),
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
    Refusal.TMALL: lazy_text("Order it on Tmall by hand, then link the order by its number."),
    Refusal.NOT_FOR_SALE_ONLINE: lazy_text("Agree with the seller by hand, or look for another one."),
    Refusal.TOO_MANY_LINES: lazy_text("Skip some lines and reserve them in a second order."),
    Refusal.HELD: lazy_text("Wait until the other preview or reservation is over, or speak with its holder."),
    Refusal.UNKNOWN: lazy_text("Look at the product on the marketplace; buy by hand, or skip it and try again later."),
    Refusal.ORDER_NOT_FOUND: lazy_text("Check the number, and whether the order is of this account."),
    Refusal.ORDER_PAID: lazy_text("Sync the account, so that its lines show it."),
    Refusal.NO_DELIVERY: lazy_text("Look for another seller, or cancel the line."),
    Refusal.ADDRESS_DIFFERS: lazy_text("Check the address book of the account and the recipient in the settings."),
    Refusal.ADDRESS_INVALID: lazy_text("Add the warehouse to the account's address book exactly as in the settings."),
    Refusal.ADDRESS_BOOK_FULL: lazy_text(
        "Remove entries that aren't needed on the marketplace, use another account, or set one recipient's name."
    ),
    Refusal.RECIPIENT_MISSING: lazy_text("Fill in the recipient in the settings, then preview again."),
    Refusal.PAYS_AT_ONCE: lazy_text("Switch off payment without a password in the account, then try again."),
    Refusal.NO_ESCROW: lazy_text("Buy by hand, or look for another seller."),
    Refusal.NOTE_TOO_LONG: lazy_text("Shorten the notes to the seller on the lines, then preview again."),
    Refusal.LIMIT_REACHED: lazy_text("Use another account, or wait until orders of this one are paid."),
    Refusal.ACCOUNT_LIMIT: lazy_text("Pay orders of this account first, choose another account, or change its limit."),
    Refusal.NO_SESSION: lazy_text("Add a session, then preview again."),
    Refusal.PROVIDER_OFF: lazy_text("An owner can switch the marketplace on in the settings."),
    Refusal.TOO_SOON: lazy_text("The marketplace cancels it a little later: try again, or cancel it there by hand."),
    "unbind_unpaid": lazy_text("The lines become ready to buy either way. A cancelled order can't be brought back."),
    "unbind_shared": lazy_text("Take the tie off here, or unbind all of its lines together to cancel the order."),
    "unbind_foreign": lazy_text("Take the tie off here; whoever ordered the rest may cancel it on the marketplace."),
    "unbind_paid": lazy_text("The goods will still come. Ask the seller for a refund on the marketplace if need be."),
    "unbind_unsure": lazy_text("Look at the order on the marketplace before you answer."),
    "cancel_unknown": lazy_text("Look at the order on the marketplace: a second cancellation does no harm."),
    "cost_higher": lazy_text(
        "It isn't paid yet. Keep it at the new sum, ask the customer for it, or take the lines off and cancel the "
        "provider order."
    ),
    "goods_differ": lazy_text("It isn't paid yet: look at it on the marketplace before you answer."),
    "goes_elsewhere": lazy_text(
        "It isn't paid yet: the address can be changed on the marketplace; after the payment only with the seller."
    ),
    "session_expired": lazy_text("Log in again: what waits for it goes on by itself."),
    "needs_human": lazy_text("Pass the check on the marketplace's page, then log in again."),
    "slider": lazy_text("Pass the check on the marketplace's page, then log in again."),
    "identity": lazy_text("Pass the check on the marketplace's page, then log in again."),
    "password": lazy_text("Pass the check on the marketplace's page, then log in again."),
    "punish": lazy_text("Pass the check on the marketplace's page, then log in again."),
    "outcome_unknown": lazy_text("Look at the account's orders on the marketplace, then answer the question."),
    "not_bound": lazy_text("Look at the order on the marketplace, then link it by its number."),
    "stopped": lazy_text("An owner resumes buying in the settings; the lines are ready to buy."),
    "buying_stopped": lazy_text("An owner resumes buying in the settings; the lines are ready to buy."),
    "order_limit": lazy_text("An owner can change the limit in the settings, or split the order."),
    "day_limit": lazy_text("Go on tomorrow; an owner can change the limit in the settings."),
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
    Refusal.NOTE_TOO_LONG: lazy_text("at most {n}"),
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
    if code in (Refusal.PRICE_CHANGED, "cost_higher"):
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
