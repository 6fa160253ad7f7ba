"""Background work as staff see it: running, waiting and past, and one activity with its steps and errors apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery
from pydantic import BaseModel

from bot.screens import Button, Row, Screen, Style, back_row, home_row, pages, screen
from bot.texts import Html, Reader, bold, folded, lines
from bot.turn import Turn
from handlers import names, remedies
from handlers.deep_links import copy_row, link_to
from handlers.next_try import next_try, try_now_rows
from handlers.progress import bar
from handlers.reservation import answer_button
from handlers.steps import step_text
from purchasing.activities import Activity, ActivityFilter, Question, Step
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
FILTER = "activities"
LISTED = [kind for kind in ActivityKind if kind is not ActivityKind.LOOKUP]
T = TypeVar("T")
RUNNING, WAITING, PAST = "running", "waiting", "past"


class Filter(BaseModel):
    """What a person narrowed the list to; kept until it is changed."""

    kind: ActivityKind | None = None
    account_id: int | None = None
    mine: bool = False
    errors: bool = False

    def where(self, person: Person) -> ActivityFilter:
        return ActivityFilter(self.kind, self.account_id, person.id if self.mine else None, self.errors)


class Narrow(CallbackData, prefix="actf"):
    """`what`: kind and account go on to the next one, mine and errors turn over, all ends the filter."""

    what: str
    which: str


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
    narrowed: Filter


def filter_of(store: Store, person: Person) -> Filter:
    return Filter.model_validate_json(store.notes.get(person.id, FILTER) or "{}")


def load_activities(store: Store, address: Address, viewer: Person, _now: datetime) -> Activities:
    narrowed = filter_of(store, viewer)
    where = narrowed.where(viewer)
    counts = {which: store.activities.page(which, 0, 1, where)[1] for which in (RUNNING, WAITING, PAST)}
    first = next((which for which in (WAITING, RUNNING) if counts[which]), PAST)
    which = address.args[0] if address.args else first
    page = int(address.args[1]) if len(address.args) > 1 else 0
    rows, _ = store.activities.page(which, page * PAGE, PAGE, where)
    nicks = {a.id: a.nick for a in store.accounts.all()}
    return Activities(which, page, rows, counts, nicks, narrowed)


@screen("activities", load=load_activities)
def activities(state: Activities, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Activities")),
        None if state.rows else _empty(state, reader),
    )
    return Screen(text, tuple(_list_rows(state, reader)))


def _empty(state: Activities, reader: Reader) -> Html:
    if state.narrowed != Filter():
        return reader.text("Nothing here fits the filter.")
    return reader.text("Nothing here. Reservations, syncs and imports appear in this list.")


def _list_rows(state: Activities, reader: Reader) -> Iterator[Row]:
    labels = {RUNNING: reader.text("Running"), WAITING: reader.text("Waiting"), PAST: reader.text("Past")}
    yield tuple(_tab(state, which, label) for which, label in labels.items())
    for activity in state.rows:
        yield (Button(_label(state, activity, reader), Address.of("activity", activity.id)),)
    count = state.counts[state.which]
    yield from pages(reader, lambda page: Address.of("activities", state.which, page), state.page, count, PAGE)
    yield from _filter_rows(state, reader)
    yield home_row(reader)


def _filter_rows(state: Activities, reader: Reader) -> Iterator[Row]:
    narrowed, which = state.narrowed, state.which
    kind = names.kind(reader, narrowed.kind) if narrowed.kind else reader.text("all")
    nick = state.nicks.get(narrowed.account_id or 0) or reader.text("all")
    yield (
        Button(reader.text("Kind: {name}", name=kind), Narrow(what="kind", which=which)),
        Button(reader.text("Account: {name}", name=nick), Narrow(what="account", which=which)),
    )
    mine, errors = "☑" if narrowed.mine else "☐", "☑" if narrowed.errors else "☐"
    yield (
        Button(reader.text("{box} Started by me", box=mine), Narrow(what="mine", which=which)),
        Button(reader.text("{box} With errors", box=errors), Narrow(what="errors", which=which)),
    )
    if narrowed != Filter():
        yield (Button(reader.text("✖ Without a filter"), Narrow(what="all", which=which)),)


def _tab(state: Activities, which: str, label: str) -> Button:
    style: Style | None = "primary" if which == state.which else None
    return Button(f"{label} · {state.counts[which]}", Address.of("activities", which), style)


def _label(state: Activities, activity: Activity, reader: Reader) -> str:
    about = state.nicks.get(activity.account_id or 0, "") or activity.title
    moment = reader.when(activity.ended_at or activity.created_at)
    return f"{names.STATE_SIGNS[activity.state]} {names.kind(reader, activity.kind)} · {about} · {moment}"


@router.callback_query(Narrow.filter())
async def narrow(_query: CallbackQuery, callback_data: Narrow, turn: Turn) -> None:
    def change(store: Store) -> None:
        narrowed = _turned(store, filter_of(store, turn.person), callback_data.what)
        store.notes.put(turn.person.id, FILTER, narrowed.model_dump_json())
        turn.show(store, Address.of("activities", callback_data.which))

    await turn.act(change)


def _turned(store: Store, narrowed: Filter, what: str) -> Filter:
    match what:
        case "kind":
            return narrowed.model_copy(update={"kind": _next(narrowed.kind, LISTED)})
        case "account":
            ids = [account.id for account in store.accounts.all()]
            return narrowed.model_copy(update={"account_id": _next(narrowed.account_id, ids)})
        case "mine" | "errors":
            return narrowed.model_copy(update={what: not getattr(narrowed, what)})
        case _:
            return Filter()


def _next(now: T | None, choices: Sequence[T]) -> T | None:
    """None, then each of the choices, then None again."""
    at = choices.index(now) + 1 if now in choices else 0
    return choices[at] if at < len(choices) else None


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
    link: str


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
        link_to(store, "activity", activity.id),
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
        yield from remedies.advice(reader, [code for code, _ in _refused(state)])
    others = [step for step in state.steps if step.level != "error"]
    if others:
        yield from ("", folded(Html(lines(*[_step(activity, step, reader) for step in others[-STEPS:]]))))


def _refused(state: OneActivity) -> list[tuple[str, remedies.About]]:
    """What went wrong, newest first: the reasons of errors, and why it failed or waits."""
    activity = state.activity
    found = [
        (dict(step.params).get("why") or step.code, step.line_id)
        for step in reversed(state.steps)
        if step.level == "error"
    ]
    if activity.failure:
        found.insert(0, (activity.failure, None))
    return [(code, remedies.About(activity.provider, activity.account_id, line_id)) for code, line_id in found]


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
    yield from try_now_rows(reader, activity, state.viewer)
    yield from remedies.rows(reader, _refused(state), state.viewer)
    if state.preview_id is not None:
        yield (Button(reader.text("The whole reservation"), Address.of("preview", state.preview_id)),)
    if state.order_id is not None:
        yield (Button(reader.text("Order"), Address.of("order", state.order_id)),)
    if activity.account_id and has(state.viewer, Right.BUY):
        yield (Button(reader.text("Session {nick}", nick=state.nick), Address.of("session", activity.account_id)),)
    if not state.asking and may_stop(activity) and has(state.viewer, Right.BUY):
        yield (Button(reader.text("Stop"), Stop(activity_id=activity.id, sure=0), "danger"),)
    yield copy_row(reader, state.link)
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
