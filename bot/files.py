"""Files that people sent, fetched through the Bot API; their addresses hold the token and must never get out."""

import io

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiohttp import ClientError

from purchasing.errors import BadInput, Transient

MAX_BYTES = 20 * 1024 * 1024
"""What Telegram gives a bot at most (facts: from memory, refused by getFile above it)."""


class TelegramFiles:
    """Implements `purchasing.ports.Files`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def download(self, file_id: str) -> bytes:
        """Raises Transient when Telegram is away, BadInput("file", "too_big") over 20 MB."""
        try:
            file = await self._bot.get_file(file_id)
            if file.file_path is None or (file.file_size or 0) > MAX_BYTES:
                raise BadInput("file", "too_big")
            content = io.BytesIO()
            await self._bot.download_file(file.file_path, content, timeout=60)
        except TelegramBadRequest as error:
            if "too big" in error.message:
                raise BadInput("file", "too_big") from None
            raise BadInput("file", "gone") from None
        except (AiogramError, ClientError, TimeoutError) as error:
            # the error's own text may hold the file's address and with it the token
            raise Transient(f"Telegram gave no file ({type(error).__name__})") from None
        return content.getvalue()
