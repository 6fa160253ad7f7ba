"""Who changed what; entries are only ever added."""

from sqlalchemy import insert, or_, select

from purchasing.ports import AuditEntry
from storage.repositories.base import Repository, columns_of, record
from storage.tables import audit


class SqlAudit(Repository):
    def add(self, entry: AuditEntry) -> None:
        self._run(insert(audit).values(columns_of(entry, audit)))

    def page(self, text: str, offset: int, limit: int, person_id: int | None = None) -> tuple[list[AuditEntry], int]:
        wanted = select(audit)
        if person_id is not None:
            wanted = wanted.where(audit.c.person_id == person_id)
        if text.strip():
            searched = (audit.c.action, audit.c.subject, audit.c.before, audit.c.after)
            wanted = wanted.where(or_(*(column.icontains(text.strip(), autoescape=True) for column in searched)))
        rows = self._rows(wanted.order_by(audit.c.id.desc()).offset(offset).limit(limit))
        return [record(AuditEntry, row) for row in rows], self._count(wanted)
