"""Previews."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from purchasing.ports import Store
from purchasing.previews import PreviewGroup, PreviewLine
from storage.engine import SqlDatabase
from tests.storage.world import account, activity, line, person


async def test_a_preview_is_filled_piece_by_piece(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        shop, other = account(store, "1").id, account(store, "2").id
        rows = [PreviewLine(line(store, key=str(n)).id, shop) for n in (2, 1)]
        made = store.previews.add(person(store).id, rows, now)
        assert store.previews.get(made.id) == made
        filled = replace(rows[1], group=0, unit_price=Decimal("0.015"), refusal="tmall", quoted_at=now, choice="red")
        store.previews.save_lines(made.id, [filled])
        groups = [PreviewGroup(n, shop, "s", 100, 10, 5, 105) for n in (1, 0)]
        store.previews.save_groups(made.id, shop, groups)
        store.previews.save_groups(made.id, other, [PreviewGroup(2, other, "t", 1, 2, 3, 4, freight_final=False)])
        store.previews.save_groups(made.id, shop, groups[1:])
        work = [activity(store).id for _ in range(2)]
        for one in (*work, work[0]):
            store.previews.attach(made.id, one)
        found = store.previews.get(made.id)
        assert found is not None
        assert found.lines == (rows[0], filled)
        assert [(g.number, g.account_id, g.freight_final) for g in found.groups] == [(0, shop, True), (2, other, False)]
        assert found.activity_ids == tuple(work)
        assert store.previews.get(99) is None

    await db.write(unit)


async def test_a_preview_is_confirmed_or_dropped_once(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        one, two = (store.previews.add(person(store).id, [], now).id for _ in range(2))
        assert store.previews.confirm(one, now)
        assert not store.previews.confirm(one, now)
        assert not store.previews.drop(one, now)
        assert store.previews.drop(two, now)
        assert not store.previews.confirm(two, now)

    await db.write(unit)
