"""Screens that ask for a text: what is typed is checked at once; when it breaks a rule, both are shown and kept.

A form is an address whose screen says what to type. `Ask` opens it; its handler has the filter `AwaitsText(screen)` and
calls `submit`. Any other button that leads away ends the form, so that a later text is never taken for an answer."""

from collections.abc import Callable, Iterator

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery
from pydantic import BaseModel

from bot.explain import explain
from bot.screens import Button, Copy, Row, Screen, opens
from bot.texts import Html, Reader, code, lines
from bot.turn import Turn
from purchasing.cards import Address
from purchasing.errors import BadInput
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import Lane

router = Router(name="forms")

TYPED = "typed"
LONGEST_KEPT = 1000


class Ask(CallbackData, prefix="ask", sep="|"):
    """Opens a form: the person's next text belongs to it."""

    form: str

    @classmethod
    def of(cls, screen: str, *args: object) -> "Ask":
        return cls(form=str(Address.of(screen, *args)))


class _Typed(BaseModel):
    form: str
    field: str
    rule: str
    value: str


@router.callback_query(Ask.filter())
async def ask(_query: CallbackQuery, callback_data: Ask, turn: Turn) -> None:
    form = Address.parse(callback_data.form)

    def change(store: Store) -> None:
        store.notes.remove(turn.person.id, TYPED)
        if opens(store, form, turn.person, turn.clock()):
            turn.ask(store, form)
        turn.show(store, form)

    await turn.act(change)


def submit(store: Store, turn: Turn, save: Callable[[], Address]) -> None:
    """`save` stores what was typed and says what to show next; its BadInput shows the form again, nothing lost."""
    assert turn.form is not None  # noqa: S101  # the filter AwaitsText let it through
    try:
        shown = save()
    except BadInput as error:
        kept = _Typed(form=str(turn.form), field=error.field, rule=error.rule, value=error.value[:LONGEST_KEPT])
        store.notes.put(turn.person.id, TYPED, kept.model_dump_json())
        turn.show(store, turn.form)
        return
    store.notes.remove(turn.person.id, TYPED)
    turn.end_form(store)
    turn.show(store, shown)


def mistake(store: Store, viewer: Person, form: Address) -> BadInput | None:
    """What was typed wrongly into this form last."""
    text = store.notes.get(viewer.id, TYPED)
    kept = _Typed.model_validate_json(text) if text else None
    return BadInput(kept.field, kept.rule, kept.value) if kept and kept.form == str(form) else None


def asking_screen(text: Html, wrong: BadInput | None, reader: Reader, *rows: Row) -> Screen:
    """What to type, then what was wrong with what was typed last, which can be copied; `rows` lead elsewhere."""
    return Screen(lines(text, *_mistake_text(wrong, reader)), (*_mistake_rows(wrong, reader), *rows))


def _mistake_text(error: BadInput | None, reader: Reader) -> Iterator[Html]:
    if error:
        yield Html("")
        yield Html(f"❗ {explain(error, reader)}")
        yield reader.text("You typed: {value}", value=code(error.value))


def _mistake_rows(error: BadInput | None, reader: Reader) -> Iterator[Row]:
    if error and error.value and len(error.value) <= 256:
        yield (Button(reader.text("Copy what I typed"), Copy(error.value)),)


def erase(store: Store, turn: Turn, message_id: int) -> None:
    """Takes a message of the person out of the chat, where Telegram allows it (private chat, within 48 hours)."""
    now = turn.clock()
    store.cards.remove(store.cards.show(turn.chat_id, message_id, Address.of("erased"), Lane.PRESS, now), now)
