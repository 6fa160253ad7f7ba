"""Looks for stuck things and tells the people whom they concern: each thing once, and again only after it changed or a
snooze ended. What is found stands in a table, so that a restart tells nothing twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from purchasing.cards import Address
from purchasing.options import option
from purchasing.people import Person, Right, has
from purchasing.ports import Store
from purchasing.stuck_things import Finding, StuckKind, StuckThing
from purchasing.tell import assignees, on_duty, owners, payers, starter_or_owners, tell
from purchasing.words import Lane, Role, SessionState

FAILED_LATELY = timedelta(days=3)
GONE_KEPT = timedelta(days=30)

DAYS: Mapping[StuckKind, str] = {
    StuckKind.NOT_SHIPPED: "stuck.not_shipped.days",
    StuckKind.NO_MOVEMENT: "stuck.no_movement.days",
    StuckKind.NOT_SCANNED: "stuck.not_scanned.days",
    StuckKind.READY: "stuck.ready.days",
}
HOURS: Mapping[StuckKind, str] = {StuckKind.CLOSING: "stuck.closing.hours", StuckKind.SESSION: "stuck.session.hours"}
ROUTED = frozenset({StuckKind.QUESTION, StuckKind.FAILED})
"""Told and passed on by `purchasing.escalate`; here they are only listed."""

ASKED_FOR = frozenset({SessionState.EXPIRED, SessionState.NEEDS_HUMAN})
"""Sessions whose login the keeper was asked for when they were lost."""

_OF_PAYERS = frozenset({StuckKind.CLOSING, StuckKind.CLOSED_PAID})
_OF_WAREHOUSE = frozenset({StuckKind.NOT_SCANNED, StuckKind.AUTO_CONFIRM, StuckKind.NO_MOVEMENT})


def look_for_stuck(store: Store, now: datetime) -> int:
    """How many things are told of now."""
    found = {(one.kind, one.subject_id): one for one in store.stuck.find(limits(store, now), now)}
    known = {(one.kind, one.subject_id): one for one in store.stuck.all()}
    gone = [thing.id for key, thing in known.items() if key not in found]
    store.stuck.gone(gone, now)
    fresh = [store.stuck.put(one, now) for key, one in found.items() if _is_news(one, known.get(key), now)]
    _tell_all(store, fresh, now)
    for stuck_id in (*gone, *(thing.id for thing in fresh)):
        store.cards.touch(f"stuck_one:{stuck_id}", Lane.PROGRESS, now)
    store.stuck.purge(now - GONE_KEPT)
    return len(fresh)


def limits(store: Store, now: datetime) -> dict[StuckKind, datetime]:
    """The moments for `Stuck.find`; kinds that are switched off are left out."""
    found = {StuckKind.CLOSED_PAID: now, StuckKind.FAILED: now - FAILED_LATELY}
    found[StuckKind.QUESTION] = now - timedelta(minutes=int(option(store, "escalate.minutes")))
    found |= {kind: now - timedelta(days=n) for kind, key in DAYS.items() if (n := int(option(store, key)))}
    found |= {kind: now + timedelta(hours=n) for kind, key in HOURS.items() if (n := int(option(store, key)))}
    confirm, warn = int(option(store, "stuck.confirm.days")), int(option(store, "stuck.confirm_warn.days"))
    if confirm and warn:
        found[StuckKind.AUTO_CONFIRM] = now - timedelta(days=max(0, confirm - warn))
    return found


def _is_news(found: Finding, known: StuckThing | None, now: datetime) -> bool:
    if known is None or known.state != found.state:
        return True
    return known.snoozed_until is not None and known.snoozed_until <= now


def _tell_all(store: Store, fresh: Iterable[StuckThing], now: datetime) -> None:
    """Many of a kind are one message: their list."""
    by_person: dict[tuple[int, StuckKind], list[StuckThing]] = defaultdict(list)
    people: dict[int, Person] = {}
    for thing in fresh:
        for person in concerned(store, thing):
            people[person.id] = person
            by_person[person.id, thing.kind].append(thing)
    for (person_id, kind), things in by_person.items():
        _tell(store, people[person_id], kind, things, now)


def _tell(store: Store, person: Person, kind: StuckKind, things: list[StuckThing], now: datetime) -> None:
    dedupe = "stuck:" + ",".join(f"{thing.id}.{thing.rounds}" for thing in things)
    if kind is StuckKind.CLOSING:
        for account_id in sorted({thing.account_id or 0 for thing in things}):
            tell(store, [person], Address.of("closing", account_id), Lane.QUESTION, now, f"{dedupe}:{account_id}")
        return
    address = Address.of("stuck_one", things[0].id) if len(things) == 1 else Address.of("stuck", kind)
    tell(store, [person], address, Lane.RESULT, now, dedupe)


def concerned(store: Store, thing: StuckThing) -> list[Person]:
    """Whom a thing is told to, by its kind."""
    account = store.accounts.get(thing.account_id) if thing.account_id else None
    match thing.kind:
        case StuckKind.QUESTION | StuckKind.FAILED:
            return []
        case StuckKind.CLOSING:
            return payers(store, thing.account_id or 0)
        case StuckKind.SESSION if thing.state in ASKED_FOR:
            return []
        case StuckKind.SESSION:
            return starter_or_owners(store, account.keeper_id if account else None)
        case StuckKind.NOT_SCANNED:
            workers = [one for one in store.people.with_roles(Role.WAREHOUSE) if one.on_duty and one.reachable]
            return workers or owners(store)
        case _:
            assigned = assignees(store, [thing.order_id] if thing.order_id else [])
            return assigned or on_duty(store, thing.account_id)


def kinds_for(person: Person) -> frozenset[StuckKind]:
    """What a person is shown in the list, by their role."""
    if has(person, Right.BUY):
        return frozenset(StuckKind)
    if has(person, Right.PAY):
        return _OF_PAYERS
    return _OF_WAREHOUSE if has(person, Right.RECEIVE) else frozenset()
