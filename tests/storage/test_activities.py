"""Activities and their leases; questions."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from purchasing.activities import Activity, Step
from purchasing.ports import Store
from purchasing.words import ActivityKind, ActivityState, IntentState, Priority, ProviderName, QuestionState
from storage.engine import SqlDatabase, open_database
from storage.vault import Vault
from tests.storage.world import account, activity, intent, line, person

SOON, MINUTE = timedelta(seconds=10), timedelta(minutes=1)
State = ActivityState


def claim(store: Store, now: datetime, owner: str = "me") -> int | None:
    found = store.activities.claim(owner, now + MINUTE, now)
    return found.id if found else None


async def test_an_activity_comes_back_as_saved(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = activity(store, account(store).id, provider=ProviderName.TAOBAO, started_by=person(store).id, title="t")
        assert made.created_at == now
        assert store.activities.get(made.id) == made
        changed = replace(
            made, state=State.FAILED, plan="[]", lines_found=1, orders_found=2, errors=3, percent=4, attempts=5,
            not_before=now, title="u", failure="poison", ended_at=now,
        )  # fmt: skip
        store.activities.save(changed)
        assert store.activities.get(made.id) == changed
        assert store.activities.get(99) is None

    await db.write(unit)


async def test_work_is_claimed_by_priority_and_age(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        background = activity(store, priority=Priority.BACKGROUND, at=now - timedelta(hours=1)).id
        second = activity(store, at=now).id
        first = activity(store, at=now - SOON).id
        later = activity(store, not_before=now + SOON).id
        assert [claim(store, now) for _ in range(4)] == [first, second, background, None]
        got = store.activities.get(first)
        assert got is not None
        assert got.state is State.RUNNING
        assert claim(store, now + SOON) == later

    await db.write(unit)


async def test_an_account_works_on_one_thing_at_a_time(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        one, two = account(store, "1").id, account(store, "2").id
        first, waits, other = (activity(store, n).id for n in (one, one, two))
        free = [activity(store, kind=ActivityKind.IMPORT).id for _ in range(2)]
        assert [claim(store, now) for _ in range(5)] == [first, other, *free, None]
        store.activities.release(first, "somebody else")
        assert claim(store, now) is None
        store.activities.release(first, "me")
        assert claim(store, now) == first
        done = store.activities.get(first)
        assert done is not None
        store.activities.save(replace(done, state=State.DONE))
        assert claim(store, now) is None
        store.activities.release(first, "me")
        ended = store.activities.get(first)
        assert ended is not None
        assert ended.state is State.DONE
        assert claim(store, now) == waits

    await db.write(unit)


async def test_a_lease_that_ran_out_is_free(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        shop = account(store).id
        first, _second = activity(store, shop).id, activity(store, shop)
        assert claim(store, now, "dead") == first
        assert store.activities.renew(first, "dead", now + 2 * MINUTE)
        assert claim(store, now + MINUTE, "me") is None
        assert claim(store, now + 2 * MINUTE, "me") == first
        assert not store.activities.renew(first, "dead", now + 9 * MINUTE)
        store.activities.release(first, "dead")
        assert claim(store, now + 2 * MINUTE, "me") is None

    await db.write(unit)


async def test_a_piece_saved_for_later_waits_though_its_lease_was_not_given_back(
    db: SqlDatabase, now: datetime
) -> None:
    def unit(store: Store) -> None:
        made = activity(store)
        claim(store, now)
        store.activities.save(replace(made, state=State.QUEUED, not_before=now + SOON))
        assert claim(store, now + SOON) is None
        store.activities.release(made.id, "me")
        assert claim(store, now) is None
        assert claim(store, now + SOON) == made.id

    await db.write(unit)


async def test_claims_of_two_processes_never_meet(url: str, vault: Vault, db: SqlDatabase, now: datetime) -> None:
    def fill(store: Store) -> None:
        for n in range(3):
            shop = account(store, str(n)).id
            for _ in range(3):
                activity(store, shop)

    await db.write(fill)
    other = await open_database(url, vault)
    claims = (
        d.write(lambda store: store.activities.claim("x", now + MINUTE, now)) for _ in range(5) for d in (db, other)
    )
    got = [found for found in await asyncio.gather(*claims) if found]
    await other.close()
    assert len(got) == len({found.account_id for found in got}) == 3


async def test_when_the_next_is_due(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        assert store.activities.next_due(now) is None
        activity(store, not_before=now + 2 * MINUTE)
        assert store.activities.next_due(now) == now + 2 * MINUTE
        shop = account(store).id
        activity(store, shop)
        activity(store, shop)
        assert store.activities.next_due(now) == now
        claim(store, now)
        assert store.activities.next_due(now) == now + MINUTE

    await db.write(unit)


async def test_lists_of_activities(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        shop = account(store).id
        made = {state: activity(store, shop, kind=ActivityKind.SYNC) for state in State}
        imported = activity(store, kind=ActivityKind.IMPORT)
        for state, one in [*made.items(), (State.DONE, imported)]:
            store.activities.save(replace(one, state=state))
        activity(store, kind=ActivityKind.LOOKUP)

        def ids(found: list[Activity]) -> list[int]:
            return [one.id for one in found]

        page, count = store.activities.page("running", 0, 10)
        assert (ids(page), count) == ([made[State.RUNNING].id, made[State.QUEUED].id], 2)
        assert ids(store.activities.page("waiting", 0, 10)[0]) == [made[State.WAITING].id]
        page, count = store.activities.page("past", 1, 1)
        assert (ids(page), count) == ([made[State.CANCELLED].id], 3)  # the sync that was done by itself isn't there
        assert made[State.DONE].id not in ids(store.activities.page("past", 0, 9)[0])
        unfinished = [made[state].id for state in (State.QUEUED, State.RUNNING, State.WAITING)]
        assert ids(store.activities.unfinished(ActivityKind.SYNC, shop)) == unfinished
        assert ids(store.activities.unfinished(ActivityKind.SYNC, None)) == unfinished
        assert store.activities.unfinished(ActivityKind.SYNC, shop + 1) == []
        newest = store.activities.newest(ActivityKind.SYNC, shop)
        assert newest is not None
        assert newest.id == max(one.id for one in made.values())
        assert store.activities.newest(ActivityKind.RESERVE, shop) is None
        assert store.activities.unfinished(ActivityKind.RESERVE, shop) == []

    await db.write(unit)


async def test_steps(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = activity(store).id
        steps = [Step(made, now + n * SOON, "error" if n == 1 else "ok", f"c{n}", (("a", "б"),), n) for n in range(4)]
        for step in steps:
            store.activities.add_step(step)
        assert store.activities.steps(made) == steps
        assert store.activities.steps(made, limit=2) == steps[2:]
        assert store.activities.steps(made, "error") == steps[1:2]

    await db.write(unit)


async def test_purge_keeps_what_is_needed(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        shop, part = account(store).id, line(store).id
        ended = []
        for n in range(7):
            one = activity(store, shop)
            store.activities.save(replace(one, state=State.DONE, ended_at=now + n * SOON))
            ended.append(one.id)
        store.activities.add_step(Step(ended[0], now, "ok", "c"))
        store.questions.ask(ended[1], "k", ["yes"], {}, [part], now)
        made = store.ledger.prepare(intent("k", ended[2], shop, [part]), now)
        running = activity(store).id
        assert store.activities.purge(now + 5 * SOON, keep=3, limit=1) == 1
        assert store.activities.purge(now + 5 * SOON, keep=3, limit=10) == 1
        store.ledger.finish(made.id, IntentState.PLACED, {}, [], "", now)
        assert store.activities.purge(now + 5 * SOON, keep=3, limit=10) == 1
        left = [one for one in (*ended, running) if store.activities.get(one)]
        assert left == [ended[1], ended[4], ended[5], ended[6], running]
        assert store.ledger.get(made.id) is not None

    await db.write(unit)


async def test_a_question_is_answered_once(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        who, work = person(store).id, activity(store).id
        a, b, c = (line(store, key=str(n)).id for n in range(3))
        asked = store.questions.ask(work, "price", ["yes", "no"], {"sum": "10"}, [b, a], now)
        assert (asked.answers, asked.params, asked.line_ids) == (("yes", "no"), (("sum", "10"),), (b, a))
        store.questions.add_lines(asked.id, [a, c])
        assert store.questions.open() == store.questions.of_activity(work) == [replace(asked, line_ids=(b, a, c))]
        assert store.questions.answer_line(asked.id, a, "no")
        assert not store.questions.answer_line(asked.id, a, "yes")
        assert not store.questions.answer_line(asked.id, 99, "yes")
        assert store.questions.answer(asked.id, "yes", who, now)
        assert not store.questions.answer(asked.id, "no", who, now)
        assert not store.questions.answer_line(asked.id, b, "no")
        found = store.questions.get(asked.id)
        assert found is not None
        assert (found.state, found.answer, found.answered_by) == (QuestionState.ANSWERED, "yes", who)
        assert found.line_answers == ((a, "no"),)
        assert store.questions.open() == []
        assert store.questions.get(99) is None

    await db.write(unit)


async def test_a_withdrawn_question_takes_no_answer(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        asked = store.questions.ask(activity(store).id, "k", [], {}, [], now)
        assert store.questions.withdraw(asked.activity_id, now) == [asked.id]
        assert store.questions.withdraw(asked.activity_id, now) == []
        assert not store.questions.answer(asked.id, "yes", person(store).id, now)
        assert [q.state for q in store.questions.of_activity(asked.activity_id)] == [QuestionState.WITHDRAWN]

    await db.write(unit)


@pytest.mark.parametrize("tries", [10])
async def test_of_many_answers_at_once_one_wins(db: SqlDatabase, now: datetime, tries: int) -> None:
    asked = await db.write(lambda store: store.questions.ask(activity(store).id, "k", ["a"], {}, [], now))
    who = await db.write(lambda store: person(store).id)
    answers = (db.write(lambda store: store.questions.answer(asked.id, "a", who, now)) for _ in range(tries))
    assert sum(await asyncio.gather(*answers)) == 1
