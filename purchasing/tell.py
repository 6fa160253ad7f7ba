"""Who is told of what, and when: at once, or in a quiet digest. Nobody is told twice of one thing, and nothing that
waits is lost: every telling is a row with its dedupe key."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from purchasing.activities import Activity, Question
from purchasing.cards import Address
from purchasing.options import option
from purchasing.people import Person, Right, has, may_use
from purchasing.ports import Store
from purchasing.quiet_hours import quiet_since
from purchasing.words import Lane, Role

TOPICS: Mapping[str, str] = {
    "order_news": "news",
    "shop_day": "news",
    "came": "parcels",
    "arrivals": "parcels",
    "defect_card": "parcels",
    "stuck_one": "stuck",
    "stuck": "stuck",
    "away": "troubles",
    "over": "troubles",
    "trouble": "troubles",
}
"""What a person may choose not to be told of, by the card's screen. Questions, logins and answers are always told."""

ROUTINE = frozenset({"news", "parcels", "stuck"})
"""Topics that are gathered into digests."""

URGENT = frozenset({"closing"})
"""Cards that break quiet hours: tomorrow it is too late."""


def tell(
    store: Store,
    people: Iterable[Person],
    address: Address,
    lane: Lane,
    now: datetime,
    dedupe: str,
    about: Activity | None = None,
) -> None:
    """At once, or in the person's next digest: routine news, and all that can wait during quiet hours, unless it is
    `about` work that the person started during them: they are awake."""
    topic = TOPICS.get(address.screen)
    for person in people:
        if not person.reachable or topic in person.muted:
            continue
        key = f"{dedupe}:{person.id}"
        asleep = address.screen not in URGENT and _asleep(person, about, now)
        waits = asleep or (topic in ROUTINE and digest_minutes(store, person) > 0)
        if store.told.add(person.id, address, key, now, waits=waits) and not waits:
            store.cards.post(person.telegram_id, address, lane, now, key)


def _asleep(person: Person, about: Activity | None, now: datetime) -> bool:
    since = quiet_since(person, now)
    if since is None or about is None or about.started_by != person.id or about.created_at is None:
        return since is not None
    return about.created_at < since


def digest_minutes(store: Store, person: Person) -> int:
    """For how long routine news is gathered for the person; 0: told at once."""
    return person.digest if person.digest is not None else int(option(store, "digest.minutes"))


def owners(store: Store) -> list[Person]:
    return store.people.with_roles(Role.OWNER)


def starter_or_owners(store: Store, person_id: int | None) -> list[Person]:
    person = store.people.get(person_id) if person_id else None
    return [person] if person and person.reachable else owners(store)


def on_duty(store: Store, account_id: int | None) -> list[Person]:
    """Buyers who are on duty and may use the account; the owners when there is none."""
    buyers = [one for one in store.people.with_roles(Role.BUYER) if one.on_duty and one.reachable]
    return [one for one in buyers if account_id is None or may_use(one, account_id)] or owners(store)


def payers(store: Store, account_id: int) -> list[Person]:
    """Those who pay with the account; the owners when there is none."""
    able = [one for one in store.people.with_roles(Role.PAYER) if one.reachable and may_use(one, account_id)]
    return able or owners(store)


def buyers_of(store: Store, order_id: int) -> list[Person]:
    """The order's assignee, else everybody on duty who buys."""
    assigned = assignees(store, [order_id])
    able = [one for one in store.people.all() if has(one, Right.BUY) and one.on_duty and one.reachable]
    return assigned or able or owners(store)


def assignees(store: Store, order_ids: Collection[int]) -> list[Person]:
    """Those whom these orders are assigned to, as far as they can be reached."""
    orders = [store.orders.get(order_id) for order_id in sorted(set(order_ids))]
    ids = dict.fromkeys(order.assignee_id for order in orders if order and order.assignee_id)
    people = [store.people.get(person_id) for person_id in ids]
    return [person for person in people if person and person.reachable]


def asked_first(store: Store, activity: Activity, order_ids: Collection[int]) -> list[Person]:
    """Who started it and whom its orders are assigned to; the buyers on duty when nobody of them can be reached."""
    starter = store.people.get(activity.started_by) if activity.started_by else None
    first = [starter] if starter and starter.reachable else []
    first += [one for one in assignees(store, order_ids) if one not in first]
    return first or on_duty(store, activity.account_id)


def orders_of(store: Store, line_ids: Collection[int]) -> set[int]:
    return {line.order_id for line in store.lines.many(line_ids)}


def tell_question(store: Store, activity: Activity, question: Question, now: datetime) -> None:
    people = asked_first(store, activity, orders_of(store, question.line_ids))
    post_question(store, people, activity, question, now)


def post_question(
    store: Store, people: Iterable[Person], activity: Activity, question: Question, now: datetime
) -> None:
    """Shows the question to these people, too: to each of them once."""
    address = Address.of("question", question.id)
    tell(store, people, address, Lane.QUESTION, now, f"question:{question.id}", about=activity)
