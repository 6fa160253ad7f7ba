"""Files come through the Bot API; what goes wrong is said without the file's address."""

import pytest

from bot.files import TelegramFiles
from purchasing.errors import BadInput, Transient
from tests.bot.telegram import OWNER, Telegram
from tests.support.desk import TOKEN


async def sent_file(telegram: Telegram, size: int) -> str:
    await telegram.bot.get_me()
    async with telegram.person() as owner:
        await owner.send_document("orders.csv", b"x" * size)
    (update,) = await telegram.bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    assert update.message.chat.id == OWNER
    return update.message.document.file_id


async def test_a_file_comes_whole(telegram: Telegram) -> None:
    file_id = await sent_file(telegram, 1000)
    assert await TelegramFiles(telegram.bot).download(file_id) == b"x" * 1000


async def test_a_file_over_20_mb_is_refused(telegram: Telegram) -> None:
    file_id = await sent_file(telegram, 20 * 1024 * 1024 + 1)
    with pytest.raises(BadInput) as caught:
        await TelegramFiles(telegram.bot).download(file_id)
    assert (caught.value.field, caught.value.rule) == ("file", "too_big")


async def test_a_file_that_is_gone_is_refused(telegram: Telegram) -> None:
    with pytest.raises(BadInput) as caught:
        await TelegramFiles(telegram.bot).download("no-such-file")
    assert caught.value.rule == "gone"


@pytest.mark.parametrize("fault", ["http_500", "http_502", "http_429", "drop_connection"])
async def test_telegram_away_is_transient(telegram: Telegram, fault: str) -> None:
    file_id = await sent_file(telegram, 10)
    telegram.fault("getFile", fault)
    with pytest.raises(Transient) as caught:
        await TelegramFiles(telegram.bot).download(file_id)
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None
