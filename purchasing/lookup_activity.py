"""The lookup activity: fetches photos and reads their labels. What was read is looked up anew each time it is shown."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from purchasing.activities import Activity
from purchasing.activity_log import end, save
from purchasing.errors import BadInput
from purchasing.find_goods import Found, find, is_waybill
from purchasing.people import Person, Right, check
from purchasing.ports import Clock, CodeFound, Database, Files, LabelReader, Store
from purchasing.recognise import Asked, recognise
from purchasing.words import ActivityKind, ActivityState, Lane, Priority

ALBUM_GATHERS = timedelta(seconds=1)
"""Pictures of one album come as messages of their own, one after the other."""
MOST_PICTURES = 20


class Picture(BaseModel):
    """`codes` None until it is read; `rule` says why it can't be."""

    file_id: str
    codes: list[CodeFound] | None = None
    rule: str = ""

    @property
    def done(self) -> bool:
        return self.codes is not None or bool(self.rule)


class LookupPlan(BaseModel):
    chat: int
    album: str = ""
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


def start_lookup(store: Store, file_id: str, album: str, chat: int, person: Person, now: datetime) -> Activity:
    """A lookup of one picture; one of an album (`album`: Telegram's media group id, else "") joins those before it.
    Raises NotAllowed."""
    check(person, Right.SEE)
    for activity in store.activities.unfinished(ActivityKind.LOOKUP, None) if album else ():
        plan = LookupPlan.of(activity)
        if (plan.album, plan.chat) == (album, chat) and len(plan.pictures) < MOST_PICTURES:
            plan.pictures.append(Picture(file_id=file_id))
            return _joined(store, plan.on(activity), now)
    plan = LookupPlan(chat=chat, album=album, pictures=[Picture(file_id=file_id)])
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
        if picture is not None:
            picture = await self._read(picture.file_id)
        await self._change(activity, picture)

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        store.cards.touch(f"lookup:{activity.id}", Lane.RESULT, now)

    async def _read(self, file_id: str) -> Picture:
        """Raises Transient."""
        try:
            content = await self._files.download(file_id)
            codes = await self._reader.read(content, lambda _number: False)
        except BadInput as bad:
            return Picture(file_id=file_id, rule=bad.rule)
        return Picture(file_id=file_id, codes=codes)

    async def _change(self, activity: Activity, read: Picture | None) -> None:
        def unit(store: Store) -> None:
            current = store.activities.get(activity.id)
            if current is not None and not current.over:
                _keep(store, current, read, self._clock())

        await self._db.write(unit)


def _keep(store: Store, activity: Activity, read: Picture | None, now: datetime) -> None:
    plan = LookupPlan.of(activity)
    if read is not None:
        plan.pictures = [read if one.file_id == read.file_id else one for one in plan.pictures]
    activity = plan.on(activity)
    if all(picture.done for picture in plan.pictures):
        end(store, activity, ActivityState.DONE, now)
    else:
        save(store, activity, now)
    store.cards.touch(f"lookup:{activity.id}", Lane.RESULT, now)


def answers(store: Store, plan: LookupPlan, now: datetime) -> list[PictureAnswer]:
    """For every picture that has been read, in their order: what our books say of its codes now."""
    return [_answer(store, picture, now) for picture in plan.pictures if picture.done]


def _answer(store: Store, picture: Picture, now: datetime) -> PictureAnswer:
    asked: list[Asked] = []
    unsure: list[CodeFound] = []
    for code in picture.codes or ():
        if code.accepted or is_waybill(store, code.text):  # one read is enough for a number that we know
            asked.append(Asked("number", code.text))
        elif links := [one for one in recognise(code.text) if one.kind == "product"]:
            asked += links
        else:
            unsure.append(code)
    found = find(store, list(dict.fromkeys(asked)), now)
    return PictureAnswer(tuple(found), tuple(unsure), picture.rule)
