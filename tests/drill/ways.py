"""Which scene leads to which crash point, and what has to go wrong in it."""

from collections.abc import Callable

from tests.drill import past_the_bot
from tests.drill.outages import database_away, telegram_away
from tests.drill.pages import page_opened
from tests.drill.scenes import CUT, EXPIRED, LATER_SEEN, Scene, Scenes, Wrong
from tests.drill.world import World

BY_A_JOB = frozenset(
    {
        *("inbox.accept", "inbox.offset", "turn.act", "turn.answered", "outbox.send", "outbox.sent", "outbox.done"),
        *("activity.claim", "activity.release", "import.read", "import.change", "effect.gate"),
        *("reserve.quoted", "reserve.quotes", "reserve.previewed", "reserve.price", "reserve.priced"),
        *("reserve.prepare", "reserve.placed", "reserve.finish", "reserve.late"),
        *("alibaba1688.create", "alibaba1688.created", "alibaba1688.read_back"),
        *("taobao.cart", "taobao.press", "taobao.pressed", "taobao.outcome", "taobao.proved"),
    }
)
"""Orders come in, are previewed and reserved."""
UNBINDING = frozenset(
    {
        *("unbind.prepare", "unbind.cancelled", "unbind.unknown", "unbind.seen", "unbind.ask", "unbind.sleep"),
        *("unbind.take_over", "unbind.looked", "unbind.finish"),
        *("alibaba1688.cancel", "alibaba1688.cancelled", "taobao.cancel", "taobao.cancelled"),
    }
)
SCENES: dict[str, Scene] = {
    "turn.refuse": Scenes.double_tap,
    "login.change": Scenes.login,
    "login.code": Scenes.login,
    "outbox.deleted": Scenes.login,
    "outbox.removed": Scenes.login,
    "start.migrated": Scenes.wait,
    "start.staff": Scenes.wait,
    "schedule.purge": Scenes.wait,
    "schedule.arrivals": Scenes.wait,
    "schedule.consents": Scenes.wait,
    "schedule.previews": Scenes.wait,
    "lookup.change": Scenes.photo,
    "inbox.welcome": Scenes.back,
    "sync.read": Scenes.wait,
    "sync.page": Scenes.wait,
    "schedule.keep": Scenes.wait,
    "schedule.due": Scenes.wait,
    "tell.stuck": Scenes.wait,
    "tell.approvals": Scenes.wait,
    "tell.escalate": Scenes.wait,
    "tell.digests": Scenes.wait,
    "reserve.stopped": Scenes.stopped,
    "inbox.failed": Scenes.poison,
    "outbox.forget": Scenes.gone,
    "outbox.lose_chat": Scenes.blocked,
    "outbox.retry": Scenes.refused_card,
    "outbox.bury": Scenes.refused_card,
    "inbox.join": Scenes.joined,
    "outbox.unread": Scenes.left,
    "inbox.gone": Scenes.left_before_an_answer,
    "browser.works": Scenes.browser_tried,
    "browser.failed": Scenes.browser_tried,
    "page.open": page_opened,
    "page.end": page_opened,
    "page.done": page_opened,
    "photos.kept": Scenes.photographed,
    "watch.telegram_away": telegram_away,
    "watch.telegram": telegram_away,
    "watch.database": database_away,
    "restore.set_back": Scenes.wait,
    "backup.failed": Scenes.wait,
    "start.name": Scenes.wait,
    "backup.plan": Scenes.wait,
    "backup.done": Scenes.wait,
    "reserve.begin": Scenes.delayed,
    "reserve.address": Scenes.new_customer,
    "reserve.address_added": Scenes.new_customer,
    "reserve.address_unknown": Scenes.new_customer,
    "reserve.address_looked": Scenes.new_customer,
    "reserve.address_refused": Scenes.full_book,
    "reserve.address_stopped": Scenes.new_customer_stopped,
    "taobao.save_address": Scenes.new_customer,
    "taobao.address_saved": Scenes.new_customer,
    "unbind.refused": Scenes.paid_meanwhile,
    "unbind.stopped": Scenes.cancel_stopped,
    "link.keep": Scenes.linked,
    "link.finish": Scenes.linked,
    "link.skip": Scenes.linked_wrongly,
    "check.finish": Scenes.dearer,
    "shop.push": Scenes.pushed,
    "callback.prepare": Scenes.pushed,
    "callback.send": Scenes.pushed,
    "callback.sent": Scenes.pushed,
    "callback.outcome": Scenes.pushed,
}
NO_ANSWER, NO_ANSWER_TO_CANCEL, NO_ANSWER_TO_ADDRESS = (Wrong(CUT, at) for at in ("order", "cancel", "address"))
AWAY = Wrong("http_500", "preview")
FAULTS: dict[str, Wrong] = {
    "reserve.named": LATER_SEEN,
    "reserve.refused": Wrong("sold_out"),
    "reserve.limit": Wrong("booking_limit"),
    "activity.trouble": AWAY,
    "activity.answers": AWAY,
    "browser.failed": Wrong("http_500", "gate"),
    "activity.renew": Wrong("slow", seconds="4"),
    "reserve.unknown": NO_ANSWER,
    "reserve.sleep": NO_ANSWER,
    "reserve.hands_dead": NO_ANSWER,
    "reserve.take_over": NO_ANSWER,
    "reserve.found": NO_ANSWER,
    "reserve.looked": NO_ANSWER,
    "reserve.rearm": NO_ANSWER,
    "reserve.address_unknown": NO_ANSWER_TO_ADDRESS,
    "reserve.address_looked": NO_ANSWER_TO_ADDRESS,
    "unbind.unknown": NO_ANSWER_TO_CANCEL,
    "unbind.sleep": NO_ANSWER_TO_CANCEL,
    "unbind.take_over": NO_ANSWER_TO_CANCEL,
    "unbind.looked": NO_ANSWER_TO_CANCEL,
    "alibaba1688.renewed": Wrong(EXPIRED),
    "session.tokens": Wrong(EXPIRED),
}
"""What goes wrong where the point needs it."""
BEFORE_A_START: dict[str, Callable[[World], None]] = {
    "start.name": past_the_bot.rename_bot,
    "backup.plan": past_the_bot.switch_backups,
    "backup.done": past_the_bot.make_backup_due,
    "backup.failed": past_the_bot.block_backups,
    "restore.set_back": past_the_bot.restore_once,
}
"""What is changed before a life begins that is to reach the point at its start."""


def scene_of(point: str) -> Scene:
    return Scenes.unbind if unit_of(point) in UNBINDING else SCENES.get(unit_of(point), Scenes.job)


def unit_of(point: str) -> str:
    return point.removesuffix(".written").removesuffix(".committed")
