"""The table of words as types: every state that is stored or shown has its one name here."""

from enum import StrEnum


class ProviderName(StrEnum):
    TAOBAO = "taobao"
    ALIBABA1688 = "alibaba1688"


class SessionState(StrEnum):
    """An account's authorisation on its provider."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    NEEDS_HUMAN = "needs_human"
    OFF = "off"


class LineStatus(StrEnum):
    NEW = "new"
    READY = "ready"
    RESERVING = "reserving"
    RESERVED = "reserved"
    BOUGHT = "bought"
    SHIPPED = "shipped"
    RECEIVED = "received"
    PACKED = "packed"
    CANCELLED = "cancelled"
    BY_HAND = "by_hand"


class Stage(StrEnum):
    """What a provider's raw status means to us; a raw status without a stage is unknown and shown as it is."""

    UNPAID = "unpaid"
    PAID = "paid"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    SIGNED = "signed"
    DONE = "done"
    CLOSED_UNPAID = "closed_unpaid"
    CLOSED_REFUNDED = "closed_refunded"


class ActivityKind(StrEnum):
    RESERVE = "reserve"
    SYNC = "sync"
    LINK = "link"
    UNBIND = "unbind"
    REPRICE = "reprice"
    LOGIN = "login"
    IMPORT = "import"
    LOOKUP = "lookup"
    BROWSER = "browser"


class ActivityState(StrEnum):
    """`queued` waits for the pump, `waiting` for a person; only the pump moves `queued` to `running`."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class IntentState(StrEnum):
    PREPARED = "prepared"
    SENDING = "sending"
    PLACED = "placed"
    PARTLY = "partly"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class ConsentState(StrEnum):
    """The customer's answer to a new price; `owes`: agreed, and has not paid the difference yet."""

    ASKED = "asked"
    AGREED = "agreed"
    OWES = "owes"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RefundState(StrEnum):
    """`refunded`: the marketplace has paid back, the customer is still owed; `refused`: nothing is owed."""

    ASKED = "asked"
    REFUNDED = "refunded"
    CREDITED = "credited"
    REFUSED = "refused"


class Role(StrEnum):
    OWNER = "owner"
    BUYER = "buyer"
    PAYER = "payer"
    WAREHOUSE = "warehouse"
    VIEWER = "viewer"


class Priority(StrEnum):
    """Order in which pieces of work get an account: a reservation before a person's sync before the background."""

    RESERVE = "1-reserve"
    PERSON = "2-person"
    BACKGROUND = "3-background"


class Lane(StrEnum):
    """Order in which messages leave: a question before the answer to a press before a result before progress."""

    QUESTION = "1-question"
    PRESS = "2-press"
    RESULT = "3-result"
    PROGRESS = "4-progress"
