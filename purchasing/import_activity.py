"""The import activity: has what somebody sent or a shop pushed read, and takes its rows in, a part at a time. Whether
it is about orders or parcels, its headers tell."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from purchasing.activities import Activity, Question
from purchasing.activity_log import end, go_on, note, save, wait
from purchasing.crash import crash_point, write
from purchasing.errors import BadInput, Conflict
from purchasing.hand_edits import remember_told
from purchasing.import_keys import KeyedRow, consistent, keyed
from purchasing.import_orders import follow_shop, import_rows, write_line
from purchasing.import_parcels import import_parcels
from purchasing.import_plan import ImportPlan
from purchasing.import_result import AskedLine, ImportResult
from purchasing.import_status import ShopStatus, shop_status
from purchasing.line_status import Mover, may_move
from purchasing.moves import touch_order
from purchasing.order_file import OrderFile, refused_rows
from purchasing.orders import OrderLine
from purchasing.parcel_file import ParcelFile, ParcelRow, ShopFileReader
from purchasing.people import Person, Right, check, has
from purchasing.ports import AuditEntry, Clock, Database, Files, Store
from purchasing.pushed import push_ended
from purchasing.shops import Pushed
from purchasing.tell import tell_question
from purchasing.words import ActivityKind, ActivityState, Lane, LineStatus, Priority

CHUNK = 200
"""Rows in one unit of work, so that no press waits long for its turn to write."""
KEPT = timedelta(hours=12)
CHANGED = "import_changed"
"""The question's kind; its answers: leave our lines as they are, or take the file's version."""
ANSWERS = ("keep", "take")

_KINDS: dict[Pushed, TypeAdapter[OrderFile | ParcelFile]] = {
    Pushed.ORDERS: TypeAdapter(OrderFile),
    Pushed.PARCELS: TypeAdapter(ParcelFile),
}


def start_import(store: Store, file_id: str, name: str, chat: int, person: Person, now: datetime) -> Activity:
    """`file_id` is Telegram's; `chat` is where the result is shown. Raises NotAllowed; whether the person may bring in
    what the file turns out to hold is judged when that is known."""
    if not has(person, Right.BUY):
        check(person, Right.RECEIVE)
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

    def __init__(self, db: Database, clock: Clock, files: Files, reader: ShopFileReader) -> None:
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
            await self._change(activity, _taker(file))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        _forget_file(store, ImportPlan.of(activity))

    async def _kept(self, plan: ImportPlan) -> OrderFile | ParcelFile | None:
        blob_id = plan.blob
        if blob_id is None:
            return None
        blob = await self._db.read(lambda store: store.blobs.get(blob_id))
        return _KINDS[plan.kind].validate_json(blob[0]) if blob else None

    async def _read(self, activity: Activity) -> None:
        plan = ImportPlan.of(activity)
        try:
            file = await self._reader(plan.name, await self._content(plan))
        except BadInput as bad:
            rule, value = bad.rule, bad.value
            await self._change(activity, lambda s, a, plan, now: _refuse(s, a, plan, rule, value, now))
        else:
            crash_point("import.read")
            await self._change(activity, lambda s, a, plan, now: _keep(s, a, plan, file, now))

    async def _content(self, plan: ImportPlan) -> bytes:
        """Raises BadInput, Transient."""
        sent = plan.sent
        if sent is None:
            return await self._files.download(plan.file_id)
        blob = await self._db.read(lambda store: store.blobs.get(sent))
        if blob is None:
            raise BadInput("file", "gone", plan.name)
        return blob[0]

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
    push_ended(store, activity, plan, now)


def _keep(store: Store, activity: Activity, plan: ImportPlan, file: OrderFile | ParcelFile, now: datetime) -> None:
    """Remembers the file as read, so that the next pieces needn't fetch it; what was taken in already stays counted."""
    plan.kind = Pushed.ORDERS if isinstance(file, OrderFile) else Pushed.PARCELS
    why = _refusal(store, activity, plan)
    if why:
        _refuse(store, activity, plan, why, plan.name, now)
        return
    good, problems = consistent(file.rows) if isinstance(file, OrderFile) else (file.rows, [])
    plan.blob = store.blobs.put(_KINDS[plan.kind].dump_json(file), "application/json", now + KEPT)
    plan.rows, plan.skipped_sheets = len(good), file.skipped_sheets
    plan.read = len(file.rows) + refused_rows(file.refused)
    if plan.next == 0:
        plan.result.refused = sorted([*file.refused, *problems], key=lambda problem: problem.row)
    if plan.rows:
        save(store, plan.on(activity), now)
    else:
        _finish(store, activity, plan, now)
    _touch(store, activity, Lane.PROGRESS, now)


def _refusal(store: Store, activity: Activity, plan: ImportPlan) -> str:
    """Why what was read may not be taken in, "" when it may."""
    if plan.wanted is not None:
        return "" if plan.kind is plan.wanted else _NOT[plan.wanted]
    person = store.people.get(activity.started_by or 0)
    right = Right.BUY if plan.kind is Pushed.ORDERS else Right.RECEIVE
    return "" if person and has(person, right) else "role"


_NOT = {Pushed.ORDERS: "no_order_file", Pushed.PARCELS: "no_parcel_file"}


def _taker(file: OrderFile | ParcelFile) -> "Change":
    if isinstance(file, OrderFile):
        rows = keyed(consistent(file.rows)[0])
        return lambda s, a, plan, now: _take(s, a, plan, _orders(s, a, plan, rows, now), now)
    return lambda s, a, plan, now: _take(s, a, plan, _parcels(s, a, plan, file.rows, now), now)


def _orders(
    store: Store, activity: Activity, plan: ImportPlan, rows: Sequence[KeyedRow], now: datetime
) -> ImportResult:
    part = rows[plan.next : plan.next + CHUNK]
    return import_rows(store, part, activity.started_by, now, plan.result.matched, plan.shop)


def _parcels(
    store: Store, activity: Activity, plan: ImportPlan, rows: Sequence[ParcelRow], now: datetime
) -> ImportResult:
    part = rows[plan.next : plan.next + CHUNK]
    return import_parcels(store, part, activity.started_by, now, plan.shop if plan.wanted else None)


def _take(store: Store, activity: Activity, plan: ImportPlan, result: ImportResult, now: datetime) -> None:
    """`result` is of the next part."""
    plan.result += result
    plan.next = min(plan.next + CHUNK, plan.rows)
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
    push_ended(store, activity, plan, now)


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
    tell_question(store, activity, question, now)


def apply(
    store: Store,
    _person: Person,
    activity: Activity,
    question: Question,
    answer: str,
    line_ids: Sequence[int],
    now: datetime,
) -> None:
    """Does what was answered for these lines, in our books only: what was placed on a marketplace stays as it is, and
    so does the status of a line that is reserved or further. Raises Conflict while a line is being previewed or
    reserved."""
    plan = ImportPlan.of(activity)
    asked = {one.line_id: one for one in plan.result.asked if one.line_id in line_ids}
    if answer == "take":
        for line in _free(store, asked, now):
            _take_version(store, line, asked[line.id], activity.started_by, now)
    for line in store.lines.many(asked):  # decided: the same file again asks no more
        remember_told(store, line.id, dict(line.told) | dict(asked[line.id].told))
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
