"""A turn: one update being handled. It holds the one unit of work that a handler may make, which also ticks the update
off in the inbox; a handler never builds or sends a message.

A handler has three phases: read and download; `turn.act(fn)`; nothing more. Example::

    @router.callback_query(Toggle.filter())
    async def toggle(query: CallbackQuery, callback_data: Toggle, turn: Turn) -> None:
        def change(store: Store) -> None:
            tick_line(store, turn.person, callback_data.line_id)
            turn.show(store, Address.of("to_buy"))

        await turn.act(change)
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from aiogram.filters import Filter
from aiogram.types import TelegramObject

from bot import messages
from bot.explain import excuse, explain
from bot.screens import load
from bot.texts import Reader, plain
from purchasing.cards import Address
from purchasing.crash import crash_point, write
from purchasing.errors import BadInput, Conflict, NotAllowed, Stale
from purchasing.inbox import Incoming
from purchasing.people import Person
from purchasing.ports import Clock, Database, Files, Store
from purchasing.words import Lane

T = TypeVar("T")

MAX_NOTICE = 200
HOLDS = timedelta(minutes=5)
_FORM = "form"

Answer = Callable[[str, bool], Awaitable[None]]
"""Answers the pressed button: text ("" for none) and whether it is an alert; never raises."""


class AlreadyDone(Exception):
    """This update was applied before; what the handler did now is rolled back."""


@dataclass
class Turn:
    """`message_id` is the pressed card's, None for a text, command or file. `form` is what the person was asked to
    type, as set by `ask`."""

    person: Person
    chat_id: int
    message_id: int | None
    db: Database
    clock: Clock
    incoming: Incoming
    answer: Answer
    files: Files
    form: Address | None = None
    settled: bool = False
    """Whether the update is ticked off."""
    _notice: tuple[str, bool] = field(default=("", False))

    @property
    def reader(self) -> Reader:
        return Reader(self.person.language, self.person.zone, self.clock())

    @property
    def late(self) -> bool:
        """It waited longer than a confirmation holds (the bot was down): a button that spends money raises Stale."""
        return self.clock() - self.incoming.received_at > HOLDS

    async def read(self, fn: Callable[[Store], T]) -> T:
        return await self.db.read(fn)

    async def act(self, fn: Callable[[Store], T], notice: str = "", *, alert: bool = False) -> T | None:
        """Runs `fn` and ticks the update off, in one transaction; then answers the press with `notice`.

        NotAllowed, Stale, Conflict and BadInput raised in `fn` undo all of it and are told to the person (an alert
        for a press, a message otherwise); then, as for an update applied before, the result is None."""
        self.notice(notice, alert=alert)
        try:
            result = await write(self.db, "turn.act", lambda store: self._once(store, fn))
        except AlreadyDone:
            result = None
        except (NotAllowed, Stale, Conflict, BadInput) as error:
            await self.refuse(error)
            return None
        await self._settle()
        return result

    async def refuse(self, error: NotAllowed | Stale | Conflict | BadInput) -> None:
        """Tells the person why nothing was done and ticks the update off; a stale card is shown as it is now."""

        def tell(store: Store) -> None:
            if not store.inbox.done(self.incoming.bot_id, self.incoming.update_id, self.clock()):
                return
            if self.message_id is None:
                self.post(store, excuse(error))
            elif isinstance(error, Stale) and (card := store.cards.by_message(self.chat_id, self.message_id)):
                self.show(store, card.address)

        await write(self.db, "turn.refuse", tell)
        self.notice(explain(error, self.reader), alert=True)
        await self._settle()

    def notice(self, text: str, *, alert: bool = False) -> None:
        """What the press is answered with; may be called in `fn`, where only the outcome is known."""
        self._notice = (text, alert)

    def show(self, store: Store, address: Address, lane: Lane = Lane.PRESS) -> None:
        """Turns the pressed message into `address`, or makes a new one for a text."""
        if self.message_id is None:
            self.post(store, address, lane)
        else:
            store.cards.show(self.chat_id, self.message_id, address, lane, self.clock())

    def post(self, store: Store, address: Address, lane: Lane = Lane.PRESS) -> None:
        """A new message in this chat."""
        store.cards.post(self.chat_id, address, lane, self.clock())

    def confirmed(self, store: Store, question: Address) -> None:
        """Raises Stale unless the pressed message asks this question (any page of it) and shows what it is about as it
        stands now: a button that can't be undone belongs to one person, chat, message and content, and works once,
        however its data was come by."""
        card = store.cards.by_message(self.chat_id, self.message_id) if self.message_id else None
        if card is None or question not in (card.address, Address.parse(card.address.subject)) or self.late:
            raise Stale("not_asked")
        if card.digest != messages.digest(load(store, card.address, self.person, self.clock()).rendered(self.reader)):
            raise Stale("changed_meanwhile")

    def ask(self, store: Store, form: Address) -> None:
        """The person's next text belongs to this form: handlers with `AwaitsText(form.screen)` get it."""
        store.notes.put(self.person.id, _FORM, str(form))

    def end_form(self, store: Store) -> None:
        store.notes.remove(self.person.id, _FORM)

    def _once(self, store: Store, fn: Callable[[Store], T]) -> T:
        if not store.inbox.done(self.incoming.bot_id, self.incoming.update_id, self.clock()):
            raise AlreadyDone
        return fn(store)

    async def _settle(self) -> None:
        self.settled = True
        text, alert = self._notice
        await self.answer(plain(text)[:MAX_NOTICE], alert)
        crash_point("turn.answered")


def form_of(store: Store, person: Person) -> Address | None:
    text = store.notes.get(person.id, _FORM)
    return Address.parse(text) if text else None


class AwaitsText(Filter):
    """Passes texts of a person who was asked for this form; the handler reads its arguments from `turn.form`."""

    def __init__(self, form: str) -> None:
        self.form = form

    async def __call__(self, _event: TelegramObject, turn: Turn, **_data: Any) -> bool:
        return turn.form is not None and turn.form.screen == self.form
