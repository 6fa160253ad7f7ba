"""Answers to pressed buttons; each press is answered at most once and only while it is fresh."""

import time

from sandbox.telegram.call import Call, Method
from sandbox.telegram.refusals import Refusal, Refused


async def answer_callback_query(call: Call) -> bool:
    query = call.bot.queries.get(call.params.text("callback_query_id"))
    too_old = query is None or time.monotonic() - query.pressed_at > call.server.settings.query_seconds
    if query is None or too_old or query.answer is not None:
        raise Refused(Refusal.QUERY_TOO_OLD)
    text = call.params.text("text")
    if len(text) > 200:
        raise Refused(Refusal.ANSWER_TOO_LONG)
    query.answer = {
        "callback_query_id": query.id,
        "message_id": query.message_id,
        "user_id": query.user_id,
        "data": query.data,
        "text": text,
        "show_alert": call.params.flag("show_alert"),
        "url": call.params.text("url"),
    }
    call.server.feed.publish("answer", call.bot.id, query.chat_id, query.answer)
    return True


METHODS: dict[str, Method] = {"answercallbackquery": answer_callback_query}
