"""Photos of goods in the data directory: `photos/<line>/<photo>.jpg`, and `.thumb.jpg` beside it; names are our ids."""

import asyncio
import io
from pathlib import Path

from purchasing.keep_photos import Key
from purchasing.receiving import LinePhoto

THUMB_SIDE = 320


class PhotoFolder:
    """Implements purchasing.keep_photos.PhotoFiles."""

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / "photos"

    async def put(self, photo: LinePhoto, content: bytes) -> None:
        await asyncio.to_thread(self._put, photo, content)

    async def all(self) -> set[Key]:
        return await asyncio.to_thread(self._all)

    async def remove(self, key: Key) -> None:
        for path in self._paths(key):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _paths(self, key: Key) -> tuple[Path, Path]:
        """The picture's and its thumbnail's."""
        line_id, photo_id = key
        folder = self._root / str(line_id)
        return folder / f"{photo_id}.jpg", folder / f"{photo_id}.thumb.jpg"

    def _all(self) -> set[Key]:
        names = {(path.parent.name, path.name.partition(".")[0]) for path in self._root.glob("*/*.jpg")}
        return {(int(line), int(photo)) for line, photo in names if line.isdigit() and photo.isdigit()}

    def _put(self, photo: LinePhoto, content: bytes) -> None:
        whole, thumb = self._paths((photo.line_id, photo.id))
        small = thumbnail(content)
        whole.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(thumb, small)
        _write(whole, content)


def thumbnail(content: bytes) -> bytes:
    """A JPEG of at most 320 pixels a side. Raises BadInput for what is too big or no picture."""
    from labels.picture import opened, upright  # an idle bot has no use for it

    with opened(content) as picture:
        picture.draft("RGB", (THUMB_SIDE, THUMB_SIDE))  # a large JPEG is decoded small from the start
        small = upright(picture).convert("RGB")
        small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, whatever happens meanwhile."""
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)
