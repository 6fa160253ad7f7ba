"""The ledger: one live intent per line, one hand per intent."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from purchasing.errors import Conflict
from purchasing.ledger import Intent, LineOutcome
from purchasing.ports import Store
from purchasing.words import IntentState
from storage.engine import SqlDatabase, open_database
from storage.vault import Vault
from tests.storage.world import account, activity, intent, line

State = IntentState


def prepared(store: Store, now: datetime, key: str = "k1", lines: int = 2) -> Intent:
    ids = [line(store, key, str(n)).id for n in range(lines)]
    shop = account(store).id
    return store.ledger.prepare(intent(key, activity(store, shop).id, shop, ids), now)


async def test_an_intent_goes_its_way(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = prepared(store, now)
        first, second = (x.line_id for x in made.lines)
        assert made.state is State.PREPARED
        assert store.ledger.get(made.id) == made
        assert store.ledger.of_activity(made.activity_id) == store.ledger.live() == [made]
        deadline = now + timedelta(seconds=8)
        assert store.ledger.mark_sending(made.id, 0, deadline, "confirm page: 10.00", now)
        assert not store.ledger.mark_sending(made.id, 0, deadline, "again", now)
        store.ledger.looked(made.id)
        outcomes = {first: LineOutcome.PLACED, second: LineOutcome.REFUSED}
        store.ledger.finish(made.id, State.PARTLY, outcomes, ["900", "800"], "found", now)
        ended = store.ledger.get(made.id)
        assert ended is not None
        assert (ended.state, ended.deadline, ended.sent_at, ended.looks) == (State.PARTLY, deadline, now, 1)
        assert [x.outcome for x in ended.lines] == [LineOutcome.PLACED, LineOutcome.REFUSED]
        assert ended.provider_orders == ("900", "800")
        assert ended.evidence == "confirm page: 10.00\nfound"
        assert store.ledger.live(made.account_id) == []
        assert store.ledger.get(99) is None

    await db.write(unit)


async def test_an_older_hand_is_refused(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = prepared(store, now)
        taken = store.ledger.take_over(made.id)
        assert taken.fence == 1
        assert not store.ledger.mark_sending(made.id, made.fence, now, "", now)
        assert store.ledger.mark_sending(made.id, taken.fence, now, "", now)

    await db.write(unit)


async def test_an_unknown_one_holds_its_lines_until_it_is_known(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = prepared(store, now)
        ids = [x.line_id for x in made.lines]
        second = intent("k2", made.activity_id, made.account_id, ids[:1])
        for state in (State.PREPARED, State.SENDING, State.UNKNOWN):
            store.ledger.finish(made.id, state, {}, [], "", now)
            with pytest.raises(Conflict) as caught:
                store.ledger.prepare(second, now)
            assert caught.value.holder == str(made.activity_id)
        store.ledger.mark_sending(made.id, 0, now, "", now)
        store.ledger.finish(made.id, State.UNKNOWN, {}, [], "", now)
        again = store.ledger.rearm(made.id)
        assert (again.state, again.fence, again.deadline, again.looks) == (State.PREPARED, 1, None, 0)
        assert store.ledger.live(made.account_id + 1) == []
        store.ledger.finish(made.id, State.ABSENT, dict.fromkeys(ids, LineOutcome.ABSENT), [], "", now)
        assert store.ledger.rearm(made.id).state is State.ABSENT
        assert store.ledger.prepare(second, now).lines[0].line_id == ids[0]

    await db.write(unit)


async def test_a_conflict_leaves_the_unit_usable(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = prepared(store, now, lines=1)
        with pytest.raises(Conflict):
            store.ledger.prepare(intent("k1", made.activity_id, made.account_id, []), now)  # the key is used
        store.settings.put("after", "conflict", None, now)

    await db.write(unit)
    assert await db.read(lambda store: store.settings.get("after")) == "conflict"


async def test_the_index_refuses_a_second_live_intent(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        made = prepared(store, now, lines=1)
        store.ledger.prepare(intent("k2", made.activity_id, made.account_id, []), now)

    await db.write(unit)
    copy = text(
        "INSERT INTO intent_line (intent_id, line_id, quantity, item_id, sku_id, outcome, live) "
        "SELECT 2, line_id, quantity, item_id, sku_id, outcome, live FROM intent_line"
    )
    with pytest.raises(IntegrityError):
        await db.maintain(lambda connection: connection.execute(copy))


async def test_of_many_that_want_a_line_one_gets_it(url: str, vault: Vault, db: SqlDatabase, now: datetime) -> None:
    made = await db.write(line)
    shop = await db.write(lambda store: account(store).id)
    work = await db.write(lambda store: activity(store).id)
    other = await open_database(url, vault)

    async def want(database: SqlDatabase, key: str) -> bool:
        try:
            await database.write(lambda store: store.ledger.prepare(intent(key, work, shop, [made.id]), now))
        except Conflict:
            return False
        return True

    got = await asyncio.gather(*(want(d, f"{n}-{i}") for n in range(5) for i, d in enumerate((db, other))))
    await other.close()
    assert sum(got) == 1


async def test_what_was_spent(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        shop, second = account(store).id, account(store, "shop2").id
        work = activity(store).id
        fates = [
            (shop, State.PLACED, 1),
            (shop, State.UNKNOWN, 10),
            (shop, State.ABSENT, 100),
            (second, State.PARTLY, 1000),
        ]
        for n, (where, state, total) in enumerate(fates):
            made = store.ledger.prepare(intent(f"k{n}", work, where, [], total), now)
            store.ledger.mark_sending(made.id, 0, now, "", now)
            store.ledger.finish(made.id, state, {}, [], "", now)
        store.ledger.prepare(intent("unsent", work, shop, [], 5), now)
        assert store.ledger.spent_since(shop, now) == (2, 11)
        assert store.ledger.spent_since(None, now) == (3, 1011)
        assert store.ledger.spent_since(None, now + timedelta(seconds=1)) == (0, 0)

    await db.write(unit)


async def test_evidence_is_forgotten_only_where_the_outcome_is_known_for_long(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        old, new, unknown = (prepared(store, now, key) for key in ("old", "new", "unknown"))
        for made, state, at in (
            (old, State.PLACED, now),
            (new, State.PLACED, now + timedelta(days=2)),
            (unknown, State.UNKNOWN, now),
        ):
            store.ledger.finish(made.id, state, {}, ["900"], "address of the warehouse", at)
        assert store.ledger.forget_evidence(now + timedelta(days=1)) == 1
        left = [store.ledger.get(made.id) for made in (old, new, unknown)]
        assert [bool(found and found.evidence and found.checkout) for found in left] == [False, True, True]
        assert left[0] is not None
        assert left[0].provider_orders == ("900",)
        assert store.ledger.forget_evidence(now + timedelta(days=1)) == 0

    await db.write(unit)
