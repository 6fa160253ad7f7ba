"""The rules for a provider order's number as a person types it; what breaks one never reaches a marketplace."""

import re

from purchasing.accounts import Account
from purchasing.errors import BadInput
from purchasing.ports import Store
from purchasing.words import ProviderName

LENGTHS: dict[ProviderName, tuple[int, int]] = {ProviderName.TAOBAO: (15, 20), ProviderName.ALIBABA1688: (10, 19)}
"""Digits that a number has. Today's have 19; older ones were shorter (inferred from orders seen in public code)."""

FIELD = "order_number"


def check_number(store: Store, account: Account, typed: str) -> str:
    """The number in one spelling. Raises BadInput(order_number, rule): the marketplace's rule of digits, or
    `number_other_provider`, `number_other_account` when it is known to be somebody else's; `field` is then the
    account's nick."""
    number = re.sub(r"\s", "", typed)
    known = store.provider_orders.find_number(number)
    least, most = LENGTHS[account.provider]
    if not known and not (number.isascii() and number.isdigit() and least <= len(number) <= most):
        raise BadInput(FIELD, f"{account.provider}_number", typed.strip())
    for order in known:
        owner = store.accounts.get(order.account_id)
        nick = owner.nick if owner else ""
        if order.provider is not account.provider:
            raise BadInput(nick, "number_other_provider", number)
        if order.account_id != account.id:
            raise BadInput(nick, "number_other_account", number)
    return number
