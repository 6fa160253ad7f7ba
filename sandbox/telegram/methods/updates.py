"""How updates reach a bot: long polling or a webhook; none is dropped before the bot acknowledged it."""

from sandbox.telegram.call import Call, Method
from sandbox.telegram.model import Bot, Json, Webhook
from sandbox.telegram.refusals import Refusal, Refused
from sandbox.telegram.webhook import deliver

MAX_POLL_SECONDS = 50


async def get_updates(call: Call) -> list[Json]:
    bot, incoming = call.bot, call.server.incoming
    if bot.webhook:
        raise Refused(Refusal.WEBHOOK_ACTIVE)
    ticket = bot.poll = object()
    incoming.fire()  # an older poll finds that it is no longer the one
    _allow(call)
    _acknowledge(bot, call.params.integer("offset"))
    fewest = 2 if call.server.faults.armed("getUpdates", "reorder_updates") else 1
    seconds = min(MAX_POLL_SECONDS, max(0, call.params.integer("timeout")))
    await incoming.until(
        lambda: bot.poll is not ticket or bool(bot.again) or len(bot.updates) >= fewest,
        seconds,
    )
    if bot.webhook:
        raise Refused(Refusal.WEBHOOK_SET)
    if bot.poll is not ticket:
        raise Refused(Refusal.POLLED_ELSEWHERE)
    bot.poll = None
    return _batch(call, min(100, max(1, call.params.integer("limit", 100))))


def _allow(call: Call) -> None:
    allowed = call.params.array("allowed_updates")
    if allowed is not None:
        call.bot.allowed_updates = tuple(str(kind) for kind in allowed)


def _acknowledge(bot: Bot, offset: int) -> None:
    if offset < 0:
        while len(bot.updates) > -offset:
            bot.updates.popleft()
    while bot.updates and bot.updates[0]["update_id"] < offset:
        bot.updates.popleft()


def _batch(call: Call, limit: int) -> list[Json]:
    bot, faults = call.bot, call.server.faults
    again, bot.again = bot.again, []
    batch = list(bot.updates)[:limit]
    if len(batch) > 1 and faults.take("getUpdates", "reorder_updates"):
        batch.reverse()
    if batch and faults.take("getUpdates", "duplicate_updates"):
        bot.again = list(batch)
        batch = [update for update in batch for _ in range(2)]
    return again + batch


async def set_webhook(call: Call) -> bool:
    url = call.params.text("url")
    if not url:
        return await delete_webhook(call)
    if not url.startswith(("https://", "http://")):
        raise Refused(Refusal.BAD_WEBHOOK, why="An HTTPS URL must be provided for webhook")
    secret = call.params.text("secret_token")
    if secret and not (len(secret) <= 256 and secret.replace("-", "").replace("_", "").isalnum()):
        raise Refused(Refusal.BAD_PARAMETER, why="secret token contains unallowed characters")
    _allow(call)
    _drop_pending(call)
    call.bot.webhook = Webhook(url, secret or None, call.params.integer("max_connections", 40))
    call.bot.poll = None
    call.server.incoming.fire()
    call.server.spawn(deliver(call.server, call.bot, call.bot.webhook))
    return True


async def delete_webhook(call: Call) -> bool:
    _drop_pending(call)
    call.bot.webhook = None
    call.server.incoming.fire()
    return True


def _drop_pending(call: Call) -> None:
    if call.params.flag("drop_pending_updates"):
        call.bot.updates.clear()


async def get_webhook_info(call: Call) -> Json:
    hook = call.bot.webhook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.updates),
    }
    if call.bot.allowed_updates:
        info["allowed_updates"] = list(call.bot.allowed_updates)
    if hook:
        info["max_connections"] = hook.max_connections
    if hook and hook.last_error:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
    return info


METHODS: dict[str, Method] = {
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
