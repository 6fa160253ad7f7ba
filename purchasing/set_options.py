"""The owner changes a setting in chat: it is checked at once and audited, and holds from the next time that it is read.

The gate reads limits and the stop before every order. A reservation goes on with the tolerance and the recipient that
it began with (`purchasing.reserve.settings`). Providers switched on and off count from the next preview."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from purchasing.errors import BadInput, Stale
from purchasing.keep_photos import AS_FILES
from purchasing.money import fen
from purchasing.options import option
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.recipient import RULES, check_field
from purchasing.typed import one_line
from purchasing.words import ActivityKind, Lane, ProviderName

LANGUAGES = ("ru", "en", "zh_CN")
MOST_YUAN = 10_000_000


@dataclass(frozen=True)
class Number:
    """`rule` is the code of the text that says what is wanted; `parse` gives the stored text or raises ValueError."""

    rule: str
    parse: Callable[[str], str]


def _decimal(text: str) -> Decimal:
    plain = re.sub(r"[\s_¥%]", "", text).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,4})?", plain):
        raise ValueError(text)
    return Decimal(plain)


def _between(least: Decimal | int, most: int, store_as: Callable[[Decimal], str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        value = _decimal(text)
        if not least <= value <= most:
            raise ValueError(text)
        return store_as(value)

    return parse


def _seconds(minutes: Decimal) -> str:
    return str(int(minutes * 60))


def _whole(number: Decimal) -> str:
    if number != int(number):
        raise ValueError(number)
    return str(int(number))


def _fen(yuan: Decimal) -> str:
    return str(fen(yuan))


_DAYS = Number("days_0_90", _between(0, 90, _whole))
_HOURS = Number("hours_0_168", _between(0, 168, _whole))

ALERTS: Mapping[str, Number] = {
    "digest.minutes": Number("minutes_0_1440", _between(0, 1440, _whole)),
    "escalate.minutes": Number("minutes_5_1440", _between(5, 1440, _whole)),
    "approval.above.fen": Number("yuan_or_none", _between(0, MOST_YUAN, _fen)),
    "stuck.closing.hours": _HOURS,
    "stuck.not_shipped.days": _DAYS,
    "stuck.no_movement.days": _DAYS,
    "stuck.confirm.days": _DAYS,
    "stuck.confirm_warn.days": _DAYS,
    "stuck.not_scanned.days": _DAYS,
    "stuck.session.hours": _HOURS,
    "stuck.ready.days": _DAYS,
}
"""Who is told when, and of what; shown on a screen of their own. 0 switches a kind of stuck things off."""

NUMBERS: Mapping[str, Number] = {
    **ALERTS,
    "sync.every": Number("minutes_1_1440", _between(1, 1440, _seconds)),
    "tolerance.fen": Number("yuan_0_1000", _between(0, 1000, _fen)),
    "tolerance.percent": Number("percent_0_50", _between(0, 50, str)),
    "limit.order.fen": Number("yuan_limit", _between(1, MOST_YUAN, _fen)),
    "limit.day.fen": Number("yuan_limit", _between(1, MOST_YUAN, _fen)),
    "reserve.delay": Number("seconds_0_600", _between(0, 600, _whole)),
    "activities.days": Number("days_1_365", _between(1, 365, _whole)),
    "activities.keep": Number("number_0_10000", _between(0, 10_000, _whole)),
    "consent.days": Number("days_1_30", _between(1, 30, _whole)),
    "backup.keep": Number("backups_0_365", _between(0, 365, _whole)),
}
"""Typed in minutes, yuan or per cent; stored in seconds, fen or per cent."""

SWITCHES = frozenset({f"{p}.{name}" for p in ProviderName for name in ("enabled", "check_after_export")} | {AS_FILES})


def set_number(store: Store, person: Person, key: str, typed: str, now: datetime) -> None:
    """Raises BadInput with the key as its field, Stale for a key that is none."""
    check(person, Right.MANAGE)
    if key not in NUMBERS:
        raise Stale("no_such_setting")
    try:
        value = NUMBERS[key].parse(typed)
    except ValueError:
        raise BadInput(key, NUMBERS[key].rule, typed) from None
    _put(store, person, key, value, now)


def reset_number(store: Store, person: Person, key: str, now: datetime) -> None:
    """Back to what the environment or the program says."""
    check(person, Right.MANAGE)
    if key not in NUMBERS:
        raise Stale("no_such_setting")
    before = option(store, key)
    store.settings.remove(key)
    _audit(store, person, key, before, option(store, key), now)


def switch(store: Store, person: Person, key: str, on: bool, now: datetime) -> None:
    """Switches a provider, its check after export, or files of photos on or off."""
    check(person, Right.MANAGE)
    if key not in SWITCHES:
        raise Stale("no_such_setting")
    _put(store, person, key, "yes" if on else "no", now)


def allow_sync_of(store: Store, person: Person, provider: ProviderName, allowed: bool, now: datetime) -> None:
    """Background sync for all accounts of a provider, those to come included; each may be changed alone afterwards."""
    check(person, Right.MANAGE)
    _put(store, person, f"{provider}.sync.allowed", "yes" if allowed else "no", now)
    for account in store.accounts.all(provider):
        store.accounts.save(replace(account, sync_allowed=allowed))
        store.cards.touch(f"session:{account.id}", Lane.RESULT, now)


def stop_buying(store: Store, person: Person, stopped: bool, now: datetime) -> None:
    """The kill switch: the gate lets no order and no cancellation through while it is on."""
    check(person, Right.MANAGE)
    _put(store, person, "buying.stopped", "yes" if stopped else "no", now)


def set_recipient_field(
    store: Store, person: Person, provider: ProviderName, field: str, typed: str, now: datetime
) -> None:
    """Raises BadInput with the field and the broken rule, Stale for a field that is none."""
    check(person, Right.MANAGE)
    if field not in RULES[provider]:
        raise Stale("no_such_setting")
    try:
        value = check_field(provider, field, one_line(typed))
    except BadInput as error:
        raise BadInput(field, error.rule, typed) from None
    _put(store, person, f"{provider}.recipient.{field}", value, now)


def choose_language(store: Store, person: Person, language: str) -> None:
    """Everybody's own choice. Raises Stale for a language that we don't have."""
    if language not in LANGUAGES:
        raise Stale("no_such_language")
    store.people.set_language(person.id, language)


def reservation_under_way(store: Store) -> bool:
    return bool(store.activities.unfinished(ActivityKind.RESERVE, None))


def _put(store: Store, person: Person, key: str, value: str, now: datetime) -> None:
    before = option(store, key)
    store.settings.put(key, value, person.id, now)
    _audit(store, person, key, before, value, now)


def _audit(store: Store, person: Person, key: str, before: str, after: str, now: datetime) -> None:
    if before != after:
        store.audit.add(AuditEntry(now, person.id, "setting", key, before, after))
