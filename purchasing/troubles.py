"""Troubles that last: the owners learn each once, with what still works, and once more when it is over.

What is wrong stands in storage, so that a restart tells nothing twice."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from purchasing.cards import Address
from purchasing.ports import Store
from purchasing.tell import owners, tell
from purchasing.words import Lane

BACKUP, TELEGRAM, DATABASE = "backup", "telegram", "database"
"""What may be in trouble, beside the marketplaces by their names."""


class _Trouble(BaseModel):
    since: datetime
    told: bool = False


def begin(store: Store, what: str, now: datetime, patience: timedelta | None = timedelta()) -> None:
    """It fails, perhaps not for the first time: told to the owners when it has done so for `patience`; None: not while
    it lasts."""
    trouble = _known(store, what) or _Trouble(since=now)
    due = patience is not None and not trouble.told and now - trouble.since >= patience
    if due:
        at = stamp(trouble.since)
        tell(store, owners(store), Address.of("away", what, at), Lane.RESULT, now, f"away:{what}:{at}")
    if due or trouble.since == now:
        kept = trouble.model_copy(update={"told": trouble.told or due})
        store.settings.put(_key(what), kept.model_dump_json(), None, now)


def over(store: Store, what: str, now: datetime, patience: timedelta | None = None) -> None:
    """It works, again or as ever: told when its beginning was, or when it had lasted for `patience`."""
    trouble = _known(store, what)
    if trouble is None:
        return
    store.settings.remove(_key(what))
    if trouble.told or (patience is not None and now - trouble.since >= patience):
        tell_over(store, what, trouble.since, now)


def known(store: Store, what: str) -> bool:
    """Whether it has failed and not worked since."""
    return _known(store, what) is not None


def tell_over(store: Store, what: str, since: datetime, now: datetime) -> None:
    at = stamp(since)
    told = Address.of("over", what, at, stamp(now))
    tell(store, owners(store), told, Lane.RESULT, now, f"over:{what}:{at}")


def stamp(moment: datetime) -> str:
    """A moment as an argument of an address, to the minute."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M}"


def moment(text: str) -> datetime:
    """The moment of such an argument."""
    return datetime.strptime(text, "%Y%m%dT%H%M").replace(tzinfo=UTC)


def _known(store: Store, what: str) -> _Trouble | None:
    text = store.settings.get(_key(what))
    return _Trouble.model_validate_json(text) if text else None


def _key(what: str) -> str:
    return f"trouble:{what}"
