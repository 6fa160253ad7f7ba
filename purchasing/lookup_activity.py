"""The lookup activity: fetches photos and reads their labels. What was read is looked up anew each time it is shown."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from purchasing.activities import Activity
from purchasing.activity_log import end, save
from purchasing.cards import Address
from purchasing.carriers import carriers_of
from purchasing.crash import write
from purchasing.errors import BadInput, NotAllowed, Stale
from purchasing.find_goods import Found, find, is_ours, is_waybill
from purchasing.parcel_fields import set_field
from purchasing.people import Person, Right, check
from purchasing.ports import Clock, CodeFound, Database, Files, LabelReader, Store
from purchasing.receive import scan, show_card
from purchasing.recognise import Asked, recognise
from purchasing.words import ActivityKind, ActivityState, Lane, Priority

ALBUM_GATHERS = timedelta(seconds=1)
"""Pictures of one album come as messages of their own, one after the other."""
MOST_PICTURES = 20
MARKED_KEPT = timedelta(days=1)
"""How long the framed picture can be shown; one that was sent stays in the chat."""


class Picture(BaseModel):
    """`codes` None until it is read; `rule` says why it can't be. `marked`: a blob, the picture with codes framed."""

    file_id: str
    codes: list[CodeFound] | None = None
    rule: str = ""
    marked: int | None = None

    @property
    def done(self) -> bool:
        return self.codes is not None or bool(self.rule)


class LookupPlan(BaseModel):
    """`receiving`: what is read surely is taken into the warehouse there; `parcel`: or is that parcel's own track."""

    chat: int
    album: str = ""
    receiving: int | None = None
    parcel: int | None = None
    pictures: list[Picture] = Field(default_factory=list)

    @classmethod
    def of(cls, activity: Activity) -> "LookupPlan":
        return cls.model_validate_json(activity.plan)

    def on(self, activity: Activity) -> Activity:
        """The activity with this plan and the progress that it means."""
        percent = 100 * sum(picture.done for picture in self.pictures) // len(self.pictures)
        return replace(activity, plan=self.model_dump_json(), percent=percent)


@dataclass(frozen=True)
class PictureAnswer:
    """What one picture shows: goods found, and codes that are no track number or weren't read surely enough."""

    found: tuple[Found, ...] = ()
    unsure: tuple[CodeFound, ...] = ()
    rule: str = ""


def start_lookup(
    store: Store,
    file_id: str,
    album: str,
    chat: int,
    person: Person,
    now: datetime,
    *,
    parcel_id: int | None = None,
) -> Activity:
    """A lookup of one picture; one of an album (`album`: Telegram's media group id, else "") joins those before it.
    With `parcel_id` the one track number read becomes that parcel's. Raises NotAllowed."""
    check(person, Right.SEE)
    for activity in store.activities.unfinished(ActivityKind.LOOKUP, None) if album else ():
        plan = LookupPlan.of(activity)
        if (plan.album, plan.chat) == (album, chat) and len(plan.pictures) < MOST_PICTURES:
            plan.pictures.append(Picture(file_id=file_id))
            return _joined(store, plan.on(activity), now)
    receiving = None if parcel_id else store.warehouse.open_of(person.id)
    plan = LookupPlan(
        chat=chat,
        album=album,
        receiving=receiving.id if receiving else None,
        parcel=parcel_id,
        pictures=[Picture(file_id=file_id)],
    )
    draft = Activity(
        0,
        ActivityKind.LOOKUP,
        ActivityState.QUEUED,
        plan.model_dump_json(),
        Priority.PERSON,
        started_by=person.id,
        not_before=now + ALBUM_GATHERS if album else None,
    )
    return store.activities.add(draft, now)


def _joined(store: Store, activity: Activity, now: datetime) -> Activity:
    save(store, activity, now)
    store.cards.touch(f"lookup:{activity.id}", Lane.RESULT, now)
    return activity


class Lookup:
    """Each piece reads one picture."""

    def __init__(self, db: Database, clock: Clock, files: Files, reader: LabelReader) -> None:
        self._db, self._clock, self._files, self._reader = db, clock, files, reader

    async def advance(self, activity: Activity) -> None:
        picture = next((p for p in LookupPlan.of(activity).pictures if not p.done), None)
        read, marked = (None, b"") if picture is None else await self._read(picture.file_id)
        await self._change(activity, read, marked)

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        store.cards.touch(f"lookup:{activity.id}", Lane.RESULT, now)

    async def _read(self, file_id: str) -> tuple[Picture, bytes]:
        """What is in it, and the picture with that framed. Raises Transient."""
        try:
            content = await self._files.download(file_id)
            read = await self._reader.read(content, lambda _number: False)
            codes = await self._db.read(lambda store: [_judged(store, code) for code in read])
            marked = await self._reader.mark(content, codes) if _worth_marking(codes) else b""
        except BadInput as bad:
            return Picture(file_id=file_id, rule=bad.rule), b""
        return Picture(file_id=file_id, codes=codes), marked

    async def _change(self, activity: Activity, read: Picture | None, marked: bytes) -> None:
        def unit(store: Store) -> None:
            current = store.activities.get(activity.id)
            if current is not None and not current.over:
                _keep(store, current, read, marked, self._clock())

        await write(self._db, "lookup.change", unit)


def _keep(store: Store, activity: Activity, read: Picture | None, marked: bytes, now: datetime) -> None:
    plan = LookupPlan.of(activity)
    if read is not None:
        read.marked = store.blobs.put(marked, "image/jpeg", now + MARKED_KEPT) if marked else None
        plan.pictures = [read if one.file_id == read.file_id else one for one in plan.pictures]
        _take_in(store, activity, plan, read, now)
    activity = plan.on(activity)
    if all(picture.done for picture in plan.pictures):
        end(store, activity, ActivityState.DONE, now)
    else:
        save(store, activity, now)
    store.cards.touch(f"lookup:{activity.id}", Lane.RESULT, now)
    if read is not None and read.marked and len({code.text for code in read.codes or ()}) > 1:
        store.cards.post(plan.chat, Address.of("lookup_picture", activity.id, read.marked), Lane.RESULT, now)


def _worth_marking(codes: Sequence[CodeFound]) -> bool:
    """A picture with one sure number needs no finger pointing at it."""
    return len({code.text for code in codes}) > 1 or any(not code.accepted for code in codes)


def _judged(store: Store, code: CodeFound) -> CodeFound:
    """One read is enough for a number that we know."""
    return replace(code, accepted=True) if is_ours(store, code.text) else code


def _take_in(store: Store, activity: Activity, plan: LookupPlan, read: Picture, now: datetime) -> None:
    """While the person is receiving, a parcel that was read surely is scanned, each once in a picture."""
    person = store.people.get(activity.started_by or 0)
    if person is not None and plan.parcel is not None:
        _name_parcel(store, person, plan.parcel, read, now)
    if plan.receiving is None or person is None:
        return
    sure = [code for code in read.codes or () if code.accepted or is_waybill(store, code.text)]
    scans = {(code.text, code.box_of) for code in sure if carriers_of(code.text) or is_waybill(store, code.text)}
    for number, box_of in sorted(scans, key=str):
        with suppress(Stale, NotAllowed):  # finished meanwhile: then it is a lookup like any other
            scan(store, person, plan.receiving, number, box_of, now)
            show_card(store, plan.chat, plan.receiving, now)


def _name_parcel(store: Store, person: Person, parcel_id: int, read: Picture, now: datetime) -> None:
    numbers = {code.text for code in read.codes or () if code.accepted}
    if len(numbers) == 1:
        with suppress(Stale, NotAllowed, BadInput):  # sent meanwhile
            set_field(store, person, parcel_id, "track", numbers.pop(), now)


def answers(store: Store, plan: LookupPlan, now: datetime) -> list[PictureAnswer]:
    """For every picture that has been read, in their order: what our books say of its codes now."""
    return [_answer(store, picture, now) for picture in plan.pictures if picture.done]


def _answer(store: Store, picture: Picture, now: datetime) -> PictureAnswer:
    asked: list[Asked] = []
    unsure: list[CodeFound] = []
    for code in picture.codes or ():
        if code.accepted or is_ours(store, code.text):  # one read is enough for a number that we know
            asked.append(Asked("number", code.text))
        elif links := [one for one in recognise(code.text) if one.kind == "product"]:
            asked += links
        else:
            unsure.append(code)
    found = find(store, list(dict.fromkeys(asked)))
    return PictureAnswer(tuple(found), tuple(unsure), picture.rule)
