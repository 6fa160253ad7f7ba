"""Background work as staff see it: running, waiting and past, and one activity with its steps and errors apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, Style, back_row, home_row, pages, screen
from bot.texts import Html, Reader, bold, folded, lines
from bot.turn import Turn
from handlers import names
from handlers.reserve import answer_button, bar, next_try
from handlers.steps import step_text
from purchasing.activities import Activity, Question, Step
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.link.plan import LinkPlan
from purchasing.people import Person, Right, check, has
from purchasing.ports import Store
from purchasing.reserve.plan import ReservePlan
from purchasing.stop_activity import may_stop, stop_activity
from purchasing.unbind.plan import UnbindPlan
from purchasing.words import ActivityKind, QuestionState

router = Router(name="activities")

PAGE = 8
STEPS = 25
"""The newest steps that one message holds."""
RUNNING, WAITING, PAST = "running", "waiting", "past"


class Stop(CallbackData, prefix="stop"):
    """`sure` 0 asks first: what was placed stays placed."""

    activity_id: int
    sure: int


@dataclass(frozen=True)
class Activities:
    which: str
    page: int
    rows: list[Activity]
    counts: dict[str, int]
    nicks: dict[int, str]


def load_activities(store: Store, address: Address, _viewer: Person, _now: datetime) -> Activities:
    counts = {which: store.activities.page(which, 0, 1)[1] for which in (RUNNING, WAITING, PAST)}
    first = next((which for which in (WAITING, RUNNING) if counts[which]), PAST)
    which = address.args[0] if address.args else first
    page = int(address.args[1]) if len(address.args) > 1 else 0
    rows, _ = store.activities.page(which, page * PAGE, PAGE)
    nicks = {a.id: a.nick for a in store.accounts.all()}
    return Activities(which, page, rows, counts, nicks)


@screen("activities", load=load_activities)
def activities(state: Activities, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Activities")),
        None if state.rows else reader.text("Nothing here. Reservations, syncs and imports appear in this list."),
    )
    return Screen(text, tuple(_list_rows(state, reader)))


def _list_rows(state: Activities, reader: Reader) -> Iterator[Row]:
    labels = {RUNNING: reader.text("Running"), WAITING: reader.text("Waiting"), PAST: reader.text("Past")}
    yield tuple(_tab(state, which, label) for which, label in labels.items())
    for activity in state.rows:
        yield (Button(_label(state, activity, reader), Address.of("activity", activity.id)),)
    count = state.counts[state.which]
    yield from pages(reader, lambda page: Address.of("activities", state.which, page), state.page, count, PAGE)
    yield home_row(reader)


def _tab(state: Activities, which: str, label: str) -> Button:
    style: Style | None = "primary" if which == state.which else None
    return Button(f"{label} · {state.counts[which]}", Address.of("activities", which), style)


def _label(state: Activities, activity: Activity, reader: Reader) -> str:
    about = state.nicks.get(activity.account_id or 0, "") or activity.title
    moment = reader.when(activity.ended_at or activity.created_at)
    return f"{names.STATE_SIGNS[activity.state]} {names.kind(reader, activity.kind)} · {about} · {moment}"


@dataclass(frozen=True)
class OneActivity:
    viewer: Person
    activity: Activity
    nick: str
    starter: str
    steps: list[Step]
    questions: list[Question]
    preview_id: int | None
    order_id: int | None
    """The one order that a linking or unbinding is about."""
    asking: bool
    """Whether the person has pressed stop and must confirm it."""


def load_activity(store: Store, address: Address, viewer: Person, _now: datetime) -> OneActivity:
    activity = store.activities.get(int(address.args[0]))
    if activity is None:
        raise Stale("activity_gone")
    account = store.accounts.get(activity.account_id) if activity.account_id else None
    starter = store.people.get(activity.started_by) if activity.started_by else None
    questions = [q for q in store.questions.of_activity(activity.id) if q.state is QuestionState.OPEN]
    return OneActivity(
        viewer,
        activity,
        account.nick if account else "",
        starter.name if starter else "",
        store.activities.steps(activity.id),
        questions,
        _preview_of(activity),
        _order_of(store, activity),
        "stop" in address.args,
    )


def _preview_of(activity: Activity) -> int | None:
    return ReservePlan.of(activity).preview_id if activity.kind is ActivityKind.RESERVE else None


def _order_of(store: Store, activity: Activity) -> int | None:
    if activity.kind is ActivityKind.LINK:
        return LinkPlan.of(activity).order_id
    if activity.kind is ActivityKind.UNBIND:
        orders = {line.order_id for line in store.lines.many(UnbindPlan.of(activity).line_ids)}
        return orders.pop() if len(orders) == 1 else None
    return None


@screen("activity", load=load_activity)
def activity_screen(state: OneActivity, reader: Reader) -> Screen:
    return Screen(lines(*_details(state, reader)), tuple(_activity_rows(state, reader)))


def _details(state: OneActivity, reader: Reader) -> Iterator[object]:
    activity = state.activity
    head = " · ".join(filter(None, (names.provider(activity.provider) if activity.provider else "", state.nick)))
    yield Html(f"{bold(names.kind(reader, activity.kind))} {activity.id} · {names.state(reader, activity.state)}")
    yield head or None
    yield reader.text("{orders}", orders=activity.title) if activity.title and activity.title != state.nick else None
    if not activity.over:
        yield bar(activity.percent)
    yield reader.text(
        "order lines found: {lines}, provider orders found: {orders}",
        lines=activity.lines_found,
        orders=activity.orders_found,
    )
    who = state.starter or reader.text("by itself")
    yield reader.text("Started {when}, {who}", when=reader.when(activity.created_at), who=who)
    if activity.ended_at:
        yield reader.text("Ended {when}", when=reader.when(activity.ended_at))
    yield next_try(reader, activity)
    errors = [step for step in state.steps if step.level == "error"]
    if errors:
        yield from ("", bold(reader.plural("{n} error", "{n} errors", len(errors))))
        yield lines(*[_step(activity, step, reader) for step in errors[-STEPS:]])
    others = [step for step in state.steps if step.level != "error"]
    if others:
        yield from ("", folded(Html(lines(*[_step(activity, step, reader) for step in others[-STEPS:]]))))


def _step(activity: Activity, step: Step, reader: Reader) -> Html:
    """`+1:05 what happened`: time since the start."""
    seconds = int((step.at - (activity.created_at or step.at)).total_seconds())
    sign = {"ok": "✓", "error": "❗"}.get(step.level, "·")
    return Html(f"{sign} +{seconds // 60}:{seconds % 60:02d} {step_text(reader, step)}")


def _activity_rows(state: OneActivity, reader: Reader) -> Iterator[Row]:
    activity = state.activity
    if state.asking and not activity.over:
        sure = Button(reader.text("Yes, stop"), Stop(activity_id=activity.id, sure=1), "danger")
        yield (sure, Button(reader.text("Go on"), Address.of("activity", activity.id)))
    for question in state.questions:
        yield (answer_button(reader, question),)
    if state.preview_id is not None:
        yield (Button(reader.text("The whole reservation"), Address.of("preview", state.preview_id)),)
    if state.order_id is not None:
        yield (Button(reader.text("Order"), Address.of("order", state.order_id)),)
    if activity.account_id and has(state.viewer, Right.BUY):
        yield (Button(reader.text("Session {nick}", nick=state.nick), Address.of("session", activity.account_id)),)
    if not state.asking and may_stop(activity) and has(state.viewer, Right.BUY):
        yield (Button(reader.text("Stop"), Stop(activity_id=activity.id, sure=0), "danger"),)
    yield back_row(reader, Address.of("activities"))


@router.callback_query(Stop.filter())
async def stop(_query: CallbackQuery, callback_data: Stop, turn: Turn) -> None:
    def change(store: Store) -> None:
        check(turn.person, Right.BUY)
        if callback_data.sure:
            stop_activity(store, turn.person, callback_data.activity_id, turn.clock())
            turn.show(store, Address.of("activity", callback_data.activity_id))
        else:
            turn.show(store, Address.of("activity", callback_data.activity_id, "stop"))

    await turn.act(change)
