"""The transition table: every pair of statuses, for everybody who may move a line."""

from itertools import product

import pytest

from purchasing.errors import WrongMove
from purchasing.line_status import Mover, check_move, may_move
from purchasing.words import LineStatus as L

AHEAD = [L.NEW, L.READY, L.RESERVING, L.RESERVED, L.BOUGHT, L.SHIPPED, L.RECEIVED, L.PACKED]
IN_THE_WAREHOUSE = {L.RECEIVED, L.PACKED}
MOVES = list(product(Mover, L, L))


@pytest.mark.parametrize(("mover", "old", "new"), MOVES)
def test_a_move_is_allowed_or_raises_and_nothing_else(mover: Mover, old: L, new: L) -> None:
    if may_move(mover, old, new):
        check_move(mover, old, new)
    else:
        with pytest.raises(WrongMove):
            check_move(mover, old, new)


@pytest.mark.parametrize(("mover", "old", "new"), MOVES)
def test_who_may_touch_what(mover: Mover, old: L, new: L) -> None:
    allowed = may_move(mover, old, new)
    if old is new:
        assert not allowed
    if mover is not Mover.WAREHOUSE and (old in IN_THE_WAREHOUSE or new in IN_THE_WAREHOUSE):
        assert not allowed, "only the warehouse receives, packs and takes that back"
    if mover is Mover.SYNC and allowed and new not in (L.READY, L.CANCELLED) and old is not L.BY_HAND:
        assert AHEAD.index(new) > AHEAD.index(old), "a sync only moves ahead"
    if new is L.RESERVING and allowed:
        assert mover is Mover.RESERVATION
        assert old is L.READY, "only what the customer has paid for is reserved"


def test_every_status_can_be_left_or_is_an_end_that_a_person_can_undo() -> None:
    for status in L:
        assert any(may_move(mover, status, new) for mover, new in product(Mover, L)), status
