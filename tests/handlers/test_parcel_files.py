"""A shop's list of parcels sent to the chat: fills in parcels that are there, once, and names every row it can't."""

from collections.abc import Sequence

import pytest

from purchasing.parcels import Parcel
from purchasing.ports import Store
from purchasing.words import Role
from tests.handlers.test_parcels import received
from tests.handlers.test_receive import rest
from tests.shops.files import HEADERS, TAOBAO, xlsx
from tests.support.desk import Chatter, Desk

DOMESTIC, SECOND, THIRD = "YT2600000000011", "YT2600000000012", "YT2600000000013"
TRACK, OTHER = "RA123456789CN", "RA987654321CN"
HEADER = ("Посылка", "Заказ", "Трек-номер", "Вес, кг", "Паспорт")


@pytest.fixture
async def owner(desk: Desk) -> Chatter:
    """There is one parcel, VYK0000001, of order 1001."""
    await received(desk, DOMESTIC, quantities=(3, 2))
    await desk.owner.send("/parcels")
    await desk.owner.press("Pack: Клиент 101")
    return desk.owner


async def sent(desk: Desk, person: Chatter, *rows: Sequence[object], header: Sequence[str] = HEADER) -> str:
    """What the card says of the file."""
    await person.send_document("parcels.xlsx", xlsx(header, *rows))
    await rest(desk, person)

    return person.screen.text


async def parcel(desk: Desk, parcel_id: int = 1) -> Parcel:
    found = await desk.read(lambda store: store.parcels.get(parcel_id))
    assert found is not None
    return found


async def test_a_parcel_is_filled_in_by_its_number_and_again_without_effect(desk: Desk, owner: Chatter) -> None:
    row = ("VYK0000001", 1001, TRACK, "1,24", "4510 998877")
    assert "updated: 1" in await sent(desk, owner, row)
    filled = await parcel(desk)
    assert (filled.track, filled.weight) == (TRACK, 1240)
    details = await desk.read(lambda store: store.parcels.details(1))
    assert (details.passport, details.recipient) == ("4510 998877", "Получатель"), "an empty cell erases nothing"
    assert "unchanged: 1" in await sent(desk, owner, row)
    audit, _ = await desk.read(lambda store: store.audit.page("parcel_import", 0, 9))
    assert [(entry.subject, entry.after) for entry in audit] == [("VYK0000001", "track, weight, passport")]
    await owner.press("Parcels")
    assert "VYK0000001" in " ".join(owner.screen.labels)


async def test_a_parcel_is_found_by_its_order_also_after_it_was_sent(desk: Desk, owner: Chatter) -> None:
    await owner.press("🎁 Packed")
    await owner.press("✈️ Sent")
    assert "updated: 1" in await sent(desk, owner, (1001, TRACK), header=("Заказ", "Трек-номер"))
    assert (await parcel(desk)).track == TRACK


async def test_every_row_that_is_not_taken_is_named(desk: Desk, owner: Chatter) -> None:
    await received(desk, SECOND, order="1002", customer="Другой")
    text = await sent(
        desk,
        owner,
        ("VYK0000001", "", TRACK, "", ""),
        ("VYK0000077", "", OTHER, "", ""),
        ("VYK0000001", 1002, OTHER, "", ""),
        ("", 7777, OTHER, "", ""),
        ("", 1002, OTHER, "", ""),
        ("VYK0000001", "", DOMESTIC, "", ""),
        ("VYK0000001", "", "нет", "", ""),
        ("VYK0000001", "", "", "9000", ""),
    )
    assert "updated: 1" in text
    assert "7 rows not taken" in text
    for told in (
        "row 3, column “parcel”: “VYK0000077” isn't a parcel that we know",
        "row 4, column “order”: “1002” isn't the order of this parcel",
        "row 5, column “order”: “7777” isn't an order that we know",
        "row 6, column “order”: “1002” has no parcel yet",
        f"row 7, column “track number”: “{DOMESTIC}” is a domestic track number",
        "row 8, column “track number”: “нет” isn't a track number",
        "row 9, column “weight”",
    ):
        assert told in text
    assert (await parcel(desk)).track == TRACK, "bad rows change nothing"


async def test_two_parcels_of_one_order_are_not_guessed_between(desk: Desk, owner: Chatter) -> None:
    def split(store: Store) -> None:
        details = store.parcels.details(1)
        second = store.parcels.add(1, details, "", 1, desk.clock())
        store.parcels.put_item(second.id, 1, 1)

    await desk.write(split)
    header = ("Заказ", "Трек-номер", "Вес, кг")
    assert "has several parcels" in await sent(desk, owner, (1001, TRACK, 2), header=header)
    await sent(desk, owner, ("VYK0000002", "", TRACK, "", ""))
    assert "updated: 1" in await sent(desk, owner, (1001, TRACK, 2), header=header), "its number tells it by now"
    assert [(await parcel(desk, n)).weight for n in (1, 2)] == [None, 2000]


async def test_a_number_stands_on_one_customers_parcel_only(desk: Desk, owner: Chatter) -> None:
    await received(desk, SECOND, order="1002", customer="Другой")
    await owner.send("/parcels")
    await owner.press("Pack: Другой")
    await sent(desk, owner, ("VYK0000001", "", TRACK, "", ""))
    assert "another customer's parcel" in await sent(desk, owner, ("VYK0000002", "", TRACK, "", ""))
    await owner.send("/parcels")
    await owner.press("VYK0000002")
    await owner.press("Weight, size, recipient")
    await owner.press("International track number")
    await owner.send(TRACK)
    assert "stands on another customer's parcel already" in owner.screen.text, "typed it is refused as well"
    await owner.send(SECOND)
    assert "is a domestic track number" in owner.screen.text


async def test_each_imports_what_their_role_works_with(desk: Desk, owner: Chatter) -> None:
    warehouse, viewer = await desk.person(2002, Role.WAREHOUSE), await desk.person(2003, Role.VIEWER)
    assert "updated: 1" in await sent(desk, warehouse, ("VYK0000001", "", TRACK, "", ""))
    refused = await sent(desk, warehouse, ("A-1", TAOBAO, 1, 39.9), header=HEADERS)
    assert "Your role may not import this kind of file" in refused
    assert await desk.read(lambda store: store.orders.by_number("A-1")) is None
    assert "Your role doesn't allow this" in await sent(desk, viewer, ("VYK0000001", "", OTHER, "", ""))
    assert (await parcel(desk)).track == TRACK
