"""The preview and what becomes of it: one live message from the first price to the last provider order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, home_row, pages, screen
from bot.texts import Html, Reader, bold, esc, lines
from bot.turn import Turn
from handlers import names, refusals
from handlers.steps import step_text
from purchasing.activities import Activity, Question, Step
from purchasing.cards import Address
from purchasing.errors import NotAllowed, Stale
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.previews import Preview, PreviewGroup, PreviewLine
from purchasing.refusals import Refusal
from purchasing.reserve.ask import OUTCOME
from purchasing.reserve.plan import ReservePlan
from purchasing.reserve.start import confirm, drop
from purchasing.words import ActivityState, QuestionState

router = Router(name="reserve")

SHOWN = 12
"""Refused lines written out in a preview; the rest is counted."""
PAGE = 20
"""Lines written out on one page of a preview; a page ends with a whole provider order."""
AWAY = ("session_expired", "needs_human", "slider", "identity", "password", "punish")
"""What an activity waits for until somebody has logged in."""


class Decide(CallbackData, prefix="pre"):
    """`what`: reserve or drop."""

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

    @property
    def gathering(self) -> bool:
        going = [plan for activity, plan in zip(self.activities, self.plans, strict=True) if not activity.over]
        waiting = [plan.phase in ("quote", "price") for plan in going]
        return not self.preview.dropped_at and not self.preview.confirmed_at and any(waiting)

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
    questions = [q for a in activities for q in store.questions.of_activity(a.id) if q.state is QuestionState.OPEN]
    return PreviewState(
        preview,
        preview.person_id == viewer.id,
        has(viewer, Right.PAY),
        int(address.args[1]) if len(address.args) > 1 else 0,
        activities,
        [ReservePlan.of(activity) for activity in activities],
        {line.id: line for line in store.lines.many([row.line_id for row in preview.lines])},
        {i: account.nick for i in accounts if (account := store.accounts.get(i))},
        questions,
        {a.id: steps[-1] for a in activities if (steps := store.activities.steps(a.id, limit=1))},
    )


@screen("preview", load=load_preview)
def preview_screen(state: PreviewState, reader: Reader) -> Screen:
    if state.preview.dropped_at:
        return Screen(reader.text("The preview was thrown away. Nothing was ordered."), tuple(_afterwards(reader)))
    if state.preview.confirmed_at:
        return _progress(state, reader)
    return _gathering(state, reader) if state.gathering else _ready(state, reader)


def _afterwards(reader: Reader) -> Iterator[Row]:
    yield (Button(reader.text("To buy"), Address.of("to_buy")),)
    yield home_row(reader)


def _gathering(state: PreviewState, reader: Reader) -> Screen:
    asked = sum(len(plan.quoted) for plan in state.plans)
    whole = sum(len(plan.line_ids) for plan in state.plans)
    return Screen(
        lines(
            bold(reader.text("Preview")),
            reader.text("Asking the marketplaces for prices: {done} of {whole}", done=asked, whole=whole),
            bar(100 * asked // whole if whole else 0),
            *_troubles(state, reader),
        ),
        ((Button(reader.text("Cancel"), Decide(what="drop", preview_id=state.preview.id)),), home_row(reader)),
    )


def bar(percent: int) -> Html:
    full = percent // 10
    return Html(f"{'▰' * full}{'▱' * (10 - full)} {percent} %")


def _troubles(state: PreviewState, reader: Reader) -> Iterator[Html]:
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


def next_try(reader: Reader, activity: Activity) -> Html | None:
    """That it is tried again, and when; None while nothing is wrong."""
    if activity.state is not ActivityState.QUEUED or not activity.attempts or activity.not_before is None:
        return None
    return reader.text(
        "⏳ no answer from the marketplace; the next try is at {when}", when=reader.when(activity.not_before)
    )


def _ready(state: PreviewState, reader: Reader) -> Screen:
    pages_of = _paged(state)
    shown = pages_of[min(state.page, len(pages_of) - 1)] if pages_of else []
    whole = sum(group.total for group in state.preview.groups)
    text = lines(
        bold(reader.text("Preview")),
        *[part for group in shown for part in _group(state, group, reader)],
        *(_refused(state, reader) if state.page == 0 else ()),
        "",
        reader.text("<b>Together</b>: {sum}", sum=reader.yuan(whole)) if state.good else None,
        reader.text("Nothing is paid: the orders wait unpaid on the marketplace.") if state.good else None,
        *_troubles(state, reader),
    )
    preview_id = state.preview.id
    pager = pages(reader, lambda n: Address.of("preview", preview_id, n), state.page, len(pages_of), 1)
    return Screen(text, (*pager, *_decisions(state, reader)))


def _paged(state: PreviewState) -> list[list[PreviewGroup]]:
    """Future provider orders by pages, so that no page outgrows a message."""
    found: list[list[PreviewGroup]] = []
    room = 0
    for group in state.preview.groups:
        size = len(_rows_of(state, group))
        if not found or size > room:
            found.append([])
            room = PAGE
        found[-1].append(group)
        room -= size + 2  # its head and its sum take place too
    return found


def _rows_of(state: PreviewState, group: PreviewGroup) -> list[PreviewLine]:
    return [r for r in state.good if r.account_id == group.account_id and r.group == group.number]


def _decisions(state: PreviewState, reader: Reader) -> Iterator[Row]:
    count = len(state.good)
    if state.mine and any(not activity.over for activity in state.activities):
        label = reader.plural("Reserve {n} line", "Reserve {n} lines", count)
        if not count:
            label = reader.text("Decide about the lines")
        yield (Button(label, Decide(what="reserve", preview_id=state.preview.id), "success"),)
    if any(row.refusal == Refusal.NO_SESSION for row in state.bad):
        yield (Button(reader.text("Add a session"), Address.of("add_session")),)
    if any(row.refusal == Refusal.RECIPIENT_MISSING for row in state.bad):
        yield (Button(reader.text("Set the recipient"), Address.of("settings")),)
    if state.mine:
        yield (Button(reader.text("Cancel"), Decide(what="drop", preview_id=state.preview.id)),)
    yield home_row(reader)


def _group(state: PreviewState, group: PreviewGroup, reader: Reader) -> Iterator[object]:
    """One future provider order: seller, lines, freight, sum."""
    whole = _rows_of(state, group)
    rows = whole[:PAGE]
    lines_of = [state.lines[row.line_id] for row in rows]
    nick = state.nicks.get(group.account_id, "")
    yield ""
    provider = names.provider(lines_of[0].provider) if lines_of else ""
    yield Html(f"🏪 {bold(group.seller or '—')} · {esc(provider)}, {esc(nick)}")
    for row, line in zip(rows, lines_of, strict=True):
        price = reader.money(row.unit_price, "CNY") if row.unit_price is not None else Html("—")
        yield reader.text("{order} · {title} ×{quantity} · {price}", **_words(line, row), price=price)
    if len(whole) > len(rows):
        yield reader.text("…and {n} more", n=len(whole) - len(rows))
    freight = reader.yuan(group.freight) if group.freight_final else reader.text("the seller sets it later")
    yield reader.text("freight {freight}, sum {total}", freight=freight, total=reader.yuan(group.total))


def _words(line: OrderLine, row: PreviewLine) -> dict[str, object]:
    title = (line.title or row.title or line.item_id)[:28]
    return {"order": line.order_number, "title": title, "quantity": line.quantity}


def _refused(state: PreviewState, reader: Reader) -> Iterator[object]:
    if not state.bad:
        return
    yield ""
    yield bold(
        reader.plural(
            "{n} line can't be bought as it stands", "{n} lines can't be bought as they stand", len(state.bad)
        )
    )
    for row in state.bad[:SHOWN]:
        line = state.lines[row.line_id]
        why = refusals.happened(reader, row.refusal)
        detail = refusals.aside(reader, row.refusal, row.detail)
        yield reader.text("{order} · {title} ×{quantity}: {why}{detail}", **_words(line, row), why=why, detail=detail)
    if len(state.bad) > SHOWN:
        yield reader.text("…and {n} more", n=len(state.bad) - SHOWN)


def _progress(state: PreviewState, reader: Reader) -> Screen:
    parts: list[object] = [bold(reader.text("Reservation"))]
    rows: list[Row] = []
    for activity, plan in zip(state.activities, state.plans, strict=True):
        parts += ["", *_activity(state, activity, plan, reader)]
        label = reader.text("Details: {nick}", nick=state.nicks.get(activity.account_id or 0, ""))
        rows.append((Button(label, Address.of("activity", activity.id)),))
    parts += ["", *_troubles(state, reader)]
    if all(activity.over for activity in state.activities):
        if state.may_pay and any(activity.orders_found for activity in state.activities):
            rows.insert(0, (Button(reader.text("To pay"), Address.of("to_pay"), "success"),))
        rows.append((Button(reader.text("To buy"), Address.of("to_buy")),))
    where = {activity.id: names.provider(activity.provider) for activity in state.activities}
    answers = [(answer_button(reader, q, where.get(q.activity_id, "")),) for q in state.questions[:SHOWN]]
    rows = [*answers, *rows]
    return Screen(lines(*parts), (*rows, home_row(reader)))


def _activity(state: PreviewState, activity: Activity, plan: ReservePlan, reader: Reader) -> Iterator[object]:
    head = f"{names.provider(activity.provider)} · {state.nicks.get(activity.account_id or 0, '')}"
    yield Html(f"{bold(head)} · {names.state(reader, activity.state)}")
    yield bar(activity.percent)
    step = state.steps.get(activity.id)
    if step and not activity.over and activity.state is not ActivityState.WAITING:
        yield Html(f"· {step_text(reader, step)}")
    yield reader.text(
        "order lines found: {lines}, provider orders found: {orders}",
        lines=activity.lines_found,
        orders=activity.orders_found,
    )
    if activity.errors:
        yield reader.plural("❗ {n} error", "❗ {n} errors", activity.errors)
    if plan.stopped:
        yield reader.text("stopped: what wasn't placed is ready again")


def answer_button(reader: Reader, question: Question, where: str = "") -> Button:
    """Says what the question is about, and on which marketplace where there may be several."""
    unsure = question.kind == OUTCOME
    why = reader.text("was it ordered?") if unsure else refusals.happened(reader, question.kind)
    where = where or reader.text("Answer")
    return Button(
        reader.text("❓ {where}: {why}", where=where, why=why), Address.of("question", question.id), "primary"
    )


@router.callback_query(Decide.filter(F.what == "reserve"))
async def reserve(_query: CallbackQuery, callback_data: Decide, turn: Turn) -> None:
    def change(store: Store) -> None:
        if turn.late:
            raise Stale("late")
        confirm(store, callback_data.preview_id, turn.person, turn.clock())
        turn.show(store, Address.of("preview", callback_data.preview_id))

    await turn.act(change)


@router.callback_query(Decide.filter(F.what == "drop"))
async def throw_away(_query: CallbackQuery, callback_data: Decide, turn: Turn) -> None:
    def change(store: Store) -> None:
        drop(store, callback_data.preview_id, turn.person, turn.clock())
        turn.show(store, Address.of("preview", callback_data.preview_id))

    await turn.act(change)
