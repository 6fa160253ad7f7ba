"""Staff's notes to lines."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from purchasing.line_ports import LineNote
from storage.repositories.base import Repository, record
from storage.tables import line_note


class SqlLineNotes(Repository):
    def add(self, line_id: int, person_id: int, text: str, now: datetime) -> None:
        self._run(insert(line_note).values(line_id=line_id, person_id=person_id, text=text, at=now))

    def get(self, note_id: int) -> LineNote | None:
        row = self._row(select(line_note).where(line_note.c.id == note_id))
        return record(LineNote, row) if row else None

    def of_line(self, line_id: int) -> list[LineNote]:
        rows = self._rows(select(line_note).where(line_note.c.line_id == line_id).order_by(line_note.c.id))
        return [record(LineNote, row) for row in rows]

    def remove(self, note_id: int) -> None:
        self._run(delete(line_note).where(line_note.c.id == note_id))
