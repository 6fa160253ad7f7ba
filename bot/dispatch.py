"""Brings one stored update to its handler and ticks it off; a handler's failure is left to the intake to count."""

import json
import logging
from collections.abc import Callable
from functools import cache

from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.types import CallbackQuery, Update
from pydantic import ValidationError

from bot.access import Sender, invitation_token, sender
from bot.screens import keyboard, load
from bot.turn import Answer, Turn, form_of
from handlers import routers
from purchasing.cards import Address
from purchasing.crash import write
from purchasing.errors import BadInput, Conflict, NotAllowed, Stale, VykupError
from purchasing.inbox import Incoming
from purchasing.people import Person
from purchasing.ports import Clock, Database, Files, Store
from purchasing.staff import join

log = logging.getLogger(__name__)


@cache
def dispatcher() -> Dispatcher:
    """All handlers. It holds no state, so one serves every bot of the process; what a handler needs comes with the
    update. Forms live in storage, so that aiogram's own state machine is off."""
    whole = Dispatcher(disable_fsm=True)
    whole.include_routers(*routers())
    return whole


class Dispatch:
    """`seen` is told who is there; `zone` is given to people who join."""

    def __init__(
        self,
        bot: Bot,
        db: Database,
        clock: Clock,
        files: Files,
        seen: Callable[[Person], None] = lambda _person: None,
        zone: str = "UTC",
    ) -> None:
        self._zone = zone
        self._bot, self._db, self._clock, self._files = bot, db, clock, files
        self._seen = seen

    async def handle(self, incoming: Incoming) -> None:
        """Raises whatever a handler raises."""
        update = self._parsed(incoming)
        who = sender(json.loads(incoming.payload))
        known = await self._db.read(lambda store: _find(store, who)) if who else None
        if who and known is None and (token := invitation_token(json.loads(incoming.payload))):
            known = await write(self._db, "inbox.join", lambda store: self._join(store, who, token))
        if who is None or known is None:  # left the staff since it was taken in
            key = incoming.bot_id, incoming.update_id
            await write(self._db, "inbox.gone", lambda store: store.inbox.done(*key, self._clock()))
            return
        person, form = known
        if person.blocked_at is not None or person.name == str(person.telegram_id):
            await write(self._db, "inbox.welcome", lambda store: _welcome(store, person, who))
        self._seen(person)
        turn = self._turn(update, incoming, who, person, form)
        try:
            await dispatcher().feed_update(self._bot, update, turn=turn)
        except (NotAllowed, Stale, Conflict, BadInput) as error:
            await turn.refuse(error)
        except VykupError:
            raise
        except Exception:
            query = update.callback_query
            if query is None or turn.settled or await self._db.read(lambda store: _offers(store, turn, query.data)):
                raise
            log.warning("what was pressed can't be understood and is none of our buttons", exc_info=True)
            await turn.refuse(Stale("not_offered"))
        if not turn.settled:
            await turn.act(lambda _store: None)

    def _join(self, store: Store, who: Sender, token: str) -> tuple[Person, Address | None] | None:
        person = join(store, token, who.user_id, who.name, self._zone, self._clock())
        return (person, None) if person else None

    def _parsed(self, incoming: Incoming) -> Update:
        try:
            return Update.model_validate_json(incoming.payload, context={"bot": self._bot})
        except ValidationError as error:
            # its own text holds what people wrote
            places = {".".join(map(str, one["loc"])) for one in error.errors(include_input=False)}
            raise ValueError(f"an update that can't be read at {', '.join(sorted(places))}") from None

    def _turn(self, update: Update, incoming: Incoming, who: Sender, person: Person, form: Address | None) -> Turn:
        query = update.callback_query
        return Turn(
            person=person,
            chat_id=who.chat_id,
            message_id=query.message.message_id if query and query.message else None,
            db=self._db,
            clock=self._clock,
            incoming=incoming,
            answer=self._answer(query),
            files=self._files,
            form=form,
        )

    def _answer(self, query: CallbackQuery | None) -> Answer:
        async def answer(text: str, alert: bool) -> None:
            if query is None:
                return
            try:
                await self._bot.answer_callback_query(query.id, text or None, show_alert=alert)
            except TelegramBadRequest as error:
                log.debug("a press is too old to be answered: %s", error.message)
            except AiogramError as error:
                log.warning("a press could not be answered: %s", type(error).__name__)

        return answer


def _offers(store: Store, turn: Turn, data: str | None) -> bool:
    """Whether the pressed message has such a button; what is made up by others may be senseless in any way."""
    card = store.cards.by_message(turn.chat_id, turn.message_id) if turn.message_id else None
    if card is None:
        return False
    markup = keyboard(load(store, card.address, turn.person, turn.clock()).rendered(turn.reader).rows)
    return markup is not None and any(data == one.callback_data for row in markup.inline_keyboard for one in row)


def _welcome(store: Store, person: Person, who: Sender) -> None:
    """Somebody who was only a number until now, or had blocked the bot, is here."""
    store.people.set_blocked(person.id, None)
    if person.name == str(person.telegram_id) and who.name:
        store.people.rename(person.id, who.name)


def _find(store: Store, who: Sender) -> tuple[Person, Address | None] | None:
    person = store.people.by_telegram(who.user_id)
    return (person, form_of(store, person)) if person else None
