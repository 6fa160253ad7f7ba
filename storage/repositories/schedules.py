"""What recurs, and which of its slots were taken; a slot is taken once, whoever asks."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from purchasing.work_ports import Schedule
from storage.repositories.base import Repository, record
from storage.tables import schedule
from storage.tables import slot as slots

SLOTS_KEPT = timedelta(days=31)


class SqlSchedules(Repository):
    def ensure(self, action: str, subject: str, every_seconds: int, first_due: datetime, enabled: bool) -> Schedule:
        changed = {"every_seconds": every_seconds, "enabled": enabled}
        added = self._insert(schedule).values(action=action, subject=subject, next_due_at=first_due, **changed)
        key = [schedule.c.action, schedule.c.subject]
        statement = added.on_conflict_do_update(index_elements=key, set_=changed).returning(schedule)
        return record(Schedule, self._rows(statement)[0])

    def all(self) -> list[Schedule]:
        return [record(Schedule, row) for row in self._rows(select(schedule).order_by(schedule.c.id))]

    def due(self, now: datetime) -> list[Schedule]:
        wanted = select(schedule).where(schedule.c.enabled, schedule.c.next_due_at <= now)
        return [record(Schedule, row) for row in self._rows(wanted.order_by(schedule.c.next_due_at, schedule.c.id))]

    def take_slot(self, schedule_id: int, slot: str, next_due: datetime, now: datetime) -> bool:
        taken = self._insert(slots).values(schedule_id=schedule_id, slot=slot, taken_at=now)
        if self._run(taken.on_conflict_do_nothing()) == 0:
            return False
        self._run(update(schedule).where(schedule.c.id == schedule_id).values(next_due_at=next_due))
        self._run(delete(slots).where(slots.c.schedule_id == schedule_id, slots.c.taken_at < now - SLOTS_KEPT))
        return True
