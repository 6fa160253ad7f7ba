"""Customers' orders and their lines."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from purchasing.order_ports import LineFilter
from purchasing.orders import LineData, OrderLine, ParcelDetails
from purchasing.ports import Store
from purchasing.words import LineStatus, ProviderName
from storage.engine import SqlDatabase
from tests.storage.world import NOW, line, person

S = LineStatus


async def test_an_order_is_known_by_shop_and_number(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        first = store.orders.ensure("A-1", "files", now)
        assert store.orders.ensure("A-1", "files", now + timedelta(days=1)) == first
        other = store.orders.ensure("A-1", "otapi", now)
        assert other.id != first.id
        assert store.orders.by_number("A-1") == other
        assert store.orders.by_number("A-2") is None
        who = person(store)
        changed = replace(first, customer="Покупатель", currency="RUB", rate=Decimal("12.3400"), assignee_id=who.id)
        store.orders.save(changed)
        assert store.orders.get(first.id) == changed

    await db.write(unit)


async def test_parcel_details_come_only_when_asked_for_and_are_not_lost_by_saving(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        order = store.orders.ensure("A-1", "files", NOW)
        assert store.orders.parcel(order.id) == ParcelDetails()
        parcel = ParcelDetails("R", "+7", "street", passport="1234 567890")
        store.orders.save(replace(order, parcel=parcel))
        found = store.orders.get(order.id)
        assert found == order
        store.orders.save(replace(order, customer="c"))
        assert store.orders.parcel(order.id) == parcel

    await db.write(unit)


async def test_orders_are_found_by_number_and_customer_in_any_case(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        for number, customer in [("A-1", "Иванов"), ("A-10", "petrov"), ("100%", "")]:
            store.orders.save(replace(store.orders.ensure(number, "files", NOW), customer=customer))

        def found(text: str) -> list[str]:
            return [order.number for order in store.orders.find(text)]

        assert found("иван") == ["A-1"]
        assert found("PETROV ") == ["A-10"]
        assert found("a-1") == ["A-10", "A-1"]
        assert found("A-1") == ["A-1", "A-10"]
        assert found("%") == ["100%"]
        assert found("_") == []
        assert len(store.orders.find("", limit=2)) == 2

    await db.write(unit)


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("保温杯", ["A-1"]),
        ("温杯", ["A-1"]),
        ("杯", ["A-1", "B-2"]),
        ("ЧАШКА с", ["B-2"]),
        ("ка", ["B-2"]),
        ('"x" or', ["B-2"]),
        ("or", ["B-2"]),
        ("%", []),
        ("нет такого", []),
        ("йй", []),
        ("иван", ["A-1"]),
        ("ов", ["A-1"]),
    ],
)
async def test_lines_are_found_by_any_part_of_their_words(db: SqlDatabase, text: str, orders: list[str]) -> None:
    def unit(store: Store) -> list[str]:
        line(store, "A-1", "1", title="Старое название")
        line(store, "B-2", "1", title='Чашка с крышкой "x" OR 杯')
        first = store.orders.by_number("A-1")
        assert first is not None
        store.orders.save(replace(first, customer="Иванов"))
        (added,) = store.lines.of_order(first.id)
        store.lines.save(added.id, replace(_data(added), title="新款保温杯"))
        lines, total = store.lines.page(LineFilter(text=text), 0, 10)
        assert total == len(lines)
        assert store.lines.page(LineFilter(text="старое"), 0, 10) == ([], 0)
        return [one.order_number for one in lines]

    assert await db.write(unit) == orders


async def test_a_page_beyond_the_end_still_knows_how_many_there_are(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        for key in "123":
            line(store, "A-1", key, title="Cup")
        assert [store.lines.page(LineFilter(text="cup"), at, 2)[1] for at in (0, 2, 4)] == [3, 3, 3]

    await db.write(unit)


async def test_the_page_of_orders_counts_sections(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        line(store, "A-1", "1", S.READY)
        line(store, "A-1", "2", S.RESERVED)
        line(store, "A-1", "3", S.BY_HAND)
        line(store, "A-2", "1", S.READY)
        store.orders.ensure("A-3", "files", NOW)
        rows, count = store.orders.page("", "", 0, 10)
        assert [(r.order.number, r.lines, r.ready, r.bought, r.attention) for r in rows] == [
            ("A-3", 0, 0, 0, 0),
            ("A-2", 1, 1, 0, 0),
            ("A-1", 3, 1, 1, 1),
        ]
        assert count == 3
        rows, count = store.orders.page("", "ready", 1, 1)
        assert ([r.order.number for r in rows], count) == (["A-1"], 2)
        assert [r.order.number for r in store.orders.page("", "bought", 0, 9)[0]] == ["A-1"]
        assert store.orders.page("a-2", "attention", 0, 9) == ([], 0)

    await db.write(unit)


async def test_a_line_comes_back_as_it_was_told(db: SqlDatabase) -> None:
    def unit(store: Store) -> None:
        order = store.orders.ensure("A-1", "files", NOW)
        store.orders.save(replace(order, customer="c"))
        data = LineData(
            "k", ProviderName.ALIBABA1688, "6000", "s", "https://x", "Cup", "https://i", "seller", 3, Decimal("0.015"),
            100, Decimal("9.90"), Decimal(8), 5, 250, "note",
        )  # fmt: skip
        added = store.lines.add(order.id, data, S.NEW)
        assert added == OrderLine(**vars(data), id=added.id, order_id=order.id, order_number="A-1", customer="c")
        store.lines.save(added.id, replace(data, quantity=4, weight=None))
        store.lines.set_status([added.id], S.BY_HAND, "tmall")
        changed = replace(added, quantity=4, weight=None, status=S.BY_HAND, why="tmall")
        assert store.lines.get(added.id) == changed
        assert store.lines.of_order(order.id) == store.lines.many([added.id, added.id]) == [changed]
        store.lines.set_status([added.id], S.READY)
        assert store.lines.many([added.id])[0].why == ""
        assert store.lines.get(99) is None
        assert store.lines.many([]) == []

    await db.write(unit)


async def test_a_line_is_known_once_by_its_key(db: SqlDatabase) -> None:
    await db.write(lambda store: line(store, "A-1", "1"))
    with pytest.raises(IntegrityError):
        await db.write(lambda store: line(store, "A-1", "1"))


async def test_lines_are_filtered(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        b = line(store, "B-1", "1", S.READY, title="Синяя Чашка").id
        a = line(store, "A-1", "1", S.RESERVED, provider=ProviderName.ALIBABA1688, sku="Red").id
        late = line(store, "B-1", "2", S.READY, item_id="777").id
        order_id = store.lines.many([a])[0].order_id

        def found(**where: object) -> list[int]:
            condition = LineFilter(**where)  # type: ignore[arg-type]  # any field of it
            page, count = store.lines.page(condition, 0, 10)
            assert [x.id for x in page] == store.lines.ids(condition)
            assert count == len(page)
            return [x.id for x in page]

        assert found() == [b, late, a]
        assert found(statuses=frozenset({S.READY})) == [b, late]
        assert found(provider=ProviderName.ALIBABA1688) == [a]
        assert found(without=frozenset({ProviderName.TAOBAO})) == [a]
        assert found(order_id=order_id) == [a]
        assert [found(text=t) for t in ("чашка", "red", "77", "b-1", "%")] == [[b], [a], [late], [b, late], []]
        assert found(ids=frozenset({a, b})) == [b, a]
        assert found(ids=frozenset()) == []
        assert found(text="b-1", statuses=frozenset({S.RESERVED})) == []
        page, count = store.lines.page(LineFilter(), 1, 1)
        assert ([x.id for x in page], count) == ([late], 3)
        assert store.lines.counts() == dict.fromkeys(S, 0) | {S.READY: 2, S.RESERVED: 1}

    await db.write(unit)


async def test_holders(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        mine, other = person(store, 1).id, person(store, 2).id
        ids = [line(store, key=str(n)).id for n in range(4)]
        store.lines.hold(ids[:2], mine, now + timedelta(minutes=10))
        store.lines.hold([ids[2]], other, now + timedelta(minutes=10))
        store.lines.hold([ids[3]], other, now - timedelta(seconds=1))
        assert store.lines.holders(ids, now) == {ids[0]: mine, ids[1]: mine, ids[2]: other}
        free = LineFilter(free_for=mine, now=now)
        assert store.lines.ids(free) == [ids[0], ids[1], ids[3]]
        assert [x.holder_id for x in store.lines.page(LineFilter(now=now), 0, 9)[0]] == [mine, mine, other, None]
        store.lines.hold([ids[1]], other, now + timedelta(hours=1))
        store.lines.release(ids[:2], now + timedelta(minutes=10))
        assert store.lines.holders(ids, now + timedelta(minutes=30)) == {ids[1]: other}
        with pytest.raises(ValueError, match="now"):
            store.lines.ids(LineFilter(free_for=mine))

    await db.write(unit)


def _data(known: OrderLine) -> LineData:
    return LineData(**{one.name: getattr(known, one.name) for one in fields(LineData)})
