"""Staff and what each may do; rights are checked here, in the use case, and nowhere relied on only in a button."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from purchasing.errors import NotAllowed
from purchasing.words import Role


@dataclass(frozen=True)
class Person:
    """`telegram_id` is also the private chat. `zone` is an IANA name, `language` one of ru, en, zh_CN."""

    id: int
    telegram_id: int
    name: str
    role: Role
    language: str
    zone: str
    blocked_at: datetime | None = None


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


def check(person: Person, right: Right) -> None:
    """Raises NotAllowed."""
    if not has(person, right):
        raise NotAllowed(right)
