"""Sending texts, actions and reactions, and deleting; a refused call must leave the chat as it was."""

import time

from sandbox.telegram.call import Call, Method
from sandbox.telegram.model import Chat, Content, Json, Message
from sandbox.telegram.refusals import Refusal, Refused

DELETABLE_SECONDS = 48 * 3600
ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
REACTIONS = frozenset({
    "❤", "👍", "👎", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩",
    "🤮", "💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭", "💯",
    "🤣", "⚡", "🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈", "😴", "😭",
    "🤓", "👻", "👨‍💻", "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄",
    "☃", "💅", "🤪", "🗿", "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂",
    "🤷", "🤷‍♀", "😡",
})  # fmt: skip


async def send_message(call: Call) -> Json:
    chat = call.chat()
    text, entities = call.text()
    content = Content(text, entities, link_preview=call.params.object("link_preview_options"))
    return call.answer(post(call, chat, content))


def post(call: Call, chat: Chat, content: Content, album_id: str | None = None) -> Message:
    """Puts the bot's message with the options that all sending methods share."""
    markup = call.markup()
    reply_to = _reply_to(call, chat)
    message = call.server.new_message(chat, call.bot.id, content)
    message.markup = markup
    message.reply_to = reply_to
    message.album_id = album_id
    message.protected = call.params.flag("protect_content")
    message.silent = call.params.flag("disable_notification")
    return call.server.post(call.bot, message)


def _reply_to(call: Call, chat: Chat) -> int | None:
    asked = call.params.object("reply_parameters") or {}
    message_id = asked.get("message_id")
    if message_id is None or message_id in chat.messages:
        return message_id
    if asked.get("allow_sending_without_reply"):
        return None
    raise Refused(Refusal.REPLY_NOT_FOUND)


async def send_chat_action(call: Call) -> bool:
    chat = call.chat()
    action = call.params.text("action")
    if action not in ACTIONS:
        raise Refused(Refusal.BAD_PARAMETER, why="wrong parameter action in request")
    call.server.feed.publish("action", call.bot.id, chat.id, {"action": action})
    return True


async def delete_message(call: Call) -> bool:
    chat = call.chat()
    message = call.message(chat, Refusal.DELETE_NOT_FOUND)
    if not _deletable(call, chat, message):
        raise Refused(Refusal.CANT_DELETE)
    call.server.delete(call.bot, chat, message.id)
    return True


async def delete_messages(call: Call) -> bool:
    """Skips what can't be found or deleted, as documented."""
    chat = call.chat()
    ids = call.params.array("message_ids") or []
    if not 1 <= len(ids) <= 100:
        raise Refused(Refusal.MESSAGE_ID_EMPTY)
    for message_id in ids:
        message = chat.messages.get(int(message_id))
        if message and _deletable(call, chat, message):
            call.server.delete(call.bot, chat, message.id)
    return True


def _deletable(call: Call, chat: Chat, message: Message) -> bool:
    own = message.sender_id == call.bot.id
    return (own or not chat.is_group) and time.time() - message.date < DELETABLE_SECONDS


async def set_message_reaction(call: Call) -> bool:
    chat = call.chat()
    message = call.message(chat, Refusal.REACT_NOT_FOUND)
    reactions = call.params.array("reaction") or []
    for reaction in reactions:
        if reaction.get("type") != "emoji" or reaction.get("emoji") not in REACTIONS:
            raise Refused(Refusal.REACTION_INVALID)
    if len(reactions) > 1:
        raise Refused(Refusal.REACTION_INVALID)
    message.reactions[call.bot.id] = reactions
    call.server.changed(call.bot, message)
    return True


METHODS: dict[str, Method] = {
    "sendmessage": send_message,
    "sendchataction": send_chat_action,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "setmessagereaction": set_message_reaction,
}
