"""Answering a question: once, the first answer wins, and only by somebody who may buy."""

from collections.abc import Callable, Sequence
from datetime import datetime

from purchasing import import_activity
from purchasing.activities import Activity, Question
from purchasing.check import questions as check_order
from purchasing.errors import BadInput, Stale
from purchasing.link import questions as link
from purchasing.link.number import check_number
from purchasing.people import Person, Right, check, check_account
from purchasing.ports import AuditEntry, Store
from purchasing.reserve import answers as reserve
from purchasing.reserve.ask import OUTCOME
from purchasing.unbind import questions as unbind
from purchasing.words import ActivityKind, Lane, QuestionState

Apply = Callable[[Store, Person, Activity, Question, str, Sequence[int], datetime], None]

_APPLY: dict[ActivityKind, Apply] = {
    ActivityKind.RESERVE: reserve.apply,
    ActivityKind.IMPORT: import_activity.apply,
    ActivityKind.LINK: link.apply,
    ActivityKind.UNBIND: unbind.apply,
    ActivityKind.REPRICE: check_order.apply,
}


def answer_all(store: Store, person: Person, question_id: int, answer: str, now: datetime) -> None:
    """One answer for all lines that have none of their own. Raises NotAllowed, Stale (answered, withdrawn, unknown)."""
    question, activity = _open(store, person, question_id, answer)
    if not store.questions.answer(question_id, answer, person.id, now):
        raise Stale("question_answered")
    left = [i for i in question.line_ids if i not in dict(question.line_answers)]
    _apply(store, activity, question, answer, left, person, now)


def answer_line(store: Store, person: Person, question_id: int, line_id: int, answer: str, now: datetime) -> None:
    """An answer for one line; the last one closes the question. Raises like `answer_all`."""
    question, activity = _open(store, person, question_id, answer)
    if line_id not in question.line_ids or not store.questions.answer_line(question_id, line_id, answer):
        raise Stale("question_answered")
    _apply(store, activity, question, answer, [line_id], person, now)
    answered = {*dict(question.line_answers), line_id}
    if answered.issuperset(question.line_ids):
        store.questions.answer(question_id, "one_by_one", person.id, now)


def _open(store: Store, person: Person, question_id: int, answer: str) -> tuple[Question, Activity]:
    check(person, Right.BUY)
    question = store.questions.get(question_id)
    activity = store.activities.get(question.activity_id) if question else None
    if question is None or activity is None:
        raise Stale("question_gone")
    if activity.account_id is not None:
        check_account(person, activity.account_id)
    if question.state is QuestionState.ANSWERED:
        first = store.people.get(question.answered_by) if question.answered_by else None
        raise Stale("question_answered", first.name if first else "")
    if activity.over or question.state is not QuestionState.OPEN:
        raise Stale("question_over")
    if answer not in question.answers and not _names_an_order(question, answer):
        raise Stale("answer_unknown")
    return question, activity


def _names_an_order(question: Question, answer: str) -> bool:
    """Where the outcome of an order is unknown, a person may have found it though we did not."""
    return question.kind == OUTCOME and answer.startswith("is:")


def name_order(store: Store, person: Person, question_id: int, typed: str, now: datetime) -> None:
    """Answers that the order in question has this number. Raises BadInput for a number that breaks its rule or is an
    order of something else, beside what `answer_all` raises."""
    question = store.questions.get(question_id)
    activity = store.activities.get(question.activity_id) if question else None
    account = store.accounts.get(activity.account_id or 0) if activity else None
    if account is None:
        raise Stale("question_gone")
    number = check_number(store, account, typed)
    known = store.provider_orders.by_number(account.provider, number)
    if known and store.bindings.of_provider_order(known.id):
        raise BadInput("order_number", "number_tied", number)
    answer_all(store, person, question_id, f"is:{number}", now)


def _apply(
    store: Store,
    activity: Activity,
    question: Question,
    answer: str,
    line_ids: Sequence[int],
    person: Person,
    now: datetime,
) -> None:
    _APPLY[activity.kind](store, person, activity, question, answer, line_ids, now)
    store.audit.add(AuditEntry(now, person.id, "answer", f"question:{question.id}", "", answer))
    store.cards.touch(f"question:{question.id}", Lane.PRESS, now)
