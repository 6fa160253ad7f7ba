"""The browser and the proxy that an account's pages are opened with: who may set them, and which addresses are taken.

Whoever reaches a browser's CDP address rules it, and all that it is logged in to: only addresses of this machine and of
private networks are taken. A proxy sees where an account goes: both are an owner's to choose."""

import ipaddress
from dataclasses import replace
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from purchasing.accounts import Account
from purchasing.errors import BadInput, Stale
from purchasing.people import Person, Right, check
from purchasing.ports import AuditEntry, Store
from purchasing.typed import one_line
from purchasing.words import ActivityKind, Lane, ProviderName, SessionState

LONGEST = 200
NETWORKS = tuple(
    ipaddress.ip_network(one)
    for one in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")
)
"""This machine, private networks, and those of VPNs; no link-local ones: clouds keep secrets there."""
_IN_THE_WAY = (
    *(ActivityKind.RESERVE, ActivityKind.LINK, ActivityKind.UNBIND),
    *(ActivityKind.SYNC, ActivityKind.LOGIN, ActivityKind.BROWSER),
)


def check_cdp(typed: str) -> str:
    """The CDP address of a Chrome, as it is stored. Raises BadInput("cdp_url", …)."""
    text = one_line(typed).rstrip("/")
    parts = _parts(text)
    if parts is None or parts.scheme not in {"http", "https", "ws", "wss"} or parts.username or parts.query:
        raise BadInput("cdp_url", "cdp_address", text)
    if parts.path and not parts.scheme.startswith("ws"):
        raise BadInput("cdp_url", "cdp_address", text)
    if not _near(parts.hostname or ""):
        raise BadInput("cdp_url", "cdp_private", text)
    return text


def check_proxy(typed: str) -> str:
    """A proxy's address, as it is stored. Raises BadInput("proxy", …), whose value hides the password."""
    text = one_line(typed).rstrip("/")
    parts = _parts(text)
    if parts is None or parts.scheme not in {"http", "https", "socks5"} or parts.path or parts.query or parts.fragment:
        raise BadInput("proxy", "proxy_address", masked(text))
    if parts.scheme == "socks5" and parts.username:
        raise BadInput("proxy", "proxy_socks_login", masked(text))
    return text


def _parts(text: str) -> SplitResult | None:
    """None for what is no address with a host and a port."""
    try:
        parts = urlsplit(text)
        whole = len(text) <= LONGEST and text.isascii() and parts.hostname and parts.port
    except ValueError:
        return None
    return parts if whole else None


def _near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in NETWORKS)


def masked(proxy: str) -> str:
    """An address as it may be shown: without the password."""
    head, at, host = proxy.rpartition("@")
    if not at:
        return proxy
    scheme, slashes, login = head.partition("://")
    name = (login if slashes else scheme).partition(":")[0]
    return f"{scheme if slashes else ''}{slashes}{name}:•••@{host}"


def owned_account(store: Store, person: Person, account_id: int) -> Account:
    """Raises NotAllowed for who is no owner, Stale without such an account or for one that needs no browser."""
    check(person, Right.MANAGE)
    account = store.accounts.get(account_id)
    if account is None or account.provider is not ProviderName.TAOBAO:
        raise Stale("account_gone")
    return account


def set_browser(store: Store, person: Person, account_id: int, typed: str, now: datetime) -> None:
    """The account's pages are opened in the Chrome at this CDP address, "" in the bot's own. A session lives in its
    browser: a login follows. Raises BadInput, also while something is at work with the account."""
    account = _free_account(store, person, account_id)
    address = check_cdp(typed) if typed.strip() else ""
    if address == account.cdp_url:
        return
    works = account.session in (SessionState.ACTIVE, SessionState.EXPIRING)
    session = SessionState.EXPIRED if works else account.session
    store.accounts.save(replace(account, cdp_url=address, session=session))
    _audit(store, person, account, "browser", account.cdp_url, address, now)


def set_proxy(store: Store, person: Person, account_id: int, typed: str, now: datetime) -> None:
    """The account's pages are opened through this proxy, "" directly. Raises BadInput, also while something is at
    work with the account."""
    account = _free_account(store, person, account_id)
    proxy = check_proxy(typed) if typed.strip() else ""
    if proxy != account.proxy:
        store.accounts.save(replace(account, proxy=proxy))
        _audit(store, person, account, "proxy", masked(account.proxy), masked(proxy), now)


def _free_account(store: Store, person: Person, account_id: int) -> Account:
    account = owned_account(store, person, account_id)
    if any(store.activities.unfinished(kind, account_id) for kind in _IN_THE_WAY):
        raise BadInput("account", "browser_busy", account.nick)
    return account


def _audit(store: Store, person: Person, account: Account, what: str, before: str, after: str, now: datetime) -> None:
    store.audit.add(AuditEntry(now, person.id, f"account.{what}", f"account:{account.id}", before, after))
    store.cards.touch(f"browser:{account.id}", Lane.PRESS, now)
    store.cards.touch(f"session:{account.id}", Lane.PRESS, now)
