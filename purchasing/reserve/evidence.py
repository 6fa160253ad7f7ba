"""What a person is shown who must say whether an order was made: what the account's own list showed at the last look.

What was sent stands in the ledger; this goes along with the question, so that a later stop or restart keeps it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel

from purchasing.activities import Activity, Question
from purchasing.ledger import Intent
from purchasing.ports import Store
from purchasing.provider import ProviderOrderSeen

PARAM = "shown"
KEPT = timedelta(days=7)
"""How long a picture of the list is kept; the question's text stays."""
MOST = 5


class SeenOrder(BaseModel):
    """An order that may be the one. `total` in fen, `goods` as the marketplace writes them."""

    number: str
    total: int
    created_at: datetime | None
    status: str
    goods: str


class Shown(BaseModel):
    """`at` None: nobody has looked. `picture` is a blob's id, None where the marketplace has no page."""

    at: datetime | None = None
    orders: list[SeenOrder] = []
    picture: int | None = None


def seen_now(store: Store, found: Sequence[ProviderOrderSeen], picture: bytes | None, now: datetime) -> Shown:
    blob = store.blobs.put(picture, "image/png", now + KEPT) if picture else None
    return Shown(at=now, orders=[_seen(order) for order in found[:MOST]], picture=blob)


def _seen(order: ProviderOrderSeen) -> SeenOrder:
    goods = ", ".join(f"{line.title or line.item_id} ×{line.quantity}" for line in order.lines)
    return SeenOrder(
        number=order.number,
        total=order.total,
        created_at=order.created_at,
        status=order.raw_status,
        goods=goods[:200],
    )


def shown_with(question: Question) -> Shown:
    text = dict(question.params).get(PARAM)
    return Shown.model_validate_json(text) if text else Shown()


def shown_before(store: Store, activity: Activity, intent: Intent) -> Shown:
    """What the newest question about this intent had to show."""
    asked = [q for q in store.questions.of_activity(activity.id) if dict(q.params).get("intent") == str(intent.id)]
    return shown_with(asked[-1]) if asked else Shown()
