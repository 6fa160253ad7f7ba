"""Provider orders as seen, waybills, bindings."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.provider_orders import ProviderOrder
from purchasing.words import IntentState, ProviderName, Stage
from storage.engine import SqlDatabase
from tests.storage.world import NOW, account, activity, intent, line, seen

TAOBAO = ProviderName.TAOBAO


def put(store: Store, what: ProviderOrderSeen, now: datetime = NOW, origin: str = "seen") -> ProviderOrder:
    return store.provider_orders.upsert(account(store).id, TAOBAO, what, origin, now)


async def test_what_was_seen_comes_back(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        order = put(store, seen(subs=("1", "2"), waybills=[WaybillSeen("SF 1", "SF", "Express", ("2", "1"))]))
        assert (order.number, order.stage, order.total, order.origin) == ("4001", Stage.UNPAID, 2101, "seen")
        assert [x.sub_number for x in order.lines] == ["1", "2"]
        assert str(order.lines[0].unit_price) == "10.505"
        assert [(w.number, w.sub_numbers, w.first_seen_at) for w in order.waybills] == [("SF 1", ("1", "2"), now)]
        assert store.provider_orders.get(order.id) == store.provider_orders.by_number(TAOBAO, "4001") == order
        assert store.provider_orders.many([order.id]) == store.provider_orders.find_number("4001") == [order]
        assert store.provider_orders.line(order.lines[1].id) == order.lines[1]
        assert store.provider_orders.get(99) is None
        assert store.provider_orders.by_number(ProviderName.ALIBABA1688, "4001") is None
        assert store.provider_orders.line(99) is None

    await db.write(unit)


async def test_seeing_again_merges_and_forgets_nothing(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        later = now + timedelta(hours=1)
        first = put(store, seen(subs=("1", "2"), closes_at=later), origin="placed")
        what = seen(stage=Stage.PAID, subs=("2", "3"), seller="", created_at=None, paid_at=later)
        what = replace(what, lines=(replace(what.lines[0], refund_status="refunding"), what.lines[1]))
        second = put(store, what, later, "seen")
        assert second.id == first.id
        assert second.origin == "placed"
        assert (second.stage, second.paid_at, second.seen_at) == (Stage.PAID, later, later)
        assert (second.created_at, second.closes_at, second.seller) == (now, later, "seller")
        assert [(x.sub_number, x.refund_status) for x in second.lines] == [("1", ""), ("2", "refunding"), ("3", "")]
        assert [x.id for x in second.lines[:2]] == [x.id for x in first.lines]

    await db.write(unit)


def goods(sub: str, sku: str = "s1", choice: str = "red", quantity: int = 2) -> ProviderLineSeen:
    return ProviderLineSeen(sub, "60001", sku, choice, "Cup", quantity, Decimal(10))


def lines_of(order: ProviderOrder) -> list[tuple[int, str, str]]:
    return [(x.id, x.sub_number, x.sku_id) for x in order.lines]


async def test_lines_placed_without_numbers_get_them_from_a_reading(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        placed = put(store, replace(seen(), lines=(goods("?1"), goods("?2", "s2"), goods("?3", "s2", quantity=5))))
        one, two, three = (x.id for x in placed.lines)
        target = line(store)
        tie = store.bindings.bind(target.id, two, 2, now)
        parcel = WaybillSeen("SF1", sub_numbers=("71",))
        read = seen(waybills=[parcel])
        read = replace(read, lines=(goods("71", "s2"), goods("72", "s2", quantity=5), goods("73"), goods("74", "s3")))
        order = put(store, read)
        assert lines_of(order)[:3] == [(one, "73", "s1"), (two, "71", "s2"), (three, "72", "s2")]
        assert [x.sub_number for x in order.lines[3:]] == ["74"]
        assert store.bindings.of_provider_order(order.id) == [tie]
        bound = store.provider_orders.line(tie.provider_line_id)
        assert bound is not None
        assert bound.sub_number in order.waybills[0].sub_numbers
        assert lines_of(put(store, read)) == lines_of(order)

    await db.write(unit)


async def test_a_single_line_under_its_orders_number_gets_its_own(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        (placed,) = put(store, replace(seen(), lines=(goods("4001", sku=""),))).lines
        order = put(store, replace(seen(), lines=(goods("71"),)))
        assert lines_of(order) == [(placed.id, "71", "s1")]

    await db.write(unit)


async def test_a_known_number_is_not_lost_to_one_that_stands_in(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        read = put(store, replace(seen(), lines=(goods("71"), goods("72", "s2"))))
        late = put(store, replace(seen(), lines=(goods("?1"), goods("?2", "s2"))), origin="placed")
        assert lines_of(late) == lines_of(read)

    await db.write(unit)


@pytest.mark.parametrize("other", [goods("71", "s9"), goods("71", "", "blue"), goods("71", quantity=3)])
async def test_other_goods_are_another_line(db: SqlDatabase, other: ProviderLineSeen) -> None:
    def unit(store: Store) -> None:
        put(store, replace(seen(), lines=(goods("?1"),)))
        assert [x.sub_number for x in put(store, replace(seen(), lines=(other,))).lines] == ["?1", "71"]

    await db.write(unit)


async def test_waybills_that_are_gone_stay_findable_and_may_come_back(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        def replaced(waybills: list[WaybillSeen] | None) -> dict[str, datetime | None]:
            return {w.number: w.replaced_at for w in put(store, seen(waybills=waybills), later).waybills}

        later = now + timedelta(days=1)
        put(store, seen(waybills=[WaybillSeen("sf1 23")]))
        assert replaced(None) == {"sf1 23": None}
        assert replaced([WaybillSeen("YT9", "YTO")]) == {"sf1 23": later, "YT9": None}
        assert replaced([WaybillSeen("sf1 23", sub_numbers=("1",))]) == {"sf1 23": None, "YT9": later}
        assert replaced([]) == {"sf1 23": later, "YT9": later}
        order = put(store, seen())
        other = put(store, seen("4002", waybills=[WaybillSeen("YT9")]))
        found = [store.provider_orders.by_waybill(number) for number in ("SF123", "YT9", "NONE")]
        assert found == [[order], [order, other], []]
        assert order.waybills[0].sub_numbers == ("1",)
        assert order.waybills[1].carrier == "YTO"

    await db.write(unit)


async def test_lists_of_provider_orders(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        bound = put(store, seen("1", Stage.UNPAID, closes_at=now + timedelta(hours=2)))
        unknown = put(store, seen("2", None))
        done = put(store, seen("3", Stage.DONE))
        put(store, seen("4", Stage.CLOSED_UNPAID))
        soon = put(store, seen("5", Stage.UNPAID, closes_at=now + timedelta(hours=1)), now + timedelta(hours=1))
        never = put(store, seen("6", Stage.UNPAID))
        ours = account(store).id
        target = line(store)
        for order in (bound, unknown, done):
            store.bindings.bind(target.id, order.lines[0].id, 1, now)
        assert store.provider_orders.open_numbers(ours) == ["1", "2"]
        assert store.provider_orders.open_numbers(99) == []
        assert store.provider_orders.unpaid() == store.provider_orders.unpaid(ours) == [soon, bound, never]
        assert store.provider_orders.unpaid(99) == []
        assert store.provider_orders.unlinked(ours, 0, 10) == ([never, soon], 2)
        assert store.provider_orders.unlinked(None, 1, 1) == ([soon], 2)

    await db.write(unit)


async def test_orders_that_cover_something_are_taken(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        later = now + timedelta(hours=1)
        target, old = line(store), put(store, seen("1"))
        bound, intended, _free = (put(store, seen(n), later) for n in ("2", "3", "4"))
        store.bindings.bind(target.id, old.lines[0].id, 1, now)
        store.bindings.bind(target.id, bound.lines[0].id, 1, now)
        prepared = store.ledger.prepare(intent("k", activity(store).id, account(store).id, [target.id]), now)
        store.ledger.finish(prepared.id, IntentState.PLACED, {}, [intended.number], "", now)
        assert store.provider_orders.taken_numbers(account(store).id, later) == ["2", "3"]

    await db.write(unit)


async def test_bindings(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        target, order = line(store), put(store, seen(subs=("1", "2")))
        one, two = (x.id for x in order.lines)
        tie = store.bindings.bind(target.id, one, 2, now)
        assert store.bindings.bind(target.id, one, 2, now) == tie
        second = store.bindings.bind(target.id, two, 1, now)
        assert store.bindings.of_lines([target.id]) == store.bindings.of_provider_order(order.id) == [tie, second]
        store.bindings.end(tie.id, now)
        store.bindings.end(tie.id, now + timedelta(days=1))
        assert store.bindings.of_lines([target.id]) == [second]
        assert store.bindings.was_unbound(target.id, one)
        assert not store.bindings.was_unbound(target.id, two)
        again = store.bindings.bind(target.id, one, 1, now)
        assert again.id != tie.id
        assert not store.bindings.was_unbound(target.id, one)

    await db.write(unit)


async def test_a_pair_has_one_live_binding_whatever_the_code_does(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        store.bindings.bind(line(store).id, put(store, seen()).lines[0].id, 1, now)

    await db.write(unit)
    copy = text(
        "INSERT INTO binding (line_id, provider_line_id, quantity, bound_at) "
        "SELECT line_id, provider_line_id, quantity, bound_at FROM binding"
    )
    with pytest.raises(IntegrityError):
        await db.maintain(lambda connection: connection.execute(copy))
    await db.maintain(lambda connection: connection.execute(text("UPDATE binding SET ended_at = bound_at")))
    await db.maintain(lambda connection: connection.execute(copy))


async def test_ignored_ones_are_neither_to_pay_nor_to_link_until_taken_back(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        private, other = put(store, seen("1", Stage.UNPAID)), put(store, seen("2", Stage.UNPAID))
        store.provider_orders.set_ignored([private.id], now)
        assert [order.number for order in store.provider_orders.unpaid()] == ["2"]
        assert store.provider_orders.unlinked(None, 0, 9) == ([other], 1)
        rows, count = store.provider_orders.unlinked(None, 0, 9, ignored=True)
        assert ([(order.number, order.ignored_at) for order in rows], count) == ([("1", now)], 1)

        again = put(store, seen("1", Stage.PAID))
        assert again.ignored_at == now, "a sync doesn't bring it back"
        store.provider_orders.set_ignored([private.id], None)
        assert store.provider_orders.unlinked(None, 0, 9)[1] == 2

    await db.write(unit)
