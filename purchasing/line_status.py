"""The transition table of a line's status: the only place that knows who may move a line where."""

from enum import StrEnum

from purchasing.errors import WrongMove
from purchasing.words import LineStatus as L


class Mover(StrEnum):
    SHOP = "shop"
    PERSON = "person"
    RESERVATION = "reservation"
    SYNC = "sync"
    WAREHOUSE = "warehouse"


_MOVES: dict[Mover, set[tuple[L, L]]] = {
    Mover.SHOP: {(L.NEW, L.READY), (L.READY, L.NEW), (L.NEW, L.CANCELLED), (L.READY, L.CANCELLED)},
    Mover.PERSON: {
        (L.NEW, L.READY),
        (L.NEW, L.CANCELLED),
        (L.NEW, L.BY_HAND),
        (L.READY, L.NEW),
        (L.READY, L.CANCELLED),
        (L.READY, L.BY_HAND),
        (L.READY, L.RESERVED),  # linked by hand to an unpaid provider order
        (L.READY, L.BOUGHT),
        (L.READY, L.SHIPPED),
        (L.BY_HAND, L.READY),
        (L.BY_HAND, L.RESERVED),
        (L.BY_HAND, L.BOUGHT),
        (L.BY_HAND, L.SHIPPED),
        (L.BY_HAND, L.CANCELLED),
        (L.RESERVING, L.CANCELLED),
        (L.RESERVED, L.READY),  # unbound
        (L.RESERVED, L.CANCELLED),
        (L.BOUGHT, L.READY),
        (L.BOUGHT, L.CANCELLED),
        (L.SHIPPED, L.READY),
        (L.SHIPPED, L.CANCELLED),
        (L.CANCELLED, L.READY),
    },
    Mover.RESERVATION: {
        (L.READY, L.RESERVING),
        (L.RESERVING, L.READY),
        (L.RESERVING, L.RESERVED),
        (L.RESERVING, L.BY_HAND),
        (L.READY, L.BY_HAND),
    },
    Mover.SYNC: {
        (L.RESERVED, L.BOUGHT),
        (L.RESERVED, L.SHIPPED),
        (L.RESERVED, L.READY),  # the unpaid provider order was closed: the line can be bought again
        (L.RESERVED, L.CANCELLED),  # the same, and its customer has refused
        (L.BOUGHT, L.SHIPPED),
        (L.BY_HAND, L.BOUGHT),
        (L.BY_HAND, L.SHIPPED),
    },
    Mover.WAREHOUSE: {
        (L.RESERVED, L.RECEIVED),
        (L.BOUGHT, L.RECEIVED),
        (L.SHIPPED, L.RECEIVED),
        (L.BY_HAND, L.RECEIVED),
        (L.RECEIVED, L.SHIPPED),  # a scan taken back
        (L.RECEIVED, L.PACKED),
        (L.PACKED, L.RECEIVED),
    },
}


def may_move(mover: Mover, old: L, new: L) -> bool:
    return (old, new) in _MOVES[mover]


def check_move(mover: Mover, old: L, new: L) -> None:
    """Raises WrongMove when `mover` may not take a line from `old` to `new`."""
    if not may_move(mover, old, new):
        raise WrongMove(old, new, mover)
