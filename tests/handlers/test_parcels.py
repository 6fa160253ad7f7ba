"""Parcels, pressed through: gathered, filled in, split, merged, packed; and the label read back by our own reader."""

import io

import pypdfium2
import pytest

from labels.draw import draw_label
from labels.helper_process import Helper
from labels.reader import LabelReader
from purchasing.errors import BadInput
from purchasing.parcels import Parcel, ParcelState
from purchasing.ports import Store
from purchasing.receive import scan, set_pieces, start_receiving
from purchasing.words import LineStatus
from tests.handlers.test_receive import rest, shipped, statuses
from tests.labels.pictures import photo
from tests.support.desk import Chatter, Desk

TRACK, SECOND, THIRD = "YT2600000000011", "YT2600000000012", "YT2600000000013"


async def received(desk: Desk, track: str, **more: object) -> list[int]:
    """Goods that have reached the warehouse."""
    lines = await shipped(desk, track, **more)
    person, now = await desk.somebody(), desk.clock()

    def take(store: Store) -> None:
        receiving = start_receiving(store, person, now)
        scan(store, person, receiving.id, track, None, now)
        store.warehouse.finish(receiving.id, now)

    await desk.write(take)
    return lines


@pytest.fixture
async def owner(desk: Desk) -> Chatter:
    """At the card of a parcel of two lines, three and two pieces."""
    await received(desk, TRACK, quantities=(3, 2))
    await desk.owner.send("/parcels")
    assert "1 order has goods to pack" in desk.owner.screen.text
    await desk.owner.press("Pack: Клиент 101")
    return desk.owner


async def parcel(desk: Desk, parcel_id: int = 1) -> Parcel:
    found = await desk.read(lambda store: store.parcels.get(parcel_id))
    assert found is not None
    return found


def contents(found: Parcel) -> list[tuple[int, int]]:
    return [(item.line_id, item.quantity) for item in found.items]


async def test_received_goods_are_gathered_and_packed(desk: Desk, owner: Chatter) -> None:
    assert "VYK0000001" in owner.screen.text
    assert "Получатель" in owner.screen.text, "what the order says is filled in"
    assert contents(await parcel(desk)) == [(1, 3), (2, 2)]
    await owner.press("🎁 Packed")
    assert await statuses(desk, [1, 2]) == [LineStatus.PACKED, LineStatus.PACKED]
    await owner.press("Open it again")
    assert await statuses(desk, [1, 2]) == [LineStatus.RECEIVED, LineStatus.RECEIVED]
    await owner.press("🎁 Packed")
    await owner.press("Sent")
    assert (await parcel(desk)).state is ParcelState.SENT
    assert "Packed" not in " ".join(owner.screen.labels)


async def test_goods_of_a_customers_two_orders_share_a_parcel(desk: Desk, owner: Chatter) -> None:
    more = await received(desk, SECOND, order="1002")
    await received(desk, THIRD, order="1003", customer="Другой")
    await owner.send("/parcels")
    await owner.press("Pack: Клиент 101")
    assert contents(await parcel(desk)) == [(1, 3), (2, 2), (more[0], 3)]
    assert "Pack: Другой" not in owner.screen.text


async def test_pieces_are_taken_out_and_put_back(desk: Desk, owner: Chatter) -> None:
    await owner.press("Goods: take out")
    await owner.press("1001 · Футболка")
    await owner.press("−1")
    assert "In this parcel: 2. Could be added: 1" in owner.screen.text
    await owner.press("Take it out")
    assert contents(await parcel(desk)) == [(2, 2)]
    await owner.press("Back")
    await owner.press("🎁 Packed")
    assert await statuses(desk, [1, 2]) == [LineStatus.RECEIVED, LineStatus.PACKED]


async def test_a_line_in_two_parcels_is_packed_with_the_last(desk: Desk, owner: Chatter) -> None:
    await owner.press("Goods: take out")
    await owner.press("1001 · Футболка")
    await owner.press("−1")
    await owner.press("Back")
    await owner.press("🎁 Packed")
    assert await statuses(desk, [1]) == [LineStatus.RECEIVED]
    await owner.send("/parcels")
    await owner.press("Pack: Клиент 101")
    assert contents(await parcel(desk, 2)) == [(1, 1)]
    await owner.press("🎁 Packed")
    assert await statuses(desk, [1, 2]) == [LineStatus.PACKED, LineStatus.PACKED]


async def test_split_and_merge(desk: Desk, owner: Chatter) -> None:
    await owner.press("Goods: take out")
    await owner.press("1001 · Брюки")
    await owner.press("Into a new parcel")
    assert owner.answer == "It is in VYK0000002 now."
    assert contents(await parcel(desk, 2)) == [(2, 2)]
    await owner.press("Put VYK0000002 into this one")
    assert contents(await parcel(desk)) == [(1, 3), (2, 2)]
    assert await desk.read(lambda store: store.parcels.get(2)) is None


async def test_an_empty_parcel_is_not_packed_and_can_be_removed(desk: Desk, owner: Chatter) -> None:
    for title in ("Футболка", "Брюки"):
        await owner.press("Goods: take out")
        await owner.press(f"1001 · {title}")
        await owner.press("Take it out")
        await owner.press("Back")
    await owner.press("🎁 Packed")
    assert "empty parcel" in owner.answer
    await owner.press("Remove the parcel")
    await owner.press("Remove the parcel")
    assert "1 order has goods to pack" in owner.screen.text


@pytest.mark.parametrize(
    ("field", "bad", "good", "shown"),
    [
        ("Weight", "heavy", "1.24", "1240 g"),
        ("Size", "30x20", "30x20,5х15", "30 × 20.5 × 15 cm"),
        ("International", "№", "ra 123456789 cn", "RA123456789CN"),
        ("Delivery price", "-5", "12,50", "12.50"),
        ("Tax number", "1" * 301, "7707083893", "7707083893"),
    ],
)
async def test_fields_are_typed_and_checked(
    desk: Desk, owner: Chatter, field: str, bad: str, good: str, shown: str
) -> None:
    await owner.press("Weight, size, recipient")
    await owner.press(field)
    await owner.send(bad)
    assert "You typed" in owner.screen.text
    await owner.send(good)
    assert shown in owner.screen.text
    await owner.press(field)
    await owner.send("-")
    assert shown not in owner.screen.text


async def test_passport_and_recipient_are_sealed_at_rest(desk: Desk, owner: Chatter) -> None:
    await owner.press("Weight, size, recipient")
    await owner.press("Passport")
    await owner.send("4509 123456")
    content = b"".join(file.read_bytes() for file in desk.app.settings.data_dir.glob("vykup.db*"))
    assert b"4509 123456" not in content


async def test_the_international_number_is_read_from_a_photo(desk: Desk, owner: Chatter) -> None:
    await owner.press("Weight, size, recipient")
    await owner.press("International")
    await owner.send_photo(photo(draw_label("RA123456789CN")))
    await rest(desk, owner)
    assert (await parcel(desk)).track == "RA123456789CN"


async def test_the_packing_list_is_complete_and_its_label_is_read_back(desk: Desk, owner: Chatter) -> None:
    await owner.press("Packing list and label")
    file = await owner.wait_for(lambda m: "document" in m.raw)
    content = await owner.download(file)
    with pypdfium2.PdfDocument(content) as document:
        text = document[0].get_textpage().get_text_range()
    assert "Получатель" in text
    assert "Футболка" in text
    assert b"STSong-Light" in content, "Chinese has a font of its own; not every reader of PDF gives it back as text"
    for hidden in (TRACK, "nick", "39.9", "店"):
        assert hidden not in text, "nothing of where it was bought"
    reader = LabelReader(Helper())
    found = await reader.read(content, "VYK0000001".__eq__)
    await reader.close()
    assert {(one.text, one.accepted) for one in found} == {("VYK0000001", True)}
    assert {one.kind for one in found} >= {"code128", "qr"}


async def test_a_photo_of_the_label_finds_the_parcel(desk: Desk, owner: Chatter) -> None:
    await owner.press("Packing list and label")
    content = await owner.download(await owner.wait_for(lambda m: "document" in m.raw))
    with pypdfium2.PdfDocument(content) as document:
        page = document[0].render(scale=2).to_pil().convert("L")
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    await owner.send_photo(out.getvalue())
    await rest(desk, owner)
    assert "Parcel VYK0000001 for Клиент 101" in owner.screen.text
    assert "Is it" not in " ".join(owner.screen.labels)
    await owner.press("Parcel VYK0000001")
    assert "being packed" in owner.screen.text


async def test_packed_goods_can_not_be_given_back_by_a_scan(desk: Desk, owner: Chatter) -> None:
    person, now = await desk.somebody(), desk.clock()
    with pytest.raises(BadInput, match="in_parcel"):
        await desk.write(lambda store: set_pieces(store, person, 1, 1, 2, now))


async def test_photos_are_kept_with_the_line_and_can_be_forwarded(desk: Desk, owner: Chatter) -> None:
    await owner.send(TRACK)
    await owner.press("1001 · Футболка")
    await owner.press("Photos")
    assert "no photos" in owner.screen.text
    await owner.press("Add photos")
    await owner.send_photo(photo(draw_label("SF1111111111111")))
    await owner.send_photo(photo(draw_label("SF1111111111112")))
    assert "2 photos" in owner.screen.text
    await owner.press("Back")
    assert owner.screen.raw.get("photo")
    assert "1001 · Футболка" in owner.screen.text
    assert TRACK not in owner.screen.text
    await owner.press("Next")
    await owner.press("Remove this photo")
    assert len(await desk.read(lambda store: store.warehouse.photos(1))) == 1
