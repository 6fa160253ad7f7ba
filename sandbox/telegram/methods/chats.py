"""Chats and their members as a bot may see them, pins, and leaving; nobody unknown to the bot is ever shown."""

from sandbox.telegram.call import Call, Method
from sandbox.telegram.model import Chat, Content, Json
from sandbox.telegram.refusals import Refusal, Refused
from sandbox.telegram.wire import bot_user_json, chat_json, user_json

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


async def get_chat(call: Call) -> Json:
    chat = _visible(call)
    found = {
        **chat_json(chat, call.server.people),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if chat.pinned:
        found["pinned_message"] = call.answer(chat.messages[chat.pinned[-1]])
    return found


def _visible(call: Call) -> Chat:
    chat = call.known_chat()
    if not chat.is_group and not chat.started:
        raise Refused(Refusal.CHAT_NOT_FOUND)
    if chat.left:
        raise Refused(Refusal.KICKED)
    return chat


async def get_chat_member(call: Call) -> Json:
    chat = _visible(call)
    user_id = call.params.integer("user_id")
    if user_id == call.bot.id:
        return {"status": "member", "user": bot_user_json(call.bot)}
    person = call.server.people.get(user_id)
    if person is None:
        raise Refused(Refusal.MEMBER_NOT_FOUND)
    here = user_id in chat.members if chat.is_group else user_id == chat.id
    return {"status": "member" if here else "left", "user": user_json(person)}


async def pin_message(call: Call) -> bool:
    chat = call.chat()
    message = call.message(chat, Refusal.PIN_NOT_FOUND)
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    call.server.feed.publish("pin", call.bot.id, chat.id, {"message_id": message.id, "pinned": True})
    notice = call.server.new_message(chat, call.bot.id, Content())
    notice.service = {"pinned_message": call.answer(message)}
    call.server.post(call.bot, notice)
    return True


async def unpin_message(call: Call) -> bool:
    chat = call.chat()
    asked = call.params.integer("message_id")
    if not chat.pinned or (asked and asked not in chat.pinned):
        raise Refused(Refusal.UNPIN_NOT_FOUND)
    message_id = asked or chat.pinned[-1]
    call.server.unpin(call.bot, chat, message_id)
    return True


async def unpin_all(call: Call) -> bool:
    chat = call.chat()
    for message_id in list(chat.pinned):
        call.server.unpin(call.bot, chat, message_id)
    return True


async def leave_chat(call: Call) -> bool:
    chat = call.chat()
    if not chat.is_group:
        raise Refused(Refusal.NOT_IN_PRIVATE)
    chat.left = True
    return True


METHODS: dict[str, Method] = {
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "pinchatmessage": pin_message,
    "unpinchatmessage": unpin_message,
    "unpinallchatmessages": unpin_all,
    "leavechat": leave_chat,
}
