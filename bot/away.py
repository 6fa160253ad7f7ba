"""Says once that something is away and once that it is back, however often it fails in between."""

import logging

from aiogram.exceptions import TelegramAPIError

log = logging.getLogger(__name__)


class Away:
    def __init__(self, what: str) -> None:
        self._what = what
        self._failures = 0

    def trouble(self, error: Exception) -> int:
        """Counts a failure in a row and returns how many there are."""
        if self._failures == 0:
            log.warning("%s (%s); trying on", self._what, _said(error))
        self._failures += 1
        return self._failures

    def fine(self) -> None:
        if self._failures:
            log.warning("%s: over after %s failures", self._what, self._failures)
        self._failures = 0


def _said(error: Exception) -> str:
    """An answer that can't be read is not repeated: it holds what people wrote."""
    return f"{type(error).__name__}: {error.message}" if isinstance(error, TelegramAPIError) else type(error).__name__
