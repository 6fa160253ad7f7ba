"""Order and parcel files sent to the chat, and the result card: what was taken, what wasn't and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.types import Message

from bot.screens import Button, Document, Row, Screen, back_row, home_row, screen
from bot.texts import Html, Reader, bold, lines
from bot.turn import Turn
from handlers.columns import column_name
from handlers.import_report import report
from handlers.import_rules import cell_rule, file_rule
from handlers.progress import bar
from purchasing.activities import Activity
from purchasing.cards import Address
from purchasing.errors import Stale
from purchasing.import_activity import start_import
from purchasing.import_plan import ImportPlan
from purchasing.import_result import ImportResult
from purchasing.order_file import RowProblem, refused_rows
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.shops import Pushed
from purchasing.words import ActivityState, QuestionState

router = Router(name="imports")

SHOWN = 10
"""Refused cells written out on the card; the rest is in the report."""


def is_picture(message: Message) -> bool:
    document = message.document
    return document is not None and (document.mime_type or "").startswith("image/")


@router.message(F.document, lambda message: not is_picture(message) and not is_pdf(message))
async def order_file(message: Message, turn: Turn) -> None:
    document = message.document
    assert document is not None  # noqa: S101  # the filter says so

    def begin(store: Store) -> None:
        name = (document.file_name or "file")[:100]
        activity = start_import(store, document.file_id, name, turn.chat_id, turn.person, turn.clock())
        turn.end_form(store)
        turn.post(store, Address.of("import", activity.id))

    await turn.act(begin)


def is_pdf(message: Message) -> bool:
    return message.document is not None and message.document.mime_type == "application/pdf"


@dataclass(frozen=True)
class ImportCard:
    activity: Activity
    plan: ImportPlan
    question_id: int | None


def load_import(store: Store, address: Address, _viewer: Person, _now: datetime) -> ImportCard:
    activity = store.activities.get(int(address.args[0]))
    if activity is None:
        raise Stale("activity_gone")
    asked = [q.id for q in store.questions.of_activity(activity.id) if q.state is QuestionState.OPEN]
    return ImportCard(activity, ImportPlan.of(activity), asked[0] if asked else None)


@screen("import", load=load_import)
def import_card(state: ImportCard, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: ImportCard, reader: Reader) -> Iterator[object]:
    name = state.plan.name
    title = (
        reader.text("Pushed by the shop {name}", name=name)
        if state.plan.wanted
        else reader.text("File {name}", name=name)
    )
    yield bold(title)
    if state.plan.rule:
        yield from ("", file_rule(reader, state.plan.rule, state.plan.value))
        return
    if state.activity.state is ActivityState.FAILED:
        yield from ("", reader.text("The file couldn't be read. Save it as XLSX and send it again."))
        return
    if state.activity.state in (ActivityState.QUEUED, ActivityState.RUNNING):
        yield reader.text("Reading…") if not state.plan.rows else bar(state.activity.percent)
        return
    yield _counts(state.plan, reader)
    yield from _result(state.plan.result, reader)
    if state.plan.skipped_sheets:
        names = ", ".join(state.plan.skipped_sheets)
        yield reader.text("Not read: sheets {names}. Send them as files of their own.", names=names)


def _counts(plan: ImportPlan, reader: Reader) -> Html:
    result = plan.result
    if plan.kind is Pushed.PARCELS:
        return reader.text(
            "Parcels\n✏️ updated: {updated}\n▫️ unchanged: {unchanged}",
            updated=result.updated,
            unchanged=result.unchanged,
        )
    return reader.text(
        "✅ new: {taken}\n✏️ updated: {updated}\n▫️ unchanged: {unchanged}",
        taken=result.taken,
        updated=result.updated,
        unchanged=result.unchanged,
    )


def _result(result: ImportResult, reader: Reader) -> Iterator[object]:
    if result.asked:
        yield reader.plural(
            "❓ {n} line is being bought already and differs",
            "❓ {n} lines are being bought already and differ",
            len(result.asked),
        )
    refused = refused_rows(result.refused)
    if refused:
        yield from ("", bold(reader.plural("❗ {n} row not taken", "❗ {n} rows not taken", refused)))
        yield from [problem_text(reader, problem) for problem in result.refused[:SHOWN]]
        if len(result.refused) > SHOWN:
            yield reader.text("…and {n} more in the report", n=len(result.refused) - SHOWN)
        yield reader.text("Correct this in the file and send it again: rows that were taken don't come in twice.")
    if result.notes:
        yield ""
        yield from [problem_text(reader, note) for note in result.notes[:SHOWN]]


def problem_text(reader: Reader, problem: RowProblem) -> Html:
    return reader.text(
        "row {row}, column “{column}”: “{value}” {why}",
        row=problem.row,
        column=column_name(reader, problem.column),
        value=problem.value[:60],
        why=cell_rule(reader, problem),
    )


def _rows(state: ImportCard, reader: Reader) -> Iterator[Row]:
    if state.question_id is not None:
        yield (Button(reader.text("Answer"), Address.of("question", state.question_id), "primary"),)
    if state.plan.kind is Pushed.PARCELS:
        yield (Button(reader.text("Parcels"), Address.of("parcels")),)
    elif state.plan.result.taken or state.plan.result.updated:
        yield (Button(reader.text("To buy"), Address.of("to_buy"), "success"),)
        yield (Button(reader.text("Orders"), Address.of("orders")),)
    if len(state.plan.result.refused) > SHOWN:
        yield (Button(reader.text("Report as a file"), Address.of("import_report", state.activity.id)),)
    yield home_row(reader)


@screen("import_report", load=load_import)
def import_report(state: ImportCard, reader: Reader) -> Screen:
    name = f"{state.plan.name.rsplit('.', 1)[0]}-report.xlsx"
    text = reader.text("Every row that wasn't taken, with its reason.")
    back = back_row(reader, Address.of("import", state.activity.id))
    return Screen(text, (back,), document=Document(name, report(state.plan.result, reader)))
