"""Previews: their lines, groups and the activities that fill or carry them out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from purchasing.previews import Preview, PreviewGroup, PreviewLine
from storage.repositories.base import Repository, columns_of, record
from storage.tables import preview, preview_activity, preview_group, preview_line


class SqlPreviews(Repository):
    def add(self, person_id: int, lines: Sequence[PreviewLine], now: datetime) -> Preview:
        added = insert(preview).values(person_id=person_id, created_at=now).returning(preview)
        row = self._rows(added)[0]
        rows = [_line(line) | {"preview_id": row["id"], "position": i} for i, line in enumerate(lines)]
        self._run_many(insert(preview_line), rows)
        return record(Preview, row, lines=tuple(lines))

    def get(self, preview_id: int) -> Preview | None:
        row = self._row(select(preview).where(preview.c.id == preview_id))
        if row is None:
            return None
        lines = select(preview_line).where(preview_line.c.preview_id == preview_id).order_by(preview_line.c.position)
        groups = select(preview_group).where(preview_group.c.preview_id == preview_id)
        activities = select(preview_activity.c.activity_id).where(preview_activity.c.preview_id == preview_id)
        return record(
            Preview,
            row,
            lines=tuple(record(PreviewLine, line) for line in self._rows(lines)),
            groups=tuple(
                record(PreviewGroup, group)
                for group in self._rows(groups.order_by(preview_group.c.number, preview_group.c.account_id))
            ),
            activity_ids=tuple(self._column(activities.order_by(preview_activity.c.activity_id))),
        )

    def attach(self, preview_id: int, activity_id: int) -> None:
        values = {"preview_id": preview_id, "activity_id": activity_id}
        self._run(self._insert(preview_activity).values(values).on_conflict_do_nothing())

    def save_lines(self, preview_id: int, lines: Sequence[PreviewLine]) -> None:
        for line in lines:
            where = preview_line.c.preview_id == preview_id, preview_line.c.line_id == line.line_id
            self._run(update(preview_line).where(*where).values(_line(line)))

    def save_groups(self, preview_id: int, account_id: int, groups: Sequence[PreviewGroup]) -> None:
        where = preview_group.c.preview_id == preview_id, preview_group.c.account_id == account_id
        self._run(delete(preview_group).where(*where))
        own = {"preview_id": preview_id, "account_id": account_id}
        self._run_many(insert(preview_group), [columns_of(group, preview_group) | own for group in groups])

    def confirm(self, preview_id: int, now: datetime) -> bool:
        return self._run(update(preview).where(*_open(preview_id)).values(confirmed_at=now)) == 1

    def drop(self, preview_id: int, now: datetime) -> bool:
        return self._run(update(preview).where(*_open(preview_id)).values(dropped_at=now)) == 1

    def open_since(self, before: datetime, limit: int) -> list[int]:
        where = preview.c.confirmed_at.is_(None), preview.c.dropped_at.is_(None), preview.c.created_at < before
        return list(self._column(select(preview.c.id).where(*where).order_by(preview.c.id).limit(limit)))


def _line(line: PreviewLine) -> dict[str, Any]:
    return columns_of(line, preview_line)


def _open(preview_id: int) -> Any:
    return preview.c.id == preview_id, preview.c.confirmed_at.is_(None), preview.c.dropped_at.is_(None)
