"""Taking order rows in: the same again changes nothing, changes are taken or asked about, nothing is doubled."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from purchasing.import_keys import consistent, keyed
from purchasing.import_orders import import_rows
from purchasing.import_result import ImportResult
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.order_file import FileRow
from purchasing.orders import OrderLine, ParcelDetails
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.words import LineStatus, ProviderName
from storage.engine import SqlDatabase
from tests.purchasing.conftest import NOW

ROW = FileRow(
    2,
    "A-1",
    ProviderName.TAOBAO,
    "640000000001",
    2,
    customer="Клиент 101",
    sku="5400000000011",
    title="T恤",
    price=Decimal("39.90"),
    shipping=600,
    currency="RUB",
    rate=Decimal("13.5"),
    status="Оплачен",
)


async def take(db: SqlDatabase, *rows: FileRow) -> ImportResult:
    return await db.write(lambda store: import_rows(store, keyed(rows), None, NOW))


async def lines_of(db: SqlDatabase, number: str = "A-1") -> list[OrderLine]:
    def read(store: Store) -> list[OrderLine]:
        order = store.orders.by_number(number)
        assert order is not None
        return store.lines.of_order(order.id)

    return await db.read(read)


async def put(db: SqlDatabase, status: LineStatus) -> OrderLine:
    """The row taken in, and its line brought to that status."""
    await take(db, ROW)
    (line,) = await lines_of(db)
    await db.write(lambda store: store.lines.set_status([line.id], status))
    return replace(line, status=status)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.taken, result.updated, result.unchanged, len(result.asked)


async def test_a_paid_row_becomes_a_ready_line_of_its_order(db: SqlDatabase) -> None:
    result = await take(db, ROW)
    assert counts(result) == (1, 0, 0, 0)
    (line,) = await lines_of(db)
    assert (line.item_id, line.sku, line.quantity, line.price) == ("640000000001", "5400000000011", 2, Decimal("39.90"))
    assert (line.shipping, line.status, line.order_number, line.customer) == (
        600,
        LineStatus.READY,
        "A-1",
        "Клиент 101",
    )
    order = await db.read(lambda store: store.orders.by_number("A-1"))
    assert order is not None
    assert (order.currency, order.rate) == ("RUB", Decimal("13.5"))


@pytest.mark.parametrize("status", [s for s in LineStatus if s is not LineStatus.NEW])
async def test_the_same_row_again_changes_nothing(db: SqlDatabase, status: LineStatus) -> None:
    line = await put(db, status)
    assert counts(await take(db, ROW)) == (0, 0, 1, 0)
    assert await lines_of(db) == [line]


@pytest.mark.parametrize("status", [LineStatus.NEW, LineStatus.READY, LineStatus.BY_HAND])
async def test_a_change_is_taken_while_nothing_is_bought(db: SqlDatabase, status: LineStatus) -> None:
    await put(db, status)
    changed = replace(ROW, line="", quantity=5, price=Decimal("41.00"), comment="побыстрее", status="")
    assert counts(await take(db, changed)) == (0, 1, 0, 0)
    (line,) = await lines_of(db)
    assert (line.quantity, line.price, line.comment, line.status) == (5, Decimal("41.00"), "побыстрее", status)
    assert counts(await take(db, changed)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    "status",
    [LineStatus.RESERVING, LineStatus.RESERVED, LineStatus.BOUGHT, LineStatus.SHIPPED, LineStatus.RECEIVED],
)
async def test_a_change_of_what_is_being_bought_is_asked_about(db: SqlDatabase, status: LineStatus) -> None:
    line = await put(db, status)
    result = await take(db, replace(ROW, quantity=5, title="Футболка"))
    assert counts(result) == (0, 0, 0, 1)
    (asked,) = result.asked
    assert (asked.line_id, asked.row) == (line.id, 2)
    assert [(d.column, d.ours, d.theirs) for d in asked.differences] == [("quantity", "2", "5")]
    assert asked.proposed.quantity == 5
    assert await lines_of(db) == [line]


async def test_words_that_harm_nothing_are_taken_at_any_time(db: SqlDatabase) -> None:
    await put(db, LineStatus.BOUGHT)
    assert counts(await take(db, replace(ROW, title="Футболка"))) == (0, 1, 0, 0)
    (line,) = await lines_of(db)
    assert line.title == "Футболка"


async def test_a_line_that_somebody_has_in_a_preview_is_asked_about(db: SqlDatabase, buyer: Person) -> None:
    line = await put(db, LineStatus.READY)
    await db.write(lambda store: store.lines.hold([line.id], buyer.id, NOW + timedelta(minutes=15)))
    assert counts(await take(db, replace(ROW, quantity=5))) == (0, 0, 0, 1)
    assert (await lines_of(db))[0].quantity == 2


async def test_an_empty_cell_erases_nothing(db: SqlDatabase) -> None:
    await take(db, replace(ROW, weight=350, parcel=ParcelDetails(recipient="Получатель 1", passport="0000")))
    bare = FileRow(9, "A-1", ProviderName.TAOBAO, "640000000001", 2, sku="5400000000011")
    assert counts(await take(db, bare)) == (0, 0, 1, 0)
    (line,) = await lines_of(db)
    assert (line.title, line.price, line.weight) == ("T恤", Decimal("39.90"), 350)
    parcel = await db.read(lambda store: store.orders.parcel(line.order_id))
    assert (parcel.recipient, parcel.passport) == ("Получатель 1", "0000")


async def test_a_row_that_is_gone_is_no_change(db: SqlDatabase) -> None:
    other = replace(ROW, row=3, item_id="640000000002", sku="")
    await take(db, ROW, other)
    assert counts(await take(db, other)) == (0, 0, 1, 0)
    assert len(await lines_of(db)) == 2


async def test_equal_rows_of_one_file_are_lines_of_their_own(db: SqlDatabase) -> None:
    rows = [ROW, replace(ROW, row=3), replace(ROW, row=4, order="A-2")]
    assert counts(await take(db, *rows)) == (3, 0, 0, 0)
    assert counts(await take(db, *rows)) == (0, 0, 3, 0)
    assert len(await lines_of(db, "A-1")) == 2


async def test_a_column_of_line_ids_that_comes_or_goes_doubles_nothing(db: SqlDatabase) -> None:
    without = [ROW, replace(ROW, row=3)]
    with_ids = [replace(ROW, line="10"), replace(ROW, row=3, line="11")]
    await take(db, *without)
    assert (await take(db, *with_ids)).taken == 0
    assert [line.key for line in await lines_of(db)] == ["10", "11"]
    assert counts(await take(db, *with_ids)) == (0, 0, 2, 0)
    assert counts(await take(db, *without)) == (0, 0, 2, 0)


async def test_rows_with_and_without_ids_in_one_file_stay_apart(db: SqlDatabase) -> None:
    rows = [replace(ROW, line="10"), replace(ROW, row=3), replace(ROW, row=4, line="12")]
    assert (await take(db, *rows)).taken == 3
    assert counts(await take(db, *rows)) == (0, 0, 3, 0)


async def test_a_line_id_keeps_its_line_through_another_choice(db: SqlDatabase) -> None:
    await take(db, replace(ROW, line="10"))
    assert counts(await take(db, replace(ROW, line="10", sku="5400000000012"))) == (0, 1, 0, 0)
    (line,) = await lines_of(db)
    assert line.sku == "5400000000012"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Paid", LineStatus.READY),
        ("ОПЛАЧЕН", LineStatus.READY),
        ("Оплачено.", LineStatus.READY),
        ("Не оплачен", LineStatus.NEW),
        ("", LineStatus.NEW),
        ("Отменён", LineStatus.CANCELLED),
        ("Куплен", LineStatus.NEW),
    ],
)
async def test_the_shops_word_decides_where_a_line_begins(db: SqlDatabase, word: str, status: LineStatus) -> None:
    result = await take(db, replace(ROW, status=word))
    assert [line.status for line in await lines_of(db)] == [status]
    assert [note.value for note in result.notes] == (["Куплен"] if word == "Куплен" else [])


async def test_paid_later_makes_ready_and_cancelled_takes_out(db: SqlDatabase) -> None:
    await take(db, replace(ROW, status="Новый"))
    assert counts(await take(db, ROW)) == (0, 1, 0, 0)
    assert [line.status for line in await lines_of(db)] == [LineStatus.READY]
    assert counts(await take(db, replace(ROW, status="Отменен"))) == (0, 1, 0, 0)
    assert [line.status for line in await lines_of(db)] == [LineStatus.CANCELLED]


async def test_a_cancelled_order_that_is_already_bought_is_asked_about(db: SqlDatabase) -> None:
    await put(db, LineStatus.RESERVED)
    result = await take(db, replace(ROW, status="Отменен"))
    assert [(d.column, d.theirs) for a in result.asked for d in a.differences] == [("status", "Отменен")]


async def test_payment_taken_back_is_asked_about(db: SqlDatabase) -> None:
    await take(db, ROW)
    assert counts(await take(db, replace(ROW, status="Не оплачен"))) == (0, 0, 0, 1)
    assert [line.status for line in await lines_of(db)] == [LineStatus.READY]


@pytest.mark.parametrize(("word", "decided"), [("Не оплачен", LineStatus.READY), ("Оплачен", LineStatus.NEW)])
async def test_what_a_person_decided_stands_when_the_same_file_comes_again(
    db: SqlDatabase, word: str, decided: LineStatus
) -> None:
    row = replace(ROW, status=word)
    await take(db, row)
    lines = await lines_of(db)
    await db.write(lambda store: move(store, lines, decided, Mover.PERSON, NOW))
    assert counts(await take(db, row)) == (0, 0, 1, 0)
    assert [line.status for line in await lines_of(db)] == [decided]


async def test_tmall_goes_to_the_list_for_hands(db: SqlDatabase) -> None:
    tmall = replace(ROW, tmall=True, item_url="https://detail.tmall.com/item.htm?id=640000000004")
    await take(db, tmall)
    assert [(line.status, line.why) for line in await lines_of(db)] == [(LineStatus.BY_HAND, "tmall")]
    assert counts(await take(db, tmall)) == (0, 0, 1, 0)


async def test_currency_and_rate_stay_as_first_imported(db: SqlDatabase) -> None:
    await take(db, ROW)
    result = await take(db, replace(ROW, rate=Decimal(15)), replace(ROW, row=7, currency="USD"))
    order = await db.read(lambda store: store.orders.by_number("A-1"))
    assert order is not None
    assert (order.currency, order.rate) == ("RUB", Decimal("13.5"))
    assert [(p.row, p.column, p.rule) for p in result.refused] == [(7, "currency", "differs_in_order")]


def test_rows_of_one_order_must_not_contradict_each_other() -> None:
    rows = [ROW, replace(ROW, row=3, customer="Клиент 102"), replace(ROW, row=4, customer="")]
    good, problems = consistent(rows)
    assert [row.row for row in good] == [2, 4]
    assert [(p.row, p.column, p.rule, p.value) for p in problems] == [(3, "customer", "differs_in_order", "Клиент 102")]


async def test_what_kept_a_line_from_being_bought_is_forgotten_when_the_shop_changes_it(db: SqlDatabase) -> None:
    line = await put(db, LineStatus.READY)
    await db.write(lambda store: store.lines.set_status([line.id], LineStatus.READY, "sold_out"))
    await take(db, replace(ROW, quantity=1))
    assert [(found.status, found.why) for found in await lines_of(db)] == [(LineStatus.READY, "")]


async def test_another_choice_in_place_of_a_known_one_is_not_bought_beside_it(db: SqlDatabase) -> None:
    await take(db, ROW)
    other = replace(ROW, sku="5400000000012")
    for taken in (1, 0):
        result = await take(db, other)
        assert result.taken == taken
        assert [(n.column, n.rule, n.value) for n in result.notes] == [("sku", "other_choice", "5400000000011")]
        assert [line.status for line in await lines_of(db)] == [LineStatus.READY, LineStatus.NEW]
    (first, _) = await lines_of(db)
    await db.write(lambda store: move(store, [first], LineStatus.CANCELLED, Mover.PERSON, NOW))
    assert (await take(db, other)).updated == 1
    assert [line.status for line in await lines_of(db)] == [LineStatus.CANCELLED, LineStatus.READY]


async def test_another_choice_beside_the_known_one_is_simply_another_line(db: SqlDatabase) -> None:
    await take(db, ROW)
    result = await take(db, replace(ROW, sku="5400000000012"), replace(ROW, row=3))
    assert (result.taken, result.unchanged, result.notes) == (1, 1, [])
    assert [line.status for line in await lines_of(db)] == [LineStatus.READY, LineStatus.READY]
