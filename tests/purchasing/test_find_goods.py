"""Whose goods: by track number, order, provider order, link, customer and title, typed or photographed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from labels.draw import draw_label
from labels.reader import LabelReader
from purchasing.activities import Activity
from purchasing.errors import BadInput
from purchasing.find_goods import Found, being_refunded, find
from purchasing.lookup_activity import Lookup, LookupPlan, PictureAnswer, answers, start_lookup
from purchasing.orders import LineData
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen, WaybillSeen
from purchasing.recognise import recognise
from purchasing.words import ActivityState, LineStatus, ProviderName, Stage
from storage.engine import SqlDatabase
from tests.labels.pictures import photo, photo_of_several
from tests.purchasing.conftest import NOW

TRACK, SECOND, HAND_MADE = "YT2600000000011", "SF2600000000012", "78912345678901"
BOUGHT = "5113222887354003142"


def _line(order_id: int, store: Store, number: int, title: str) -> int:
    data = LineData(str(number), ProviderName.TAOBAO, f"64000000000{number}", "", title=title, quantity=3)
    return store.lines.add(order_id, data, LineStatus.SHIPPED).id


def _provider_line(number: str, quantity: int) -> ProviderLineSeen:
    return ProviderLineSeen(f"{BOUGHT}{number}", f"64000000000{number}", "", "", "T恤", quantity, Decimal("39.9"))


def _seen(number: str, lines: tuple[ProviderLineSeen, ...], *waybills: WaybillSeen) -> ProviderOrderSeen:
    return ProviderOrderSeen(number, "SHIPPED", Stage.SHIPPED, 9980, 0, "店", NOW, lines, waybills)


def _books(store: Store) -> None:
    """Order 1001 of two lines, bought together and shipped in two parcels; a third parcel that nobody has linked."""
    order = store.orders.ensure("1001", "files", NOW)
    store.orders.save(order.__class__(order.id, "1001", "Клиент 101", created_at=NOW))
    first, second = _line(order.id, store, 1, "Футболка"), _line(order.id, store, 2, "Брюки")
    store.orders.ensure("ORD-2026-00015", "files", NOW)
    account = store.accounts.ensure(ProviderName.TAOBAO, "nick", None, NOW)
    parcels = (
        WaybillSeen(TRACK, "YTO", "圆通速递", (f"{BOUGHT}1",)),
        WaybillSeen(SECOND, "SF", "顺丰速运", (f"{BOUGHT}2",)),
    )
    seen = _seen(BOUGHT, (_provider_line("1", 3), _provider_line("2", 2)), *parcels)
    bought = store.provider_orders.upsert(account.id, ProviderName.TAOBAO, seen, "placed", NOW)
    store.bindings.bind(first, bought.lines[0].id, 3, NOW)
    store.bindings.bind(second, bought.lines[1].id, 2, NOW)
    by_hand = _seen("5113222887354003999", (), WaybillSeen(HAND_MADE))
    store.provider_orders.upsert(account.id, ProviderName.TAOBAO, by_hand, "seen", NOW)


@pytest.fixture
async def books(db: SqlDatabase) -> SqlDatabase:
    await db.write(_books)
    return db


async def ask(db: SqlDatabase, text: str) -> list[Found]:
    return await db.read(lambda store: find(store, recognise(text)))


def shown(found: Found) -> tuple[str, list[tuple[str, int]]]:
    return found.kind, [(one.line.title, one.quantity) for one in found.lines]


async def test_a_track_number_names_what_is_in_that_parcel(books: SqlDatabase) -> None:
    (found,) = await ask(books, "что за посылка sf 2600 0000 00012?")
    assert shown(found) == ("waybill", [("Брюки", 2)])
    assert found.waybill is not None
    assert found.provider_order is not None
    assert (found.waybill.number, found.carrier, found.provider_order.number) == (SECOND, "顺丰速运", BOUGHT)
    assert found.lines[0].line.customer == "Клиент 101"


async def test_several_numbers_several_answers_and_the_unknown_said_so(books: SqlDatabase) -> None:
    found = await ask(books, f"{TRACK}\n{SECOND}\nSF9999999999999")
    assert [one.kind for one in found] == ["waybill", "waybill", "unknown"]
    assert (found[2].asked.text, found[2].carrier) == ("SF9999999999999", "sf")


async def test_a_parcel_that_nobody_has_linked_has_its_provider_order_only(books: SqlDatabase) -> None:
    (found,) = await ask(books, HAND_MADE)
    assert shown(found) == ("waybill", [])
    assert found.provider_order is not None
    assert (found.provider_order.number, found.carrier) == ("5113222887354003999", "zto")


async def test_a_number_that_the_provider_has_replaced_is_still_found(books: SqlDatabase) -> None:
    def replace_it(store: Store) -> None:
        lines = (_provider_line("1", 3), _provider_line("2", 2))
        seen = _seen(BOUGHT, lines, WaybillSeen("JT5012345678901", "JT", "", (f"{BOUGHT}1",)))
        store.provider_orders.upsert(1, ProviderName.TAOBAO, seen, "seen", NOW + timedelta(days=1))

    await books.write(replace_it)
    (found,) = await ask(books, TRACK)
    assert found.waybill is not None
    assert found.waybill.replaced_at is not None
    assert shown((await ask(books, "JT5012345678901"))[0]) == ("waybill", [("Футболка", 3)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOUGHT, ("provider_order", [("Футболка", 3), ("Брюки", 2)])),
        ("заказ 1001", ("order", [("Футболка", 3), ("Брюки", 3)])),
        ("ord-2026-00015", ("order", [])),
        ("клиент 101", ("lines", [("Футболка", 3), ("Брюки", 3)])),
        ("футбол", ("lines", [("Футболка", 3)])),
        ("640000000001", ("lines", [("Футболка", 3)])),
        ("https://item.taobao.com/item.htm?id=640000000002", ("lines", [("Брюки", 3)])),
        ("https://detail.1688.com/offer/640000000002.html", ("unknown", [])),
        ("зонтик", ("unknown", [])),
        ("100%", ("unknown", [])),
    ],
)
async def test_other_things_to_ask_for(
    books: SqlDatabase, text: str, expected: tuple[str, list[tuple[str, int]]]
) -> None:
    (found,) = await ask(books, text)
    assert shown(found) == expected


class Sent:
    def __init__(self, **pictures: bytes) -> None:
        self.pictures = pictures

    async def download(self, file_id: str) -> bytes:
        if file_id not in self.pictures:
            raise BadInput("file", "gone")
        return self.pictures[file_id]


async def look_up(db: SqlDatabase, activity: Activity, **pictures: bytes) -> list[PictureAnswer]:
    reader = LabelReader()
    try:
        while not (current := await stored(db, activity)).over:
            await Lookup(db, lambda: NOW, Sent(**pictures), reader).advance(current)
    finally:
        await reader.close()
    plan = LookupPlan.of(await stored(db, activity))
    return await db.read(lambda store: answers(store, plan, NOW))


async def stored(db: SqlDatabase, activity: Activity) -> Activity:
    found = await db.read(lambda store: store.activities.get(activity.id))
    assert found is not None
    return found


async def start(db: SqlDatabase, person: Person, file_id: str, album: str = "") -> Activity:
    return await db.write(lambda store: start_lookup(store, file_id, album, 1001, person, NOW))


async def test_a_photo_of_a_label_finds_its_goods(books: SqlDatabase, buyer: Person) -> None:
    activity = await start(books, buyer, "one")
    (answer,) = await look_up(books, activity, one=photo(draw_label(TRACK)))
    assert [shown(found) for found in answer.found] == [("waybill", [("Футболка", 3)])]
    assert (answer.unsure, answer.rule) == ((), "")


async def test_several_codes_in_a_photo_are_answered_each(books: SqlDatabase, buyer: Person) -> None:
    activity = await start(books, buyer, "one")
    (answer,) = await look_up(books, activity, one=photo_of_several([TRACK, SECOND, "JT9999999999999"]))
    assert sorted(found.kind for found in answer.found) == ["unknown", "waybill", "waybill"]


async def test_an_album_is_one_lookup_of_several_pictures(books: SqlDatabase, buyer: Person) -> None:
    first = await start(books, buyer, "one", album="77")
    second = await start(books, buyer, "two", album="77")
    third = await start(books, buyer, "lost", album="77")
    assert first.id == second.id == third.id
    assert (await start(books, buyer, "other", album="78")).id != first.id
    found = await look_up(books, first, one=photo(draw_label(TRACK)), two=b"hello")
    assert [[one.kind for one in answer.found] for answer in found] == [["waybill"], [], []]
    assert [answer.rule for answer in found] == ["", "not_a_picture", "gone"]
    done = await stored(books, first)
    assert (done.state, done.percent) == (ActivityState.DONE, 100)


async def test_a_number_of_no_carrier_is_sure_when_it_is_in_our_books(books: SqlDatabase, buyer: Person) -> None:
    strange = photo(draw_label("ABC1234567"))
    (answer,) = await look_up(books, await start(books, buyer, "one"), one=strange)
    assert [code.text for code in answer.unsure] == ["ABC1234567"]
    seen = _seen("5113222887354003998", (), WaybillSeen("ABC1234567"))
    await books.write(lambda store: store.provider_orders.upsert(1, ProviderName.TAOBAO, seen, "seen", NOW))
    (answer,) = await look_up(books, await start(books, buyer, "two"), two=strange)
    assert [found.kind for found in answer.found] == ["waybill"]
    assert answer.unsure == ()


def test_a_refund_that_was_closed_again_is_no_warning() -> None:
    closed = ("", "refundclose", "REFUND_CLOSED", "退款关闭")
    assert not any(map(being_refunded, closed))
    assert all(map(being_refunded, ("waitselleragree", "REFUND_SUCCESS", "查看退款", "退款成功")))
