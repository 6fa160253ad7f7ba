"""What a person is told of and when: topics, digest, quiet hours, duty. Everybody's own; owners set it for others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.screens import Button, Row, Screen, Style, back_row, screen
from bot.texts import Html, Reader, add_rules, bold, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.forms import Ask, asking_screen, mistake, submit
from purchasing.cards import Address
from purchasing.errors import BadInput
from purchasing.options import option
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.quiet_hours import hours_text
from purchasing.staff import own_or_managed, set_digest, set_duty, set_quiet, toggle_topic

router = Router(name="told_of")

TOPICS = {
    "news": lazy_text("news of orders"),
    "parcels": lazy_text("parcels and the warehouse"),
    "stuck": lazy_text("stuck things"),
    "troubles": lazy_text("troubles of the bot"),
}
MINUTES = (0, 5, 15, 30, 60, 180)
HOURS = ("22:00-08:00", "23:00-07:00", "20:00-10:00")

add_rules({"hours_span": lazy_text("Quiet hours are written like 22:30-8:00, from and to, which must differ.")})


class Topic(CallbackData, prefix="ptopic"):
    person_id: int
    topic: str


class Duty(CallbackData, prefix="pduty"):
    person_id: int
    on: int


class SetDigest(CallbackData, prefix="pdigest"):
    """`minutes` -1: as the desk is set."""

    person_id: int
    minutes: int


class SetQuiet(CallbackData, prefix="pquiet", sep="|"):
    """`hours` "" for none."""

    person_id: int
    hours: str


@dataclass(frozen=True)
class ToldOf:
    """`default_digest`: minutes that the desk is set to."""

    person: Person
    viewer: Person
    default_digest: int
    wrong: BadInput | None


def load_told_of(store: Store, address: Address, viewer: Person, _now: datetime) -> ToldOf:
    person = own_or_managed(store, viewer, int(address.args[0]))
    return ToldOf(person, viewer, int(option(store, "digest.minutes")), mistake(store, viewer, address))


def told_text(person: Person, default_digest: int, reader: Reader) -> Iterator[Html]:
    """How the person is told of things, for their cards."""
    if person.muted:
        muted = ", ".join(reader.text(TOPICS[topic]) for topic in person.muted if topic in TOPICS)
        yield reader.text("Isn't told of: {topics}", topics=muted)
    minutes = default_digest if person.digest is None else person.digest
    yield reader.text("Routine news: {when}", when=digest_text(minutes, reader))
    quiet = hours_text(person.quiet) if person.quiet else reader.text("none")
    yield reader.text("Quiet hours: {hours}", hours=quiet)
    yield reader.text("✅ On duty") if person.on_duty else reader.text("▫️ Off duty")


def digest_text(minutes: int, reader: Reader) -> Html:
    if minutes == 0:
        return reader.text("at once")
    if minutes % 60:
        return reader.plural("a digest every {n} minute", "a digest every {n} minutes", minutes)
    return reader.plural("a digest every {n} hour", "a digest every {n} hours", minutes // 60)


@screen("told_of", load=load_told_of)
def told_of_screen(state: ToldOf, reader: Reader) -> Screen:
    person = state.person
    own = person.id == state.viewer.id
    head = reader.text("What I am told of") if own else reader.text("What {name} is told of", name=person.name)
    text = lines(
        bold(head),
        *told_text(person, state.default_digest, reader),
        "",
        reader.text(
            "Questions, logins and answers to what they started always come; in quiet hours they wait until the end of "
            "them. Only a payment about to close and what was started meanwhile come through."
        ),
        reader.text("Questions that nobody answers go on to the buyers on duty, then to the owners."),
    )
    return Screen(text, tuple(_rows(state, reader)))


def _rows(state: ToldOf, reader: Reader) -> Iterator[Row]:
    person = state.person
    for topic, name in TOPICS.items():
        sign = "▫️" if topic in person.muted else "✅"
        yield (Button(f"{sign} {reader.text(name)}", Topic(person_id=person.id, topic=topic)),)
    yield (
        Button(reader.text("Routine news"), Address.of("told_digest", person.id)),
        Button(reader.text("Quiet hours"), Ask.of("told_quiet", person.id)),
    )
    label = reader.text("Go off duty") if person.on_duty else reader.text("Go on duty")
    yield (Button(label, Duty(person_id=person.id, on=0 if person.on_duty else 1)),)
    own = person.id == state.viewer.id
    yield back_row(reader, Address.of("me") if own else Address.of("person", person.id))


@screen("told_digest", load=load_told_of)
def digest_screen(state: ToldOf, reader: Reader) -> Screen:
    person = state.person
    text = lines(
        bold(reader.text("Routine news")),
        reader.text("News of orders, parcels and stuck things may come one by one, or gathered in one quiet message."),
    )
    rows = [
        (_minutes(person, n, digest_text(n, reader)), _minutes(person, m, digest_text(m, reader)))
        for n, m in zip(MINUTES[::2], MINUTES[1::2], strict=True)
    ]
    default = reader.text("As the desk is set: {when}", when=digest_text(state.default_digest, reader))
    return Screen(text, (*rows, (_minutes(person, -1, default),), back_row(reader, Address.of("told_of", person.id))))


def _minutes(person: Person, minutes: int, label: Html) -> Button:
    chosen: Style | None = "primary" if minutes == (-1 if person.digest is None else person.digest) else None
    return Button(label, SetDigest(person_id=person.id, minutes=minutes), chosen)


@screen("told_quiet", load=load_told_of)
def quiet_screen(state: ToldOf, reader: Reader) -> Screen:
    person = state.person
    text = lines(
        bold(reader.text("Quiet hours")),
        reader.text("By the clock of {zone}. Press one, or type others like 22:30-8:00.", zone=person.zone),
    )
    rows = [(Button(hours, SetQuiet(person_id=person.id, hours=hours)),) for hours in HOURS]
    off = (Button(reader.text("No quiet hours"), SetQuiet(person_id=person.id, hours="")),) if person.quiet else ()
    back = back_row(reader, Address.of("told_of", person.id))
    return asking_screen(text, state.wrong, reader, *rows, off, back)


@router.callback_query(Topic.filter())
async def choose_topic(_query: CallbackQuery, callback_data: Topic, turn: Turn) -> None:
    def change(store: Store) -> None:
        toggle_topic(store, turn.person, callback_data.person_id, callback_data.topic, turn.clock())
        turn.show(store, Address.of("told_of", callback_data.person_id))

    await turn.act(change)


@router.callback_query(Duty.filter())
async def change_duty(_query: CallbackQuery, callback_data: Duty, turn: Turn) -> None:
    def change(store: Store) -> None:
        set_duty(store, turn.person, callback_data.person_id, bool(callback_data.on), turn.clock())
        turn.show(store, Address.of("told_of", callback_data.person_id))

    await turn.act(change)


@router.callback_query(SetDigest.filter())
async def choose_digest(_query: CallbackQuery, callback_data: SetDigest, turn: Turn) -> None:
    def change(store: Store) -> None:
        minutes = callback_data.minutes
        wanted = None if minutes < 0 else minutes
        set_digest(store, turn.person, callback_data.person_id, wanted, turn.clock())
        turn.show(store, Address.of("told_of", callback_data.person_id))

    await turn.act(change)


@router.callback_query(SetQuiet.filter())
async def choose_quiet(_query: CallbackQuery, callback_data: SetQuiet, turn: Turn) -> None:
    def change(store: Store) -> None:
        set_quiet(store, turn.person, callback_data.person_id, callback_data.hours, turn.clock())
        turn.end_form(store)
        turn.show(store, Address.of("told_of", callback_data.person_id))

    await turn.act(change)


@router.message(F.text, AwaitsText("told_quiet"))
async def take_quiet(message: Message, turn: Turn) -> None:
    person_id = int(turn.form.args[0]) if turn.form else 0

    def change(store: Store) -> None:
        def save() -> Address:
            set_quiet(store, turn.person, person_id, message.text or "", turn.clock())
            return Address.of("told_of", person_id)

        submit(store, turn, save)

    await turn.act(change)
