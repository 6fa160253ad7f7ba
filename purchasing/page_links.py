"""A one-time link to one of the bot's own pages: a login's QR code, or the live view of the page it is at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

VALID = timedelta(minutes=5)
"""From when it is made until it must be opened."""
LONGEST = timedelta(minutes=10)
"""From when it is opened until the page closes by itself."""


class PageKind(StrEnum):
    """`qr` only shows; `live` is the marketplace's page under a person's hands."""

    QR = "qr"
    LIVE = "live"


@dataclass(frozen=True)
class PageLink:
    """`ended_at` without `opened_at`: a newer one took its place."""

    id: int
    kind: PageKind
    activity_id: int
    """The login."""
    person_id: int
    """Who asked for it; it gives this person's rights."""
    made_at: datetime
    expires_at: datetime
    opened_at: datetime | None = None
    ended_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.opened_at is None and self.ended_at is None and now < self.expires_at
