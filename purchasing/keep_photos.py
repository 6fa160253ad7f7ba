"""Photos of goods as files of our own, where an owner wants them: which come next, and up to where they are kept."""

from datetime import datetime
from typing import Protocol

from purchasing.options import option
from purchasing.ports import Store
from purchasing.receiving import LinePhoto

AS_FILES = "photos.files"
_KEPT_TO = "photos.kept_to"
AT_ONCE = 50


Key = tuple[int, int]
"""Ids of the line and of its photo."""


class PhotoFiles(Protocol):
    """A place for pictures and their thumbnails."""

    async def put(self, photo: LinePhoto, content: bytes) -> None:
        """Again is no harm. Raises BadInput for what is no picture, OSError."""
        ...

    async def all(self) -> set[Key]:
        """Those that are there, if only in part."""
        ...

    async def remove(self, key: Key) -> None: ...


def next_photos(store: Store) -> list[LinePhoto]:
    """Those not kept yet, oldest first; none while it is switched off."""
    if option(store, AS_FILES) != "yes":
        return []
    return store.warehouse.photos_after(int(store.settings.get(_KEPT_TO) or 0), AT_ONCE)


def kept(store: Store, photo: LinePhoto, now: datetime) -> None:
    """This one and all before it are files, or can't be."""
    store.settings.put(_KEPT_TO, str(photo.id), None, now)
