"""Who belongs to the staff and what each may do. The last owner stays; all of it is audited, and an owner's alone but
for what everybody sets for themselves."""

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from purchasing.cards import Address
from purchasing.errors import BadInput, NotAllowed, Stale
from purchasing.invitations import VALID, Invitation
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.quiet_hours import hours_text, parse_hours
from purchasing.set_options import LANGUAGES
from purchasing.tell import TOPICS, tell
from purchasing.words import Lane, Role

TOKEN_BYTES = 24
LONGEST_DIGEST = 24 * 60


def person_of(store: Store, by: Person, person_id: int) -> Person:
    """Raises NotAllowed, Stale for somebody who was removed."""
    check(by, Right.MANAGE)
    return _there(store, person_id)


def own_or_managed(store: Store, by: Person, person_id: int) -> Person:
    """Oneself, or for an owner anybody: language, zone and what is told are everybody's own. Raises as `person_of`."""
    if person_id != by.id:
        check(by, Right.MANAGE)
    return _there(store, person_id)


def _there(store: Store, person_id: int) -> Person:
    person = store.people.get(person_id)
    if person is None or person.removed_at is not None:
        raise Stale("person_gone")
    return person


def invite(store: Store, by: Person, role: Role, now: datetime) -> Invitation:
    """A link for one person, good for 24 hours."""
    check(by, Right.MANAGE)
    made = store.invitations.add(Invitation(0, role, by.id, now, now + VALID), secrets.token_urlsafe(TOKEN_BYTES))
    _audit(store, by, "invite", f"invitation:{made.id}", "", role, now)
    return made


def withdraw_invitation(store: Store, by: Person, invitation_id: int, now: datetime) -> None:
    """Raises Stale when it was used or withdrawn before."""
    check(by, Right.MANAGE)
    if not store.invitations.use(invitation_id, None, now):
        raise Stale("invitation_used")
    _audit(store, by, "invite.withdraw", f"invitation:{invitation_id}", "", "", now)


def holds(store: Store, token: str, now: datetime) -> bool:
    """Whether somebody may join by this token now."""
    found = store.invitations.by_token(token)
    return found is not None and found.holds(now)


def join(store: Store, token: str, telegram_id: int, name: str, zone: str, now: datetime) -> Person | None:
    """Makes a stranger one of the staff; None for a token that is wrong, used or too old, or one of the staff."""
    found = store.invitations.by_token(token)
    if found is None or not found.holds(now) or store.people.by_telegram(telegram_id) is not None:
        return None
    owner = store.people.get(found.made_by)
    if owner is None or owner.removed_at is not None or owner.role is not Role.OWNER:
        return None
    person = store.people.ensure(telegram_id, found.role, name or str(telegram_id), owner.language, zone)
    if not store.invitations.use(found.id, person.id, now):
        return None
    person = replace(person, accounts=None, muted=(), language=owner.language, zone=zone, on_duty=True)
    person = replace(person, digest=None, quiet=None)
    store.people.save(person)
    store.people.rename(person.id, name or str(telegram_id))
    _audit(store, person, "join", f"person:{person.id}", "", found.role, now)
    store.cards.touch(f"invitation:{found.id}", Lane.RESULT, now)
    tell(store, [owner], Address.of("person", person.id), Lane.RESULT, now, f"joined:{found.id}")
    return person


def set_role(store: Store, by: Person, person_id: int, role: Role, now: datetime) -> None:
    """Raises BadInput for the last owner."""
    person = person_of(store, by, person_id)
    if person.role is Role.OWNER and role is not Role.OWNER:
        _check_another_owner(store, person)
    _save(store, by, replace(person, role=role), "role", person.role, role, now)


def set_language(store: Store, by: Person, person_id: int, language: str, now: datetime) -> None:
    person = own_or_managed(store, by, person_id)
    if language not in LANGUAGES:
        raise Stale("no_such_language")
    _save(store, by, replace(person, language=language), "language", person.language, language, now)


def set_zone(store: Store, by: Person, person_id: int, typed: str, now: datetime) -> None:
    """Raises BadInput for what is no IANA name."""
    person = own_or_managed(store, by, person_id)
    zone = typed.strip()
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise BadInput("zone", "zone_name", typed) from None
    _save(store, by, replace(person, zone=zone), "zone", person.zone, zone, now)


def set_accounts(store: Store, by: Person, person_id: int, accounts: Collection[int] | None, now: datetime) -> None:
    """The only accounts that the person may use; None: all of them, those to come included."""
    person = person_of(store, by, person_id)
    known = {account.id for account in store.accounts.all()}
    chosen = None if accounts is None else tuple(sorted(known & set(accounts)))
    before, after = _listed(person.accounts), _listed(chosen)
    _save(store, by, replace(person, accounts=chosen), "accounts", before, after, now)


def toggle_topic(store: Store, by: Person, person_id: int, topic: str, now: datetime) -> None:
    person = own_or_managed(store, by, person_id)
    if topic not in TOPICS.values():
        raise Stale("no_such_topic")
    muted = tuple(sorted(set(person.muted) ^ {topic}))
    before, after = ", ".join(person.muted), ", ".join(muted)
    _save(store, by, replace(person, muted=muted), "muted", before, after, now)


def set_duty(store: Store, by: Person, person_id: int, on_duty: bool, now: datetime) -> None:
    """Whether the person is among those who are told of what nobody else has answered."""
    person = own_or_managed(store, by, person_id)
    before, after = ("on" if duty else "off" for duty in (person.on_duty, on_duty))
    _save(store, by, replace(person, on_duty=on_duty), "duty", before, after, now)


def set_digest(store: Store, by: Person, person_id: int, minutes: int | None, now: datetime) -> None:
    """For how long routine news is gathered, 0: not at all, None: as the desk is set. Raises Stale."""
    person = own_or_managed(store, by, person_id)
    if minutes is not None and not 0 <= minutes <= LONGEST_DIGEST:
        raise Stale("no_such_setting")
    before, after = ("" if n is None else str(n) for n in (person.digest, minutes))
    _save(store, by, replace(person, digest=minutes), "digest", before, after, now)


def set_quiet(store: Store, by: Person, person_id: int, typed: str, now: datetime) -> None:
    """Quiet hours like `22:30-8:00`, "" for none. Raises BadInput."""
    person = own_or_managed(store, by, person_id)
    quiet = parse_hours(typed) if typed else None
    before, after = (hours_text(hours) if hours else "" for hours in (person.quiet, quiet))
    _save(store, by, replace(person, quiet=quiet), "quiet", before, after, now)


def remove_person(store: Store, by: Person, person_id: int, now: datetime) -> None:
    """They get no answer any more; what they did stays. Raises BadInput for the last owner, NotAllowed for oneself."""
    person = person_of(store, by, person_id)
    if person.id == by.id:
        raise NotAllowed("oneself")
    if person.role is Role.OWNER:
        _check_another_owner(store, person)
    for account in store.accounts.all():
        if account.keeper_id == person.id:
            store.accounts.save(replace(account, keeper_id=None))
    store.selection.clear(person.id)
    _save(store, by, replace(person, removed_at=now), "removed", person.role, "", now)


def _check_another_owner(store: Store, person: Person) -> None:
    if not [owner for owner in store.people.with_roles(Role.OWNER) if owner.id != person.id]:
        raise BadInput("role", "last_owner", person.name)


def _listed(accounts: Collection[int] | None) -> str:
    return "all" if accounts is None else ", ".join(map(str, accounts))


def _save(store: Store, by: Person, person: Person, what: str, before: str, after: str, now: datetime) -> None:
    store.people.save(person)
    if before != after:
        _audit(store, by, f"person.{what}", f"person:{person.id}", before, after, now)
    for screen in ("person", "told_of"):
        store.cards.touch(f"{screen}:{person.id}", Lane.PRESS, now)


def _audit(store: Store, by: Person, action: str, subject: str, before: str, after: str, now: datetime) -> None:
    store.audit.add(AuditEntry(now, by.id, action, subject, before, after))
