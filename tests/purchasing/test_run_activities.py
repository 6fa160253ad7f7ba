"""What the errors of a piece mean for its activity: what is told, and whether it is tried again."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from purchasing.activities import Activity
from purchasing.errors import NotInstalled, StorageUnavailable, Transient
from purchasing.ports import Store
from purchasing.run_activities import RunActivities
from purchasing.words import ActivityKind, ActivityState, Priority
from storage.engine import SqlDatabase

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def advance(self, activity: Activity) -> None:
        raise self.error

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        """Nothing is held."""


async def after(db: SqlDatabase, error: Exception) -> tuple[Activity, list[str]]:
    """An activity whose first piece has failed with this error, and the codes of its steps."""
    draft = Activity(0, ActivityKind.SYNC, ActivityState.QUEUED, "{}", Priority.PERSON)
    added = await db.write(lambda store: store.activities.add(draft, NOW))
    await RunActivities(db, lambda: NOW, {ActivityKind.SYNC: Failing(error)}).advance(added)
    found = await db.read(lambda store: store.activities.get(added.id))
    assert found
    return found, [step.code for step in await db.read(lambda store: store.activities.steps(added.id))]


async def test_what_is_not_installed_ends_it_at_once(db: SqlDatabase) -> None:
    ended, steps = await after(db, NotInstalled("browser_missing", "No Chromium found"))
    assert (ended.state, ended.failure, steps) == (ActivityState.FAILED, "browser_missing", ["browser_missing"])


async def test_a_marketplace_that_is_away_is_tried_again_later(db: SqlDatabase) -> None:
    waiting, steps = await after(db, Transient("no answer", timedelta(seconds=40)))
    assert (waiting.state, waiting.not_before) == (ActivityState.QUEUED, NOW + timedelta(seconds=40))
    assert steps == ["provider_away"]


@pytest.mark.parametrize("error", [ValueError("x")])
async def test_an_unforeseen_error_is_tried_again_soon(db: SqlDatabase, error: Exception) -> None:
    waiting, steps = await after(db, error)
    assert (waiting.state, waiting.attempts, steps) == (ActivityState.QUEUED, 1, [])


async def test_a_database_that_is_away_counts_against_nothing(db: SqlDatabase) -> None:
    draft = Activity(0, ActivityKind.SYNC, ActivityState.QUEUED, "{}", Priority.PERSON)
    added = await db.write(lambda store: store.activities.add(draft, NOW))
    kinds = {ActivityKind.SYNC: Failing(StorageUnavailable("locked"))}
    with pytest.raises(StorageUnavailable):
        await RunActivities(db, lambda: NOW, kinds).advance(added)
    assert await db.read(lambda store: store.activities.get(added.id)) == added


class Hanging(Failing):
    def __init__(self) -> None:
        super().__init__(ValueError())

    async def advance(self, activity: Activity) -> None:
        await asyncio.Event().wait()


async def test_a_piece_that_hangs_is_broken_off_with_its_browser_and_tried_again(db: SqlDatabase) -> None:
    draft = Activity(0, ActivityKind.SYNC, ActivityState.QUEUED, "{}", Priority.PERSON)
    added = await db.write(lambda store: store.activities.add(draft, NOW))
    ended: list[int] = []

    async def end_browser(activity: Activity) -> None:
        ended.append(activity.id)

    kinds = {ActivityKind.SYNC: Hanging()}
    await RunActivities(db, lambda: NOW, kinds, end_browser, timedelta(milliseconds=50)).advance(added)
    found = await db.read(lambda store: store.activities.get(added.id))
    assert found
    assert (found.state, found.attempts, ended) == (ActivityState.QUEUED, 1, [added.id])
