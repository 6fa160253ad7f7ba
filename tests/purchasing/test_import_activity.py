"""A file that somebody sent, from the download to the result, with kills on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from purchasing.activities import Activity
from purchasing.answer import answer_all, answer_line
from purchasing.errors import BadInput, Conflict, NotAllowed, Transient
from purchasing.import_activity import CHANGED, CHUNK, Import, start_import
from purchasing.import_plan import ImportPlan
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import ActivityState, LineStatus, QuestionState, Role
from shops.files.read import read_shop_file
from storage.engine import SqlDatabase
from tests.purchasing.conftest import NOW
from tests.shops.files import HEADERS, TAOBAO, xlsx

T = TypeVar("T")
ROWS = 2 * CHUNK + 50


class Sent:
    """Files as Telegram would give them; `away` makes it fail so many times first."""

    def __init__(self, content: bytes, away: int = 0) -> None:
        self.content, self.away, self.downloads = content, away, 0

    async def download(self, file_id: str) -> bytes:
        self.downloads += 1
        if self.downloads <= self.away:
            raise Transient("away")
        return self.content


class Killed(BaseException):
    """The process is gone."""


class Dying:
    """The database of a process that is killed right before or right after its nth commit."""

    def __init__(self, db: SqlDatabase, commits: int, *, after: bool) -> None:
        self._db, self._left, self._after = db, commits, after

    async def read(self, fn: Callable[[Store], T]) -> T:
        return await self._db.read(fn)

    async def write(self, fn: Callable[[Store], T]) -> T:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Killed
        result = await self._db.write(fn)
        if self._left == 0:
            raise Killed
        return result


def rows(count: int, quantity: int = 1) -> bytes:
    headers = (*HEADERS, "Статус")
    return xlsx(headers, *[(f"A-{i % 7}", TAOBAO, quantity, 39.9, "Оплачен") for i in range(count)])


async def started(db: SqlDatabase, buyer: Person) -> Activity:
    return await db.write(lambda store: start_import(store, "file-1", "orders.xlsx", 1001, buyer, NOW))


async def stored(db: SqlDatabase, activity: Activity) -> Activity:
    found = await db.read(lambda store: store.activities.get(activity.id))
    assert found is not None
    return found


async def run(db: SqlDatabase, activity: Activity, sent: Sent) -> ImportPlan:
    """To its end, each piece by a process of its own."""
    while not (current := await stored(db, activity)).over and current.state is not ActivityState.WAITING:
        await Import(db, lambda: NOW, sent, read_shop_file).advance(current)
    return ImportPlan.of(await stored(db, activity))


async def lines(db: SqlDatabase) -> dict[LineStatus, int]:
    return {status: count for status, count in (await db.read(lambda s: s.lines.counts())).items() if count}


async def test_a_file_is_taken_in_parts_and_again_without_effect(db: SqlDatabase, buyer: Person) -> None:
    sent = Sent(rows(ROWS))
    activity = await started(db, buyer)
    plan = await run(db, activity, sent)
    assert (plan.result.taken, plan.result.unchanged, plan.rows) == (ROWS, 0, ROWS)
    assert sent.downloads == 1
    done = await stored(db, activity)
    assert (done.state, done.percent, done.lines_found, done.errors) == (ActivityState.DONE, 100, ROWS, 0)
    again = await run(db, await started(db, buyer), sent)
    assert (again.result.taken, again.result.updated, again.result.unchanged) == (0, 0, ROWS)
    assert await lines(db) == {LineStatus.READY: ROWS}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("commit", [1, 2, 3, 4])
async def test_a_kill_around_any_commit_changes_nothing_of_the_result(
    db: SqlDatabase, buyer: Person, commit: int, after: bool
) -> None:
    sent = Sent(rows(ROWS))
    activity = await started(db, buyer)
    dying = Dying(db, commit, after=after)

    async def live() -> None:
        while True:
            await Import(dying, lambda: NOW, sent, read_shop_file).advance(await stored(db, activity))

    with pytest.raises(Killed):
        await live()
    plan = await run(db, activity, sent)
    assert (plan.result.taken, plan.result.unchanged) == (ROWS, 0)
    assert await lines(db) == {LineStatus.READY: ROWS}


async def test_bad_rows_are_named_and_stop_none_of_the_good(db: SqlDatabase, buyer: Person) -> None:
    content = xlsx(HEADERS, ("A-1", TAOBAO, 1, 39.9), ("A-2", TAOBAO, "две", 39.9))
    activity = await started(db, buyer)
    plan = await run(db, activity, Sent(content))
    assert plan.result.taken == 1
    assert [(p.row, p.column, p.value) for p in plan.result.refused] == [(3, "quantity", "две")]
    assert (await stored(db, activity)).errors == 1


async def test_only_bad_rows_still_come_to_an_end(db: SqlDatabase, buyer: Person) -> None:
    activity = await started(db, buyer)
    plan = await run(db, activity, Sent(xlsx(HEADERS, ("A-2", TAOBAO, "две", 39.9))))
    assert (plan.result.taken, len(plan.result.refused)) == (0, 1)
    assert (await stored(db, activity)).state is ActivityState.DONE


async def test_what_is_no_order_file_ends_the_import_with_its_code(db: SqlDatabase, buyer: Person) -> None:
    activity = await started(db, buyer)
    plan = await run(db, activity, Sent(b"hello"))
    failed = await stored(db, activity)
    assert (plan.rule, failed.state, failed.failure) == ("no_order_file", ActivityState.FAILED, "no_order_file")


async def test_telegram_away_is_told_to_the_runner_and_nothing_is_lost(db: SqlDatabase, buyer: Person) -> None:
    sent = Sent(rows(1), away=1)
    activity = await started(db, buyer)
    with pytest.raises(Transient):
        await Import(db, lambda: NOW, sent, read_shop_file).advance(activity)
    assert (await run(db, activity, sent)).result.taken == 1


async def test_later_lines_are_asked_about_and_the_answer_decides(db: SqlDatabase, buyer: Person) -> None:
    await run(db, await started(db, buyer), Sent(rows(2)))
    (first, second) = await db.read(lambda store: store.lines.many([1, 2]))
    await db.write(lambda store: store.lines.set_status([1, 2], LineStatus.RESERVED))
    activity = await started(db, buyer)
    plan = await run(db, activity, Sent(rows(2, quantity=3)))
    assert [asked.line_id for asked in plan.result.asked] == [first.id, second.id]
    assert (await stored(db, activity)).state is ActivityState.WAITING
    (question,) = await db.read(lambda store: store.questions.of_activity(activity.id))
    assert (question.kind, question.answers, question.line_ids) == (CHANGED, ("keep", "take"), (first.id, second.id))

    await db.write(lambda store: answer_line(store, buyer, question.id, first.id, "take", NOW))
    await run(db, activity, Sent(b""))
    assert (await stored(db, activity)).state is ActivityState.WAITING
    await db.write(lambda store: answer_line(store, buyer, question.id, second.id, "keep", NOW))
    await run(db, activity, Sent(b""))
    assert (await stored(db, activity)).state is ActivityState.DONE
    (question,) = await db.read(lambda store: store.questions.of_activity(activity.id))
    assert question.state is QuestionState.ANSWERED
    found = await db.read(lambda store: store.lines.many([1, 2]))
    assert [(line.quantity, line.status) for line in found] == [(3, LineStatus.RESERVED), (1, LineStatus.RESERVED)]


async def test_a_file_that_cancels_what_is_bought_is_told_and_moves_nothing(db: SqlDatabase, buyer: Person) -> None:
    await run(db, await started(db, buyer), Sent(rows(1)))
    await db.write(lambda store: store.lines.set_status([1], LineStatus.BOUGHT))
    cancelled = xlsx((*HEADERS, "Статус"), ("A-0", TAOBAO, 1, 39.9, "Отменён"))
    activity = await started(db, buyer)
    await run(db, activity, Sent(cancelled))
    (question,) = await db.read(lambda store: store.questions.of_activity(activity.id))
    await db.write(lambda store: answer_all(store, buyer, question.id, "take", NOW))
    await run(db, activity, Sent(b""))
    assert (await stored(db, activity)).state is ActivityState.DONE
    assert await lines(db) == {LineStatus.BOUGHT: 1}


async def test_what_is_in_a_preview_is_not_changed_under_somebodys_hands(db: SqlDatabase, buyer: Person) -> None:
    await run(db, await started(db, buyer), Sent(rows(1)))
    await db.write(lambda store: store.lines.hold([1], buyer.id, NOW + timedelta(minutes=15)))
    activity = await started(db, buyer)
    await run(db, activity, Sent(rows(1, quantity=3)))
    (question,) = await db.read(lambda store: store.questions.of_activity(activity.id))
    with pytest.raises(Conflict) as held:
        await db.write(lambda store: answer_all(store, buyer, question.id, "take", NOW))
    assert held.value.holder == "Buyer"
    await db.write(lambda store: store.lines.release([1], NOW + timedelta(minutes=15)))
    await db.write(lambda store: answer_all(store, buyer, question.id, "take", NOW))
    (line,) = await db.read(lambda store: store.lines.many([1]))
    assert line.quantity == 3


async def test_only_those_who_buy_may_import(db: SqlDatabase) -> None:
    viewer = await db.write(lambda store: store.people.ensure(1002, Role.VIEWER, "Viewer", "ru", "UTC"))
    with pytest.raises(NotAllowed):
        await db.write(lambda store: start_import(store, "f", "a.csv", 1002, viewer, NOW))


async def test_a_file_that_telegram_has_lost_is_a_refusal(db: SqlDatabase, buyer: Person) -> None:
    class Gone:
        async def download(self, file_id: str) -> bytes:
            raise BadInput("file", "gone")

    activity = await started(db, buyer)
    await Import(db, lambda: NOW, Gone(), read_shop_file).advance(activity)
    assert (await stored(db, activity)).failure == "gone"
