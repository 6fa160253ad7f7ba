"""Photos of labels: one picture, an album or a picture sent as a file; one card tells whose goods are in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.types import Message

from bot.screens import Button, Row, Screen, back_row, home_row, notice, screen
from bot.texts import Html, Reader, bold, code, lazy_text, lines
from bot.turn import Turn
from handlers.found import LookFor, ReceiveThis, all_found_text, carrier_name, found_rows
from handlers.imports import is_pdf, is_picture
from handlers.progress import bar
from purchasing.activities import Activity
from purchasing.cards import Address
from purchasing.carriers import NUMBER, kind_of
from purchasing.errors import Stale
from purchasing.lookup_activity import LookupPlan, PictureAnswer, answers, start_lookup
from purchasing.people import Person
from purchasing.ports import CodeFound, Store

router = Router(name="photos")

SHOWN = 6
PICTURES = 4
"""Framed pictures offered on one card."""

RULES: dict[str, str] = {
    "too_big": lazy_text("The picture is too big. Send it as a photo."),
    "not_a_picture": lazy_text("This isn't a picture that can be read. Send a photo of the label."),
    "too_many_pixels": lazy_text("The picture has too many pixels. Send it as a photo."),
    "gone": lazy_text("Telegram does not have this file any more. Please send it again."),
}
KINDS: dict[str, str] = {
    "ean13": lazy_text("a product's own barcode, not a parcel's"),
    "ean8": lazy_text("a product's own barcode, not a parcel's"),
    "url": lazy_text("a link"),
    "pickup_code": lazy_text("a pick-up code of a parcel shop"),
    "logistics_order": lazy_text("the marketplace's number of a shipment, not the carrier's"),
}


@router.message(F.photo)
async def photo(message: Message, turn: Turn) -> None:
    assert message.photo is not None  # noqa: S101  # the filter says so
    await _look_up(message.photo[-1].file_id, message.media_group_id or "", turn)


@router.message(F.document, lambda message: is_picture(message) or is_pdf(message))
async def picture_file(message: Message, turn: Turn) -> None:
    assert message.document is not None  # noqa: S101  # the filter says so
    await _look_up(message.document.file_id, message.media_group_id or "", turn)


async def _look_up(file_id: str, album: str, turn: Turn) -> None:
    def change(store: Store) -> None:
        activity = start_lookup(store, file_id, album, turn.chat_id, turn.person, turn.clock())
        if len(LookupPlan.of(activity).pictures) == 1:
            turn.post(store, Address.of("lookup", activity.id))

    await turn.act(change)


@dataclass(frozen=True)
class LookupCard:
    activity: Activity
    plan: LookupPlan
    answers: list[PictureAnswer]


def load_lookup(store: Store, address: Address, _viewer: Person, now: datetime) -> LookupCard:
    activity = store.activities.get(int(address.args[0]))
    if activity is None:
        raise Stale("lookup_gone")
    plan = LookupPlan.of(activity)
    return LookupCard(activity, plan, answers(store, plan, now))


@screen("lookup", load=load_lookup)
def lookup_card(state: LookupCard, reader: Reader) -> Screen:
    rows: tuple[Row, ...] = tuple(found_rows(reader, [found for a in state.answers for found in a.found]))
    more = (*_candidates(state, reader), *_pictures(state, reader))
    return Screen(lines(*_text(state, reader)), (*rows, *more, home_row(reader)))


def _text(state: LookupCard, reader: Reader) -> Iterator[object]:
    if not state.activity.over:
        yield reader.text("Reading the picture…")
        if len(state.plan.pictures) > 1:
            yield bar(state.activity.percent)
    elif not state.answers:
        yield reader.text("The picture couldn't be read. Send it once more.")
    for number, answer in enumerate(state.answers, 1):
        if len(state.plan.pictures) > 1:
            yield from ("", bold(reader.text("Picture {n}", n=number)))
        yield from _answer(answer, reader)


def _answer(answer: PictureAnswer, reader: Reader) -> Iterator[object]:
    if answer.rule:
        known = RULES.get(answer.rule)
        yield reader.text(known) if known else reader.text("The picture couldn't be read. Send it once more.")
        return
    if not answer.found and not answer.unsure:
        yield reader.text(
            "No code was found in the picture. Go closer, hold the label flat and in the light, or send the picture as "
            "a file: Telegram makes photos smaller. The number can also be typed."
        )
    yield from all_found_text(reader, answer.found[:SHOWN])
    for code_found in answer.unsure[:SHOWN]:
        yield _unsure(code_found, reader)


def _pictures(state: LookupCard, reader: Reader) -> Iterator[Row]:
    marked = [picture.marked for picture in state.plan.pictures if picture.marked]
    for number, blob in enumerate(marked[:PICTURES], 1):
        label = reader.text("🖼 What was read where")
        shown = label if len(marked) == 1 else f"{label} · {number}"
        yield (Button(shown, Address.of("lookup_picture", state.activity.id, blob)),)


def _candidates(state: LookupCard, reader: Reader) -> Iterator[Row]:
    """A button for each number that was read once only: it looks the number up, or takes the parcel in."""
    unsure = [code.text for answer in state.answers for code in answer.unsure if kind_of_code(code) not in KINDS]
    for number in list(dict.fromkeys(unsure))[:SHOWN]:
        if NUMBER.fullmatch(number):
            action = ReceiveThis(number=number) if state.plan.receiving else LookFor(number=number)
            yield (Button(reader.text("Is it {number}?", number=number), action),)


@dataclass(frozen=True)
class MarkedPicture:
    activity_id: int
    content: bytes
    codes: list[CodeFound]


def load_picture(store: Store, address: Address, _viewer: Person, _now: datetime) -> MarkedPicture:
    activity = store.activities.get(int(address.args[0]))
    plan = LookupPlan.of(activity) if activity else None
    picture = next((p for p in plan.pictures if p.marked == int(address.args[1])), None) if plan else None
    blob = store.blobs.get(picture.marked) if picture and picture.marked else None
    if activity is None or picture is None or blob is None:
        raise Stale("lookup_gone")
    return MarkedPicture(activity.id, blob[0], picture.codes or [])


@screen("lookup_picture", load=load_picture)
def lookup_picture(state: MarkedPicture, reader: Reader) -> Screen:
    rows = [f"{n}. {code(found.text)} {'✅' if found.accepted else '❔'}" for n, found in enumerate(state.codes, 1)]
    text = lines(reader.text("Green: sure. Orange: read once only, or no track number."), *map(Html, rows))
    return Screen(text, (back_row(reader, Address.of("lookup", state.activity_id)),), photo=state.content)


@router.message(F.sticker | F.animation | F.video | F.video_note | F.voice | F.audio)
async def nothing_to_read(_message: Message, turn: Turn) -> None:
    await turn.act(lambda store: turn.post(store, Address.of("nothing_to_read")))


def load_nothing(_store: Store, _address: Address, _viewer: Person, _now: datetime) -> None:
    return None


@screen("nothing_to_read", load=load_nothing)
def nothing_screen(_state: None, reader: Reader) -> Screen:
    return notice(
        reader, reader.text("Stickers, videos and voice can't be read. Send a photo of the label, or type the number.")
    )


def kind_of_code(found: CodeFound) -> str:
    """What a code is that is no track number, as a key of KINDS, or something else."""
    return found.kind if found.kind in KINDS else kind_of(found.text)


def _unsure(found: CodeFound, reader: Reader) -> Html:
    """A code that is no track number is named; one that was read only once is no answer."""
    kind = kind_of_code(found)
    if kind in KINDS:
        return reader.text("{text}: {what}", text=code(found.text), what=reader.text(KINDS[kind]))
    carrier = carrier_name(reader, found.carrier)
    return reader.text(
        "Perhaps {text} {carrier}: read once only. Compare it with the label, then press it.",
        text=code(found.text),
        carrier=carrier,
    )
