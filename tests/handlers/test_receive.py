"""Receiving, pressed and scanned through: what the person at the table sees, and what the books say afterwards."""

import asyncio
import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from labels.draw import draw_label
from purchasing.ports import Store
from purchasing.receiving import ScanKind
from purchasing.words import LineStatus, Role
from tests.labels.pictures import photo, photo_of_several
from tests.support.desk import Chatter, Desk
from tests.support.waiting import until
from tests.support.warehouse import ship

TRACK, SECOND, THIRD = "YT2600000000011", "YT2600000000012", "SF1234567890123"
BOXED = "JD0123456789012"


async def shipped(desk: Desk, *waybills: str, **more: object) -> list[int]:
    now = desk.clock()
    return await desk.write(lambda store: ship(store, waybills, now, **more))  # type: ignore[arg-type]  # its options


async def statuses(desk: Desk, ids: list[int]) -> list[LineStatus]:
    return [line.status for line in await desk.read(lambda store: store.lines.many(ids))]


async def receiver(desk: Desk, user_id: int = 2002, language: str = "en") -> Chatter:
    """Somebody of the warehouse who has started to receive."""
    person = await desk.person(user_id, Role.WAREHOUSE, language)
    await person.send("/receive")
    if language == "en":
        await person.press("Start receiving")
    return person


async def rest(desk: Desk, person: Chatter) -> None:
    """Until no picture is being read."""

    async def read() -> bool:
        return not await desk.read(lambda s: s.activities.next_due(desk.clock() + timedelta(hours=1)))

    await until(read)
    await person.look()


async def test_a_scan_receives_the_goods_of_a_parcel_once(desk: Desk) -> None:
    lines = await shipped(desk, TRACK, quantities=(3, 2))
    person = await receiver(desk)
    await person.send(" yt 2600 0000 00011 ")
    assert await statuses(desk, lines) == [LineStatus.RECEIVED, LineStatus.RECEIVED]
    assert "received: 1" in person.screen.text
    assert "Клиент 101" in person.screen.text
    await person.send(TRACK)
    assert "scanned before: 1" in person.screen.text
    assert "Person 2002 scanned it" in person.screen.text
    ties = await desk.read(lambda store: store.bindings.of_lines(lines))
    assert [tie.received for tie in ties] == [3, 2]


async def test_a_scan_can_be_taken_back(desk: Desk) -> None:
    lines = await shipped(desk, TRACK)
    person = await receiver(desk)
    await person.send(TRACK)
    await person.press("Undo")
    assert person.answer == f"Taken back: {TRACK}"
    assert await statuses(desk, lines) == [LineStatus.SHIPPED]
    assert "Nothing scanned yet" in person.screen.text
    await person.send(TRACK)
    assert await statuses(desk, lines) == [LineStatus.RECEIVED]
    await person.press("Undo")
    assert "Undo" not in " ".join(person.screen.labels)


async def test_two_people_receive_at_once_and_a_parcel_counts_once(desk: Desk) -> None:
    lines = await shipped(desk, TRACK)
    first, second = await receiver(desk, 2002), await receiver(desk, 2003)
    await asyncio.gather(first.send(TRACK), second.send(TRACK))
    await asyncio.gather(first.look(), second.look())
    assert await statuses(desk, lines) == [LineStatus.RECEIVED]
    told = sorted("scanned before: 1" in one.screen.text for one in (first, second))
    assert told == [False, True]
    ties = await desk.read(lambda store: store.bindings.of_lines(lines))
    assert [tie.received for tie in ties] == [3]


async def test_an_unexpected_parcel_is_told_and_remembered(desk: Desk) -> None:
    person = await receiver(desk)
    await person.send(THIRD)
    assert "nothing of ours: 1" in person.screen.text
    assert await desk.read(lambda store: store.warehouse.wanted([THIRD]))


async def test_goods_of_two_orders_in_one_parcel_are_said_loudly(desk: Desk) -> None:
    await shipped(desk, TRACK)
    await shipped(desk, TRACK, order="1002", customer="Клиент 102")
    person = await receiver(desk)
    await person.send(TRACK)
    assert "⚠️ Goods of 2 orders are in this parcel!" in person.screen.text


async def test_boxes_count_with_the_last_one(desk: Desk) -> None:
    lines = await shipped(desk, BOXED)
    person = await receiver(desk)
    await person.send(f"{BOXED}-1-3-")
    assert "box 1 of 3" in person.screen.text
    assert "Boxes still to come: 2, 3 of 3" in person.screen.text
    await person.send(f"{BOXED}-1-3-")
    assert "scanned before: 1" in person.screen.text
    await person.send(f"{BOXED}-3-3-")
    assert await statuses(desk, lines) == [LineStatus.SHIPPED]
    await person.send(f"{BOXED}-2-3-")
    assert await statuses(desk, lines) == [LineStatus.RECEIVED]


async def test_several_parcels_of_an_order_count_with_the_last_one(desk: Desk) -> None:
    lines = await shipped(desk, TRACK, SECOND)
    person = await receiver(desk)
    await person.send(TRACK)
    assert "has other parcels" in person.screen.text
    assert await statuses(desk, lines) == [LineStatus.SHIPPED]
    await person.send(SECOND)
    assert await statuses(desk, lines) == [LineStatus.RECEIVED]


async def test_pieces_are_counted_by_hand(desk: Desk) -> None:
    lines = await shipped(desk, TRACK)
    person = await receiver(desk)
    await person.send(TRACK)
    await person.press("Pieces, damage, photos")
    assert "In the warehouse: 3 of 3" in person.screen.text
    stale = person.screen.button("1. −1") or {}
    await person.press("1. −1")
    assert "In the warehouse: 2 of 3" in person.screen.text
    await person.press_stale(person.screen.id, stale["callback_data"])
    assert "In the warehouse: 2 of 3" in person.screen.text, "a double tap counts once"
    assert await statuses(desk, lines) == [LineStatus.SHIPPED]
    await person.press("1. +1")
    assert await statuses(desk, lines) == [LineStatus.RECEIVED]


@pytest.mark.parametrize(("typed", "grams"), [("1.24", 1240), ("1,24 кг", 1240), ("850 g", 850), ("2kg", 2000)])
async def test_a_weight_typed_after_the_scan(desk: Desk, typed: str, grams: int) -> None:
    await shipped(desk, TRACK)
    person = await receiver(desk)
    await person.send(TRACK)
    await person.send(typed)
    assert f"⚖️ {grams} g" in person.screen.text
    assert "received: 1" in person.screen.text


async def test_a_weight_without_a_parcel_or_too_heavy_is_refused(desk: Desk) -> None:
    person = await receiver(desk)
    await person.send("1.24")
    assert "Scan a parcel first" in person.screen.text
    await person.send(THIRD)
    await person.send("9999.9 kg")
    assert "from 1 g to 1000 kg" in person.screen.text


async def test_last_digits_receive_the_one_parcel_that_ends_so(desk: Desk) -> None:
    lines = await shipped(desk, TRACK)
    await shipped(desk, "YT9900000007777", order="1002")
    await shipped(desk, "SF8800000007777", order="1003")
    person = await receiver(desk)
    await person.send("0011")
    assert await statuses(desk, lines) == [LineStatus.RECEIVED]
    await person.send("7777")
    assert "📥 Receive YT9900000007777" in person.screen.labels
    await person.press("Receive SF8800000007777")
    counts = await desk.read(lambda store: store.warehouse.counts(1))
    assert counts[ScanKind.RECEIVED] == 2


async def test_photos_are_scans_too(desk: Desk) -> None:
    first = await shipped(desk, TRACK)
    second = await shipped(desk, SECOND, order="1002")
    person = await receiver(desk)
    await person.send_photo(photo_of_several([TRACK, SECOND]))
    await rest(desk, person)
    assert await statuses(desk, [*first, *second]) == [LineStatus.RECEIVED, LineStatus.RECEIVED]
    await person.wait_for("received: 2")
    await person.wait_for("Green: sure")


async def test_a_cancelled_line_is_said_in_the_first_words(desk: Desk) -> None:
    lines = await shipped(desk, TRACK, status=LineStatus.CANCELLED)
    person = await receiver(desk)
    await person.send(TRACK)
    assert person.screen.text.startswith("⛔ Cancelled or refunded")
    assert await statuses(desk, lines) == [LineStatus.CANCELLED]


async def test_damage_goes_to_the_buyer_with_note_and_photo(desk: Desk) -> None:
    await desk.owner.send("/start")
    await shipped(desk, TRACK)
    person = await receiver(desk)
    await person.send(TRACK)
    await person.press("Pieces, damage, photos")
    await person.press("1. ⚠️ Wrong")
    await person.press("Damaged")
    await person.send("corner is torn")
    await person.send_photo(photo(draw_label("SF1111111111111")))
    assert "corner is torn" in person.screen.text
    assert "1 photo" in person.screen.text
    await person.press("Send to the buyer")
    assert "The buyer has it" in person.screen.text
    await desk.owner.look()
    assert "corner is torn" in desk.owner.screen.text
    assert "Damaged" in desk.owner.screen.text
    assert desk.owner.screen.raw.get("photo")
    assert not await desk.read(lambda store: store.warehouse.wanted(["SF1111111111111"])), "no label was looked up"


async def test_a_scan_during_a_report_is_no_note(desk: Desk) -> None:
    await shipped(desk, TRACK)
    second = await shipped(desk, SECOND, order="1002")
    person = await receiver(desk)
    await person.send(TRACK)
    await person.press("Pieces, damage, photos")
    await person.press("1. ⚠️ Wrong")
    await person.press("Pieces missing")
    await person.send(SECOND)
    assert await statuses(desk, second) == [LineStatus.RECEIVED]
    (defect,) = await desk.read(lambda store: store.warehouse.defects_of(1))
    assert (defect.note, defect.told_at is not None) == ("", True)


async def test_the_end_gives_a_summary_and_a_spreadsheet(desk: Desk) -> None:
    await shipped(desk, TRACK, quantities=(3, 2))
    await shipped(desk, BOXED, order="1002")
    person = await receiver(desk)
    for typed in (TRACK, "1.24", THIRD, f"{BOXED}-1-2-"):
        await person.send(typed)
    await person.press("Finish")
    summary = await person.wait_for("5 pieces of goods")
    assert THIRD in summary.text
    assert f"{BOXED}: boxes 2 are still to come" in summary.text
    file = await person.wait_for(lambda m: "document" in m.raw)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(await person.download(file))).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["Number", TRACK, TRACK, THIRD, BOXED]
    assert rows[1][5] == 1240
    assert [row[10] for row in rows[1:3]] == [3, 2]
    await person.send(TRACK)
    assert "In the warehouse since" in person.screen.text, "after the end a number is looked up"


async def test_only_who_may_receives(desk: Desk) -> None:
    viewer = await desk.person(3003, Role.VIEWER)
    await viewer.send("/receive")
    assert "role" in viewer.screen.text
    await viewer.press_stale(viewer.screen.id, "rcv:start:0")
    assert await desk.read(lambda store: store.warehouse.get(1)) is None


async def test_somebody_elses_receiving_is_not_touched(desk: Desk) -> None:
    await shipped(desk, TRACK)
    person, other = await receiver(desk, 2002), await receiver(desk, 2003)
    await person.send(TRACK)
    await other.press_stale(other.screen.id, "rcv:undo:1")
    assert len(await desk.read(lambda store: store.warehouse.scans(1))) == 1


async def test_the_running_card_stays_near_the_end(desk: Desk) -> None:
    person = await receiver(desk)
    for n in range(9):
        await person.send(f"SF12345678901{n:02d}")
    cards = [m for m in await person.messages() if m.from_bot and "Receiving since" in m.text]
    assert len(cards) == 1
    assert "nothing of ours: 9" in cards[0].text
    mine = [m.id for m in await person.messages() if not m.from_bot]
    assert sum(id_ > cards[0].id for id_ in mine) < 6


async def test_the_morning_tells_what_may_arrive(desk: Desk) -> None:
    now = desk.clock()
    await desk.write(lambda store: ship(store, [TRACK], now - timedelta(days=3)))
    await desk.write(lambda store: ship(store, [THIRD], now - timedelta(days=9), order="1002"))
    person = await desk.person(2002, Role.WAREHOUSE)
    await person.send("/receive")
    assert "1 parcel may arrive now" in person.screen.text
    assert "1 parcel is overdue" in person.screen.text
    await person.press("Start receiving")
    await person.send(TRACK)
    assert "Expected now: 0, overdue: 1" in person.screen.text


async def test_everything_is_there_in_chinese(desk: Desk) -> None:
    await shipped(desk, TRACK)
    person = await receiver(desk, language="zh_CN")
    await person.press("开始收货")
    await person.send(TRACK)
    assert "已收货" in person.screen.text


async def test_a_quick_row_of_scans_loses_none(desk: Desk) -> None:
    numbers = [f"YT{2600000000000 + n}" for n in range(40)]

    def many(store: Store) -> None:
        for n, number in enumerate(numbers):
            ship(store, [number], desk.clock(), order=f"2{n:03d}")

    await desk.write(many)
    person = await receiver(desk)
    await asyncio.gather(*(super(Chatter, person).send(number) for number in numbers))
    await person.look()
    assert "received: 40" in person.screen.text
