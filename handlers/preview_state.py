"""A preview and its activities as they are now, and what is said of them before and after the consent alike."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from aiogram.filters.callback_data import CallbackData

from bot.screens import Row
from bot.texts import Html, Reader, esc
from handlers import refusals
from handlers.next_try import next_try, try_now_rows
from purchasing.activities import Activity, Question, Step
from purchasing.cards import Address
from purchasing.errors import NotAllowed, Stale
from purchasing.limits import Usage, usage
from purchasing.money import goods_total, share
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.previews import Preview, PreviewLine
from purchasing.reserve.plan import ReservePlan
from purchasing.set_rates import customer_sums
from purchasing.words import QuestionState

AWAY = ("session_expired", "needs_human", "slider", "identity", "password", "punish")
"""What an activity waits for until somebody has logged in."""


class Decide(CallbackData, prefix="pre"):
    """`what`: reserve, drop, back (take back) or now (don't wait)."""

    what: str
    preview_id: int


@dataclass(frozen=True)
class PreviewState:
    preview: Preview
    mine: bool
    may_pay: bool
    page: int
    activities: list[Activity]
    plans: list[ReservePlan]
    lines: dict[int, OrderLine]
    nicks: dict[int, str]
    questions: list[Question]
    steps: dict[int, Step]
    """The newest step of each activity."""
    usages: list[Usage] = field(default_factory=list)
    """Of the accounts that orders are to be placed with, these orders not counted."""
    customer_sums: tuple[tuple[Decimal, str], ...] = ()
    """What all of it comes to in the customers' currencies, at their orders' rates."""
    viewer: Person | None = None

    @property
    def gathering(self) -> bool:
        going = [plan for activity, plan in zip(self.activities, self.plans, strict=True) if not activity.over]
        waiting = [plan.phase in ("quote", "price") for plan in going]
        return not self.preview.dropped_at and not self.preview.confirmed_at and any(waiting)

    @property
    def not_before(self) -> datetime | None:
        """Until when the reservation can be taken back; None: it can't."""
        plans = [plan for activity, plan in zip(self.activities, self.plans, strict=True) if not activity.over]
        return max((plan.not_before for plan in plans if plan.not_before), default=None)

    @property
    def good(self) -> list[PreviewLine]:
        return [row for row in self.preview.lines if not row.refusal]

    @property
    def bad(self) -> list[PreviewLine]:
        return [row for row in self.preview.lines if row.refusal]


def load_preview(store: Store, address: Address, viewer: Person, _now: datetime) -> PreviewState:
    preview = store.previews.get(int(address.args[0]))
    if preview is None:
        raise Stale("preview_over")
    if preview.person_id != viewer.id and not preview.confirmed_at:
        raise NotAllowed
    activities = [a for a in map(store.activities.get, preview.activity_ids) if a]
    accounts = {a.account_id for a in activities if a.account_id}
    lines_of = {line.id: line for line in store.lines.many([row.line_id for row in preview.lines])}
    questions = [q for a in activities for q in store.questions.of_activity(a.id) if q.state is QuestionState.OPEN]
    return PreviewState(
        preview,
        preview.person_id == viewer.id,
        has(viewer, Right.PAY),
        int(address.args[1]) if len(address.args) > 1 else 0,
        activities,
        [ReservePlan.of(activity) for activity in activities],
        lines_of,
        {i: account.nick for i in accounts if (account := store.accounts.get(i))},
        questions,
        {a.id: steps[-1] for a in activities if (steps := store.activities.steps(a.id, limit=1))},
        [usage(store, x, a.id) for a in activities if (x := store.accounts.get(a.account_id or 0))],
        customer_sums(store, _by_order(preview, lines_of)),
        viewer,
    )


def _by_order(preview: Preview, lines_of: Mapping[int, OrderLine]) -> Mapping[int, int]:
    """Fen by order id: each future provider order's total, shared among its lines by what their goods cost."""
    sums = Counter[int]()
    for group in preview.groups:
        mine = (group.account_id, group.number)
        rows = [row for row in preview.lines if not row.refusal and (row.account_id, row.group) == mine]
        weights = [goods_total(row.unit_price or Decimal(0), lines_of[row.line_id].quantity) for row in rows]
        for row, part in zip(rows, share(group.total, weights), strict=True):
            sums[lines_of[row.line_id].order_id] += part
    return sums


def troubles(state: PreviewState, reader: Reader) -> Iterator[Html]:
    """What keeps an activity from going on, said where the person is looking."""
    for activity in state.activities:
        nick = state.nicks.get(activity.account_id or 0, "")
        if activity.failure in AWAY:
            yield reader.text("🔑 {nick}: log in again, then it goes on by itself", nick=nick)
        elif activity.failure not in ("", "confirm"):
            what, advice = refusals.happened(reader, activity.failure), refusals.remedy(reader, activity.failure)
            yield Html(f"❗ {esc(nick)}: {what}. {advice}")
        elif again := next_try(reader, activity):
            yield Html(f"{esc(nick)}: {again}")


def tries(state: PreviewState, reader: Reader) -> Iterator[Row]:
    for activity in state.activities:
        yield from try_now_rows(reader, activity, state.viewer, state.nicks.get(activity.account_id or 0, ""))
