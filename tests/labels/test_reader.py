"""The whole ladder: codes, print in the helper process, PDF files; and the helper's own life."""

import io
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from bot.commands.read_label import read_label
from labels.draw import draw_label
from labels.helper_process import Helper, Print
from labels.mark import SIDE
from labels.reader import LabelReader, with_print
from purchasing.errors import BadInput
from purchasing.ports import CodeFound
from tests.labels.pictures import Shot, encoded, photo
from tests.support.waiting import until

NUMBER = "SF1234567890123"


def nothing(_number: str) -> bool:
    return False


def printed(*texts: str) -> bytes:
    """A label without a code."""
    picture = Image.new("L", (1000, 500), 255)
    pen = ImageDraw.Draw(picture)
    for row, text in enumerate(texts):
        pen.text((60, 60 + 110 * row), text, fill=0, font=ImageFont.load_default(60))
    return encoded(picture, "PNG")


def pdf(*pictures: bytes) -> bytes:
    first, *rest = [Image.open(io.BytesIO(picture)).convert("L") for picture in pictures]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest)
    return out.getvalue()


@pytest.fixture
async def helper() -> AsyncIterator[Helper]:
    made = Helper()
    yield made
    await made.close()


@pytest.fixture
async def reader(helper: Helper) -> AsyncIterator[LabelReader]:
    made = LabelReader(helper)
    yield made
    await made.close()


async def test_print_is_a_candidate_alone_and_an_answer_when_known(reader: LabelReader, helper: Helper) -> None:
    picture = printed("Carrier", "SF 1234 5678 90123", "box 1")
    assert helper.pid is None, "nobody needed it yet"
    (found,) = await reader.read(picture, nothing)
    assert (found.text, found.kind, found.carrier, found.accepted) == (NUMBER, "text", "sf", False)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in found.box)
    (found,) = await reader.read(picture, NUMBER.__eq__)
    assert found.accepted
    assert helper.pid is not None
    assert psutil.Process(helper.pid).nice() >= 10


async def test_a_sharp_code_needs_no_helper(reader: LabelReader, helper: Helper) -> None:
    (found,) = await reader.read(photo(draw_label(NUMBER)), nothing)
    assert found.accepted
    assert helper.pid is None


async def test_labels_in_a_pdf_file_are_read_page_by_page(reader: LabelReader) -> None:
    found = await reader.read(pdf(draw_label(NUMBER), draw_label("YT7412345678901")), nothing)
    assert [(one.text, one.page, one.accepted) for one in found] == [(NUMBER, 0, True), ("YT7412345678901", 1, True)]


async def test_a_broken_pdf_file_is_refused_and_the_next_one_read(reader: LabelReader) -> None:
    for content in (b"%PDF-1.7\nnothing of the kind", pdf(draw_label(NUMBER))[:600]):
        with pytest.raises(BadInput) as bad:
            await reader.read(content, nothing)
        assert bad.value.rule == "not_a_picture"
    assert len(await reader.read(pdf(draw_label(NUMBER)), nothing)) == 1


async def test_the_helper_ends_when_idle_and_comes_back(reader: LabelReader) -> None:
    helper = Helper(idle=0.01)
    assert len(await helper.pages(pdf(draw_label(NUMBER)))) == 1
    await until(lambda: helper.pid is None)
    assert len(await helper.pages(pdf(draw_label(NUMBER)))) == 1
    await helper.close()


async def test_a_killed_helper_is_replaced(helper: Helper) -> None:
    await helper.pages(pdf(draw_label(NUMBER)))
    first = helper.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: helper.pid is None)
    assert len(await helper.pages(pdf(draw_label(NUMBER)))) == 1
    assert helper.pid not in (None, first)


async def test_a_picture_that_hangs_the_helper_is_given_up() -> None:
    helper = Helper(patience=0)
    assert await helper.text(printed("SF1234567890123")) == []
    assert helper.pid is None
    await helper.close()


def code(text: str, *, kind: str = "code128", accepted: bool = False) -> CodeFound:
    return CodeFound(text, kind, "", accepted, "1280 px")


def test_code_and_print_that_agree_are_two_reads() -> None:
    lines = [Print("运单号: 436738060691307", ())]
    (found,) = with_print([code("436738060691307")], lines, nothing)
    assert found.accepted


def test_code_and_print_that_differ_are_both_shown() -> None:
    """A barcode was seen to read 436738900691304 where 436738060691307 was printed."""
    found = with_print([code("436738900691304")], [Print("436738060691307", ())], nothing)
    assert [(one.text, one.accepted) for one in found] == [("436738900691304", False), ("436738060691307", False)]


def test_the_print_below_a_products_code_makes_it_no_track_number() -> None:
    (found,) = with_print([code("9780201379624", kind="ean13")], [Print("9780201379624", ())], nothing)
    assert not found.accepted


@pytest.mark.parametrize("degrees", [0, 30, 45, -30])
async def test_frames_are_where_the_codes_are(reader: LabelReader, degrees: float) -> None:
    picture = photo(draw_label(NUMBER), Shot(degrees=degrees, size=(1600, 1600)))
    (found,) = await reader.read(picture, nothing)
    middle = [sum(axis) / 4 for axis in zip(*found.box, strict=True)]
    assert 0.4 < middle[0] < 0.6
    assert 0.4 < middle[1] < 0.6
    marked = Image.open(io.BytesIO(await reader.mark(picture, [found])))
    assert max(marked.size) == SIDE
    red, green, _blue = marked.convert("RGB").split()
    framed = ImageChops.subtract(green, red).point(lambda difference: 255 if difference > 60 else 0)
    assert framed.histogram()[255] > 1000


async def test_a_pdf_page_is_marked(reader: LabelReader) -> None:
    file = pdf(draw_label("YT7412345678901"), draw_label(NUMBER))
    found = await reader.read(file, nothing)
    assert Image.open(io.BytesIO(await reader.mark(file, found[1:]))).mode == "RGB"


def test_the_command_reads_print_and_pdf_files_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label, torn = tmp_path / "label.pdf", tmp_path / "torn.png"
    label.write_bytes(pdf(draw_label(NUMBER)))
    torn.write_bytes(printed("YT7412345678901"))
    assert read_label([label, torn])
    found = [json.loads(line)["found"] for line in capsys.readouterr().out.splitlines()]
    assert [(one["text"], one["kind"], one["accepted"]) for (one,) in found] == [
        (NUMBER, "code128", True),
        ("YT7412345678901", "text", False),
    ]
