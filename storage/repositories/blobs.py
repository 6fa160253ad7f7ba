"""Bytes kept for a short while, sealed."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from storage.repositories.base import Repository
from storage.tables import blob


class SqlBlobs(Repository):
    def put(self, content: bytes, mime: str, expires_at: datetime) -> int:
        # the seal names the row, so the row comes first
        added = insert(blob).values(mime=mime, expires_at=expires_at).returning(blob.c.id)
        blob_id = int(self._value(added))
        sealed = self._seal(blob.c.content, content, blob_id)
        self._run(update(blob).where(blob.c.id == blob_id).values(content=sealed))
        return blob_id

    def get(self, blob_id: int) -> tuple[bytes, str] | None:
        row = self._row(select(blob).where(blob.c.id == blob_id))
        return None if row is None else (self._open(blob.c.content, row["content"], blob_id), row["mime"])

    def remove(self, blob_id: int) -> None:
        self._run(delete(blob).where(blob.c.id == blob_id))

    def purge(self, now: datetime) -> int:
        return self._run(delete(blob).where(blob.c.expires_at <= now))
