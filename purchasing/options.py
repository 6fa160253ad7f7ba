"""Settings that the owner may change in chat, each with its built-in value; the environment gives first defaults."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from purchasing.errors import BadInput
from purchasing.ports import Store
from purchasing.recipient import Recipient, build
from purchasing.words import ProviderName

BUILT_IN: dict[str, str] = {
    "sync.allowed": "no",
    "sync.every": "900",  # seconds
    "buying.stopped": "no",
    "tolerance.fen": "100",
    "tolerance.percent": "2",
    "limit.order.fen": "500000",
    "limit.day.fen": "5000000",
    "reserve.delay": "0",  # seconds in which a reservation can be taken back
    "taobao.enabled": "yes",
    "alibaba1688.enabled": "yes",
    "taobao.check_after_export": "yes",
    "alibaba1688.check_after_export": "yes",
    "reconcile.looks": "0,40,120",  # seconds after an unknown outcome
    "effect.deadline": "8",  # seconds
    "web.url": "",  # where the bot's own pages are; only from the environment
    "activities.days": "30",
    "activities.keep": "200",  # of the newest past ones, however old
    "consent.days": "3",  # for a customer's answer to a new price
    "photos.files": "no",  # whether photos of goods are kept as files, too
    "backup.keep": "14",  # daily backups, 0 for none
    "digest.minutes": "15",  # 0: everything is told at once
    "escalate.minutes": "30",
    "approval.above.fen": "0",  # 0: no payment needs an approval
    "stuck.closing.hours": "6",
    "stuck.not_shipped.days": "3",
    "stuck.no_movement.days": "5",
    "stuck.confirm.days": "10",  # after which a marketplace confirms a receipt by itself (inferred: it varies)
    "stuck.confirm_warn.days": "3",
    "stuck.not_scanned.days": "2",
    "stuck.session.hours": "24",
    "stuck.ready.days": "3",
}

_DEFAULT = "default:"


def option(store: Store, key: str) -> str:
    """What holds now: set in chat, else from the environment, else built in."""
    for name in (key, _DEFAULT + key):
        value = store.settings.get(name)
        if value is not None:
            return value
    return BUILT_IN.get(key, "")


def enabled(store: Store, provider: ProviderName) -> bool:
    """A provider that is switched off is offered nowhere; orders placed there before are still watched."""
    return option(store, f"{provider}.enabled") == "yes"


def disabled_providers(store: Store) -> frozenset[ProviderName]:
    return frozenset(provider for provider in ProviderName if not enabled(store, provider))


def check_enabled(store: Store, provider: ProviderName) -> None:
    """Raises BadInput."""
    if not enabled(store, provider):
        raise BadInput("provider", "provider_off", provider)


def sync_default(store: Store, provider: ProviderName) -> bool:
    """Whether a new account's background sync is allowed."""
    return (option(store, f"{provider}.sync.allowed") or option(store, "sync.allowed")) == "yes"


def set_defaults(store: Store, values: Mapping[str, str], now: datetime) -> None:
    """What the environment says, written at every start; never over what was set in chat."""
    for key, value in values.items():
        if store.settings.get(_DEFAULT + key) != value:
            store.settings.put(_DEFAULT + key, value, None, now)


def tolerance(store: Store, expected: int) -> int:
    """Fen by which a sum may be over the expected one before somebody is asked: max(1 ¥, 2 %) unless set otherwise."""
    percent = Decimal(option(store, "tolerance.percent"))
    return max(int(option(store, "tolerance.fen")), int(expected * percent / 100))


RECIPIENT_FIELDS = ("name", "mobile", "region", "zip", "address", "phone", "province", "city", "district")


def recipient_values(store: Store, provider: ProviderName) -> dict[str, str]:
    return {field: option(store, f"{provider}.recipient.{field}") for field in RECIPIENT_FIELDS}


def recipient(store: Store, provider: ProviderName) -> Recipient:
    """Raises BadInput for the first field that is missing or breaks its rule."""
    return build(provider, recipient_values(store, provider))


def recipient_or_none(store: Store, provider: ProviderName) -> Recipient | None:
    try:
        return recipient(store, provider)
    except BadInput:
        return None
