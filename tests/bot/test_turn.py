"""A turn applies its change once, whatever the handler and the person do."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.dispatch import Dispatch
from bot.turn import Turn, form_of
from purchasing.cards import Address
from purchasing.errors import BadInput, Conflict, NotAllowed, Stale
from purchasing.inbox import Incoming
from purchasing.ports import Store
from storage.engine import SqlDatabase
from tests.bot.telegram import OWNER, Telegram

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Made:
    db: SqlDatabase
    answers: list[tuple[str, bool]] = field(default_factory=list)

    async def turn(self, update_id: int = 1, message_id: int | None = 77) -> Turn:
        incoming = Incoming(5, update_id, str(OWNER), "{}", NOW)
        await self.db.write(lambda store: store.inbox.accept([incoming]))
        person = await self.db.read(lambda store: store.people.by_telegram(OWNER))
        assert person is not None
        return Turn(person, OWNER, message_id, self.db, lambda: NOW, incoming, self.answer, NoFiles())

    async def answer(self, text: str, alert: bool) -> None:
        self.answers.append((text, alert))

    async def shown(self) -> list[str]:
        due = await self.db.read(lambda store: store.cards.next(NOW, (), 9))
        return [str(row.card.address) for row in due]

    async def note(self) -> str | None:
        return await self.db.read(lambda store: store.settings.get("x"))


class NoFiles:
    async def download(self, file_id: str) -> bytes:
        raise AssertionError(file_id)


@pytest.fixture
def made(db: SqlDatabase) -> Made:
    return Made(db)


async def test_the_change_the_card_and_the_tick_are_one(made: Made) -> None:
    turn = await made.turn()

    def change(store: Store) -> int:
        store.settings.put("x", "changed", turn.person.id, NOW)
        turn.show(store, Address.of("home"))
        turn.notice("A & B done")
        return 5

    assert await turn.act(change) == 5
    assert (await made.note(), await made.shown(), made.answers) == ("changed", ["home"], [("A & B done", False)])
    assert await made.db.read(lambda store: store.inbox.pending()) == []


async def test_an_update_done_before_changes_nothing_more(made: Made) -> None:
    turn = await made.turn()
    await turn.act(lambda _store: None)
    again = await made.turn()
    await again.act(lambda store: store.settings.put("x", "twice", None, NOW))
    assert await made.note() is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotAllowed(), "role"),
        (Stale(), "out of date"),
        (Stale("no_ready_lines"), "Tick at least one"),
        (Conflict("x", "Buyer"), "Buyer is at this"),
        (Conflict("x"), "Somebody else"),
        (BadInput("mobile", "mobile_11_digits", "12"), "11 digits"),
    ],
)
async def test_an_error_undoes_all_and_is_told(
    made: Made, error: NotAllowed | Stale | Conflict | BadInput, words: str
) -> None:
    turn = await made.turn()

    def change(store: Store) -> None:
        store.settings.put("x", "half", None, NOW)
        raise error

    await turn.act(change)
    assert await made.note() is None
    ((text, alert),) = made.answers
    assert words in text
    assert alert
    assert turn.settled
    assert await made.shown() == []


async def test_after_a_text_the_error_is_a_message(made: Made) -> None:
    turn = await made.turn(message_id=None)

    def change(_store: Store) -> None:
        raise BadInput("zip", "zip_6_digits", "abc")

    await turn.act(change)
    assert await made.shown() == ["excuse:input:zip:zip_6_digits"]


async def test_any_other_error_leaves_the_update_to_be_tried_again(made: Made) -> None:
    turn = await made.turn()

    def change(store: Store) -> None:
        store.settings.put("x", "half", None, NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await turn.act(change)
    assert await made.note() is None
    assert len(await made.db.read(lambda store: store.inbox.pending())) == 1
    assert made.answers == []


async def test_a_form_waits_for_the_next_text(made: Made) -> None:
    turn = await made.turn()
    await turn.act(lambda store: turn.ask(store, Address.of("login_code", 12)))
    assert await made.db.read(lambda store: form_of(store, turn.person)) == Address.of("login_code", 12)
    await made.db.write(turn.end_form)
    assert await made.db.read(lambda store: form_of(store, turn.person)) is None


async def test_what_waited_too_long_is_late(made: Made) -> None:
    turn = await made.turn()
    assert not turn.late
    turn.clock = lambda: NOW + timedelta(minutes=6)
    assert turn.late


async def test_an_update_that_cannot_be_read_says_where_and_not_what(db: SqlDatabase, telegram: Telegram) -> None:
    dispatch = Dispatch(telegram.bot, db, lambda: NOW, NoFiles())
    payload = '{"update_id": 1, "message": {"message_id": "planted words"}}'
    with pytest.raises(ValueError, match=r"message\.message_id") as caught:
        await dispatch.handle(Incoming(5, 1, str(OWNER), payload, NOW))
    assert "planted" not in str(caught.value)


async def test_a_stale_press_says_what_happened_and_shows_the_card_as_it_is(made: Made) -> None:
    turn = await made.turn()
    await turn.act(lambda store: turn.show(store, Address.of("order", 7)))
    [sent] = await made.db.read(lambda store: store.cards.next(NOW, (), 9))
    await made.db.write(lambda store: store.cards.done(sent, 77, "", "digest", NOW))
    again = await made.turn(2)

    def change(_store: Store) -> None:
        raise Stale("question_answered", "Buyer")

    await again.act(change)
    assert "Buyer was faster" in made.answers[-1][0]
    assert await made.shown() == ["order:7"]
