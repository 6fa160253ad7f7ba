"""What people do with stuck things: see those that are theirs, be reminded tomorrow, ignore, bring back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from purchasing.errors import NotAllowed, Stale
from purchasing.look_for_stuck import kinds_for
from purchasing.people import Person, may_use
from purchasing.ports import AuditEntry, Store
from purchasing.stuck_things import StuckThing
from purchasing.words import Lane

MORNING = 9
"""The local hour to which "tomorrow" puts a thing off."""


def seen_by(store: Store, person: Person, now: datetime, *, aside: bool = False) -> list[StuckThing]:
    """The things that the person is shown; `aside`: those that somebody put aside."""
    return [thing for thing in store.stuck.all() if _theirs(person, thing) and thing.shown(now) is not aside]


def thing_of(store: Store, person: Person, stuck_id: int) -> StuckThing:
    """Raises NotAllowed, Stale."""
    thing = store.stuck.get(stuck_id)
    if thing is None:
        raise Stale("stuck_gone")
    if not _theirs(person, thing):
        raise NotAllowed("stuck")
    return thing


def _theirs(person: Person, thing: StuckThing) -> bool:
    return thing.kind in kinds_for(person) and (thing.account_id is None or may_use(person, thing.account_id))


def remind_tomorrow(store: Store, person: Person, stuck_id: int, now: datetime) -> None:
    local = now.astimezone(ZoneInfo(person.zone)) + timedelta(days=1)
    until = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    _put_aside(store, person, stuck_id, until, now)


def ignore(store: Store, person: Person, stuck_id: int, now: datetime) -> None:
    """Until it changes."""
    _put_aside(store, person, stuck_id, None, now)


def bring_back(store: Store, person: Person, stuck_id: int, now: datetime) -> None:
    thing = thing_of(store, person, stuck_id)
    store.stuck.bring_back(thing.id)
    _done(store, person, thing, "stuck.back", now)


def _put_aside(store: Store, person: Person, stuck_id: int, until: datetime | None, now: datetime) -> None:
    thing = thing_of(store, person, stuck_id)
    if not thing.shown(now):
        who = store.people.get(thing.put_aside_by) if thing.put_aside_by else None
        raise Stale("stuck_aside" if who else "stuck_gone", who.name if who else "")
    store.stuck.put_aside(thing.id, person.id, until)
    _done(store, person, thing, "stuck.ignore" if until is None else "stuck.snooze", now)


def _done(store: Store, person: Person, thing: StuckThing, action: str, now: datetime) -> None:
    store.audit.add(AuditEntry(now, person.id, action, f"{thing.kind}:{thing.subject_id}"))
    store.cards.touch(f"stuck_one:{thing.id}", Lane.PRESS, now)
