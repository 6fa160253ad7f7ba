"""What a linking asks: to which line a provider line belongs, one button per candidate. Nothing is tied on a guess."""

from collections.abc import Sequence
from datetime import datetime

from purchasing.activities import Activity, Question
from purchasing.activity_log import go_on, note
from purchasing.link.bind import tie_up
from purchasing.link.match import Offered, Open
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder
from purchasing.tell import tell_question

WHICH_LINE = "which_line"
NONE = "none"
MOST = 8


def ask_which(
    store: Store, activity: Activity, order: ProviderOrder, offer: Offered, candidates: Sequence[Open], now: datetime
) -> None:
    """`params` hold what the card shows: the provider line, and each button's label under its answer."""
    line = offer.line
    shown = candidates[:MOST]
    labels = {
        f"line:{o.line.id}": f"{(o.line.title or o.line.item_id)[:24]} · {o.line.sku[:14] or '—'} ×{o.missing}"
        for o in shown
    }
    params = {
        "number": order.number,
        "provider_line": str(line.id),
        "title": line.title or line.item_id,
        "choice": line.choice or line.sku_id,
        "quantity": str(offer.free),
        "price": str(line.unit_price),
        **labels,
    }
    ids = [o.line.id for o in shown]
    question = store.questions.ask(activity.id, WHICH_LINE, (*labels, NONE), params, ids, now)
    tell_question(store, activity, question, now)


def apply(
    store: Store,
    _person: Person,
    activity: Activity,
    question: Question,
    answer: str,
    _line_ids: Sequence[int],
    now: datetime,
) -> None:
    words = dict(question.params)
    provider_line = store.provider_orders.line(int(words["provider_line"]))
    order = store.provider_orders.get(provider_line.provider_order_id) if provider_line else None
    note(store, activity, "info", "goods_are_for", now, title=words["title"], line=words.get(answer, "—"))
    if answer != NONE and provider_line and order:
        tie_up(store, activity, order, int(answer.removeprefix("line:")), provider_line.id, now)
    go_on(store, activity, now)
