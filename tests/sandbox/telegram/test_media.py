"""Photos, documents and albums in both directions, byte for byte where Telegram keeps bytes."""

import io
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto
from PIL import Image

from sandbox.telegram.operator import Operator
from tests.sandbox.telegram.conftest import BUYER, TOKEN, Api, Part

Picture = Callable[..., bytes]


async def test_photo_of_a_person_is_made_smaller(bot: Bot, buyer: Operator, picture: Picture) -> None:
    await buyer.send_photo(picture(2600, 1300), caption="label")
    message = (await bot.get_updates())[-1].message
    assert message
    assert message.photo
    assert message.caption == "label"
    assert [(size.width, size.height) for size in message.photo] == [(90, 45), (320, 160), (800, 400), (1280, 640)]
    file = await bot.get_file(message.photo[-1].file_id)
    assert file.file_path
    data = await bot.download_file(file.file_path)
    assert data
    with Image.open(io.BytesIO(data.read())) as kept:
        assert (kept.format, kept.size) == ("JPEG", (1280, 640))


async def test_document_of_a_person_stays_as_it_is(bot: Bot, buyer: Operator) -> None:
    await buyer.send_document("заказы.xlsx", b"PK\x03\x04 bytes")
    message = (await bot.get_updates())[-1].message
    assert message
    assert message.document
    assert message.document.file_name == "заказы.xlsx"
    out = await bot.download(message.document)
    assert out
    assert out.read() == b"PK\x03\x04 bytes"


async def test_album_of_a_person_is_several_messages(bot: Bot, buyer: Operator, picture: Picture) -> None:
    await buyer.send_album([picture(colour=colour) for colour in ("red", "green", "blue")], "three labels")
    messages = [update.message for update in await bot.get_updates()]
    assert len({message.media_group_id for message in messages if message}) == 1
    assert [message.caption for message in messages if message] == ["three labels", None, None]


async def test_photo_of_the_bot(bot: Bot, buyer: Operator, picture: Picture) -> None:
    sent = await bot.send_photo(BUYER, BufferedInputFile(picture(), "qr.png"), caption="<b>QR</b>", parse_mode="HTML")
    assert sent.photo
    assert sent.caption == "QR"
    seen = await buyer.wait_for("QR")
    with Image.open(io.BytesIO(await buyer.download(seen))) as shown:
        assert shown.size == (640, 480)


async def test_file_id_is_reused_and_unique_id_is_stable(bot: Bot, buyer: Operator, picture: Picture) -> None:
    data = picture()
    first = await bot.send_photo(BUYER, BufferedInputFile(data, "a.jpg"))
    again = await bot.send_photo(BUYER, BufferedInputFile(data, "b.jpg"))
    assert first.photo
    assert again.photo
    by_id = await bot.send_photo(BUYER, first.photo[-1].file_id)
    assert by_id.photo
    unique = {message.photo[-1].file_unique_id for message in (first, again, by_id) if message.photo}
    assert len(unique) == 1


async def test_document_and_album_of_the_bot(bot: Bot, buyer: Operator, picture: Picture) -> None:
    sent = await bot.send_document(BUYER, BufferedInputFile(b"a;b", "отчёт.csv"), caption="report")
    assert sent.document
    assert sent.document.file_name == "отчёт.csv"
    assert await buyer.download(await buyer.wait_for("report")) == b"a;b"
    album = await bot.send_media_group(
        BUYER,
        [
            InputMediaPhoto(media=BufferedInputFile(picture(colour="red"), "1.jpg"), caption="two"),
            InputMediaPhoto(media=BufferedInputFile(picture(colour="green"), "2.jpg")),
        ],
    )
    assert len({message.media_group_id for message in album}) == 1
    assert album[0].photo != album[1].photo


async def test_media_is_edited_in_the_same_message(bot: Bot, buyer: Operator, picture: Picture) -> None:
    sent = await bot.send_photo(BUYER, BufferedInputFile(picture(colour="red"), "1.jpg"), caption="scan me")
    place: dict[str, Any] = {"chat_id": BUYER, "message_id": sent.message_id}
    fresh = InputMediaPhoto(media=BufferedInputFile(picture(colour="blue"), "2.jpg"), caption="scan me")
    changed = await bot.edit_message_media(fresh, **place)
    assert not isinstance(changed, bool)
    assert changed.photo != sent.photo
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_media(fresh, **place)
    captioned = await bot.edit_message_caption(caption="scanned", **place)
    assert not isinstance(captioned, bool)
    assert (captioned.caption, captioned.photo) == ("scanned", changed.photo)
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", **place)


async def test_files_that_are_refused(bot: Bot, api: Api, buyer: Operator, picture: Picture) -> None:
    document = await bot.send_document(BUYER, BufferedInputFile(b"x", "x.txt"))
    assert document.document
    expected = {
        "photo": "can't use file of type Document as Photo",
        "unknown": "wrong file identifier/HTTP URL specified",
        "https://example.org/x.jpg": "failed to get HTTP URL content",
        "": "there is no photo in the request",
        "attach://nothing": "there is no photo in the request",
    }
    for given, why in expected.items():
        photo = document.document.file_id if given == "photo" else given
        assert await api.refusal("sendPhoto", chat_id=BUYER, photo=photo) == f"400 Bad Request: {why}"
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(BUYER, BufferedInputFile(b"no picture", "x.jpg"))
    with pytest.raises(TelegramBadRequest, match="PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(BUYER, BufferedInputFile(picture(2100, 100), "x.jpg"))
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(BUYER, BufferedInputFile(b"", "x.txt"))
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await bot.send_photo(BUYER, BufferedInputFile(picture(), "x.jpg"), caption="x" * 1025)
    assert await api.refusal("getFile", file_id="x") == "400 Bad Request: invalid file_id"


async def test_another_bot_can_not_use_the_file_id(bot: Bot, api: Api, buyer: Operator, picture: Picture) -> None:
    sent = await bot.send_photo(BUYER, BufferedInputFile(picture(), "x.jpg"))
    assert sent.photo
    answer = await api.call("getFile", token="77:another", file_id=sent.photo[-1].file_id)
    assert answer["description"] == "Bad Request: invalid file_id"


async def test_albums_that_are_refused(bot: Bot, api: Api, buyer: Operator, picture: Picture) -> None:
    photo = InputMediaPhoto(media=BufferedInputFile(picture(), "1.jpg"))
    document = InputMediaDocument(media=BufferedInputFile(b"x", "1.txt"))
    with pytest.raises(TelegramBadRequest, match="document can't be mixed with other media types"):
        await bot.send_media_group(BUYER, [photo, document])
    for media in ([], [{"type": "photo", "media": "x"}], [{"type": "photo", "media": "x"}] * 11):
        found = await api.refusal("sendMediaGroup", chat_id=BUYER, media=media)
        assert found == "400 Bad Request: there must be 2-10 items to send as an album"
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await bot.send_media_group(BUYER, [photo, InputMediaPhoto(media="wrong")])
    assert len(await buyer.messages()) == 1


async def test_big_files(bot: Bot, api: Api, buyer: Operator, part: Part) -> None:
    await buyer.send_document("big.bin", b"\0" * (20 * 1024 * 1024 + 1))
    message = (await bot.get_updates())[-1].message
    assert message
    assert message.document
    assert await api.refusal("getFile", file_id=message.document.file_id) == "400 Bad Request: file is too big"
    form = aiohttp.FormData({"chat_id": str(BUYER)})
    form.add_field("document", io.BytesIO(b"\0" * (50 * 1024 * 1024 + 1)), filename="huge.bin")
    async with api.http.post(f"{part.url}/bot{TOKEN}/sendDocument", data=form) as response:
        assert (response.status, (await response.json())["description"]) == (413, "Request Entity Too Large")


async def test_download_needs_a_token_and_a_path(api: Api, bot: Bot) -> None:
    for path, status in ((f"bot{TOKEN}/photos/none.jpg", 404), ("botnonsense/photos/none.jpg", 401)):
        async with api.http.get(f"{api.url}/file/{path}") as response:
            assert response.status == status
