"""Where a line goes that no provider order covers any more: it can be bought again, unless its customer has refused."""

from collections.abc import Sequence
from datetime import datetime

from purchasing.line_status import Mover, may_move
from purchasing.moves import move
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.words import LineStatus

REFUSED = "customer_refused"
REFUNDED = "refunded"
"""Why a line was cancelled."""


def free_lines(
    store: Store,
    lines: Sequence[OrderLine],
    mover: Mover,
    now: datetime,
    *,
    why: str = "",
    activity_id: int | None = None,
) -> None:
    """Lines that `mover` may not move stay as they are."""
    refused = store.consents.refused([line.id for line in lines])
    for line in lines:
        new = LineStatus.CANCELLED if line.id in refused else LineStatus.READY
        if may_move(mover, line.status, new):
            said = REFUSED if line.id in refused else why
            move(store, [line], new, mover, now, why=said, activity_id=activity_id)
