"""Photos of goods as files: off at first, then each once with a thumbnail, whatever happens meanwhile."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bot.photo_files import PhotoFolder, thumbnail
from purchasing import crash
from purchasing.errors import BadInput, Transient
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.receiving import LinePhoto
from purchasing.words import LineStatus, ProviderName
from scheduler.photos import PhotosJob
from tests.support.desk import Desk

SIZE = (1600, 1200)


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", SIZE, colour).save(out, "JPEG")
    return out.getvalue()


class Telegram:
    """Its files by file id; `away` while it doesn't answer."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.away = False

    async def download(self, file_id: str) -> bytes:
        if self.away:
            raise Transient("Telegram is away")
        self.fetched.append(file_id)
        if file_id not in self.files:
            raise BadInput("file", "gone")
        return self.files[file_id]


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


async def with_photos(desk: Desk, *file_ids: str) -> list[LinePhoto]:
    owner = await desk.somebody()

    def unit(store: Store) -> list[LinePhoto]:
        order = store.orders.ensure("A-1", "files", desk.clock())
        data = LineData(key="1", provider=ProviderName.TAOBAO, item_id="640000000001", title="Cup")
        line = next(iter(store.lines.of_order(order.id)), None) or store.lines.add(order.id, data, LineStatus.RECEIVED)
        for file_id in file_ids:
            store.warehouse.add_photo(line.id, file_id, file_id, None, owner.id, desk.clock())
        return store.warehouse.photos(line.id)

    return await desk.write(unit)


def files_of(desk: Desk) -> list[str]:
    root = desk.app.settings.data_dir / "photos"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


async def keep(desk: Desk, telegram: Telegram) -> None:
    await PhotosJob(desk.app.db, desk.clock, telegram, PhotoFolder(desk.app.settings.data_dir))()


async def switched_on(desk: Desk) -> None:
    await desk.owner.send("/settings")
    assert "Photos of goods kept as files: ▫️ off" in desk.owner.screen.text
    await desk.owner.press("Keep photos of goods as files")
    assert "Photos of goods kept as files: ✅ on" in desk.owner.screen.text


async def test_off_at_first_and_on_for_what_is_there_already(desk: Desk, telegram: Telegram) -> None:
    telegram.files = {"red": picture("red"), "blue": picture("blue")}
    first, second = await with_photos(desk, "red", "blue")
    await keep(desk, telegram)
    assert (telegram.fetched, files_of(desk)) == ([], [])

    await switched_on(desk)
    await keep(desk, telegram)
    line = first.line_id
    names = [f"{line}/{photo.id}{kind}.jpg" for photo in (first, second) for kind in ("", ".thumb")]
    assert files_of(desk) == sorted(names)
    folder = desk.app.settings.data_dir / "photos"
    assert (folder / f"{line}/{first.id}.jpg").read_bytes() == telegram.files["red"]
    with Image.open(folder / f"{line}/{first.id}.thumb.jpg") as small:
        assert small.size == (320, 240)
    await keep(desk, telegram)
    assert telegram.fetched == ["red", "blue"], "each is fetched once"


async def test_what_can_not_be_had_holds_up_no_other_and_telegram_away_loses_none(
    desk: Desk, telegram: Telegram
) -> None:
    telegram.files = {"text": b"no picture at all", "blue": picture("blue")}
    *_, last = await with_photos(desk, "gone", "text", "blue")
    await switched_on(desk)
    telegram.away = True
    await keep(desk, telegram)
    assert files_of(desk) == []
    telegram.away = False
    await keep(desk, telegram)
    assert files_of(desk) == [f"{last.line_id}/{last.id}.jpg", f"{last.line_id}/{last.id}.thumb.jpg"]


@pytest.fixture
def disarmed() -> Iterator[None]:
    yield
    crash.arm({})


@pytest.mark.usefixtures("disarmed")
@pytest.mark.parametrize("side", ["written", "committed"])
async def test_a_crash_between_file_and_note_keeps_it_whole(desk: Desk, telegram: Telegram, side: str) -> None:
    telegram.files = {"red": picture("red")}
    (photo,) = await with_photos(desk, "red")
    await switched_on(desk)
    crash.arm({crash.DRILL: "yes", crash.CRASH_AT: f"photos.kept.{side}:1:raise"})
    with pytest.raises(crash.CrashRequested):
        await keep(desk, telegram)
    crash.arm({})
    await keep(desk, telegram)
    assert files_of(desk) == [f"{photo.line_id}/{photo.id}.jpg", f"{photo.line_id}/{photo.id}.thumb.jpg"]


async def test_files_of_removed_photos_go_along_even_after_a_crash(desk: Desk, telegram: Telegram) -> None:
    telegram.files = {"red": picture("red")}
    sent = await desk.owner.send_photo(picture("red"))
    assert sent
    (photo,) = await with_photos(desk, "red")
    await switched_on(desk)
    await keep(desk, telegram)
    (desk.app.settings.data_dir / "photos" / f"{photo.line_id}" / "77.jpg").write_bytes(b"of a photo that is no more")
    await desk.owner.press_stale(desk.owner.screen.id, f"rmphoto:{photo.line_id}:{photo.id}")
    await keep(desk, telegram)
    assert files_of(desk) == []


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff" + b"x" * 100])
def test_what_is_no_picture_has_no_thumbnail(content: bytes) -> None:
    with pytest.raises(BadInput):
        thumbnail(content)


def test_one_with_too_many_pixels_is_not_decoded(tmp_path: Path) -> None:
    huge = tmp_path / "huge.png"
    Image.new("1", (6000, 5000)).save(huge)
    with pytest.raises(BadInput, match="too_many_pixels"):
        thumbnail(huge.read_bytes())
