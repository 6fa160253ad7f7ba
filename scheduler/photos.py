"""Fetches photos of goods from Telegram into files, each once, and removes files of photos that people removed. One
that can't be had holds up no other."""

import logging

from purchasing.crash import write
from purchasing.errors import BadInput, Transient
from purchasing.keep_photos import PhotoFiles, kept, next_photos
from purchasing.ports import Clock, Database, Files
from purchasing.receiving import LinePhoto

log = logging.getLogger(__name__)


class PhotosJob:
    def __init__(self, db: Database, clock: Clock, telegram: Files, files: PhotoFiles) -> None:
        self._db, self._clock, self._telegram, self._files = db, clock, telegram, files

    async def __call__(self) -> None:
        await self._sweep()
        for photo in await self._db.read(next_photos):
            try:
                await self._keep(photo)
            except (Transient, OSError) as trouble:
                log.warning("photos of goods are kept later: %s", trouble)
                return

    async def _keep(self, photo: LinePhoto) -> None:
        try:
            await self._files.put(photo, await self._telegram.download(photo.file_id))
        except BadInput as bad:
            log.warning("photo %s of line %s can't be kept as a file: %s", photo.id, photo.line_id, bad.rule)
        await write(self._db, "photos.kept", lambda store: kept(store, photo, self._clock()))

    async def _sweep(self) -> None:
        files = await self._files.all()
        if files:  # read before the books: a file without its row there belongs to nobody
            for key in sorted(files - await self._db.read(lambda store: store.warehouse.photo_keys())):
                await self._files.remove(key)
