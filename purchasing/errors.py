"""What can go wrong, as types that carry the policy: who may retry, who must ask, what the person is told."""

from dataclasses import dataclass
from datetime import timedelta

from purchasing.words import LineStatus


class VykupError(Exception):
    """Base of everything we raise on purpose."""


class StorageUnavailable(VykupError):
    """The database can't be reached or written now (locked, disk full, server away); nothing of the unit was kept,
    but for a server lost while committing, when that can't be known. Whatever was at work isn't to blame: it is tried
    again, and no try is counted against it."""


class WrongMove(VykupError):
    def __init__(self, old: LineStatus, new: LineStatus, mover: str) -> None:
        super().__init__(f"{mover} may not move a line from {old} to {new}")
        self.old, self.new, self.mover = old, new, mover


class NotAllowed(VykupError):
    """The person lacks the right; checked in the use case, never only by hiding a button."""


class Stale(VykupError):
    """The button belongs to a state that is gone (answered, taken back, too old); nothing was changed.

    `code` is a key of the texts, `who` the person who came first where that is known."""

    def __init__(self, code: str = "", who: str = "") -> None:
        super().__init__(code)
        self.code, self.who = code, who


class Conflict(VykupError):
    """Somebody or something else holds this now; `holder` is shown."""

    def __init__(self, message: str, holder: str = "") -> None:
        super().__init__(message)
        self.holder = holder


@dataclass(unsafe_hash=True)  # not frozen: what passes it on (contextlib) writes its traceback
class BadInput(VykupError):
    """A form's rule was broken: `field` and `rule` are codes of the texts, `value` is what was typed."""

    field: str
    rule: str
    value: str = ""


class ProviderError(VykupError):
    """Base of what a provider's driver raises; a driver lets nothing else out."""


class Transient(ProviderError):
    """Worth another try later; nothing was changed on the provider. `code` is a key of the texts: what is away, the
    provider or what stands between."""

    def __init__(
        self, message: str, retry_after: timedelta = timedelta(seconds=30), code: str = "provider_away"
    ) -> None:
        super().__init__(message)
        self.retry_after, self.code = retry_after, code


class SessionExpired(ProviderError):
    """The account must be logged in again by its keeper."""


class NeedsHuman(ProviderError):
    """Slider, punish page, identity check, password: `kind` is one of those words, `picture` a PNG or None."""

    def __init__(self, kind: str, picture: bytes | None = None) -> None:
        super().__init__(kind)
        self.kind, self.picture = kind, picture


class LimitReached(ProviderError):
    """The provider allows this account no more orders for now."""


class Refused(ProviderError):
    """The provider definitely did not do it. `code` is a row of the catalogue, `line_id` the line at fault."""

    def __init__(self, code: str, line_id: int | None = None, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.line_id, self.detail = code, line_id, detail


class PageChanged(ProviderError):
    """The provider's page or answer has another shape than we know; `evidence` is what was seen, cleaned of secrets."""

    def __init__(self, what: str, evidence: str = "") -> None:
        super().__init__(what)
        self.what, self.evidence = what, evidence


class NotInstalled(ProviderError):
    """Something that must be on this machine isn't, so trying again is no use; `code` is a key of the texts."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OutcomeUnknown(ProviderError):
    """The effect may or may not have happened: never retried, always looked for."""


class SendingStopped(VykupError):
    """The gate before the effect said no (deadline, fence, kill switch, limit): nothing was sent. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
