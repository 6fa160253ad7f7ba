"""The settings that a reservation began with: what is changed meanwhile holds for the next one, never for half of this.

Limits and the stop of all buying are no part of it: the gate reads them before every order."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from purchasing.errors import BadInput
from purchasing.options import RECIPIENT_FIELDS, option
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.recipient import Recipient, TaobaoRecipient, build, latin_name
from purchasing.reserve.plan import ReservePlan
from purchasing.words import ProviderName

_TOLERANCE = ("tolerance.fen", "tolerance.percent")


def settings_now(store: Store, provider: ProviderName) -> dict[str, str]:
    keys = (*_TOLERANCE, *(f"{provider}.recipient.{field}" for field in RECIPIENT_FIELDS))
    return {key: option(store, key) for key in keys}


def _held(store: Store, plan: ReservePlan, key: str) -> str:
    return plan.settings[key] if key in plan.settings else option(store, key)


def tolerance(store: Store, plan: ReservePlan, expected: int) -> int:
    """Fen by which a sum may be over the expected one before somebody is asked."""
    fen, percent = (_held(store, plan, key) for key in _TOLERANCE)
    return max(int(fen), int(expected * Decimal(percent) / 100))


def warehouse(store: Store, plan: ReservePlan, provider: ProviderName) -> Recipient:
    """Raises BadInput for the first field that is missing or breaks its rule."""
    return build(provider, {field: _held(store, plan, f"{provider}.recipient.{field}") for field in RECIPIENT_FIELDS})


def has_warehouse(store: Store, plan: ReservePlan, provider: ProviderName) -> bool:
    try:
        warehouse(store, plan, provider)
    except BadInput:
        return False
    return True


def recipient_of(store: Store, plan: ReservePlan, lines: Sequence[OrderLine]) -> Recipient:
    """Whom one checkout goes to. Without a name in Taobao's settings it is the customer's: all lines of a Taobao
    checkout are of one order."""
    found = warehouse(store, plan, lines[0].provider)
    if isinstance(found, TaobaoRecipient) and not found.name:
        return replace(found, name=latin_name(lines[0].customer, lines[0].order_number))
    return found
