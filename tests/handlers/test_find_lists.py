"""Looking up many numbers, last digits, what is unknown, and what can't be read; by text, photo and file."""

import io
from dataclasses import replace

from PIL import Image, ImageDraw, ImageFont
from python_calamine import CalamineWorkbook
from zxingcpp import BarcodeFormat

from labels.draw import draw_label
from purchasing.ports import Store
from purchasing.provider import ProviderOrderSeen, WaybillSeen
from purchasing.see_order import see_order
from purchasing.words import ActivityKind, LineStatus, ProviderName, Role, SessionState, Stage
from tests.handlers.test_receive import rest, shipped
from tests.labels.pictures import code, encoded, photo, photo_of_several
from tests.support.desk import Desk
from tests.support.warehouse import ship

TRACK, SECOND, UNKNOWN = "YT2600000000011", "YT2600000000012", "SF1234567890123"


def printed(text: str) -> bytes:
    """A label whose code is torn off."""
    picture = Image.new("L", (1000, 300), 255)
    ImageDraw.Draw(picture).text((60, 100), text, fill=0, font=ImageFont.load_default(60))
    return encoded(picture, "PNG")


async def test_two_hundred_numbers_give_one_report_and_a_file(desk: Desk) -> None:
    numbers = [f"YT{2600000000000 + n}" for n in range(200)]

    def many(store: Store) -> None:
        for n, number in enumerate(numbers[:150]):
            ship(store, [number], desk.clock(), order=f"2{n:03d}")
        ship(store, [numbers[150]], desk.clock(), order="3000", status=LineStatus.CANCELLED)

    await desk.write(many)
    await desk.owner.send("\n".join(numbers))
    messages = [m for m in await desk.owner.messages() if m.from_bot]
    assert len(messages) == 2
    report, file = messages
    for words in ("200 numbers", "found: 151", "unknown: 49", f"cancelled or refunded: 1 ({numbers[150]})"):
        assert words in report.text
    assert "Клиент 101: 151 lines" in report.text
    content = io.BytesIO(await desk.owner.download(file))
    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["Number", *numbers]
    assert (rows[1][3], rows[1][7], rows[200][2]) == ("2000", 3, "unknown")


async def test_the_last_digits_are_enough_when_few_end_so(desk: Desk) -> None:
    for n in range(7):
        await shipped(desk, f"YT26000000{n:02d}777", order=f"10{n:02d}")
    await shipped(desk, TRACK, order="1100")
    await desk.owner.send("0011")
    assert TRACK in desk.owner.screen.text
    await desk.owner.send("03777")
    assert "YT2600000003777" in desk.owner.screen.text
    await desk.owner.send("0777")
    assert "YT2600000000777" in desk.owner.screen.text
    for n in range(7):
        await shipped(desk, f"SF26000000{n:02d}0777", order=f"20{n:02d}")
    await desk.owner.send("0777")
    assert "type more digits" in desk.owner.screen.text


async def test_a_cancelled_or_refunded_parcel_is_said_first(desk: Desk) -> None:
    await shipped(desk, TRACK, refund="waitselleragree")
    await shipped(desk, SECOND, order="1002", stage=Stage.CLOSED_REFUNDED)
    await shipped(desk, UNKNOWN, order="1003", refund="refundclose")
    for number, first in ((TRACK, "⛔"), (SECOND, "⛔"), (UNKNOWN, "📮")):
        await desk.owner.send(number)
        assert desk.owner.screen.text.startswith(first)


async def test_who_asked_for_an_unknown_number_is_told_when_it_comes(desk: Desk) -> None:
    await desk.owner.send(f"где {UNKNOWN}?")
    assert "then I'll tell you" in desk.owner.screen.text
    now = desk.clock()

    def sync(store: Store) -> None:
        account = store.accounts.ensure(ProviderName.TAOBAO, "nick", None, now)
        waybills = (WaybillSeen(UNKNOWN, "SF", "顺丰速运"),)
        for status in ("SHIPPED", "SIGNED"):
            seen = ProviderOrderSeen("5113222887354003142", status, Stage.SHIPPED, 100, 0, "店", now, (), waybills)
            see_order(store, account, seen, now)

    await desk.write(sync)
    await desk.owner.look()
    told = [m for m in await desk.owner.messages() if m.from_bot and "is known now" in m.text]
    assert len(told) == 1
    assert UNKNOWN in told[0].text


async def test_the_warehouse_syncs_the_accounts_that_an_unknown_number_may_come_from(desk: Desk) -> None:
    """The other account has nothing under way."""
    await shipped(desk, TRACK)

    def two_accounts(store: Store) -> None:
        for nick in ("nick", "idle"):
            account = store.accounts.ensure(ProviderName.TAOBAO, nick, None, desk.clock())
            store.accounts.save(replace(account, session=SessionState.ACTIVE))

    await desk.write(two_accounts)
    for role, labels in ((Role.VIEWER, []), (Role.WAREHOUSE, ["🔄 Sync the accounts"])):
        person = await desk.person(2000 + len(labels), role)
        await person.send(UNKNOWN)
        assert [label for label in person.screen.labels if "Sync" in label] == labels
    await person.press("🔄 Sync the accounts")
    assert person.answer == "1 account is being synced"
    started = await desk.read(lambda store: store.activities.newest(ActivityKind.SYNC, 1))
    assert started
    assert await desk.read(lambda store: store.activities.newest(ActivityKind.SYNC, 2)) is None


async def test_a_printed_number_is_offered_as_a_button(desk: Desk) -> None:
    await desk.owner.send_photo(printed(UNKNOWN))
    await rest(desk, desk.owner)
    assert f"Perhaps {UNKNOWN}" in desk.owner.screen.text
    await shipped(desk, UNKNOWN)
    await desk.owner.press(f"Is it {UNKNOWN}?")
    assert "Клиент 101" in desk.owner.screen.text


async def test_a_printed_number_that_is_known_is_an_answer(desk: Desk) -> None:
    await shipped(desk, UNKNOWN)
    await desk.owner.send_photo(printed(UNKNOWN))
    await rest(desk, desk.owner)
    assert "Клиент 101" in desk.owner.screen.text


async def test_several_codes_come_back_framed_in_the_picture(desk: Desk) -> None:
    await shipped(desk, TRACK)
    await desk.owner.send_photo(photo_of_several([TRACK, SECOND]))
    await rest(desk, desk.owner)
    assert desk.owner.screen.raw.get("photo")
    assert f"{TRACK} ✅" in desk.owner.screen.text
    await desk.owner.press("Back")
    assert "Клиент 101" in desk.owner.screen.text


async def test_labels_in_a_pdf_file(desk: Desk) -> None:
    await shipped(desk, TRACK)
    out = io.BytesIO()
    Image.open(io.BytesIO(draw_label(TRACK))).convert("L").save(out, "PDF")
    await desk.owner.send_document("label.pdf", out.getvalue())
    await rest(desk, desk.owner)
    assert "Клиент 101" in desk.owner.screen.text
    await desk.owner.send_document("broken.pdf", b"%PDF-1.4 nothing")
    await rest(desk, desk.owner)
    assert "isn't a picture that can be read" in desk.owner.screen.text


async def test_what_is_no_label_is_named(desk: Desk) -> None:
    await desk.owner.send_document("ean.png", code("9780201379624", BarcodeFormat.EAN13))
    await rest(desk, desk.owner)
    assert "a product's own barcode" in desk.owner.screen.text
    await desk.owner.send_photo(photo(encoded(Image.new("L", (1000, 640), 255), "PNG")))
    await rest(desk, desk.owner)
    assert "send the picture as a file" in desk.owner.screen.text
