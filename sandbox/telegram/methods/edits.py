"""Edits in place; an edit that changes nothing must be refused, and a refused one must change nothing."""

from dataclasses import replace

from sandbox.telegram.call import Call, Method
from sandbox.telegram.methods.media import input_media
from sandbox.telegram.model import Content, Json, Message
from sandbox.telegram.refusals import Refusal, Refused


def _editable(call: Call) -> Message:
    if call.params.text("inline_message_id"):
        raise Refused(Refusal.BAD_PARAMETER, why="MESSAGE_ID_INVALID")
    chat = call.chat()
    message = call.message(chat, Refusal.EDIT_NOT_FOUND)
    keyboard_of_chat = message.markup is not None and "inline_keyboard" not in message.markup
    if message.sender_id != call.bot.id or message.service or keyboard_of_chat:
        raise Refused(Refusal.CANT_EDIT)
    return message


def _change(call: Call, message: Message, content: Content) -> Json:
    markup = call.markup(inline_only=True)
    if content == message.content and markup == message.markup:
        raise Refused(Refusal.NOT_MODIFIED)
    message.content = content
    message.markup = markup
    call.server.edited(call.bot, message)
    return call.answer(message)


async def edit_text(call: Call) -> Json:
    message = _editable(call)
    if message.content.media:
        raise Refused(Refusal.NO_TEXT_TO_EDIT)
    text, entities = call.text()
    preview = call.params.object("link_preview_options")
    return _change(call, message, Content(text, entities, link_preview=preview))


async def edit_caption(call: Call) -> Json:
    message = _editable(call)
    if not message.content.media:
        raise Refused(Refusal.NO_CAPTION_TO_EDIT)
    text, entities = call.caption()
    above = call.params.flag("show_caption_above_media")
    return _change(call, message, replace(message.content, text=text, entities=entities, caption_above=above))


async def edit_markup(call: Call) -> Json:
    message = _editable(call)
    return _change(call, message, message.content)


async def edit_media(call: Call) -> Json:
    message = _editable(call)
    given = call.params.object("media")
    if given is None:
        raise Refused(Refusal.BAD_MEDIA, why="media is not specified")
    content = await input_media(call, given)
    if message.album_id and content.media and message.content.media:
        mixed = "document" in (content.media.kind, message.content.media.kind)
        if mixed and content.media.kind != message.content.media.kind:
            raise Refused(Refusal.CANT_EDIT)
    return _change(call, message, content)


METHODS: dict[str, Method] = {
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagereplymarkup": edit_markup,
    "editmessagemedia": edit_media,
}
