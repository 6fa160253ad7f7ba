"""The import activity: fetches a file that somebody sent, has it read, and takes its rows in, a part at a time."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import BaseModel, Field, TypeAdapter

from purchasing.activities import Activity, Question
from purchasing.activity_log import end, go_on, note, save, wait
from purchasing.cards import Address
from purchasing.crash import crash_point, write
from purchasing.errors import BadInput, Conflict
from purchasing.import_keys import KeyedRow, consistent, keyed
from purchasing.import_orders import follow_shop, import_rows, write_line
from purchasing.import_result import AskedLine, ImportResult
from purchasing.import_status import ShopStatus, shop_status
from purchasing.line_status import Mover, may_move
from purchasing.moves import touch_order
from purchasing.order_file import OrderFile, OrderFileReader
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Clock, Database, Files, Store
from purchasing.tell import starter_or_owners, tell
from purchasing.words import ActivityKind, ActivityState, Lane, LineStatus, Priority

CHUNK = 200
"""Rows in one unit of work, so that no press waits long for its turn to write."""
KEPT = timedelta(hours=12)
CHANGED = "import_changed"
"""The question's kind; its answers: leave our lines as they are, or take the file's version."""
ANSWERS = ("keep", "take")

_FILE = TypeAdapter(OrderFile)


class ImportPlan(BaseModel):
    """`blob` is the file once read (sealed: it holds passports), `next` the row to go on with. `result` grows with
    every part; `rule` and `value` say why the whole file was refused."""

    file_id: str
    name: str
    chat: int
    blob: int | None = None
    next: int = 0
    rows: int = 0
    skipped_sheets: tuple[str, ...] = ()
    result: ImportResult = Field(default_factory=ImportResult)
    rule: str = ""
    value: str = ""

    @property
    def taken_in(self) -> bool:
        return 0 < self.rows <= self.next

    @classmethod
    def of(cls, activity: Activity) -> "ImportPlan":
        return cls.model_validate_json(activity.plan)

    def on(self, activity: Activity) -> Activity:
        """The activity with this plan and the progress that it means."""
        return replace(
            activity,
            plan=self.model_dump_json(),
            percent=100 * self.next // self.rows if self.rows else activity.percent,
            lines_found=self.next,
            errors=len({problem.row for problem in self.result.refused}),
        )


def start_import(store: Store, file_id: str, name: str, chat: int, person: Person, now: datetime) -> Activity:
    """`file_id` is Telegram's; `chat` is where the result is shown. Raises NotAllowed."""
    check(person, Right.BUY)
    draft = Activity(
        0,
        ActivityKind.IMPORT,
        ActivityState.QUEUED,
        ImportPlan(file_id=file_id, name=name, chat=chat).model_dump_json(),
        Priority.PERSON,
        started_by=person.id,
        title=name[:120],
    )
    return store.activities.add(draft, now)


class Import:
    """First piece: fetch and read. Every further one: take the next rows in, in one unit with the new plan."""

    def __init__(self, db: Database, clock: Clock, files: Files, reader: OrderFileReader) -> None:
        self._db, self._clock, self._files, self._reader = db, clock, files, reader

    async def advance(self, activity: Activity) -> None:
        plan = ImportPlan.of(activity)
        if plan.taken_in:
            await self._change(activity, _close)
            return
        file = await self._kept(plan)
        if file is None:
            await self._read(activity)
        else:
            rows = keyed(consistent(file.rows)[0])
            await self._change(activity, lambda s, a, plan, now: _take(s, a, plan, rows, now))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        _forget_file(store, ImportPlan.of(activity))

    async def _kept(self, plan: ImportPlan) -> OrderFile | None:
        blob_id = plan.blob
        if blob_id is None:
            return None
        blob = await self._db.read(lambda store: store.blobs.get(blob_id))
        return _FILE.validate_json(blob[0]) if blob else None

    async def _read(self, activity: Activity) -> None:
        plan = ImportPlan.of(activity)
        try:
            file = await self._reader(plan.name, await self._files.download(plan.file_id))
        except BadInput as bad:
            rule, value = bad.rule, bad.value
            await self._change(activity, lambda s, a, plan, now: _refuse(s, a, plan, rule, value, now))
        else:
            crash_point("import.read")
            await self._change(activity, lambda s, a, plan, now: _keep(s, a, plan, file, now))

    async def _change(self, activity: Activity, change: "Change") -> None:
        def unit(store: Store) -> None:
            current = store.activities.get(activity.id)
            if current is not None and not current.over:
                change(store, current, ImportPlan.of(current), self._clock())

        await write(self._db, "import.change", unit)


Change = Callable[[Store, Activity, ImportPlan, datetime], None]


def _refuse(store: Store, activity: Activity, plan: ImportPlan, rule: str, value: str, now: datetime) -> None:
    plan.rule, plan.value = rule, value
    note(store, activity, "error", "file_refused", now, rule=rule, value=value)
    end(store, plan.on(activity), ActivityState.FAILED, now, rule)
    _touch(store, activity, Lane.RESULT, now)


def _keep(store: Store, activity: Activity, plan: ImportPlan, file: OrderFile, now: datetime) -> None:
    """Remembers the file as read, so that the next pieces needn't fetch it; what was taken in already stays counted."""
    good, problems = consistent(file.rows)
    plan.blob = store.blobs.put(_FILE.dump_json(file), "application/json", now + KEPT)
    plan.rows, plan.skipped_sheets = len(good), file.skipped_sheets
    if plan.next == 0:
        plan.result.refused = sorted([*file.refused, *problems], key=lambda problem: problem.row)
    if plan.rows:
        save(store, plan.on(activity), now)
    else:
        _finish(store, activity, plan, now)
    _touch(store, activity, Lane.PROGRESS, now)


def _take(store: Store, activity: Activity, plan: ImportPlan, rows: Sequence[KeyedRow], now: datetime) -> None:
    part = rows[plan.next : plan.next + CHUNK]
    plan.result += import_rows(store, part, activity.started_by, now, plan.result.matched)
    plan.next += len(part)
    if plan.next < plan.rows:
        save(store, plan.on(activity), now)
        _touch(store, activity, Lane.PROGRESS, now)
    else:
        _finish(store, activity, plan, now)


def _finish(store: Store, activity: Activity, plan: ImportPlan, now: datetime) -> None:
    _forget_file(store, plan)
    plan.blob, plan.result.matched = None, []
    activity = plan.on(activity)
    result = plan.result
    note(
        store,
        activity,
        "ok",
        "imported",
        now,
        taken=result.taken,
        updated=result.updated,
        unchanged=result.unchanged,
        refused=activity.errors,
    )
    store.audit.add(AuditEntry(now, activity.started_by, "import", f"activity:{activity.id}", "", plan.name))
    if result.asked:
        _ask(store, activity, plan, now)
    _close(store, activity, plan, now)


def _close(store: Store, activity: Activity, plan: ImportPlan, now: datetime) -> None:
    """Nothing is left to take in: waits for the answers, if any are wanted."""
    if plan.result.asked:
        wait(store, activity, now, CHANGED)
    else:
        end(store, activity, ActivityState.DONE, now)
    _touch(store, activity, Lane.RESULT, now)


def _ask(store: Store, activity: Activity, plan: ImportPlan, now: datetime) -> None:
    line_ids = [asked.line_id for asked in plan.result.asked]
    question = store.questions.ask(activity.id, CHANGED, ANSWERS, {"name": plan.name}, line_ids, now)
    people = starter_or_owners(store, activity.started_by)
    tell(store, people, Address.of("question", question.id), Lane.QUESTION, now, f"question:{question.id}")


def apply(
    store: Store, activity: Activity, question: Question, answer: str, line_ids: Sequence[int], now: datetime
) -> None:
    """Does what was answered for these lines, in our books only: what was placed on a marketplace stays as it is, and
    so does the status of a line that is reserved or further. Raises Conflict while a line is being previewed or
    reserved."""
    plan = ImportPlan.of(activity)
    asked = {one.line_id: one for one in plan.result.asked if one.line_id in line_ids}
    if answer == "take":
        for line in _free(store, asked, now):
            _take_version(store, line, asked[line.id], activity.started_by, now)
    note(store, activity, "info", "answered", now, answer=answer, lines=len(asked))
    plan.result.asked = [one for one in plan.result.asked if one.line_id not in asked]
    go_on(store, plan.on(activity), now)
    _touch(store, activity, Lane.RESULT, now)


def _free(store: Store, line_ids: Collection[int], now: datetime) -> list[OrderLine]:
    lines = store.lines.many(line_ids)
    held = store.lines.holders([line.id for line in lines], now)
    if held or any(line.status is LineStatus.RESERVING for line in lines):
        holder = store.people.get(next(iter(held.values()))) if held else None
        raise Conflict("lines_held", holder.name if holder else "")
    return lines


def _take_version(store: Store, line: OrderLine, asked: AskedLine, by: int | None, now: datetime) -> None:
    data = [d for d in asked.differences if d.column != "status"]
    if data:
        write_line(store, line, asked.proposed, data, by, now)
    for word in (d.theirs for d in asked.differences if d.column == "status"):
        wanted = LineStatus.CANCELLED if shop_status(word) is ShopStatus.CANCELLED else LineStatus.NEW
        if may_move(Mover.SHOP, line.status, wanted):
            follow_shop(store, line, wanted, word, now)
    touch_order(store, line.order_id, now)


def _forget_file(store: Store, plan: ImportPlan) -> None:
    if plan.blob is not None:
        store.blobs.remove(plan.blob)


def _touch(store: Store, activity: Activity, lane: Lane, now: datetime) -> None:
    """The result's own card; `save` and `end` touch the activity's."""
    store.cards.touch(f"import:{activity.id}", lane, now)
