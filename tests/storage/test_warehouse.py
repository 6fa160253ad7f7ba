"""The warehouse's tables on both databases: scans, pieces, parcels, last digits, and what an index forbids."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from purchasing.parcels import Addressee
from purchasing.ports import Store
from purchasing.provider import WaybillSeen
from purchasing.receiving import ScanKind
from purchasing.words import ProviderName
from storage.engine import SqlDatabase
from tests.storage.world import NOW, account, line, person, seen


def parcel_under_way(store: Store, numbers: Sequence[str], at: datetime = NOW, number: str = "4001") -> int:
    """A line with two pieces in parcels of these numbers; its binding."""
    waybills = [WaybillSeen(one, "YTO", "圆通") for one in numbers]
    shop = account(store)
    order = store.provider_orders.upsert(shop.id, ProviderName.TAOBAO, seen(number, waybills=waybills), "seen", at)
    bought = line(store, number=f"A-{number}", quantity=2)
    return store.bindings.bind(bought.id, order.lines[0].id, 2, at).id


async def test_pieces_of_a_scan_are_counted_on_the_tie(db: SqlDatabase) -> None:
    def unit(store: Store) -> list[int]:
        tie = parcel_under_way(store, ["YT1"])
        receiving = store.warehouse.start(person(store).id, NOW)
        scan = store.warehouse.add_scan(receiving.id, "YT1", ScanKind.RECEIVED, None, NOW)
        had = []
        for pieces in (2, 1, 1, 0, 2):
            store.warehouse.put_pieces(scan.id, {tie: pieces})
            had.append(store.bindings.many([tie])[0].received)
        return had

    assert await db.write(unit) == [2, 1, 1, 0, 2]


async def test_a_parcel_is_received_once_whoever_writes(db: SqlDatabase) -> None:
    def twice(store: Store) -> None:
        for telegram_id in (7, 8):
            receiving = store.warehouse.start(person(store, telegram_id).id, NOW)
            store.warehouse.add_scan(receiving.id, "YT1", ScanKind.RECEIVED, None, NOW)

    with pytest.raises(IntegrityError):
        await db.write(twice)


async def test_after_an_undo_it_can_be_received_again(db: SqlDatabase) -> None:
    def unit(store: Store) -> tuple[int, int]:
        receiving = store.warehouse.start(person(store).id, NOW)
        first = store.warehouse.add_scan(receiving.id, "YT1", ScanKind.RECEIVED, (1, 3), NOW)
        store.warehouse.undo(first.id, NOW)
        store.warehouse.add_scan(receiving.id, "YT1", ScanKind.RECEIVED, None, NOW)
        return len(store.warehouse.arrived("YT1")), store.warehouse.counts(receiving.id)[ScanKind.RECEIVED]

    assert await db.write(unit) == (1, 1)


async def test_a_person_has_one_open_receiving(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        who = person(store).id
        first = store.warehouse.start(who, NOW)
        store.warehouse.finish(first.id, NOW)
        assert store.warehouse.open_of(who) is None
        store.warehouse.start(who, NOW)
        store.warehouse.start(who, NOW)

    with pytest.raises(IntegrityError):
        await db.write(unit)


async def test_track_numbers_are_found_by_their_end(db: SqlDatabase) -> None:
    numbers = ["YT2600000000011", "78912345670011", "JD0123456780011-1-2-", "YT2600001100"]

    def unit(store: Store) -> list[list[str]]:
        for n, number in enumerate(numbers):
            parcel_under_way(store, [number], number=f"40{n:02d}")
        tails = ("0011", "670011", "YT2600001100", "9999")
        return [[one.number for one in store.shipments.ending(tail, 9)] for tail in tails]

    found = await db.write(unit)
    assert found == [["JD0123456780011", "78912345670011", "YT2600000000011"], ["78912345670011"], ["YT2600001100"], []]


async def test_arrivals_count_parcels_by_carrier_until_received(db: SqlDatabase) -> None:
    def arrivals(store: Store) -> tuple[object, object]:
        told = store.warehouse.arrivals(NOW - timedelta(days=2), NOW - timedelta(days=7), NOW - timedelta(days=45))
        return told.expected, told.overdue

    def unit(store: Store) -> None:
        for n, days in enumerate((0, 3, 4, 9, 50)):
            parcel_under_way(store, [f"YT{n}"], NOW - timedelta(days=days), f"40{n:02d}")

    await db.write(unit)
    assert await db.read(arrivals) == ((("圆通", 2),), (("圆通", 1),))
    await db.write(lambda store: store.provider_orders.set_received("YT1", NOW))
    assert await db.read(arrivals) == ((("圆通", 1),), (("圆通", 1),))


async def test_parcels_hold_pieces_and_sealed_details(db: SqlDatabase) -> None:
    def unit(store: Store) -> int:
        bought = line(store, quantity=3)
        made = store.parcels.add(bought.order_id, Addressee(passport="4509"), "air", person(store).id, NOW)
        store.parcels.put_item(made.id, bought.id, 2)
        store.parcels.put_item(made.id, bought.id, 3)
        assert store.parcels.in_parcels([bought.id]) == {bought.id: 3}
        assert store.parcels.in_parcels([bought.id], closed=True) == {}
        assert store.parcels.details(made.id).passport == "4509"
        assert [one.id for one in store.parcels.open_for(bought.order_id)] == [made.id]
        store.parcels.remove(made.id)
        return store.parcels.page(0, 5)[1]

    assert await db.write(unit) == 0


async def test_orders_with_goods_to_pack(db: SqlDatabase) -> None:
    def unit(store: Store) -> list[tuple[list[tuple[int, int]], int]]:
        tie = parcel_under_way(store, ["YT1"])
        found = [store.parcels.to_pack(0, 5)]
        receiving = store.warehouse.start(person(store).id, NOW)
        scan = store.warehouse.add_scan(receiving.id, "YT1", ScanKind.RECEIVED, None, NOW)
        store.warehouse.put_pieces(scan.id, {tie: 2})
        found.append(store.parcels.to_pack(0, 5))
        bought = store.lines.many([store.bindings.many([tie])[0].line_id])[0]
        made = store.parcels.add(bought.order_id, Addressee(), "", 1, NOW)
        store.parcels.put_item(made.id, bought.id, 2)
        return [*found, store.parcels.to_pack(0, 5)]

    before, received, packed = await db.write(unit)
    assert (before, packed) == (([], 0), ([], 0))
    assert received == ([(1, 1)], 1)


async def test_wanted_numbers_are_told_once(db: SqlDatabase) -> None:
    def unit(store: Store) -> list[list[tuple[str, int]]]:
        who = person(store).id
        for _ in range(2):
            store.warehouse.want("YT1", who, NOW)
        before = store.warehouse.wanted(["YT1", "YT2"])
        store.warehouse.found(["YT1"], NOW)
        return [before, store.warehouse.wanted(["YT1"])]

    assert await db.write(unit) == [[("YT1", 1)], []]
