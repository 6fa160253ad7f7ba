"""Buttons that act on accounts and logins, shared by the list of sessions, the card of one and the card of a login."""

from aiogram.filters.callback_data import CallbackData

from purchasing.words import ProviderName


class StartLogin(CallbackData, prefix="login"):
    """`account_id` 0: an account that isn't known yet."""

    provider: ProviderName
    account_id: int


class OnAccount(CallbackData, prefix="ses"):
    """`what`: sync, page (that wants a person), allow, forbid, keep, no_limit, remove."""

    what: str
    account_id: int


class OnLogin(CallbackData, prefix="onlog"):
    """`what`: done (on the provider's page), cancel, list (the nick)."""

    what: str
    activity_id: int
