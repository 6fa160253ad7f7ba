"""Where Taobao's pages are and what is on them: one data file that a user can override; no address, selector or
text of the site may stand anywhere else."""

import json
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from purchasing.refusals import Refusal

DEFAULT_FILE = Path(__file__).with_name("site.json")

Data = dict[str, object]
"""The file as JSON gives it; only here."""


class SiteFileWrong(ValueError):
    """The override can't be used; the message names the file and what is wrong."""


class _Part(BaseModel):
    """Selectors are CSS; those of what is pressed or typed into may be Playwright's."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pages(_Part):
    """`host/path?query` of each page; `{…}` is filled and quoted by `Site.url`."""

    login: str
    gate: str
    item: str
    item_sku: str
    cart: str
    bought: str
    bought_tab: str
    bought_call: str
    detail: str
    detail_tmall: str
    transit: str
    addresses: str


class Pace(_Part):
    """Seconds, and how often the bought list is looked at after a press (`looks`). `drawn_timeout` is for a page to
    show what is awaited, `change_timeout` for a control to take effect."""

    between_pages: float
    before_press: float
    page_timeout: float
    drawn_timeout: float
    change_timeout: float
    outcome_timeout: float
    looks: int
    between_looks: float


class Signs(_Part):
    """Lists named by an address are regular expressions over `host/path?query`; `*_texts` are plain texts."""

    login: tuple[str, ...]
    identity: tuple[str, ...]
    punish: tuple[str, ...]
    busy: tuple[str, ...]
    slider: str
    dialog: str
    slider_texts: tuple[str, ...]
    often_texts: tuple[str, ...]
    busy_texts: tuple[str, ...]
    nick: str


class LoginPage(_Part):
    """`query` is a part of the address that tells a QR code's state."""

    query: str
    refresh: str
    code_field: str
    code_submit: str
    code_send: str


class ItemPage(_Part):
    """`call` is the name of the data's own call; `limits` capture how many pieces one buyer may take."""

    call: str
    tmall_hosts: tuple[str, ...]
    gone_texts: tuple[str, ...]
    sold_texts: tuple[str, ...]
    soon_texts: tuple[str, ...]
    limits: tuple[str, ...]


class CartPage(_Part):
    """`settle_count` captures how many lines (or pieces) the settling button counts.

    The fields inside a row, 全选 and the words of an empty cart are inferred: no source tells the live ones."""

    row: str
    item_link: str
    choice: str
    check: str
    quantity: str
    remove: str
    agree: str
    check_all: str
    settle: str
    settle_count: str
    bad_texts: tuple[str, ...]
    empty_texts: tuple[str, ...]


class ConfirmPage(_Part):
    """`goods`, `freight`, `discounts`, `payable` are labels of sums, `shop_note` the field that every shop has once.

    `submit_labels` are pressed; `asking_labels` only by a person (moving one to `submit_labels` switches it on);
    `paying_texts` anywhere on the page forbid any press. `address` and `address_selected` are inferred."""

    places: tuple[str, ...]
    headings: tuple[str, ...]
    details_headings: tuple[str, ...]
    item_link: str
    shop_note: str
    address: str
    address_selected: str
    goods: tuple[str, ...]
    freight: tuple[str, ...]
    free: tuple[str, ...]
    discounts: tuple[str, ...]
    payable: tuple[str, ...]
    pieces: str
    submit_labels: tuple[str, ...]
    asking_labels: tuple[str, ...]
    paying_texts: tuple[str, ...]
    cashier: tuple[str, ...]
    failure: tuple[str, ...]
    failure_text: str


class Bought(_Part):
    """The bought list; `calls` are parts of the addresses of its data, in lower case; `first_days` is how far back
    a first sync looks."""

    calls: tuple[str, ...]
    card: str
    overlay: str
    empty_texts: tuple[str, ...]
    page_size: int
    first_days: int
    max_pages: int
    details_per_page: int
    ttid: str
    missing: tuple[str, ...]


class Cancelling(_Part):
    """Inferred but for the link's text."""

    link: str
    agree: str


class AddressBook(_Part):
    """`regions` are the pickers of province, city and district, whose values are region numbers. The form's fields
    and pickers are inferred: the live page may hold a control of its own instead."""

    row: str
    name: str
    mobile: str
    zip: str
    street: str
    regions: str
    save: str
    error: str


class Site(_Part):
    """`hosts` gives each of Taobao's hosts its base address; `domains` may be visited and loaded from beside them."""

    hosts: dict[str, str]
    domains: tuple[str, ...]
    pages: Pages
    pace: Pace
    signs: Signs
    login: LoginPage
    item: ItemPage
    cart: CartPage
    confirm: ConfirmPage
    refusals: tuple[tuple[str, Refusal], ...]
    """What a text of the site means: expression and code, the first that fits."""
    bought: Bought
    cancel: Cancelling
    addresses: AddressBook

    def url(self, page: str, **values: str) -> str:
        """The full address of a page of `Pages`."""
        quoted = {name: quote(value, safe="") for name, value in values.items()}
        text: str = getattr(self.pages, page).format(**quoted)
        host, _, rest = text.partition("/")
        return f"{self.hosts.get(host, f'https://{host}').rstrip('/')}/{rest}"

    def place(self, url: str) -> str:
        """An address as `host/path?query` of the real site, whatever the hosts' bases are."""
        bare = _bare(url)
        for host, base in self._by_length():
            start = _bare(base).rstrip("/")
            if bare == start or bare.startswith((f"{start}/", f"{start}?")):
                return host + (bare[len(start) :] or "/")
        return bare

    def host(self, url: str) -> str:
        return re.split(r"[/?#]", self.place(url), maxsplit=1)[0]

    def refusal(self, text: str) -> Refusal | None:
        """The code of the catalogue that a text of the site means."""
        return next((code for words, code in self.refusals if re.search(words, text)), None)

    def _by_length(self) -> list[tuple[str, str]]:
        """Longest base first: one base may be the beginning of another."""
        return sorted(self.hosts.items(), key=lambda pair: -len(pair[1]))

    def foreign(self) -> re.Pattern[str]:
        """Matches every http address that is neither of our hosts nor of `domains`."""
        domains = "|".join(re.escape(domain) for domain in self.domains)
        origins = "|".join(sorted({re.escape(urlsplit(base).netloc) for base in self.hosts.values()}))
        return re.compile(
            rf"^https?://(?!(?:[^/?#@]*\.)?(?:{domains})(?::\d+)?(?:[/?#]|$))(?!(?:{origins})(?:[/?#]|$))"
        )


def _bare(url: str) -> str:
    return re.sub(r"^(?:https?:)?//", "", url)


def load_site(override: Path | None = None) -> Site:
    """The site file with the override's keys on top (objects are merged, everything else replaced).

    Raises SiteFileWrong."""
    data = _read(DEFAULT_FILE)
    if override is not None:
        data = _merge(data, _read(override))
    try:
        return Site.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SiteFileWrong(f"{override or DEFAULT_FILE}: {where}: {first['msg']}") from error


def _read(path: Path) -> Data:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SiteFileWrong(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise SiteFileWrong(f"{path}: not a JSON object")
    return data


def _merge(base: Data, top: Data) -> Data:
    merged = dict(base)
    for key, value in top.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


@lru_cache(maxsize=256)
def pattern(*parts: str) -> re.Pattern[str]:
    """One compiled expression for a list of the site file."""
    return re.compile("|".join(f"(?:{part})" for part in parts))
