"""Turns a screen into the Bot API calls that show it; knows nothing of when to send or what to do when it fails."""

import hashlib

from aiogram import Bot
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto, Message

from bot.markup import clip
from bot.screens import MAX_CAPTION, MAX_TEXT, Document, Screen, keyboard


def digest(screen: Screen) -> str:
    """Equal for two screens that look the same in a chat."""
    markup = keyboard(screen.rows)
    whole = hashlib.sha256(screen.text.encode())
    for part in (markup.model_dump_json(exclude_none=True) if markup else "", *_media_parts(screen)):
        content = part if isinstance(part, bytes) else part.encode()
        whole.update(len(content).to_bytes(8, "big") + content)
    return whole.hexdigest()


def _media_parts(screen: Screen) -> tuple[bytes | str, ...]:
    document = (screen.document.name, screen.document.content) if screen.document else ()
    return (screen.photo or "", *document)


async def send(bot: Bot, chat_id: int, screen: Screen, *, silent: bool) -> int:
    """Makes a new message; its id."""
    markup = keyboard(screen.rows)
    if screen.photo is not None:
        message: Message = await bot.send_photo(
            chat_id, _photo(screen.photo), caption=_caption(screen), reply_markup=markup, disable_notification=silent
        )
    elif screen.document is not None:
        message = await bot.send_document(
            chat_id,
            _file(screen.document),
            caption=_caption(screen),
            reply_markup=markup,
            disable_notification=silent,
        )
    else:
        message = await bot.send_message(
            chat_id, clip(screen.text, MAX_TEXT), reply_markup=markup, disable_notification=silent
        )
    return message.message_id


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> None:
    """Changes a message of the same kind (text, photo or document) in place."""
    markup: InlineKeyboardMarkup | None = keyboard(screen.rows)
    media: InputMediaPhoto | InputMediaDocument
    if screen.photo is not None:
        media = InputMediaPhoto(media=_photo(screen.photo), caption=_caption(screen))
    elif screen.document is not None:
        media = InputMediaDocument(media=_file(screen.document), caption=_caption(screen))
    else:
        await bot.edit_message_text(
            clip(screen.text, MAX_TEXT), chat_id=chat_id, message_id=message_id, reply_markup=markup
        )
        return
    await bot.edit_message_media(media, chat_id=chat_id, message_id=message_id, reply_markup=markup)


def _caption(screen: Screen) -> str:
    return clip(screen.text, MAX_CAPTION)


def _photo(photo: bytes | str) -> BufferedInputFile | str:
    return BufferedInputFile(photo, "picture.png") if isinstance(photo, bytes) else photo


def _file(document: Document) -> BufferedInputFile:
    return BufferedInputFile(document.content, document.name)
