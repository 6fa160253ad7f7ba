"""What was told to whom: each thing once a person, at once or in a digest. Nothing that waits is ever dropped."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from purchasing.cards import Address
from purchasing.telling_ports import Digest
from storage.repositories.base import Repository, record
from storage.tables import digest, told


class SqlTold(Repository):
    def add(self, person_id: int, address: Address, dedupe: str, now: datetime, *, waits: bool) -> bool:
        values = {"person_id": person_id, "address": str(address), "dedupe": dedupe, "waits": waits, "at": now}
        return self._run(self._insert(told).values(values).on_conflict_do_nothing()) == 1

    def waiting(self) -> Mapping[int, datetime]:
        oldest = select(told.c.person_id, func.min(told.c.at).label("at")).where(told.c.waits)
        return {row["person_id"]: row["at"] for row in self._rows(oldest.group_by(told.c.person_id))}

    def gather(self, person_id: int, now: datetime) -> Digest:
        made = self._value(insert(digest).values(person_id=person_id, at=now).returning(digest.c.id))
        waiting = update(told).where(told.c.person_id == person_id, told.c.waits)
        self._run(waiting.values(waits=False, digest_id=made))
        found = self.digest(made)
        assert found is not None  # noqa: S101  # just made
        return found

    def digest(self, digest_id: int) -> Digest | None:
        row = self._row(select(digest).where(digest.c.id == digest_id))
        if row is None:
            return None
        addresses = self._column(select(told.c.address).where(told.c.digest_id == digest_id).order_by(told.c.id))
        return record(Digest, row, told=tuple(map(Address.parse, addresses)))

    def purge(self, before: datetime) -> int:
        gone = self._run(delete(told).where(told.c.at < before, told.c.waits.is_(False)))
        kept = select(told.c.digest_id).where(told.c.digest_id.is_not(None))
        self._run(delete(digest).where(digest.c.at < before, digest.c.id.not_in(kept)))
        return gone
