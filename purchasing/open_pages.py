"""Making, opening and ending one-time links to the bot's own pages.

A link opens once, within minutes, for whoever holds it, and gives its maker's rights: whoever has lost them since is
refused. The token goes nowhere but into the maker's card."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.errors import BadInput, NotAllowed, Stale
from purchasing.log_in import LoginPlan
from purchasing.options import option
from purchasing.page_links import LONGEST, VALID, PageKind, PageLink
from purchasing.people import Person, Right, check, check_account
from purchasing.ports import AuditEntry, Store
from purchasing.words import ActivityKind, Lane, ProviderName, SessionState

WEB_URL = "web.url"
TOKEN_BYTES = 32
PATH = "/page"


def pages_address(store: Store) -> str:
    """Where the bot's own pages are, "" while WEB_URL or WEB_LISTEN isn't set."""
    return option(store, WEB_URL)


def may_open_page(store: Store, account: Account) -> bool:
    """Whether the page that wants a person for this account can be shown to one."""
    wanted = account.provider is ProviderName.TAOBAO and account.session is SessionState.NEEDS_HUMAN
    return wanted and bool(pages_address(store))


def make_link(store: Store, person: Person, activity_id: int, kind: PageKind, now: datetime) -> PageLink:
    """A link to this login's code or page, in place of the person's earlier one that nobody has opened.

    Raises NotAllowed, Stale for a login that is over, BadInput without an address of our own."""
    activity = _login_of(store, person, activity_id)
    if not pages_address(store):
        raise BadInput("page", "no_web")
    if activity.provider is not ProviderName.TAOBAO:
        raise Stale("no_live_page")
    store.page_links.end_waiting(activity_id, kind, person.id, now)
    draft = PageLink(0, kind, activity_id, person.id, now, now + VALID)
    link = store.page_links.add(draft, secrets.token_urlsafe(TOKEN_BYTES))
    store.audit.add(AuditEntry(now, person.id, f"page.{kind}", f"activity:{activity_id}"))
    store.cards.touch(f"login:{activity_id}", Lane.PRESS, now)
    return link


@dataclass(frozen=True)
class WaitingLink:
    """`url` works once, until `expires_at`. The token stands behind its #, which browsers send to nobody: no server's
    log has it."""

    url: str
    expires_at: datetime


def waiting_links(store: Store, person: Person, activity_id: int, now: datetime) -> dict[PageKind, WaitingLink]:
    """The person's own links that can still be opened."""
    found = store.page_links.waiting(activity_id, person.id, now)
    base = f"{pages_address(store)}{PATH}#"
    return {kind: WaitingLink(base + token, link.expires_at) for kind, (link, token) in found.items()}


def looking(store: Store, activity_id: int, now: datetime) -> Person | None:
    """Who has the page of this login open; nobody any more when the program died meanwhile and the time is over."""
    person_id = store.page_links.looking(activity_id, PageKind.LIVE, now - LONGEST)
    return store.people.get(person_id) if person_id else None


def find_link(store: Store, token: str, now: datetime) -> tuple[PageLink, Person]:
    """What a token is for, taking nothing. Raises Stale (page_unknown, page_used, page_late), NotAllowed."""
    link = store.page_links.by_token(token)
    if link is None:
        raise Stale("page_unknown")
    if not link.holds(now):
        raise Stale("page_late" if link.opened_at is None else "page_used")
    person = store.people.get(link.person_id)
    if person is None or person.removed_at is not None:
        raise NotAllowed("page")
    _login_of(store, person, link.activity_id)
    return link, person


def open_link(store: Store, token: str, now: datetime) -> tuple[PageLink, Person]:
    """The same, and the link is used. Raises what `find_link` raises."""
    link, person = find_link(store, token, now)
    if not store.page_links.open(link.id, now):
        raise Stale("page_used")
    store.audit.add(AuditEntry(now, person.id, f"page.{link.kind}.opened", f"activity:{link.activity_id}"))
    store.cards.touch(f"login:{link.activity_id}", Lane.PRESS, now)
    return link, person


def end_link(store: Store, link: PageLink, now: datetime) -> None:
    store.page_links.end(link.id, now)
    store.cards.touch(f"login:{link.activity_id}", Lane.PRESS, now)


def _login_of(store: Store, person: Person, activity_id: int) -> Activity:
    check(person, Right.BUY)
    activity = store.activities.get(activity_id)
    if activity is None or activity.kind is not ActivityKind.LOGIN or activity.over:
        raise Stale("login_over")
    account_id = LoginPlan.model_validate_json(activity.plan).account_id
    if account_id is not None:
        check_account(person, account_id)
    return activity
