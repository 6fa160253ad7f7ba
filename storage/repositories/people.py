"""People, what they set, their screens' notes and ticked lines."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from purchasing.people import Person
from purchasing.words import Role
from storage.repositories.base import Repository, record, unique
from storage.tables import note, person, selection, setting

_THERE = person.c.removed_at.is_(None)
_ONE = select(person).where(person.c.id == bindparam("one"))
_ON_TELEGRAM = select(person).where(person.c.telegram_id == bindparam("telegram"), _THERE)
_ALL = select(person).where(_THERE).order_by(person.c.id)
_SETTING = select(setting.c.value).where(setting.c.key == bindparam("name"))
_NOTE = select(note.c.value).where(note.c.person_id == bindparam("of"), note.c.key == bindparam("name"))
_SAVED = ("role", "language", "zone", "accounts", "muted", "removed_at", "on_duty", "digest", "quiet")


class SqlPeople(Repository):
    def get(self, person_id: int) -> Person | None:
        row = self._row(_ONE, one=person_id)
        return record(Person, row) if row else None

    def by_telegram(self, telegram_id: int) -> Person | None:
        row = self._row(_ON_TELEGRAM, telegram=telegram_id)
        return record(Person, row) if row else None

    def all(self) -> list[Person]:
        return [record(Person, row) for row in self._rows(_ALL)]

    def with_roles(self, *roles: Role) -> list[Person]:
        rows = self._rows(select(person).where(person.c.role.in_(roles), _THERE).order_by(person.c.id))
        return [record(Person, row) for row in rows]

    def ensure(self, telegram_id: int, role: Role, name: str, language: str, zone: str) -> Person:
        values = {"telegram_id": telegram_id, "role": role, "name": name, "language": language, "zone": zone}
        statement = (
            self._insert(person)
            .values(values)
            .on_conflict_do_update(index_elements=[person.c.telegram_id], set_={"role": role, "removed_at": None})
            .returning(person)
        )
        return record(Person, self._rows(statement)[0])

    def save(self, changed: Person) -> None:
        values = {name: getattr(changed, name) for name in _SAVED}
        self._run(update(person).where(person.c.id == changed.id).values(values))

    def rename(self, person_id: int, name: str) -> None:
        self._run(update(person).where(person.c.id == person_id).values(name=name))

    def set_language(self, person_id: int, language: str) -> None:
        self._run(update(person).where(person.c.id == person_id).values(language=language))

    def set_blocked(self, person_id: int, at: datetime | None) -> None:
        self._run(update(person).where(person.c.id == person_id).values(blocked_at=at))


class SqlSettings(Repository):
    def get(self, key: str) -> str | None:
        value: str | None = self._value(_SETTING, name=key)
        return value

    def all(self, prefix: str = "") -> dict[str, str]:
        wanted = setting.c.key.startswith(prefix, autoescape=True)
        rows = self._rows(select(setting).where(wanted).order_by(setting.c.key))
        return {row["key"]: row["value"] for row in rows}

    def put(self, key: str, value: str, by: int | None, now: datetime) -> None:
        values = {"value": value, "set_by": by, "set_at": now}
        statement = self._insert(setting).values(key=key, **values)
        self._run(statement.on_conflict_do_update(index_elements=[setting.c.key], set_=values))

    def remove(self, key: str) -> None:
        self._run(delete(setting).where(setting.c.key == key))


class SqlNotes(Repository):
    def get(self, person_id: int, key: str) -> str | None:
        value: str | None = self._value(_NOTE, of=person_id, name=key)
        return value

    def put(self, person_id: int, key: str, value: str) -> None:
        statement = self._insert(note).values(person_id=person_id, key=key, value=value)
        self._run(statement.on_conflict_do_update(index_elements=[note.c.person_id, note.c.key], set_={"value": value}))

    def remove(self, person_id: int, key: str) -> None:
        self._run(delete(note).where(note.c.person_id == person_id, note.c.key == key))


class SqlSelection(Repository):
    def toggle(self, person_id: int, line_id: int) -> bool:
        if self._run(delete(selection).where(selection.c.person_id == person_id, selection.c.line_id == line_id)):
            return False
        self.add(person_id, [line_id])
        return True

    def add(self, person_id: int, line_ids: Collection[int]) -> None:
        rows = [{"person_id": person_id, "line_id": line_id} for line_id in unique(line_ids)]
        self._run_many(self._insert(selection).on_conflict_do_nothing(), rows)

    def remove(self, person_id: int, line_ids: Collection[int]) -> None:
        self._run(
            delete(selection).where(selection.c.person_id == person_id, selection.c.line_id.in_(unique(line_ids)))
        )

    def clear(self, person_id: int) -> None:
        self._run(delete(selection).where(selection.c.person_id == person_id))

    def of(self, person_id: int) -> list[int]:
        ticked = select(selection.c.line_id).where(selection.c.person_id == person_id)
        return list(self._column(ticked.order_by(selection.c.line_id)))
