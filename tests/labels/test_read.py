import asyncio
import io
import json
import zlib
from pathlib import Path

import pytest
from PIL import Image
from zxingcpp import BarcodeFormat

from benchmarks.label_photos import KINDS, photos
from bot.commands.read_label import read_label
from labels.draw import draw_label
from labels.read import read_codes
from labels.reader import LabelReader
from purchasing.errors import BadInput
from purchasing.ports import CodeFound
from tests.labels.pictures import Shot, code, encoded, photo, photo_of_several

NUMBER = "SF1234567890123"


def read(picture: bytes, *known: str) -> list[CodeFound]:
    return read_codes(picture, known.__contains__)


def accepted(picture: bytes, *known: str) -> list[str]:
    return sorted(found.text for found in read(picture, *known) if found.accepted)


@pytest.mark.parametrize("number", [NUMBER, "YT7412345678901", "78912345678901", "436738060691307", "JT5012345678901"])
def test_a_label_that_we_draw_is_read(number: str) -> None:
    (found,) = read(draw_label(number, "Carrier", "box 1 of 1"))
    assert (found.text, found.kind, found.accepted) == (number, "code128", True)


@pytest.mark.parametrize(
    "shot",
    [
        Shot(),
        Shot(degrees=15),
        Shot(degrees=30),
        Shot(degrees=45),
        Shot(degrees=-30),
        Shot(degrees=90),
        Shot(degrees=180),
        Shot(blur=2),
        Shot(light=0.2),
        Shot(scale=0.3),
        Shot(size=(4000, 3000), scale=1.5),
        Shot(quality=20),
    ],
    ids=str,
)
def test_photos_as_people_take_them(shot: Shot) -> None:
    assert accepted(photo(draw_label(NUMBER), shot)) == [NUMBER]


def test_a_code_that_fills_the_picture_is_looked_at_closely() -> None:
    (found,) = read(draw_label(NUMBER))
    assert found.how == "whole + close"


def test_a_photo_of_each_kind_gives_its_numbers_and_no_other() -> None:
    for shot in photos(len(KINDS), seed=7):
        assert set(accepted(shot.content)) == set(shot.waybills), shot.kind


def test_a_code_is_framed_where_it_is_however_it_lies() -> None:
    for degrees in (0, 40, 90):
        (found,) = read(photo(draw_label(NUMBER), Shot(degrees=degrees)))
        x, y = (sum(corner[axis] for corner in found.box) / len(found.box) for axis in (0, 1))
        assert abs(x - 0.5) < 0.1, degrees
        assert abs(y - 0.5) < 0.1, degrees


def test_several_labels_in_one_photo() -> None:
    numbers = [NUMBER, "YT7412345678901", "JT5012345678901"]
    assert accepted(photo_of_several(numbers)) == sorted(numbers)


def test_a_number_of_no_carrier_stays_a_candidate_unless_it_is_known() -> None:
    picture = photo(draw_label("ABC1234567"))
    (found,) = read(picture)
    assert (found.text, found.accepted, found.carrier) == ("ABC1234567", False, "")
    assert accepted(picture, "ABC1234567") == ["ABC1234567"]


def test_a_parcel_of_our_own_is_sure_when_it_was_read_twice() -> None:
    assert accepted(photo(draw_label("VYK0000012"))) == ["VYK0000012"]


def test_a_products_ean_is_no_track_number() -> None:
    """9 and twelve more digits could be China Post's."""
    picture = code("9780201379624", BarcodeFormat.EAN13)
    (found,) = read(picture)
    assert (found.kind, found.accepted, found.carrier) == ("ean13", False, "")


def test_a_qr_codes_address_is_told_but_not_accepted() -> None:
    (found,) = read(code("https://example.com/a?b=1", BarcodeFormat.QRCode))
    assert (found.kind, found.text, found.accepted) == ("qr", "https://example.com/a?b=1", False)


def test_a_number_inside_a_qr_code() -> None:
    assert accepted(code("MMM={'k2':'SF1234567890123'}", BarcodeFormat.QRCode)) == [NUMBER]


def test_bare_digits_inside_a_qr_code_are_a_candidate() -> None:
    """Anything may stand there: an order's number, a telephone's."""
    (found,) = read(code("MMM={'k1':'755','k2':'78449518523064'}", BarcodeFormat.QRCode))
    assert not found.accepted


def test_a_box_is_its_parents_parcel() -> None:
    assert accepted(photo(draw_label("JD0123456789012-1-2-"))) == ["JD0123456789012"]


def test_a_photo_without_a_code_gives_nothing() -> None:
    assert read(encoded(Image.effect_noise((640, 480), 40), "JPEG")) == []


def _png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b""))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not_a_picture"),
        (b"hello", "not_a_picture"),
        (draw_label(NUMBER)[:300], "not_a_picture"),
        (_png_header(6000, 6000), "too_many_pixels"),
        (_png_header(10_000, 10_000), "too_many_pixels"),
        (_png_header(60_000, 60_000), "too_many_pixels"),
        (b"0" * (20 * 1024 * 1024 + 1), "too_big"),
    ],
    ids=["empty", "text", "cut", "large", "bomb", "huge", "bytes"],
)
def test_what_is_no_fair_picture_is_refused(content: bytes, rule: str) -> None:
    with pytest.raises(BadInput) as bad:
        read(content)
    assert (bad.value.field, bad.value.rule) == ("picture", rule)


async def test_reading_leaves_the_event_loop_free() -> None:
    reader = LabelReader()
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        other = group.create_task(turn())
        found = await reader.read(photo(draw_label(NUMBER)), lambda _number: False)
        other.cancel()
    await reader.close()
    assert [one.text for one in found] == [NUMBER]
    assert turns > 1


def test_the_command_prints_a_line_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, missing = tmp_path / "label.png", tmp_path / "text.png", tmp_path / "missing.png"
    good.write_bytes(draw_label(NUMBER))
    bad.write_bytes(b"hello")
    assert not read_label([good, bad, missing])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == [str(good), str(bad), str(missing)]
    (found,) = lines[0]["found"]
    assert (found["text"], found["kind"], found["carrier"], found["accepted"]) == (NUMBER, "code128", "sf", True)
    assert lines[0].keys() == {"file", "found", "ms"}
    assert [line["error"] for line in lines[1:]] == ["not_a_picture", "FileNotFoundError"]
    assert read_label([good])


def test_a_transparent_label_has_white_paper() -> None:
    label = Image.open(io.BytesIO(draw_label(NUMBER))).convert("L")
    clear = Image.new("RGBA", label.size, (0, 0, 0, 0))
    clear.putalpha(label.point(lambda value: 255 - value))
    assert accepted(encoded(clear, "PNG")) == [NUMBER]
