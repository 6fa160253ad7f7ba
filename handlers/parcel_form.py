"""What is typed about a parcel: the list of its fields, and the form of one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.types import Message

from bot.screens import Button, Row, Screen, back_row, screen
from bot.texts import Reader, add_rules, bold, code, lazy_text, lines
from bot.turn import AwaitsText, Turn
from handlers.forms import Ask, asking_screen, mistake, submit
from handlers.parcel_names import NAMES, value_text
from handlers.parcels import ParcelCard, load_parcel
from purchasing.cards import Address
from purchasing.errors import BadInput, Stale
from purchasing.lookup_activity import start_lookup
from purchasing.parcel_fields import set_field
from purchasing.people import Person
from purchasing.ports import Store

router = Router(name="parcel_form")

add_rules(
    {
        "size_cm": lazy_text("Three sides in centimetres, like 30x20x15, each up to 500."),
        "track_6_40": lazy_text("A track number has 6 to 40 Latin letters and digits."),
        "domestic_track": lazy_text(
            "{value} is a domestic track number in China. Customers aren't shown those: type the international one."
        ),
        "track_elsewhere": lazy_text("{value} stands on another customer's parcel already."),
        "price_number": lazy_text("A sum, like 12 or 12.50."),
        "text_300": lazy_text("At most 300 characters."),
        "text_100": lazy_text("At most 100 characters."),
    }
)
HINTS: dict[str, str] = {
    "weight": lazy_text("In kilograms like 1.24, or grams like 850."),
    "size": lazy_text("Length, width and height in centimetres, like 30x20x15."),
    "track": lazy_text("Type it, or send a photo of its label."),
}


@screen("parcel_fields", load=load_parcel)
def fields_screen(state: ParcelCard, reader: Reader) -> Screen:
    return Screen(lines(*_listed(state, reader)), tuple(_rows(state, reader)))


def _listed(state: ParcelCard, reader: Reader) -> Iterator[object]:
    yield bold(reader.text("Parcel {number}", number=state.parcel.number))
    for field, name in NAMES.items():
        value = value_text(reader, state.parcel, state.details, state.order.currency, field)
        yield lines(reader.text("{name}: {value}", name=reader.text(name), value=value or "—"))


def _rows(state: ParcelCard, reader: Reader) -> Iterator[Row]:
    buttons = [
        Button(reader.text(name), Ask.of("parcel_field", state.parcel.id, field)) for field, name in NAMES.items()
    ]
    for at in range(0, len(buttons), 2):
        yield tuple(buttons[at : at + 2])
    yield back_row(reader, Address.of("parcel", state.parcel.id))


@dataclass(frozen=True)
class FieldForm:
    card: ParcelCard
    field: str
    wrong: BadInput | None


def load_field(store: Store, address: Address, viewer: Person, now: datetime) -> FieldForm:
    field = address.args[1]
    if field not in NAMES:
        raise Stale("no_such_field")
    return FieldForm(load_parcel(store, address, viewer, now), field, mistake(store, viewer, address))


@screen("parcel_field", load=load_field)
def field_screen(state: FieldForm, reader: Reader) -> Screen:
    card = state.card
    value = value_text(reader, card.parcel, card.details, card.order.currency, state.field)
    text = lines(
        bold(reader.text(NAMES[state.field])),
        reader.text("Now: {value}", value=code(value or "—")),
        reader.text(HINTS[state.field]) if state.field in HINTS else None,
        reader.text("Type the new value, or - to empty it."),
    )
    back = back_row(reader, Address.of("parcel_fields", card.parcel.id))
    return asking_screen(text, state.wrong, reader, back)


@router.message(F.text, ~F.text.startswith("/"), AwaitsText("parcel_field"))
async def take(message: Message, turn: Turn) -> None:
    def change(store: Store) -> None:
        parcel_id, field = turn.form.args if turn.form else ("0", "")

        def save() -> Address:
            set_field(store, turn.person, int(parcel_id), field, message.text or "", turn.clock())
            return Address.of("parcel_fields", parcel_id)

        submit(store, turn, save)

    await turn.act(change)


@router.message(F.photo, AwaitsText("parcel_field"))
async def take_photo(message: Message, turn: Turn) -> None:
    """The track number from its label, when that is what was asked for."""

    def change(store: Store) -> None:
        assert message.photo and turn.form  # noqa: S101, PT018  # the filters say so
        parcel_id, field = turn.form.args
        wanted = int(parcel_id) if field == "track" else None
        picture = message.photo[-1].file_id
        activity = start_lookup(store, picture, "", turn.chat_id, turn.person, turn.clock(), parcel_id=wanted)
        turn.end_form(store)
        turn.post(store, Address.of("lookup", activity.id))

    await turn.act(change)
