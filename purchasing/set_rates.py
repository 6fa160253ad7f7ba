"""The table of rates, and which of them an order gets: frozen on it, so that a later rate changes no sum of it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from purchasing.errors import BadInput, Stale
from purchasing.money import yuan
from purchasing.moves import touch_order
from purchasing.orders import Order
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.rates import Rate
from purchasing.typed import one_line

MOST = Decimal(1_000_000)
LEAST_MARKUP, MOST_MARKUP = Decimal(-50), Decimal(200)
_DATE = re.compile(r"(?:([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}))")


def add_rate(store: Store, person: Person, typed: str, now: datetime) -> tuple[Rate, int]:
    """`typed`: currency, rate, and as wished markup in percent and the day from which it holds (today), in the person's
    zone. Orders of that time without a rate get it; their number comes back. Raises NotAllowed, BadInput."""
    check(person, Right.MANAGE)
    rate = store.rates.add(_parsed(person, typed, now))
    shown = f"{rate.source} {rate.markup}% {rate.since:%Y-%m-%d}"
    store.audit.add(AuditEntry(now, person.id, "rate", rate.currency, "", shown))
    filled = [order for order in store.rates.orders_without(rate.currency) if _freeze(store, order, now)]
    return rate, len(filled)


def remove_rate(store: Store, person: Person, rate_id: int, now: datetime) -> None:
    """One that was typed wrongly; orders keep what they have. Raises NotAllowed, Stale."""
    check(person, Right.MANAGE)
    rate = store.rates.get(rate_id)
    if rate is None:
        raise Stale("rate_gone")
    store.rates.remove(rate_id)
    shown = f"{rate.source} {rate.markup}% {rate.since:%Y-%m-%d}"
    store.audit.add(AuditEntry(now, person.id, "rate", rate.currency, shown, ""))


def with_rate(store: Store, order: Order, now: datetime) -> Order:
    """The order with the rate of its day, where it says a currency and no rate of its own."""
    if order.rate is not None or not order.currency:
        return order
    rate = store.rates.at(order.currency.upper(), order.created_at or now)
    return order if rate is None else replace(order, rate=rate.value)


def customer_sums(store: Store, sums: Mapping[int, int]) -> tuple[tuple[Decimal, str], ...]:
    """Fen by order id → sums in the customers' currencies, each at its order's own rate; orders without one are left
    out."""
    totals: dict[str, Decimal] = {}
    for order_id, fen in sums.items():
        order = store.orders.get(order_id)
        if order is not None and order.rate is not None and order.currency:
            totals[order.currency] = totals.get(order.currency, Decimal(0)) + round(yuan(fen) * order.rate, 2)
    return tuple((total, currency) for currency, total in sorted(totals.items()))


def _freeze(store: Store, order: Order, now: datetime) -> bool:
    known = with_rate(store, order, now)
    if known.rate is None:
        return False
    store.orders.save(known)
    touch_order(store, order.id, now)
    return True


def _parsed(person: Person, typed: str, now: datetime) -> Rate:
    currency, *rest = one_line(typed[:200]).upper().replace(" %", "%").split() or [""]
    if not re.fullmatch(r"[A-Z]{3}", currency) or currency == "CNY":
        raise BadInput("rate", "rate_currency", typed)
    source, markup, since = None, Decimal(0), _day(person, now)
    for word in rest:
        if word.endswith("%"):
            markup = _markup(word, typed)
        elif _DATE.fullmatch(word):
            since = _date(person, word, typed)
        elif source is None:
            source = _source(word, typed)
        else:
            raise BadInput("rate", "rate_form", typed)
    if source is None:
        raise BadInput("rate", "rate_form", typed)
    return Rate(0, currency, since, source, markup, person.id, now)


def _source(word: str, typed: str) -> Decimal:
    plain = word.replace(",", ".")
    value = Decimal(plain) if re.fullmatch(r"[0-9]{1,7}(?:\.[0-9]{1,8})?", plain) else Decimal(0)
    if not 0 < value <= MOST:
        raise BadInput("rate", "rate_source", typed)
    return value


def _markup(word: str, typed: str) -> Decimal:
    plain = word.rstrip("%").replace(",", ".")
    value = Decimal(plain) if re.fullmatch(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,2})?", plain) else None
    if value is None or not LEAST_MARKUP <= value <= MOST_MARKUP:
        raise BadInput("rate", "rate_markup", typed)
    return value


def _date(person: Person, word: str, typed: str) -> datetime:
    found = _DATE.fullmatch(word)
    assert found  # noqa: S101  # matched before
    year, month, day = (int(part) for part in (found.groups()[:3] if found.group(1) else found.groups()[:2:-1]))
    try:
        since = datetime(year, month, day, tzinfo=ZoneInfo(person.zone))
    except ValueError:
        raise BadInput("rate", "rate_date", typed) from None
    if not 2000 <= year <= 2100:
        raise BadInput("rate", "rate_date", typed)
    return since


def _day(person: Person, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(person.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
