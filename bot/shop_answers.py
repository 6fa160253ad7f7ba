"""What a shop is answered over HTTP: nothing in these records could tell what a customer may not know."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel

from bot.texts import Reader, plain
from handlers.import_rules import cell_rule, file_rule
from purchasing.customer_view import CustomerOrder, customer_order
from purchasing.import_plan import ImportPlan
from purchasing.import_result import Difference
from purchasing.order_file import RowProblem
from purchasing.ports import Store
from purchasing.shops import Shop, ShopRequest

ENGLISH = Reader("en", "UTC")
BEING_BOUGHT = "differs from what is being bought already: the agency's staff decide"


class Refusal(BaseModel):
    error: str


class Problem(BaseModel):
    """`reason` is a sentence's end for a person, `rule` its code for a program."""

    column: str
    rule: str
    value: str
    reason: str


class RowAnswer(BaseModel):
    """`asked`: it is being bought already and differs; the agency's staff decide. What an accepted row has as
    problems didn't keep it out."""

    row: int
    outcome: Literal["accepted", "refused", "asked"] = "accepted"
    problems: list[Problem] = []


class PushAnswer(BaseModel):
    """`status` refused: nothing of it could be read, `error` and `reason` say why."""

    request: str
    status: Literal["running", "done", "refused"]
    error: str | None = None
    reason: str | None = None
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    asked: int = 0
    rows: list[RowAnswer] = []


def push_answer(store: Store, shop: Shop, key: str) -> PushAnswer | None:
    request = store.shops.request(shop.id, key)
    if request is None:
        return None
    if request.ended_at is None:
        return PushAnswer(request=key, status="running")
    if request.rule:
        reason = plain(file_rule(ENGLISH, request.rule, ""))
        return PushAnswer(request=key, status="refused", error=request.rule, reason=reason)
    return PushAnswer(
        request=key,
        status="done",
        new=request.taken,
        updated=request.updated,
        unchanged=request.unchanged,
        refused=request.refused,
        asked=request.asked,
        rows=_rows(store, request),
    )


def _rows(store: Store, request: ShopRequest) -> list[RowAnswer]:
    activity = store.activities.get(request.activity_id)
    if activity is None:
        return []
    plan = ImportPlan.of(activity)
    result = plan.result
    refused, noted = _by_row(result.refused), _by_row(result.notes)
    asked = {one.row: one.differences for one in result.asked}
    return [_row(number, refused, asked, noted) for number in range(1, plan.read + 1)]


def _by_row(problems: Sequence[RowProblem]) -> dict[int, list[Problem]]:
    found: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        reason = plain(cell_rule(ENGLISH, problem))
        told = Problem(column=problem.column, rule=problem.rule, value=problem.value, reason=reason)
        found[problem.row].append(told)
    return found


def _row(
    number: int,
    refused: Mapping[int, list[Problem]],
    asked: Mapping[int, Sequence[Difference]],
    noted: Mapping[int, list[Problem]],
) -> RowAnswer:
    if number in refused:
        return RowAnswer(row=number, outcome="refused", problems=refused[number])
    if number in asked:
        columns = [difference.column for difference in asked[number]]
        problems = [Problem(column=column, rule="being_bought", value="", reason=BEING_BOUGHT) for column in columns]
        return RowAnswer(row=number, outcome="asked", problems=problems)
    return RowAnswer(row=number, problems=noted.get(number, []))


class OrderAnswer(BaseModel):
    order: CustomerOrder


def order_answer(store: Store, shop: Shop, number: str) -> OrderAnswer | None:
    found = store.orders.numbered(number, shop.source)
    return OrderAnswer(order=customer_order(store, found[0])) if found else None
