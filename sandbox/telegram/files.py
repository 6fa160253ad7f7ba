"""Bytes that people and bots sent; photos are made smaller as Telegram does, documents never change."""

import hashlib
import io
import mimetypes
from pathlib import PurePosixPath

from PIL import Image, ImageOps, UnidentifiedImageError

from sandbox.telegram.model import Bot, Media, MediaKind, StoredFile
from sandbox.telegram.refusals import Refusal, Refused
from sandbox.telegram.wire import file_id

PHOTO_SIDES = (90, 320, 800, 1280)
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
FOLDERS: dict[MediaKind, str] = {
    "photo": "photos", "document": "documents", "video": "videos", "audio": "music",
}  # fmt: skip


class Files:
    def __init__(self) -> None:
        self._media: dict[str, Media] = {}
        self._files: dict[str, StoredFile] = {}

    def keep(self, kind: MediaKind, data: bytes, name: str | None, mime_type: str | None) -> Media:
        """Stores what was sent. Raises Refused when Telegram would not take it."""
        if not data:
            raise Refused(Refusal.EMPTY_FILE)
        if len(data) > MAX_UPLOAD_BYTES:
            raise Refused(Refusal.UPLOAD_TOO_LARGE)
        if kind == "photo":
            media = Media("photo", tuple(self._photo_sizes(data)))
        else:
            media = self._keep_whole(kind, data, name, mime_type)
        for file in media.files:
            self._media[file.unique_id] = media
        return media

    def by_path(self, path: str) -> StoredFile | None:
        return next((file for file in self._files.values() if file.path == path), None)

    def by_unique_id(self, unique_id: str) -> StoredFile | None:
        return self._files.get(unique_id)

    def media_of(self, bot: Bot, given_id: str) -> Media | None:
        """The media behind a file_id of this very bot."""
        media = self._media.get(given_id.rpartition("-")[2])
        known = media and any(file_id(bot, file) == given_id for file in media.files)
        return media if known else None

    def file_of(self, bot: Bot, given_id: str) -> StoredFile | None:
        file = self._files.get(given_id.rpartition("-")[2])
        return file if file and file_id(bot, file) == given_id else None

    def _keep_whole(self, kind: MediaKind, data: bytes, name: str | None, mime_type: str | None) -> Media:
        mime_type = mimetypes.guess_type(name or "")[0] or mime_type or "application/octet-stream"
        file = self._store(kind, data, PurePosixPath(name or "file").name, mime_type)
        thumbnail = self._thumbnail(data) if mime_type.startswith("image/") else None
        return Media(kind, (file,), thumbnail)

    def _photo_sizes(self, data: bytes) -> list[StoredFile]:
        if len(data) > MAX_PHOTO_BYTES:
            raise Refused(Refusal.FILE_TOO_BIG)
        picture = _opened(data)
        width, height = picture.size
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise Refused(Refusal.PHOTO_DIMENSIONS)
        longest = max(width, height)
        sides = [side for side in PHOTO_SIDES if side < longest] + [min(longest, PHOTO_SIDES[-1])]
        return [self._size(picture, side) for side in dict.fromkeys(sides)]

    def _size(self, picture: Image.Image, side: int) -> StoredFile:
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        out = io.BytesIO()
        smaller.save(out, "JPEG", quality=87)
        return self._store("photo", out.getvalue(), None, "image/jpeg", smaller.size)

    def _thumbnail(self, data: bytes) -> StoredFile | None:
        try:
            return self._size(_opened(data), 320)
        except Refused:
            return None

    def _store(
        self, kind: MediaKind, data: bytes, name: str | None, mime_type: str, size: tuple[int, int] = (0, 0)
    ) -> StoredFile:
        unique_id = "AQAD" + hashlib.sha256(f"{kind}/{name}/".encode() + data).hexdigest()[:16]
        if unique_id not in self._files:
            suffix = ".jpg" if kind == "photo" else PurePosixPath(name or "").suffix
            path = f"{FOLDERS[kind]}/file_{len(self._files)}{suffix}"
            self._files[unique_id] = StoredFile(unique_id, kind, data, path, name, mime_type, *size)
        return self._files[unique_id]


def _opened(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("RGB", (PHOTO_SIDES[-1], PHOTO_SIDES[-1]))
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Refused(Refusal.IMAGE_FAILED) from None
