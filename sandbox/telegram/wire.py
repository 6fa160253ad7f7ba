"""Records to the JSON that bots get, field by field as the Bot API documents it; never to what only the page needs."""

from typing import Any

from sandbox.telegram.model import Bot, Chat, Content, Json, Media, Message, Person, StoredFile


def user_json(person: Person) -> Json:
    found = {
        "id": person.id,
        "is_bot": False,
        "first_name": person.first_name,
        "username": person.username,
        "language_code": person.language_code,
    }
    return _present(found)


def bot_user_json(bot: Bot) -> Json:
    return {"id": bot.id, "is_bot": True, "first_name": bot.name, "username": bot.username}


def bot_self_json(bot: Bot) -> Json:
    """What getMe answers: the bot with its abilities."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }
    return {**bot_user_json(bot), **abilities}


def chat_json(chat: Chat, people: dict[int, Person]) -> Json:
    if chat.is_group:
        kind = "supergroup" if str(chat.id).startswith("-100") else "group"
        return {"id": chat.id, "type": kind, "title": chat.title or "Group"}
    person = people[chat.id]
    return _present({"id": chat.id, "type": "private", "first_name": person.first_name, "username": person.username})


def message_json(bot: Bot, message: Message, people: dict[int, Person], *, deep: bool = True) -> Json:
    chat = bot.chats[message.chat_id]
    sender = bot_user_json(bot) if message.sender_id == bot.id else user_json(people[message.sender_id])
    replied = chat.messages.get(message.reply_to) if message.reply_to is not None and deep else None
    found: Json = {
        "message_id": message.id,
        "from": sender,
        "chat": chat_json(chat, people),
        "date": message.date,
        "edit_date": message.edit_date,
        "media_group_id": message.album_id,
        "has_protected_content": message.protected or None,
        "reply_markup": _kept_markup(message.markup),
        "reply_to_message": message_json(bot, replied, people, deep=False) if replied else None,
        **content_json(bot, message.content),
        **(message.service or {}),
    }
    return _present(found)


def content_json(bot: Bot, content: Content) -> Json:
    if content.media is None:
        found: Json = {"text": content.text, "entities": list(content.entities) or None}
        found["link_preview_options"] = content.link_preview
        return found if content.text else {}
    return {
        content.media.kind: media_json(bot, content.media),
        "caption": content.text or None,
        "caption_entities": list(content.entities) or None,
        "show_caption_above_media": content.caption_above or None,
        "has_media_spoiler": content.spoiler or None,
    }


def media_json(bot: Bot, media: Media) -> Any:
    if media.kind == "photo":
        return [_size_json(bot, size) for size in media.files]
    file = media.file
    found = {**_file_ids(bot, file), "file_name": file.name, "mime_type": file.mime_type}
    if media.kind == "video":
        found |= {"width": file.width, "height": file.height, "duration": 0}
    if media.kind == "audio":
        found["duration"] = 0
    if media.thumbnail:
        found["thumbnail"] = _size_json(bot, media.thumbnail)
    return _present(found)


def _size_json(bot: Bot, size: StoredFile) -> Json:
    return {**_file_ids(bot, size), "width": size.width, "height": size.height}


def _file_ids(bot: Bot, file: StoredFile) -> Json:
    return {"file_id": file_id(bot, file), "file_unique_id": file.unique_id, "file_size": len(file.data)}


def file_id(bot: Bot, file: StoredFile) -> str:
    """An id that only this bot can use."""
    return f"AgACAg{bot.id:x}-{file.unique_id}"


def _kept_markup(markup: Json | None) -> Json | None:
    """Only inline keyboards come back to the bot with the message."""
    return markup if markup and "inline_keyboard" in markup else None


def _present(found: Json) -> Json:
    return {key: value for key, value in found.items() if value is not None}
