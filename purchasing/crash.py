"""Named crash points: where a drill may end or freeze this process, to prove that nothing gets doubled or lost.

A point does nothing, and costs one look at a variable, unless the environment names it and says that it is a drill."""

import os
import signal
from collections.abc import Callable, Mapping
from typing import TypeVar

from purchasing.ports import Database, Store

T = TypeVar("T")

DRILL, CRASH_AT = "VYKUP_DRILL", "VYKUP_CRASH_AT"
HOW = ("kill", "stop", "raise")

UNITS: dict[str, str] = {
    "start.staff": "owners and first defaults are written, as the settings say",
    "start.name": "the bot's own name is learnt",
    "restore.set_back": "a database that was set back stops buying and has everything looked for",
    "inbox.accept": "updates are taken in",
    "inbox.failed": "a failed try of an update is counted, the third one parks it",
    "inbox.join": "somebody joins the staff by an invitation",
    "inbox.welcome": "somebody who could not be reached is here again",
    "inbox.gone": "an update of somebody who left the staff is ticked off",
    "turn.act": "a press or message is carried out and ticked off",
    "turn.refuse": "a press or message is refused and ticked off",
    "outbox.done": "a message is noted as sent",
    "outbox.deleted": "a message is noted as deleted",
    "outbox.forget": "a message that is gone is forgotten, to be sent anew",
    "outbox.unread": "a message to somebody who left the staff is given up",
    "outbox.retry": "a message that Telegram refused is put off",
    "outbox.bury": "a message that can't be shown is given up and told to the owners",
    "outbox.lose_chat": "a chat that can't be reached is given up and told to the owners",
    "activity.claim": "a piece of work is claimed",
    "activity.renew": "the lease on it is renewed",
    "activity.release": "the lease on it is given back",
    "activity.trouble": "what an error means for an activity is written",
    "activity.answers": "a marketplace that was away answers again: told to the owners",
    "shop.push": "what a shop pushed is stored, to be taken in",
    "callback.prepare": "the number of an event for a shop is kept before it is sent",
    "callback.outcome": "what a shop answered to an event is kept",
    "import.change": "a file, or a part of its rows, is taken in",
    "login.change": "a step of a login is written",
    "page.open": "a one-time link is taken",
    "page.end": "a page of a one-time link is closed",
    "page.done": "a person at a login's page says that it is through",
    "browser.works": "a test of an account's browser went well",
    "browser.failed": "a test of an account's browser failed",
    "session.tokens": "an account's renewed secret is kept",
    "sync.page": "a page of changes is taken in",
    "schedule.keep": "schedules are brought up to date",
    "schedule.due": "due slots are taken and their activities started",
    "schedule.purge": "what is old and not open is cleared away",
    "schedule.consents": "those who asked customers are told of answers that are late",
    "schedule.previews": "previews that nobody confirmed in time are thrown away",
    "schedule.arrivals": "the morning's word about arrivals is posted",
    "photos.kept": "a photo of goods is kept as a file",
    "backup.plan": "the backup's schedule is brought up to date",
    "backup.done": "a backup is there: its slot is taken",
    "backup.failed": "a backup that failed is told to the owners",
    "watch.telegram_away": "since when Telegram is away is kept",
    "watch.telegram": "the owners are told that Telegram was away",
    "watch.database": "the owners are told that the database can be written again",
    "tell.stuck": "what is stuck is looked for and told",
    "tell.approvals": "owners are asked for payments above the sum",
    "tell.escalate": "what nobody answered is told to others",
    "tell.digests": "what waited for people is gathered into digests",
    "reserve.quotes": "prices of some lines are kept",
    "reserve.price": "sum and freight of a checkout are kept",
    "reserve.priced": "a preview waits for its consent",
    "reserve.begin": "the time for taking a reservation back is over",
    "reserve.address": "the intent of a new entry in an address book is prepared or taken over",
    "reserve.address_added": "a new entry in an address book is kept",
    "reserve.address_refused": "a refused entry is kept",
    "reserve.address_stopped": "the gate stops a new entry",
    "reserve.address_unknown": "a new entry gave no answer",
    "reserve.address_looked": "the result of a look at the address book is judged",
    "reserve.prepare": "the intent of a checkout is prepared or taken over",
    "effect.gate": "`sending` is written, right before an effect",
    "reserve.placed": "orders that were placed are kept and bound",
    "reserve.refused": "a refusal of the marketplace is kept",
    "reserve.limit": "a limit of the marketplace stops a reservation",
    "reserve.stopped": "the gate stops a reservation",
    "reserve.late": "a checkout that came too late is made ready to be tried anew",
    "reserve.unknown": "an effect gave no answer",
    "reserve.sleep": "a look for an unknown outcome is put off",
    "reserve.take_over": "an intent that was being sent is taken over, to look for it",
    "reserve.looked": "the result of a look is judged",
    "reserve.named": "the order that a person named is kept and bound",
    "reserve.rearm": "an intent is made ready to be sent again, as a person wants it",
    "reserve.finish": "a reservation ends, or waits for answers",
    "link.keep": "an order that lines are linked with is kept and bound",
    "link.skip": "an order that can't be linked is passed over",
    "link.finish": "a linking ends, or waits for answers",
    "lookup.change": "what was found in a picture or text is written",
    "unbind.prepare": "the intent of a cancellation is prepared or taken over",
    "unbind.cancelled": "a cancellation is kept and its ties are taken off",
    "unbind.refused": "a refused cancellation is kept",
    "unbind.stopped": "the gate stops a cancellation",
    "unbind.unknown": "a cancellation gave no answer",
    "unbind.seen": "an order that is to be unbound was read",
    "unbind.ask": "what to do with the orders is asked",
    "unbind.sleep": "a look for an unknown cancellation is put off",
    "unbind.take_over": "a cancellation that was being sent is taken over, to look for it",
    "unbind.looked": "the result of a look for a cancellation is judged",
    "unbind.finish": "an unbinding ends, or waits for answers",
    "check.finish": "the questions about an order that differs are all answered",
}
"""Units of work: each has the points `<name>.written` (not committed yet) and `<name>.committed`."""

STEPS: dict[str, str] = {
    "callback.send": "an event is about to be sent to a shop",
    "callback.sent": "the shop has answered, it isn't kept",
    "start.migrated": "the tables are there, nothing else has begun",
    "inbox.offset": "Telegram is about to be told that updates are taken in",
    "turn.answered": "the pressed button was answered",
    "outbox.send": "a message is about to be sent or edited",
    "outbox.sent": "Telegram has a message, nobody has noted it",
    "outbox.removed": "Telegram has deleted a message, nobody has noted it",
    "import.read": "a file is read, nothing of it is kept",
    "login.code": "a login has taken what a person typed, nobody has noted it",
    "reserve.quoted": "the marketplace told its prices, they aren't kept",
    "reserve.previewed": "the marketplace told sum and freight, they aren't kept",
    "sync.read": "the marketplace told a page of changes, it isn't kept",
    "reserve.hands_dead": "the hand that was sending is dead, nobody has looked yet",
    "reserve.found": "the marketplace told what it has, it isn't judged",
    "alibaba1688.renewed": "1688 gave new tokens, they aren't kept",
    "alibaba1688.create": "the order is about to be sent to 1688",
    "alibaba1688.created": "1688 has answered the order",
    "alibaba1688.read_back": "the new order was read back from 1688",
    "alibaba1688.cancel": "the cancellation is about to be sent to 1688",
    "alibaba1688.cancelled": "1688 has answered the cancellation",
    "taobao.cart": "the lines are in the cart, nothing is ordered",
    "taobao.press": "the submit button is about to be pressed",
    "taobao.pressed": "the submit button was pressed",
    "taobao.outcome": "Taobao has shown where the press led",
    "taobao.proved": "the new order was found in the bought list",
    "taobao.save_address": "the save button of an address is about to be pressed",
    "taobao.address_saved": "the save button of an address was pressed",
    "taobao.cancel": "the cancel button is about to be pressed",
    "taobao.cancelled": "the cancel button was pressed",
}
"""Moments between units of work, most of them around an effect."""

POINTS = (*STEPS, *(f"{unit}.{side}" for unit in UNITS for side in ("written", "committed")))

_armed: "dict[str, Armed]" = {}


class CrashRequested(Exception):
    """A drill wanted an error here."""


class Armed:
    """A point at which something is to happen: `nth` is which time it is reached, `how` what happens then."""

    def __init__(self, point: str, nth: str, how: str) -> None:
        if point not in POINTS or not nth.isdigit() or how not in HOW:
            raise ValueError(f"{CRASH_AT} must be point[:nth[:how]], how one of {', '.join(HOW)}")
        self._point, self._left, self._how = point, int(nth), how

    def reach(self) -> None:
        self._left -= 1
        if self._left != 0:
            return
        if self._how == "raise":
            raise CrashRequested(self._point)
        os.kill(os.getpid(), signal.SIGKILL if self._how == "kill" else signal.SIGSTOP)


def arm(environment: Mapping[str, str]) -> None:
    """Makes the points that VYKUP_CRASH_AT names (parted by commas) live, but only where VYKUP_DRILL says `yes`.

    Raises ValueError."""
    _armed.clear()
    named = environment.get(CRASH_AT, "") if environment.get(DRILL) == "yes" else ""
    for entry in filter(None, named.split(",")):
        point, nth, how, *_ = (*entry.split(":"), "", "")
        _armed[point] = Armed(point, nth or "1", how or "kill")


def crash_point(name: str) -> None:
    if _armed and name in _armed:
        _armed[name].reach()


async def write(db: Database, name: str, fn: Callable[[Store], T]) -> T:
    """`db.write(fn)` as the named unit of work, with a point on either side of its commit."""

    def unit(store: Store) -> T:
        result = fn(store)
        crash_point(f"{name}.written")
        return result

    result = await db.write(unit)
    crash_point(f"{name}.committed")
    return result
