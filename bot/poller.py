"""Asks Telegram for updates and hands them to the intake; the offset moves on only after they are stored."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.access import KINDS, Raw
from bot.away import Away
from purchasing.crash import crash_point
from purchasing.errors import VykupError

log = logging.getLogger(__name__)

POLL_SECONDS = 25
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
AWAY = (TelegramNetworkError, TelegramServerError, ClientDecodeError)
"""No answer, or one that isn't Telegram's own: whoever stands in between has its own pages for trouble."""

Told = Callable[[bool], None]
Take = Callable[[Sequence[Raw]], Awaitable[None]]


class TokenRefused(VykupError):
    """Telegram doesn't know BOT_TOKEN."""


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates without reading what is in the updates: one that aiogram can't read must not stop all others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Poller:
    """`told` is told after each try whether Telegram can be reached."""

    def __init__(
        self, bot: Bot, take: Take, *, told: Told = lambda _answers: None, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._bot, self._take, self._told, self._pauses = bot, take, told, pauses
        self._offset: int | None = None
        self._away = Away("no updates come from Telegram")

    async def run(self) -> None:
        """Until cancelled. Raises TokenRefused."""
        webhook_gone = False
        while True:
            try:
                webhook_gone = webhook_gone or await self._bot.delete_webhook()
                await self._poll()
            except TelegramUnauthorizedError:
                raise TokenRefused("Telegram refuses BOT_TOKEN: take the current one from BotFather.") from None
            except Exception as error:  # noqa: BLE001 - whatever it was, the same updates are asked for again
                await asyncio.sleep(self._pause(error))
            else:
                self._away.fine()
                self._told(True)

    async def _poll(self) -> None:
        method = GetRawUpdates(offset=self._offset, timeout=POLL_SECONDS, allowed_updates=list(KINDS))
        updates = await self._bot(method, request_timeout=POLL_SECONDS + 10)
        if updates:
            # numbers may jump back (at random after a quiet week): what can't be taken in now is asked for again
            self._offset = min(int(update["update_id"]) for update in updates)
            await self._take(updates)
            self._offset = int(updates[-1]["update_id"]) + 1
            crash_point("inbox.offset")

    def _pause(self, error: Exception) -> float:
        if not isinstance(error, AiogramError):
            log.error("updates could not be taken in; asking for them again", exc_info=error)
        failures = self._away.trouble(error)
        if isinstance(error, AWAY):
            self._told(False)
        if isinstance(error, TelegramConflictError) and failures == 1:
            log.warning("another program polls with the same BOT_TOKEN; only one may")
        pause = self._pauses[min(failures, len(self._pauses)) - 1]
        return max(pause, error.retry_after) if isinstance(error, TelegramRetryAfter) else pause
