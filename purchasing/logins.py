"""The list of Taobao logins that the agency buys with: nicks only, never a phone number."""

import re
from collections.abc import Sequence
from datetime import datetime

from purchasing.errors import BadInput
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.typed import one_line
from purchasing.words import ProviderName

KEY = "taobao.logins"
LONGEST = 60
_PHONE = re.compile(r"\+?[\d\s().-]+")
_PHONE_DIGITS = range(7, 16)


def check_login(text: str) -> str:
    """A nick as it is stored. Raises BadInput("login", …) for a phone number, for nothing and for too much."""
    nick = one_line(text)
    digits = sum(c.isdigit() for c in nick)
    if _PHONE.fullmatch(nick) and digits in _PHONE_DIGITS:
        raise BadInput("login", "login_is_phone", nick)
    if not 1 <= len(nick) <= LONGEST:
        raise BadInput("login", "login_1_60", nick)
    return nick


def listed_logins(store: Store) -> list[str]:
    return (store.settings.get(KEY) or "").splitlines()


def set_logins(store: Store, person: Person, text: str, now: datetime) -> list[str]:
    """Replaces the list: one login a line, any number. Raises BadInput for the first wrong line; `value` is all that
    was typed."""
    check(person, Right.MANAGE)
    nicks: list[str] = []
    for row in filter(str.strip, text.splitlines()):
        try:
            nicks.append(check_login(row))
        except BadInput as error:
            raise BadInput(error.field, error.rule, text) from None
    return _store(store, person, list(dict.fromkeys(nicks)), now)


def list_login(store: Store, person: Person, nick: str, now: datetime) -> list[str]:
    """Adds one nick that has logged in."""
    check(person, Right.MANAGE)
    nicks = listed_logins(store)
    return _store(store, person, nicks if nick in nicks else [*nicks, nick], now)


def without_session(store: Store) -> list[str]:
    """Listed logins that can't be used now."""
    usable = {account.nick for account in store.accounts.all(ProviderName.TAOBAO) if account.usable}
    return [nick for nick in listed_logins(store) if nick not in usable]


def unlisted(store: Store, provider: ProviderName, nick: str) -> bool:
    return provider is ProviderName.TAOBAO and nick not in listed_logins(store)


def _store(store: Store, person: Person, nicks: Sequence[str], now: datetime) -> list[str]:
    before, after = store.settings.get(KEY) or "", "\n".join(nicks)
    if before != after:
        store.settings.put(KEY, after, person.id, now)
        store.audit.add(AuditEntry(now, person.id, "setting", KEY, before, after))
    return list(nicks)
