"""What use cases ask of storage. Methods are synchronous and run inside one unit of work; none of them commits.

Every `now` is aware. Methods that look something up return None or an empty collection when there is nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from purchasing.accounts import Account
from purchasing.activities import Activity, Question, Step
from purchasing.cards import Address, Card, Outgoing
from purchasing.inbox import Incoming
from purchasing.invitations import Invitation
from purchasing.ledger import Intent, LineOutcome
from purchasing.orders import LineData, Order, OrderLine, OrderSummary, ParcelDetails
from purchasing.people import Person
from purchasing.previews import Preview, PreviewGroup, PreviewLine
from purchasing.provider import ProviderOrderSeen
from purchasing.provider_orders import Binding, LineChange, ProviderLine, ProviderOrder
from purchasing.warehouse_ports import Parcels, Warehouse
from purchasing.words import (
    ActivityKind,
    IntentState,
    Lane,
    LineStatus,
    ProviderName,
    Role,
)

T = TypeVar("T")


class People(Protocol):
    """Only `get` knows people who were removed: their names stay in what they did."""

    def get(self, person_id: int) -> Person | None: ...
    def by_telegram(self, telegram_id: int) -> Person | None: ...
    def all(self) -> list[Person]: ...
    def with_roles(self, *roles: Role) -> list[Person]: ...
    def ensure(self, telegram_id: int, role: Role, name: str, language: str, zone: str) -> Person:
        """Adds the person, or sets the role of the one who is there; one who was removed is back."""
        ...

    def save(self, person: Person) -> None:
        """Writes role, language, zone, accounts, muted and removed_at."""
        ...

    def rename(self, person_id: int, name: str) -> None: ...
    def set_language(self, person_id: int, language: str) -> None: ...
    def set_blocked(self, person_id: int, at: datetime | None) -> None:
        """Marks that the person's chat can't be reached (the bot was blocked), or can again."""
        ...


class Invitations(Protocol):
    def add(self, draft: Invitation, token: str) -> Invitation:
        """`draft` has id 0. The token is kept sealed, and found by its digest."""
        ...

    def get(self, invitation_id: int) -> Invitation | None: ...
    def by_token(self, token: str) -> Invitation | None: ...
    def token(self, invitation_id: int) -> str | None:
        """None once it was used or withdrawn."""
        ...

    def open(self, now: datetime) -> list[Invitation]:
        """Those that somebody may still use, newest first."""
        ...

    def use(self, invitation_id: int, person_id: int | None, now: datetime) -> bool:
        """Takes the invitation and erases its token; False when it was taken or withdrawn before. None: withdrawn."""
        ...


class Settings(Protocol):
    """Settings changed in chat, as text by key; a value here wins over the environment's first default."""

    def get(self, key: str) -> str | None: ...
    def all(self, prefix: str = "") -> dict[str, str]: ...
    def put(self, key: str, value: str, by: int | None, now: datetime) -> None: ...
    def remove(self, key: str) -> None: ...


class Notes(Protocol):
    """Small per-person state of screens (filters, a form under way) as JSON text by key."""

    def get(self, person_id: int, key: str) -> str | None: ...
    def put(self, person_id: int, key: str, value: str) -> None: ...
    def remove(self, person_id: int, key: str) -> None: ...


class Selection(Protocol):
    """Lines that a person has ticked."""

    def toggle(self, person_id: int, line_id: int) -> bool:
        """True when it is selected now."""
        ...

    def add(self, person_id: int, line_ids: Collection[int]) -> None: ...
    def remove(self, person_id: int, line_ids: Collection[int]) -> None: ...
    def clear(self, person_id: int) -> None: ...
    def of(self, person_id: int) -> list[int]: ...


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


@dataclass(frozen=True)
class LineFilter:
    """Empty fields don't filter. `text` matches order number, customer, title, item id and sku."""

    statuses: frozenset[LineStatus] = frozenset()
    provider: ProviderName | None = None
    order_id: int | None = None
    text: str = ""
    item_id: str = ""
    ids: frozenset[int] | None = None
    without: frozenset[ProviderName] = frozenset()
    """Providers whose lines are left out."""
    free_for: int | None = None
    """Only lines that nobody else than this person holds; needs `now`."""
    now: datetime | None = None
    """When holds are judged. With it, `Lines.page` also fills `holder_id`."""


class Orders(Protocol):
    def get(self, order_id: int) -> Order | None: ...
    def by_number(self, number: str) -> Order | None: ...
    def find(self, text: str, limit: int = 10) -> list[Order]: ...
    def ensure(self, number: str, shop: str, now: datetime) -> Order: ...
    def save(self, order: Order) -> None: ...
    def page(self, text: str, section: str, offset: int, limit: int) -> tuple[list[OrderSummary], int]:
        """Newest first, with the count of all. `section`: "", ready, bought or attention (orders having such lines)."""
        ...

    def parcel(self, order_id: int) -> ParcelDetails: ...


class Lines(Protocol):
    def get(self, line_id: int) -> OrderLine | None: ...
    def many(self, line_ids: Collection[int]) -> list[OrderLine]:
        """In the order of their ids."""
        ...

    def of_order(self, order_id: int) -> list[OrderLine]: ...
    def page(self, where: LineFilter, offset: int, limit: int) -> tuple[list[OrderLine], int]:
        """Oldest order first, then by line, with the count of all that match."""
        ...

    def ids(self, where: LineFilter) -> list[int]: ...
    def counts(self) -> dict[LineStatus, int]: ...
    def add(self, order_id: int, data: LineData, status: LineStatus) -> OrderLine: ...
    def save(self, line_id: int, data: LineData) -> None: ...
    def set_status(self, line_ids: Collection[int], status: LineStatus, why: str = "") -> None:
        """Writes without judging: callers go through `purchasing.moves`, which checks the transition table."""
        ...

    def hold(self, line_ids: Collection[int], person_id: int, until: datetime) -> None: ...
    def release(self, line_ids: Collection[int]) -> None: ...
    def holders(self, line_ids: Collection[int], now: datetime) -> dict[int, int]:
        """Line id → the person who holds it now."""
        ...


class ProviderOrders(Protocol):
    def get(self, provider_order_id: int) -> ProviderOrder | None: ...
    def by_number(self, provider: ProviderName, number: str) -> ProviderOrder | None: ...
    def find_number(self, number: str) -> list[ProviderOrder]: ...
    def many(self, ids: Collection[int]) -> list[ProviderOrder]: ...
    def open_numbers(self, account_id: int) -> list[str]:
        """Those that can still change and have at least one live binding, oldest first."""
        ...

    def taken_numbers(self, account_id: int, since: datetime) -> list[str]:
        """Numbers of orders first seen since then that already cover something: have a live binding or an intent."""
        ...

    def upsert(
        self, account_id: int, provider: ProviderName, seen: ProviderOrderSeen, origin: str, now: datetime
    ) -> ProviderOrder:
        """Writes what was seen: lines by sub number, waybills (those gone get `replaced_at`). `origin` only when new.
        `waybills` None in `seen` leaves the known ones."""
        ...

    def line(self, provider_line_id: int) -> ProviderLine | None: ...
    def by_waybill(self, numbers: Collection[str]) -> list[tuple[str, ProviderOrder]]:
        """(the number that matched, its provider order); replaced ones too. Numbers come upper case without spaces."""
        ...

    def by_tail(self, tail: str, limit: int) -> list[str]:
        """Track numbers that end in `tail` (upper case letters and digits); the newest first."""
        ...

    def set_received(self, number: str, at: datetime | None) -> None:
        """Marks the parcel of this track number as being in the warehouse, or takes that back."""
        ...

    def unpaid(self, account_id: int | None = None) -> list[ProviderOrder]:
        """Those that close first come first; without ignored ones."""
        ...

    def unlinked(
        self, account_id: int | None, offset: int, limit: int, *, ignored: bool = False
    ) -> tuple[list[ProviderOrder], int]:
        """Open ones that cover nothing, newest first, with the count of all; the ignored ones are a list of their
        own."""
        ...

    def set_ignored(self, ids: Collection[int], at: datetime | None) -> None: ...


class Bindings(Protocol):
    def bind(self, line_id: int, provider_line_id: int, quantity: int, now: datetime) -> Binding:
        """Idempotent for a pair that is already bound."""
        ...

    def of_lines(self, line_ids: Collection[int]) -> list[Binding]:
        """Live ones."""
        ...

    def many(self, ids: Collection[int]) -> list[Binding]:
        """Ended ones too."""
        ...

    def of_provider_order(self, provider_order_id: int) -> list[Binding]: ...
    def end(self, binding_id: int, now: datetime) -> None:
        """Takes the tie off and remembers the pair as unbound."""
        ...

    def was_unbound(self, line_id: int, provider_line_id: int) -> bool: ...


class Ledger(Protocol):
    def prepare(self, draft: Intent, now: datetime) -> Intent:
        """`draft` has id 0. Raises Conflict when a line is in another live intent (a unique index says so)."""
        ...

    def get(self, intent_id: int) -> Intent | None: ...
    def of_activity(self, activity_id: int) -> list[Intent]: ...
    def live(self, account_id: int | None = None) -> list[Intent]: ...
    def take_over(self, intent_id: int) -> Intent:
        """Raises the fence, so that an older hand is refused at the gate."""
        ...

    def mark_sending(self, intent_id: int, fence: int, deadline: datetime, evidence: str, now: datetime) -> bool:
        """False when it isn't `prepared` with that fence any more."""
        ...

    def rearm(self, intent_id: int) -> Intent:
        """Makes an intent with an unknown outcome `prepared` again, fence raised: a person lets it be sent again."""
        ...

    def looked(self, intent_id: int) -> None:
        """Counts one more look for an intent whose outcome is not known."""
        ...

    def finish(
        self,
        intent_id: int,
        state: IntentState,
        outcomes: Mapping[int, LineOutcome],
        provider_orders: Sequence[str],
        evidence: str,
        now: datetime,
    ) -> None: ...
    def forget_evidence(self, ended_before: datetime) -> int:
        """Erases what was sent and seen (addresses, sums) of intents that ended before then; their outcomes stay."""
        ...

    def spent_since(self, account_id: int | None, since: datetime) -> tuple[int, int]:
        """(orders sent, fen sent) since then, for the limits."""
        ...


class Activities(Protocol):
    def add(self, draft: Activity, now: datetime) -> Activity:
        """`draft` has id 0; it comes back with its id and `created_at`."""
        ...

    def get(self, activity_id: int) -> Activity | None: ...
    def claim(self, owner: str, until: datetime, now: datetime) -> Activity | None:
        """Takes the next piece of work by priority and age and leases it and its account; None when nothing is due.
        Due: queued, `not_before` passed, no other live lease on its account. A lease that ran out counts as free."""
        ...

    def renew(self, activity_id: int, owner: str, until: datetime) -> bool: ...
    def release(self, activity_id: int, owner: str) -> None:
        """Gives the lease back; a running activity becomes queued again unless it was saved as something else."""
        ...

    def next_due(self, now: datetime) -> datetime | None:
        """When the next queued one may start (or a lease on it runs out)."""
        ...

    def save(self, activity: Activity) -> None:
        """Writes state, plan, counters, percent, attempts, not_before, title, failure and ended_at."""
        ...

    def page(self, which: str, offset: int, limit: int) -> tuple[list[Activity], int]:
        """`which`: running (queued too), waiting, past. Newest first. Lookups are not listed,
        nor are syncs that nobody started and that went well."""
        ...

    def unfinished(self, kind: ActivityKind, account_id: int | None) -> list[Activity]: ...
    def newest(self, kind: ActivityKind, account_id: int) -> Activity | None:
        """The one started last, over or not."""
        ...

    def add_step(self, step: Step) -> None: ...
    def steps(self, activity_id: int, level: str = "", limit: int = 200) -> list[Step]: ...
    def purge(self, ended_before: datetime, keep: int, limit: int) -> int:
        """Removes old ended ones, at most `limit`; the newest `keep` and those with open questions or intents stay."""
        ...


class Questions(Protocol):
    def ask(
        self,
        activity_id: int,
        kind: str,
        answers: Sequence[str],
        params: Mapping[str, str],
        line_ids: Sequence[int],
        now: datetime,
    ) -> Question: ...
    def get(self, question_id: int) -> Question | None: ...
    def of_activity(self, activity_id: int) -> list[Question]: ...
    def open(self) -> list[Question]: ...
    def answer(self, question_id: int, answer: str, by: int, now: datetime) -> bool:
        """The first answer wins: False when it was answered or withdrawn before."""
        ...

    def add_lines(self, question_id: int, line_ids: Sequence[int]) -> None:
        """More lines for an open question: questions of one kind in one activity stay one card."""
        ...

    def answer_line(self, question_id: int, line_id: int, answer: str) -> bool: ...
    def withdraw(self, activity_id: int, now: datetime) -> None: ...


class Previews(Protocol):
    def add(self, person_id: int, lines: Sequence[PreviewLine], now: datetime) -> Preview: ...
    def get(self, preview_id: int) -> Preview | None: ...
    def attach(self, preview_id: int, activity_id: int) -> None: ...
    def save_lines(self, preview_id: int, lines: Sequence[PreviewLine]) -> None: ...
    def save_groups(self, preview_id: int, account_id: int, groups: Sequence[PreviewGroup]) -> None:
        """Replaces the account's groups."""
        ...

    def confirm(self, preview_id: int, now: datetime) -> bool:
        """False when it was confirmed or dropped before."""
        ...

    def drop(self, preview_id: int, now: datetime) -> bool: ...


class Events(Protocol):
    """What happened to orders and lines: told in pushes, shown in histories."""

    def add(self, change: LineChange, activity_id: int | None, now: datetime) -> None: ...
    def of_order(self, order_id: int, activity_id: int | None = None, limit: int = 100) -> list[LineChange]: ...


class Cards(Protocol):
    """The outbox. A card with something to send has exactly one pending row, so edits coalesce by themselves."""

    def post(self, chat_id: int, address: Address, lane: Lane, now: datetime, dedupe: str = "") -> int:
        """A new message. A `dedupe` that was used before posts nothing and returns the earlier card."""
        ...

    def show(self, chat_id: int, message_id: int, address: Address, lane: Lane, now: datetime) -> int:
        """Turns an existing message into another screen, in place."""
        ...

    def touch(self, subject: str, lane: Lane, now: datetime) -> int:
        """Every card about `subject` must be rendered anew; the number of them."""
        ...

    def remove(self, card_id: int, now: datetime) -> None:
        """Deletes the message."""
        ...

    def by_message(self, chat_id: int, message_id: int) -> Card | None: ...
    def next(self, now: datetime, skip_chats: Collection[int], limit: int) -> list[Outgoing]:
        """Pending rows by lane and age; of a chat only its first."""
        ...

    def next_due(self, now: datetime) -> datetime | None: ...
    def done(self, sent: Outgoing, message_id: int | None, media: str, digest: str, now: datetime) -> None:
        """Sent as rendered; `sent` as `next` gave it. A touch since then keeps a pending row (`version` moved on)."""
        ...

    def retry(self, outgoing_id: int, not_before: datetime, error: str) -> None: ...
    def bury(self, outgoing_id: int, error: str, now: datetime) -> None:
        """Dead letter: never tried again."""
        ...

    def bury_chat(self, chat_id: int, error: str, now: datetime) -> int: ...
    def forget_message(self, card_id: int) -> None:
        """The message is gone in Telegram: the next sending makes a new one."""
        ...

    def purge(self, buried_before: datetime, keep: int) -> int:
        """Removes dead letters of before then, and all cards with nothing to send but the newest `keep`: their messages
        stay in the chats, and become cards anew when somebody presses them."""
        ...


class Inbox(Protocol):
    def accept(self, incoming: Sequence[Incoming]) -> list[Incoming]:
        """Stores them (payload sealed) and returns those that are new."""
        ...

    def pending(self) -> list[Incoming]: ...
    def done(self, bot_id: int, update_id: int, now: datetime) -> bool:
        """False when it was done before. Erases the payload."""
        ...

    def failed(self, bot_id: int, update_id: int, error: str) -> int:
        """Counts a failed try and returns how many there are now."""
        ...

    def park(self, bot_id: int, update_id: int, error: str, now: datetime) -> None: ...
    def purge(self, before: datetime) -> int: ...


@dataclass(frozen=True)
class Schedule:
    """Something that recurs: `action` and `subject` (e.g. sync, account id), every `every_seconds`."""

    id: int
    action: str
    subject: str
    every_seconds: int
    next_due_at: datetime
    enabled: bool = True


class Schedules(Protocol):
    def ensure(self, action: str, subject: str, every_seconds: int, first_due: datetime, enabled: bool) -> Schedule:
        """Adds it, or changes interval and switch of the one there (its next due time stays)."""
        ...

    def all(self) -> list[Schedule]: ...
    def due(self, now: datetime) -> list[Schedule]: ...
    def take_slot(self, schedule_id: int, slot: str, next_due: datetime, now: datetime) -> bool:
        """False when that slot was taken before (by whomever); otherwise moves the schedule on."""
        ...


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
    audit: Audit
    warehouse: Warehouse
    parcels: Parcels


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
