"""A one-time link by which somebody joins the staff: the one thing to which a stranger's message is answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from purchasing.words import Role

VALID = timedelta(hours=24)


@dataclass(frozen=True)
class Invitation:
    """`used_at` without `used_by`: it was withdrawn."""

    id: int
    role: Role
    made_by: int
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = None

    def holds(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at
