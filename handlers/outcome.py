"""What stands on the card that asks whether an order was made: what was sent, what the account's list shows, a picture
of it; and the form for the number of an order that a person has found there. Nothing here looks at a marketplace."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.types import Message

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Html, Reader, add_rules, bold, code, folded, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.forms import Ask, asking_screen, mistake, submit
from purchasing.activities import Question
from purchasing.answer import name_order
from purchasing.cards import Address
from purchasing.checkout_json import load
from purchasing.errors import BadInput, Stale
from purchasing.ledger import Intent
from purchasing.people import Person, Right, check
from purchasing.ports import Store
from purchasing.reserve.ask import OUTCOME
from purchasing.reserve.evidence import SeenOrder, Shown, shown_with
from purchasing.words import QuestionState

router = Router(name="outcome")

FORM = "outcome_number"

add_rules({"number_tied": lazy_text("This order is tied to lines already, so it isn't the one that was sent now.")})


@dataclass(frozen=True)
class Evidence:
    """`intent` is what was sent, `shown` what the last look saw."""

    intent: Intent
    shown: Shown


def evidence_of(store: Store, question: Question) -> Evidence | None:
    """None for a question about anything else."""
    if question.kind != OUTCOME:
        return None
    intent = store.ledger.get(int(dict(question.params)["intent"]))
    return Evidence(intent, shown_with(question)) if intent else None


def outcome_text(evidence: Evidence, account: str, reader: Reader, *, asked: bool) -> Iterator[object]:
    """What was sent is shown while it is `asked`: an answer may have it sent again, which is another sending."""
    yield bold(reader.text("❓ Was it ordered?"))
    yield reader.text(
        "The marketplace gave no answer to the order {key}, and it can't be told for certain whether it exists. "
        "Look into the account {account} before you answer.",
        key=evidence.intent.key,
        account=account,
    )
    if asked:
        yield ""
        yield from _sent(evidence.intent, reader)
        yield from _shown(evidence.shown, reader)


def _sent(intent: Intent, reader: Reader) -> Iterator[object]:
    """From the ledger, where it is erased in time."""
    yield reader.text(
        "<b>Sent</b> {when} for {total}:", when=reader.when(intent.sent_at), total=reader.yuan(intent.expected_total)
    )
    if not intent.checkout:
        return
    checkout = load(intent.checkout)
    for line in checkout.lines[:10]:
        yield reader.text(
            "{title} · {choice} ×{quantity} · {price}",
            title=(line.title or line.item_id)[:40],
            choice=line.choice or line.sku_id or "—",
            quantity=line.quantity,
            price=reader.money(line.unit_price, "CNY"),
        )
    if intent.evidence:
        yield folded(intent.evidence[:600])


def _shown(shown: Shown, reader: Reader) -> Iterator[object]:
    yield ""
    if shown.at is None:
        yield reader.text("Nobody has looked into the account's list since.")
        return
    if not shown.orders:
        yield reader.text("<b>The account's list</b> showed no such order {when}.", when=reader.when(shown.at))
    else:
        yield reader.text("<b>The account's list</b> showed {when}:", when=reader.when(shown.at))
    for order in shown.orders:
        yield _order(order, reader)


def _order(order: SeenOrder, reader: Reader) -> Html:
    return reader.text(
        "{number} · {when} · {total} · {status} · {goods}",
        number=code(order.number),
        when=reader.when(order.created_at),
        total=reader.yuan(order.total),
        status=order.status,
        goods=order.goods[:80],
    )


def outcome_rows(question: Question, evidence: Evidence, reader: Reader) -> Iterator[Row]:
    yield (Button(reader.text("It is there: type its number"), Ask.of(FORM, question.id)),)
    if evidence.shown.picture is not None:
        yield (Button(reader.text("Picture of the list"), Address.of("outcome_picture", question.id)),)


@dataclass(frozen=True)
class ListPicture:
    question_id: int
    at: datetime | None
    picture: bytes | None


def load_picture(store: Store, address: Address, viewer: Person, _now: datetime) -> ListPicture:
    check(viewer, Right.BUY)
    shown = shown_with(_question(store, address))
    blob = store.blobs.get(shown.picture) if shown.picture is not None else None
    return ListPicture(int(address.args[0]), shown.at, blob[0] if blob else None)


def _question(store: Store, address: Address) -> Question:
    question = store.questions.get(int(address.args[0]))
    if question is None or question.kind != OUTCOME:
        raise Stale("question_gone")
    return question


@screen("outcome_picture", load=load_picture)
def picture_screen(state: ListPicture, reader: Reader) -> Screen:
    text = reader.text("The account's list, {when}", when=reader.when(state.at))
    if state.picture is None:
        text = reader.text("The picture is no longer kept.")
    return Screen(text, (back_row(reader, Address.of("question", state.question_id)),), photo=state.picture)


@dataclass(frozen=True)
class NumberForm:
    question_id: int
    error: BadInput | None


def load_number(store: Store, address: Address, viewer: Person, _now: datetime) -> NumberForm:
    check(viewer, Right.BUY)
    if _question(store, address).state is not QuestionState.OPEN:
        raise Stale("question_gone")
    return NumberForm(int(address.args[0]), mistake(store, viewer, address))


@screen(FORM, load=load_number)
def number_screen(state: NumberForm, reader: Reader) -> Screen:
    text = lines(
        bold(reader.text("Which order is it?")),
        reader.text("Type the number of the order that you see in the account. It is read before it counts."),
    )
    back = back_row(reader, Address.of("question", state.question_id))
    return asking_screen(text, state.error, reader, back)


@router.message(F.text, AwaitsText(FORM))
async def take_number(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        question_id = int(turn.form.args[0]) if turn.form else 0

        def save() -> Address:
            name_order(store, turn.person, question_id, message.text or "", turn.clock())
            return Address.of("question", question_id)

        submit(store, turn, save)

    await turn.act(change)
