"""Questions: one card for all lines of a kind, answered by the first press; the others see who and what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.screens import Button, Row, Screen, Style, back_row, home_row, pages, screen
from bot.texts import Html, Reader, bold, esc, lazy_text, lines
from bot.turn import Turn
from handlers import refusals
from handlers.columns import differences_text
from handlers.link import which_line
from handlers.outcome import Evidence, evidence_of, outcome_rows, outcome_text
from purchasing.activities import Activity, Question
from purchasing.answer import answer_all, answer_line
from purchasing.cards import Address
from purchasing.check.plan import CheckPlan
from purchasing.errors import Stale
from purchasing.import_plan import ImportPlan
from purchasing.import_result import Difference
from purchasing.link.questions import WHICH_LINE
from purchasing.money import goods_total
from purchasing.orders import OrderLine
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.reserve.ask import OUTCOME
from purchasing.reserve.plan import ReservePlan
from purchasing.unbind.plan import UnbindPlan
from purchasing.unbind.untie import foreign_goods, others_on
from purchasing.words import ActivityKind, QuestionState

router = Router(name="questions")

SHOWN = 10
PAGE = 6

ALL: dict[str, str] = {
    "keep": lazy_text("Keep ours"),
    "take": lazy_text("Take the file's"),
    "buy": lazy_text("Buy at the new price"),
    "skip": lazy_text("Skip these items"),
    "cancel": lazy_text("Cancel these items"),
    "stop": lazy_text("Stop the reservation"),
    "send_again": lazy_text("It isn't there: send again"),
    "not_there": lazy_text("It isn't there: the lines are ready again"),
    "leave": lazy_text("Leave it to me"),
    "cancel_order": lazy_text("Cancel the provider orders too"),
    "only_unbind": lazy_text("Only take the ties off"),
    "leave_bound": lazy_text("Stop: leave them bound"),
    "none": lazy_text("None of these"),
    "accept": lazy_text("Keep them as they are"),
    "recalculate": lazy_text("Recalculate and ask the customers"),
    "cancel_bought": lazy_text("Unbind and cancel"),
}
ONE: dict[str, str] = {
    "keep": lazy_text("Keep ours"),
    "take": lazy_text("Take the file's"),
    "buy": lazy_text("Buy at the new price"),
    "skip": lazy_text("Skip this item"),
    "cancel": lazy_text("Cancel this item"),
    "stop": lazy_text("Stop the reservation"),
    "send_again": lazy_text("It isn't there: send again"),
    "not_there": lazy_text("It isn't there: the lines are ready again"),
    "leave": lazy_text("Leave it to me"),
    "cancel_order": lazy_text("Cancel the provider order too"),
    "only_unbind": lazy_text("Only take the tie off"),
    "leave_bound": lazy_text("Stop: leave it bound"),
    "none": lazy_text("None of these"),
    "accept": lazy_text("Keep it as it is"),
    "recalculate": lazy_text("Recalculate and ask the customer"),
    "cancel_bought": lazy_text("Unbind and cancel"),
}
STYLES: dict[str, Style] = {
    "buy": "success",
    "cancel": "danger",
    "stop": "danger",
    "send_again": "danger",
    "not_there": "danger",
    "cancel_order": "danger",
    "cancel_bought": "danger",
}
WHOLE = {OUTCOME, WHICH_LINE}
"""Kinds that are answered as a whole, never line by line."""
CONFIRMED = {"cancel", "send_again", "not_there", "cancel_order", "cancel_bought"}
"""Answers that can't be taken back: asked once more before they count."""


class Answer(CallbackData, prefix="ans"):
    """`number` counts the question's answers; `line_id` 0 means all lines; `sure` 0 may ask once more."""

    question_id: int
    number: int
    line_id: int
    sure: int


@dataclass(frozen=True)
class QuestionCard:
    question: Question
    lines: list[OrderLine]
    details: dict[int, str]
    """What is to be said beside a line."""
    differences: dict[int, tuple[Difference, ...]]
    """What a file says otherwise of a line."""
    account: str
    who: str
    failure: str
    """Code of why the activity ended, "" otherwise."""
    asking: int | None
    """The answer that is to be confirmed."""
    evidence: Evidence | None
    """What is known of an order whose outcome isn't."""


def load_question(store: Store, address: Address, _viewer: Person, _now: datetime) -> QuestionCard:
    question = store.questions.get(int(address.args[0]))
    activity = store.activities.get(question.activity_id) if question else None
    if question is None or activity is None:
        raise Stale("question_gone")
    account = store.accounts.get(activity.account_id) if activity.account_id else None
    who = store.people.get(question.answered_by) if question.answered_by else None
    asking = int(address.args[2]) if len(address.args) > 2 and address.args[1] == "sure" else None
    return QuestionCard(
        question,
        store.lines.many(question.line_ids),
        _details(store, activity, question),
        _differences(activity),
        account.nick if account else "",
        who.name if who else "",
        activity.failure,
        asking,
        evidence_of(store, question),
    )


def _details(store: Store, activity: Activity, question: Question) -> dict[int, str]:
    if activity.kind is ActivityKind.RESERVE:
        preview = store.previews.get(ReservePlan.of(activity).preview_id)
        return {row.line_id: row.detail for row in preview.lines} if preview else {}
    if activity.kind is ActivityKind.UNBIND:
        return dict(_hanging(store, UnbindPlan.of(activity)))
    if activity.kind is ActivityKind.REPRICE:
        return CheckPlan.of(activity).details.get(question.kind, {})
    return {}


def _differences(activity: Activity) -> dict[int, tuple[Difference, ...]]:
    if activity.kind is not ActivityKind.IMPORT:
        return {}
    return {asked.line_id: asked.differences for asked in ImportPlan.of(activity).result.asked}


def _hanging(store: Store, plan: UnbindPlan) -> Iterator[tuple[int, str]]:
    """The provider order that a line is tied to, and what else hangs on it."""
    for target in plan.targets:
        others = [f"{x.order_number} {(x.title or x.item_id)[:20]}" for x in others_on(store, target)]
        others += [(x.title or x.item_id)[:20] for x in foreign_goods(store, target)]
        detail = " + ".join((target.number, *others[:3]))
        yield from ((line_id, detail) for line_id in target.line_ids)


@screen("question", load=load_question)
def question_screen(state: QuestionCard, reader: Reader) -> Screen:
    question = state.question
    parts: list[object] = [*_head(state, reader), "", *_lines(state, reader)]
    if question.state is QuestionState.ANSWERED:
        parts += ["", _answered(state, reader)]
    elif question.state is QuestionState.WITHDRAWN:
        parts += [
            "",
            reader.text("No answer is needed any more: the activity was stopped or has ended."),
            _why(state, reader),
        ]
    elif advice := refusals.remedy(reader, question.kind):
        parts += ["", advice]
    return Screen(lines(*parts), tuple(_rows(state, reader)))


def _why(state: QuestionCard, reader: Reader) -> Html | None:
    return reader.text("Why: {why}", why=refusals.happened(reader, state.failure)) if state.failure else None


def _head(state: QuestionCard, reader: Reader) -> Iterator[object]:
    if state.question.kind == WHICH_LINE:
        yield from which_line(state.question, reader)
        return
    if state.evidence:
        asked = state.question.state is QuestionState.OPEN
        yield from outcome_text(state.evidence, state.account, reader, asked=asked)
        return
    count = len(state.question.line_ids)
    why = refusals.happened(reader, state.question.kind)
    yield bold(reader.plural("❓ {n} item: {why}", "❓ {n} items: {why}", count, why=why))


def _lines(state: QuestionCard, reader: Reader) -> Iterator[object]:
    decided = dict(state.question.line_answers)
    for line in state.lines[:SHOWN]:
        detail = _aside(state, line.id, reader)
        sign = "✓ " if line.id in decided else ""
        yield reader.text(
            "{sign}{order} · {title} · {choice} ×{quantity}, {price}{detail}",
            sign=sign,
            order=line.order_number,
            title=(line.title or line.item_id)[:40],
            choice=line.sku or "—",
            quantity=line.quantity,
            price=reader.yuan(goods_total(line.price, line.quantity)),
            detail=detail,
        )
    if len(state.lines) > SHOWN:
        yield reader.text("…and {n} more", n=len(state.lines) - SHOWN)


def _aside(state: QuestionCard, line_id: int, reader: Reader) -> Html:
    told = state.details.get(line_id) or differences_text(reader, state.differences.get(line_id, ()))
    return refusals.aside(reader, state.question.kind, told)


def answer_name(reader: Reader, code: str, *, one: bool, words: Mapping[str, str] | None = None) -> Html:
    """`words`: the question's params, which may hold a label of their own for an answer."""
    if words and code in words:
        return esc(words[code])
    if code.startswith("is:"):
        return reader.text("This is it: {number}", number=code.removeprefix("is:"))
    texts = ONE if one else ALL
    return reader.text(texts[code]) if code in texts else reader.text("one by one")


def _answered(state: QuestionCard, reader: Reader) -> Html:
    question = state.question
    what = answer_name(reader, question.answer, one=len(question.line_ids) == 1, words=dict(question.params))
    return reader.text("✓ {who}, {when}: {what}", who=state.who, when=reader.when(question.answered_at), what=what)


def _rows(state: QuestionCard, reader: Reader) -> Iterator[Row]:
    question = state.question
    one = len(question.line_ids) == 1
    if question.state is QuestionState.OPEN:
        if state.asking is not None:
            yield from _confirmation(state, reader, state.asking, one=one)
            return
        for number, code in enumerate(question.answers):
            press = Answer(question_id=question.id, number=number, line_id=0, sure=int(code not in CONFIRMED))
            label = answer_name(reader, code, one=one, words=dict(question.params))
            yield (Button(label, press, STYLES.get(code)),)
        if state.evidence:
            yield from outcome_rows(question, state.evidence, reader)
        if not one and question.kind not in WHOLE:
            yield (Button(reader.text("One by one"), Address.of("question_lines", question.id, 0)),)
    yield (Button(reader.text("Activity"), Address.of("activity", question.activity_id)),)
    yield home_row(reader)


def _confirmation(state: QuestionCard, reader: Reader, number: int, *, one: bool) -> Iterator[Row]:
    code = state.question.answers[number]
    press = Answer(question_id=state.question.id, number=number, line_id=0, sure=1)
    label = reader.text("Yes: {what}", what=answer_name(reader, code, one=one))
    yield (Button(label, press, "danger"),)
    yield back_row(reader, Address.of("question", state.question.id))


@router.callback_query(Answer.filter(F.sure == 0))
async def ask_once_more(_query: CallbackQuery, callback_data: Answer, turn: Turn) -> None:
    address = Address.of("question", callback_data.question_id, "sure", callback_data.number)
    await turn.act(lambda store: turn.show(store, address))


@router.callback_query(Answer.filter(F.sure == 1))
async def answer(_query: CallbackQuery, callback_data: Answer, turn: Turn) -> None:
    def change(store: Store) -> None:
        question = store.questions.get(callback_data.question_id)
        if question is None or callback_data.number >= len(question.answers):
            raise Stale("question_gone")
        code = question.answers[callback_data.number]
        if code in CONFIRMED and question.state is QuestionState.OPEN:
            turn.confirmed(store, _asked(callback_data))
        if callback_data.line_id:
            answer_line(store, turn.person, question.id, callback_data.line_id, code, turn.clock())
        else:
            answer_all(store, turn.person, question.id, code, turn.clock())
        turn.show(store, Address.of("question", question.id))

    await turn.act(change)


def _asked(press: Answer) -> Address:
    """What the message must show for an answer that can't be taken back."""
    if press.line_id:
        return Address.of("question_line", press.question_id, press.line_id)
    return Address.of("question", press.question_id, "sure", press.number)


@dataclass(frozen=True)
class OneByOne:
    question: Question
    lines: list[OrderLine]
    page: int


def load_one_by_one(store: Store, address: Address, _viewer: Person, _now: datetime) -> OneByOne:
    question = store.questions.get(int(address.args[0]))
    if question is None or question.state is not QuestionState.OPEN:
        raise Stale("question_gone")
    decided = dict(question.line_answers)
    left = [line for line in store.lines.many(question.line_ids) if line.id not in decided]
    return OneByOne(question, left, int(address.args[1]))


@screen("question_lines", load=load_one_by_one)
def one_by_one(state: OneByOne, reader: Reader) -> Screen:
    rows: list[Row] = []
    shown = state.lines[state.page * PAGE : (state.page + 1) * PAGE]
    for line in shown:
        label = f"{line.order_number} · {line.title or line.item_id} ×{line.quantity}"
        rows.append((Button(label, Address.of("question_line", state.question.id, line.id)),))
    rows += pages(
        reader, lambda n: Address.of("question_lines", state.question.id, n), state.page, len(state.lines), PAGE
    )
    text = bold(reader.text("Which item do you decide about?"))
    return Screen(text, (*rows, back_row(reader, Address.of("question", state.question.id))))


def load_line_question(store: Store, address: Address, _viewer: Person, _now: datetime) -> OneByOne:
    question = store.questions.get(int(address.args[0]))
    line = store.lines.get(int(address.args[1]))
    if question is None or line is None or question.state is not QuestionState.OPEN:
        raise Stale("question_gone")
    return OneByOne(question, [line], 0)


@screen("question_line", load=load_line_question)
def line_question(state: OneByOne, reader: Reader) -> Screen:
    line, question = state.lines[0], state.question
    rows: list[Row] = []
    for number, code in enumerate(question.answers):
        press = Answer(question_id=question.id, number=number, line_id=line.id, sure=1)
        rows.append((Button(answer_name(reader, code, one=True), press, STYLES.get(code)),))
    text = lines(
        bold(refusals.happened(reader, question.kind)),
        reader.text("{order} · {title} · {choice}", order=line.order_number, title=line.title, choice=line.sku or "—"),
    )
    return Screen(text, (*rows, back_row(reader, Address.of("question_lines", question.id, 0))))
