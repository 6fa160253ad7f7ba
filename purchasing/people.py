"""Staff and what each may do; rights are checked here, in the use case, and nowhere relied on only in a button."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from purchasing.errors import NotAllowed
from purchasing.words import Role


@dataclass(frozen=True)
class Person:
    """`telegram_id` is also the private chat. `zone` is an IANA name, `language` one of ru, en, zh_CN.

    `accounts` are the only ones that the person may use, None: all. `muted` topics (`purchasing.tell`) aren't told.
    `digest`: minutes that routine news is gathered for, 0: told at once, None: as the desk is set. `quiet`: from and
    to, minutes of the day in the person's zone."""

    id: int
    telegram_id: int
    name: str
    role: Role
    language: str
    zone: str
    blocked_at: datetime | None = None
    removed_at: datetime | None = None
    accounts: tuple[int, ...] | None = None
    muted: tuple[str, ...] = ()
    on_duty: bool = True
    digest: int | None = None
    quiet: tuple[int, int] | None = None

    @property
    def reachable(self) -> bool:
        return self.blocked_at is None and self.removed_at is None


class Right(StrEnum):
    SEE = "see"
    BUY = "buy"
    PAY = "pay"
    RECEIVE = "receive"
    MANAGE = "manage"


_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.BUYER: frozenset({Right.SEE, Right.BUY, Right.RECEIVE}),
    Role.PAYER: frozenset({Right.SEE, Right.PAY}),
    Role.WAREHOUSE: frozenset({Right.SEE, Right.RECEIVE}),
    Role.VIEWER: frozenset({Right.SEE}),
}


def has(person: Person, right: Right) -> bool:
    return right in _RIGHTS[person.role]


def may_use(person: Person, account_id: int) -> bool:
    """Whether the person may buy, sync and log in with this account."""
    return person.accounts is None or account_id in person.accounts


def check_account(person: Person, account_id: int) -> None:
    """Raises NotAllowed."""
    if not may_use(person, account_id):
        raise NotAllowed("account")


def check(person: Person, right: Right) -> None:
    """Raises NotAllowed."""
    if not has(person, right):
        raise NotAllowed(right)
