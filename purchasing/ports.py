"""What use cases ask of storage; `Store` gathers the parts that the modules `*_ports` hold. Methods are synchronous and
run inside one unit of work; none of them commits.

Every `now` is aware. Methods that look something up return None or an empty collection when there is nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from purchasing.accounts import Account
from purchasing.chat_ports import Cards, Inbox
from purchasing.line_ports import LineNotes, Waybills
from purchasing.money_ports import Consents, Purchases, Refunds
from purchasing.order_ports import Bindings, Events, Lines, Numbers, Orders, ProviderOrders, Shipments
from purchasing.page_ports import PageLinks
from purchasing.payment_ports import Approvals
from purchasing.people_ports import Invitations, Notes, People, Selection
from purchasing.rate_ports import Rates
from purchasing.shop_ports import Callbacks, Shops
from purchasing.stuck_things import Stuck
from purchasing.telling_ports import Tellings
from purchasing.warehouse_ports import Parcels, Warehouse
from purchasing.words import ProviderName
from purchasing.work_ports import Activities, Ledger, Previews, Questions, Schedules

T = TypeVar("T")


class Settings(Protocol):
    """Settings changed in chat, as text by key; a value here wins over the environment's first default."""

    def get(self, key: str) -> str | None: ...
    def all(self, prefix: str = "") -> dict[str, str]: ...
    def put(self, key: str, value: str, by: int | None, now: datetime) -> None: ...
    def remove(self, key: str) -> None: ...


class Accounts(Protocol):
    def get(self, account_id: int) -> Account | None: ...
    def by_nick(self, provider: ProviderName, nick: str) -> Account | None: ...
    def all(self, provider: ProviderName | None = None) -> list[Account]: ...
    def ensure(self, provider: ProviderName, nick: str, keeper_id: int | None, now: datetime) -> Account: ...
    def save(self, account: Account) -> None:
        """Writes every field but id, provider, nick and the secret."""
        ...

    def remove(self, account_id: int) -> None:
        """Forgets the secret and turns the session off; the row stays for its orders' sake."""
        ...

    def secret(self, account_id: int) -> bytes | None: ...
    def set_secret(self, account_id: int, secret: bytes | None, expires_at: datetime | None) -> None: ...


class Blobs(Protocol):
    """Bytes that must survive a restart for a short while (a QR picture, a downloaded file), sealed."""

    def put(self, content: bytes, mime: str, expires_at: datetime) -> int: ...
    def get(self, blob_id: int) -> tuple[bytes, str] | None: ...
    def remove(self, blob_id: int) -> None: ...
    def purge(self, now: datetime) -> int: ...


@dataclass(frozen=True)
class AuditEntry:
    at: datetime
    person_id: int | None
    action: str
    subject: str
    before: str = ""
    after: str = ""


class Audit(Protocol):
    def add(self, entry: AuditEntry) -> None: ...
    def page(self, text: str, offset: int, limit: int, person_id: int | None = None) -> tuple[list[AuditEntry], int]:
        """Newest first, with the count of all. `text` is looked for in action, subject, before and after."""
        ...


class Store(Protocol):
    """All of storage inside one unit of work."""

    people: People
    invitations: Invitations
    settings: Settings
    notes: Notes
    selection: Selection
    accounts: Accounts
    orders: Orders
    lines: Lines
    provider_orders: ProviderOrders
    shipments: Shipments
    numbers: Numbers
    bindings: Bindings
    ledger: Ledger
    activities: Activities
    questions: Questions
    previews: Previews
    events: Events
    cards: Cards
    inbox: Inbox
    schedules: Schedules
    blobs: Blobs
    page_links: PageLinks
    audit: Audit
    warehouse: Warehouse
    parcels: Parcels
    purchases: Purchases
    consents: Consents
    refunds: Refunds
    told: Tellings
    waybills: Waybills
    rates: Rates
    line_notes: LineNotes
    stuck: Stuck
    approvals: Approvals
    shops: Shops
    callbacks: Callbacks


class Database(Protocol):
    """Units of work. `write` runs alone among writers and commits at its end; an exception rolls all of it back."""

    async def read(self, fn: Callable[[Store], T]) -> T: ...
    async def write(self, fn: Callable[[Store], T]) -> T: ...


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, aware, UTC."""
        ...


class Files(Protocol):
    """Files that people sent to the bot."""

    async def download(self, file_id: str) -> bytes:
        """Raises Transient when Telegram is away, BadInput("file", "too_big") over 20 MB."""
        ...


@dataclass(frozen=True)
class CodeFound:
    """A code or printed number in a picture. `kind`: code128, qr, ean13, … or text; `accepted` by the rule of trust.

    `box`: its corners as parts of the picture's width and height; `page` of a PDF file, from 0; `box_of`: (which, of
    how many) where the code told a parcel's box."""

    text: str
    kind: str
    carrier: str = ""
    accepted: bool = False
    how: str = ""
    box: tuple[tuple[float, float], ...] = ()
    page: int = 0
    box_of: tuple[int, int] | None = None


class LabelReader(Protocol):
    async def read(self, picture: bytes, known: Callable[[str], bool]) -> list[CodeFound]:
        """Codes and printed track numbers in a picture or in the pages of a PDF file; `known` tells whether a number
        is a known waybill (then one read is enough).
        Raises BadInput("picture", rule) for what is no picture, too big or a bomb."""
        ...

    async def mark(self, picture: bytes, codes: Sequence[CodeFound]) -> bytes:
        """The picture, at most 1280 pixels wide or high, as JPEG with the codes framed and named. Raises BadInput."""
        ...
