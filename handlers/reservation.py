"""What becomes of a confirmed preview: one live message from the first order to the last answer."""

from collections.abc import Iterator

from bot.screens import Button, Row, Screen, home_row
from bot.texts import Html, Reader, bold, lines
from handlers import names, refusals
from handlers.preview_state import Decide, PreviewState, tries, troubles
from handlers.progress import bar
from handlers.steps import step_text
from purchasing.activities import Activity, Question
from purchasing.cards import Address
from purchasing.reserve.ask import OUTCOME
from purchasing.reserve.plan import ReservePlan
from purchasing.words import ActivityState

SHOWN = 12
"""Refused lines written out in a preview; the rest is counted."""


def progress(state: PreviewState, reader: Reader) -> Screen:
    parts: list[object] = [bold(reader.text("Reservation")), *_delay(state, reader)]
    rows: list[Row] = [*_delay_rows(state, reader), *tries(state, reader)]
    for activity, plan in zip(state.activities, state.plans, strict=True):
        parts += ["", *_activity(state, activity, plan, reader)]
        label = reader.text("Details: {nick}", nick=state.nicks.get(activity.account_id or 0, ""))
        rows.append((Button(label, Address.of("activity", activity.id)),))
    parts += ["", *troubles(state, reader)]
    if all(activity.over for activity in state.activities):
        if state.may_pay and any(activity.orders_found for activity in state.activities):
            rows.insert(0, (Button(reader.text("To pay"), Address.of("to_pay"), "success"),))
        rows.append((Button(reader.text("To buy"), Address.of("to_buy")),))
    where = {activity.id: names.provider(activity.provider) for activity in state.activities}
    answers = [(answer_button(reader, q, where.get(q.activity_id, "")),) for q in state.questions[:SHOWN]]
    rows = [*answers, *rows]
    return Screen(lines(*parts), (*rows, home_row(reader)))


def _delay(state: PreviewState, reader: Reader) -> Iterator[Html]:
    if state.not_before:
        yield reader.text(
            "⏳ Nothing is sent before {time}: until then it can be taken back.", time=reader.second(state.not_before)
        )


def _delay_rows(state: PreviewState, reader: Reader) -> Iterator[Row]:
    if state.not_before and state.mine:
        preview_id = state.preview.id
        yield (
            Button(reader.text("↩ Take back"), Decide(what="back", preview_id=preview_id), "danger"),
            Button(reader.text("Order now"), Decide(what="now", preview_id=preview_id)),
        )


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
    if plan.stopped and plan.not_before:
        yield reader.text("taken back: nothing was ordered, the lines are ready again")
    elif plan.stopped:
        yield reader.text("stopped: what wasn't placed is ready again")


def answer_button(reader: Reader, question: Question, where: str = "") -> Button:
    """Says what the question is about, and on which marketplace where there may be several."""
    unsure = question.kind == OUTCOME
    why = reader.text("was it ordered?") if unsure else refusals.happened(reader, question.kind)
    where = where or reader.text("Answer")
    return Button(
        reader.text("❓ {where}: {why}", where=where, why=why), Address.of("question", question.id), "primary"
    )
