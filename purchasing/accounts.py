"""The agency's logins on the providers and the sessions that they have."""

from dataclasses import dataclass, field
from datetime import datetime

from purchasing.provider import AccountRef
from purchasing.words import ProviderName, SessionState


@dataclass(frozen=True)
class Account:
    id: int
    provider: ProviderName
    nick: str
    session: SessionState
    keeper_id: int | None = None
    """The person who is asked for its login."""
    order_limit: int | None = None
    refused_unpaid: int | None = None
    """Unpaid orders that it had when the marketplace last refused one more; `refused_in_day`: placed in 24 hours."""
    refused_in_day: int | None = None
    refused_at: datetime | None = None
    cdp_url: str = ""
    proxy: str = field(default="", repr=False)
    """It may hold a password."""
    sync_allowed: bool = False
    watermark: str = ""
    session_expires_at: datetime | None = None
    login_asked_at: datetime | None = None
    last_used_at: datetime | None = None
    last_sync_at: datetime | None = None
    last_sync_error: str = ""

    @property
    def ref(self) -> AccountRef:
        return AccountRef(self.id, self.nick, self.cdp_url, self.proxy)

    @property
    def usable(self) -> bool:
        return self.session in (SessionState.ACTIVE, SessionState.EXPIRING)
