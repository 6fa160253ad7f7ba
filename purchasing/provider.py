"""The port to a marketplace: what every driver offers. No call here may pay, and no driver retries a write."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from purchasing.live import LivePage
from purchasing.recipient import Recipient
from purchasing.words import ProviderName, Stage


@dataclass(frozen=True)
class AccountRef:
    """Whose session a call uses. `id` keys the driver's caches and locks; the browser fields are Taobao's only."""

    id: int
    nick: str
    cdp_url: str = ""
    proxy: str = field(default="", repr=False)


@dataclass(frozen=True)
class Want:
    """One line to be bought. `sku` is the provider's sku id or the text of the choice, "" without variants."""

    line_id: int
    item_id: str
    sku: str
    quantity: int
    unit_price: Decimal
    """Yuan per piece that the order expects."""
    order_id: int = 0
    """The customer's order: Taobao never mixes two of them in one checkout."""


@dataclass(frozen=True)
class LineRefusal:
    line_id: int
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Quote:
    """What the provider offers for a line now; `refusal` says why it can't be bought, the rest may then be empty."""

    line_id: int
    unit_price: Decimal | None = None
    seller: str = ""
    seller_id: str = ""
    sku_id: str = ""
    """The id that the driver's `place` needs (Taobao skuId; 1688 specId), resolved from the text where need be."""
    choice: str = ""
    title: str = ""
    available: int | None = None
    refusal: LineRefusal | None = None


@dataclass(frozen=True)
class CheckoutLine:
    line_id: int
    item_id: str
    sku_id: str
    choice: str
    quantity: int
    unit_price: Decimal
    title: str = ""


@dataclass(frozen=True)
class Checkout:
    """One seller's goods that go into one provider order. `key` becomes 1688's outOrderId; sums are fen."""

    key: str
    lines: tuple[CheckoutLine, ...]
    recipient: Recipient
    seller_id: str = ""
    note: str = ""
    """Note to the seller, ≤ 500 characters."""
    expected_total: int | None = None
    """None while only previewing; `place` refuses with TOTAL_DIFFERS when the sum to pay is over it by more
    than `tolerance`."""
    tolerance: int = 0


@dataclass(frozen=True)
class CheckoutQuote:
    """What a checkout would cost now, in fen; `freight_final` is False where the seller sets freight afterwards."""

    goods: int = 0
    freight: int = 0
    discount: int = 0
    total: int = 0
    freight_final: bool = True
    refusals: tuple[LineRefusal, ...] = ()
    new_address: bool = False
    """The recipient isn't in the account's address book: `add_address` must come before `place`."""


@dataclass(frozen=True)
class ProviderLineSeen:
    sub_number: str
    item_id: str
    sku_id: str
    choice: str
    title: str
    quantity: int
    unit_price: Decimal
    raw_status: str = ""
    refund_status: str = ""
    refunded: int = 0
    """Fen that the marketplace has paid back for it; 0 where it doesn't say."""


@dataclass(frozen=True)
class WaybillSeen:
    """One shipment. `sub_numbers` are the provider lines in it; empty means the whole order or not told."""

    number: str
    carrier: str = ""
    carrier_name: str = ""
    sub_numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProviderOrderSeen:
    """A provider order as seen now. Sums are fen, times aware; `stage` is None for a raw status that we don't know."""

    number: str
    raw_status: str
    stage: Stage | None
    total: int
    freight: int
    seller: str
    created_at: datetime | None
    lines: tuple[ProviderLineSeen, ...]
    waybills: tuple[WaybillSeen, ...] | None = None
    """None: this reading does not tell; () : none yet."""
    paid_at: datetime | None = None
    closes_at: datetime | None = None
    out_key: str = ""
    address_seen: str = ""
    tmall: bool = False


@dataclass(frozen=True)
class Placed:
    """What `place` did: the orders that exist now, and the lines that the provider left out."""

    orders: tuple[ProviderOrderSeen, ...]
    refusals: tuple[LineRefusal, ...] = ()


@dataclass(frozen=True)
class ChangesPage:
    """One bounded piece of a sync. `cursor` is given back for the next piece; when `done`, it is the new watermark."""

    orders: tuple[ProviderOrderSeen, ...]
    cursor: str
    done: bool
    total_hint: int | None = None


@dataclass(frozen=True)
class QrShown:
    png: bytes
    link: str = ""


@dataclass(frozen=True)
class Scanned:
    """The person has scanned the code and must confirm on the phone."""


@dataclass(frozen=True)
class CodeWanted:
    """A code is to be typed in the chat: `kind` is `sms` or `authorisation`; `link` opens the page that gives it."""

    kind: str
    link: str = ""


@dataclass(frozen=True)
class HumanWanted:
    """Slider, password, identity: the person handles it on the provider's own page; `kind` is that word, or `page`
    for a person who has the page open already."""

    kind: str
    picture: bytes | None = None


@dataclass(frozen=True)
class LoggedIn:
    nick: str
    secret: bytes
    """The session to be sealed and stored: browser state or tokens, opaque to everybody but the driver."""
    expires_at: datetime | None = None


@dataclass(frozen=True)
class LoginExpired:
    """Nobody finished in time; asked again when wanted."""


LoginEvent = QrShown | Scanned | CodeWanted | HumanWanted | LoggedIn | LoginExpired


class LoginAttempt(Protocol):
    """A login under way, ≤ 180 s; lost with its process and then simply started again."""

    def events(self) -> AsyncIterator[LoginEvent]: ...
    async def submit_code(self, code: str) -> None: ...
    async def human_done(self) -> None:
        """Ends the live view, if one is open, and looks again."""
        ...

    async def live(self) -> LivePage:
        """The page that the login is at, for a person's hands; until it is closed nothing else acts on it. One that is
        open already is closed. Raises Stale when there is no page to show."""
        ...

    async def cancel(self) -> None: ...


@dataclass(frozen=True)
class SessionHealth:
    alive: bool
    nick: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True)
class AboutToSend:
    """What the confirm page or preview shows in the moment before the effect; sums are fen."""

    total: int
    freight: int
    evidence: str = ""


Gate = Callable[[AboutToSend], Awaitable[datetime]]
"""Called by a driver once, immediately before the effect: commits `sending` and returns the deadline (aware) after
which the driver must no longer click or call. Raises SendingStopped: then nothing may be sent."""


class SessionSecrets(Protocol):
    """Where drivers keep what keeps an account logged in; sealed at rest."""

    async def load(self, account_id: int) -> bytes | None: ...
    async def save(self, account_id: int, secret: bytes, expires_at: datetime | None = None) -> None: ...


@dataclass(frozen=True)
class Sought:
    """A checkout whose outcome is not known: found by `key` where the provider keeps it, else by what it looks like."""

    checkout: Checkout
    since: datetime
    """When `sending` was committed; drivers look from a minute before."""
    bound: frozenset[str] = field(default_factory=frozenset)
    """Provider order numbers that already belong to something else."""


class Provider(Protocol):
    """One marketplace. Every call may raise Transient, SessionExpired, NeedsHuman or PageChanged; beside those only
    what its docstring names. Lists of refusals keep the order of the lines asked about."""

    name: ProviderName

    def login(self, account: AccountRef | None, *, resume: bool = False) -> LoginAttempt:
        """Starts a login; `account` None when its nick is not known yet. `resume`: not a new one, but with the session
        that the account has, on the page that wanted a person."""
        ...

    async def try_browser(self, account: AccountRef) -> str:
        """Opens a page as the account would, signed in to nothing; the name of the browser that did, "" where none is
        needed. Transient's `code` tells what is away: the browser, the proxy or the provider."""
        ...

    async def check_session(self, account: AccountRef) -> SessionHealth: ...

    async def quote(self, account: AccountRef, wants: Sequence[Want]) -> list[Quote]:
        """Price, stock and choice of each line now. A line that can't be bought has a refusal and raises nothing."""
        ...

    async def preview(self, account: AccountRef, checkout: Checkout) -> CheckoutQuote:
        """Freight and total of one checkout; changes nothing that the account's owner would notice."""
        ...

    async def place(self, account: AccountRef, checkout: Checkout, gate: Gate) -> Placed:
        """Prepares, checks, calls `gate` and then places the order, once, unpaid.

        Raises Refused or LimitReached when it definitely was not placed; OutcomeUnknown when that can't be said;
        SendingStopped as raised by the gate. Any other error after the gate counts as unknown."""
        ...

    async def find_placed(self, account: AccountRef, sought: Sought) -> list[ProviderOrderSeen]:
        """Orders that this checkout may have made; exact (one, with out_key) where the provider keeps our key."""
        ...

    async def picture(self, account: AccountRef) -> bytes | None:
        """A PNG of the newest orders as the account's own page shows them; None where there is no page."""
        ...

    async def changes(self, account: AccountRef, cursor: str, open_numbers: Sequence[str]) -> ChangesPage:
        """One page of what is new or changed since `cursor` ("" at first); costs open plus changed, not history."""
        ...

    async def order(self, account: AccountRef, number: str) -> ProviderOrderSeen:
        """Raises Refused(ORDER_NOT_FOUND)."""
        ...

    async def waybills(self, account: AccountRef, number: str) -> tuple[WaybillSeen, ...]: ...

    async def cancel(self, account: AccountRef, number: str, gate: Gate) -> None:
        """Cancels an unpaid order. Raises Refused (ORDER_PAID, ORDER_NOT_FOUND, TOO_SOON) or OutcomeUnknown."""
        ...

    async def knows_address(self, account: AccountRef, recipient: Recipient) -> bool:
        """Whether an order could go to this recipient as things stand; always where orders carry their address."""
        ...

    async def add_address(self, account: AccountRef, recipient: Recipient, gate: Gate) -> None:
        """Adds the recipient to the account's address book, once, behind the gate; nothing when it is there, or where
        orders carry their address.

        Raises Refused (ADDRESS_INVALID with the provider's words, ADDRESS_BOOK_FULL), OutcomeUnknown,
        SendingStopped."""
        ...

    async def stop_hands(self, account: AccountRef) -> None:
        """Makes sure that nothing started for this account in an earlier life can still act (kills its browser)."""
        ...

    async def close_idle(self) -> None:
        """Lets go of what costs memory (Chromium) when unused for a while."""
        ...

    async def close(self) -> None: ...
