"""Updates from Telegram, sealed until they are done and then erased; an update is taken once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from purchasing.inbox import Incoming
from storage.repositories.base import Repository, columns_of, record
from storage.tables import inbox

_DONE = (
    update(inbox)
    .where(inbox.c.bot_id == bindparam("bot"), inbox.c.update_id == bindparam("number"), inbox.c.done_at.is_(None))
    .values(done_at=bindparam("now"), payload=None)
)


class SqlInbox(Repository):
    def accept(self, incoming: Sequence[Incoming]) -> list[Incoming]:
        if not incoming:
            return []
        added = self._insert(inbox).values([self._values(i) for i in incoming]).on_conflict_do_nothing()
        new = {tuple(row) for row in self._tuples(added.returning(inbox.c.bot_id, inbox.c.update_id))}
        once = {(i.bot_id, i.update_id): i for i in incoming}
        return [i for key, i in once.items() if key in new]

    def pending(self) -> list[Incoming]:
        waits = inbox.c.done_at.is_(None), inbox.c.parked_at.is_(None)
        rows = self._rows(select(inbox).where(*waits).order_by(inbox.c.received_at, inbox.c.update_id, inbox.c.bot_id))
        return [record(Incoming, row, payload=self._payload(row)) for row in rows]

    def done(self, bot_id: int, update_id: int, now: datetime) -> bool:
        return self._run(_DONE, bot=bot_id, number=update_id, now=now) == 1

    def failed(self, bot_id: int, update_id: int, error: str) -> int:
        counted = update(inbox).where(*_key(bot_id, update_id)).values(attempts=inbox.c.attempts + 1, error=error)
        return int(self._value(counted.returning(inbox.c.attempts)) or 0)

    def park(self, bot_id: int, update_id: int, error: str, now: datetime) -> None:
        where = *_key(bot_id, update_id), inbox.c.done_at.is_(None)
        self._run(update(inbox).where(*where).values(parked_at=now, error=error))

    def purge(self, before: datetime) -> int:
        over = or_(inbox.c.done_at.is_not(None), inbox.c.parked_at.is_not(None))
        return self._run(delete(inbox).where(inbox.c.received_at < before, over))

    def _values(self, incoming: Incoming) -> dict[str, Any]:
        sealed = self._seal(inbox.c.payload, incoming.payload.encode(), incoming.bot_id, incoming.update_id)
        return columns_of(incoming, inbox) | {"payload": sealed}

    def _payload(self, row: Any) -> str:
        return self._open(inbox.c.payload, row["payload"], row["bot_id"], row["update_id"]).decode()


def _key(bot_id: int, update_id: int) -> Any:
    return inbox.c.bot_id == bot_id, inbox.c.update_id == update_id
