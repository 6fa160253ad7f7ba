"""What a track number, or its end, leads to: parcels with their goods; and what else a number may be of."""

from purchasing.ports import Store
from purchasing.provider import WaybillSeen
from purchasing.shipments import Shipment
from purchasing.words import ProviderName
from storage.engine import SqlDatabase
from tests.storage.world import NOW, account, line, person, seen


def under_way(store: Store, number: str, *waybills: str, subs: tuple[str, ...] = ("1",)) -> int:
    """The id of a provider order with these parcels."""
    what = seen(number, subs=subs, waybills=[WaybillSeen(one) for one in waybills])
    return store.provider_orders.upsert(account(store).id, ProviderName.TAOBAO, what, "seen", NOW).id


def goods(shipment: Shipment) -> list[tuple[str, int]]:
    return [(line.order_number, tie.quantity) for tie, line in shipment.ties]


async def test_a_shipment_has_its_order_whole_and_the_live_ties(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        order_id = under_way(store, "4001", "YT1", "YT2", subs=("1", "2"))
        order = store.provider_orders.many([order_id])[0]
        first, second, untied = (line(store, number) for number in ("A-1", "A-2", "A-3"))
        store.bindings.bind(second.id, order.lines[0].id, 1, NOW)
        store.bindings.bind(first.id, order.lines[0].id, 1, NOW)
        store.bindings.bind(first.id, order.lines[1].id, 2, NOW)
        store.bindings.end(store.bindings.bind(untied.id, order.lines[1].id, 1, NOW).id, NOW)
        (shipment,) = store.shipments.ending("YT2", 6)
        assert (shipment.number, shipment.waybill.number, shipment.order) == ("YT2", "YT2", order)
        assert goods(shipment) == [("A-1", 1), ("A-1", 2), ("A-2", 1)]
        assert list(shipment.ties) == store.lines.of_provider_order(order_id)

    await db.write(unit)


async def test_a_whole_number_comes_first_however_many_newer_ones_end_so(db: SqlDatabase) -> None:
    def unit(store: Store) -> list[str]:
        for number in ("0011", "YT20011", "SF30011", "JD40011"):
            under_way(store, f"40{number}", number)
        return [one.number for one in store.shipments.ending("0011", 2)]

    assert await db.write(unit) == ["0011", "JD40011"]


async def test_a_number_of_several_orders_comes_with_each_and_one_without_lines_too(db: SqlDatabase) -> None:
    def unit(store: Store) -> list[tuple[str, list[tuple[str, int]]]]:
        under_way(store, "4001", "YT1")
        under_way(store, "4002", "YT1", subs=())
        return [(one.order.number, goods(one)) for one in store.shipments.ending("YT1", 6)]

    assert await db.write(unit) == [("4002", []), ("4001", [])]


async def test_the_waybill_that_is_shown_now_wins_over_a_replaced_one(db: SqlDatabase) -> None:
    def unit(store: Store) -> list[tuple[str, bool]]:
        under_way(store, "4001", "YT 1")
        under_way(store, "4001", "YT-1")
        return [(one.waybill.number, one.waybill.replaced_at is None) for one in store.shipments.ending("YT1", 6)]

    assert await db.write(unit) == [("YT-1", True)]


async def test_a_number_is_known_as_all_that_has_it(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        bought = line(store, "a-100200", item_id="600200")
        under_way(store, "400200", "YT1")
        parcel = store.parcels.add(bought.order_id, store.parcels.details(0), "", person(store).id, NOW)
        kinds = store.numbers.known_as
        assert kinds("600200", ("600200",), None) == {"item"}
        assert kinds("A100200", ("a-100200", "A-100200", "A100200", ""), None) == {"order"}
        assert kinds("400200", ("400200",), parcel.id) == {"provider_order", "parcel"}
        assert kinds("YT1", ("YT1",), parcel.id + 1) == frozenset()

    await db.write(unit)
