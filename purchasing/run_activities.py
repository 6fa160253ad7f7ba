"""Runs one piece of one activity and decides what its errors mean for it. No error may leave an activity stuck."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from purchasing import troubles
from purchasing.activities import Activity
from purchasing.activity_log import end, note, save, wait
from purchasing.crash import write
from purchasing.errors import (
    LimitReached,
    NeedsHuman,
    NotInstalled,
    PageChanged,
    SessionExpired,
    StorageUnavailable,
    Transient,
)
from purchasing.limits import learn_limit
from purchasing.ports import Clock, Database, Store
from purchasing.sessions import lose_session, need_human
from purchasing.tell_failure import tell_failure
from purchasing.words import ActivityKind, ActivityState, IntentState

log = logging.getLogger(__name__)

TRIES = 3
"""How often a piece may die of an unforeseen error before its activity is parked."""
PATIENCE = 10
"""How often a passing trouble (marketplace away) is waited out before the activity ends as failed."""
OURS = frozenset({"poison", "page_changed"})
"""What staff can't help with: the owners are told, whoever started it."""
AWAY_LONG = timedelta(hours=1)
"""How long a marketplace is away before the owners are told."""
LONGEST_PAUSE = timedelta(minutes=10)
LONGEST_PIECE = timedelta(minutes=5)
"""A piece that takes longer hangs: its calls have limits of their own, so that only a browser can."""

Unhang = Callable[[Activity], Awaitable[None]]
"""Ends what may hang for an activity's account."""


async def _nothing(_activity: Activity) -> None:
    """No browser is at work."""


class Kind(Protocol):
    """What one kind of activity does.

    `advance` does one bounded piece and saves the activity in the same unit as what happened; it must stand being
    killed anywhere and called again. Left `running`, the activity is queued for its next piece."""

    async def advance(self, activity: Activity) -> None: ...

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        """Clears what must not stay behind when the activity ends unfinished (lines held, prepared intents)."""
        ...


class RunActivities:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        kinds: Mapping[ActivityKind, Kind],
        unhang: Unhang = _nothing,
        longest: timedelta = LONGEST_PIECE,
    ) -> None:
        self._db, self._clock, self._kinds = db, clock, kinds
        self._unhang, self._longest = unhang, longest

    async def advance(self, activity: Activity) -> None:
        """One piece; raises nothing but cancellation and storage errors."""
        try:
            await self._watched(activity)
            if activity.attempts:
                await self._change(activity.id, _recovered)
            await self._answers(activity)
        except SessionExpired:
            await self._change(activity.id, lose_session)
        except NeedsHuman as trouble:
            kind, picture = trouble.kind, trouble.picture
            await self._change(activity.id, lambda s, a, now: need_human(s, a, kind, picture, now))
        except Transient as trouble:
            pause, code = trouble.retry_after, trouble.code
            await self._change(activity.id, lambda s, a, now: self._postpone(s, a, pause, code, now))
        except LimitReached:
            await self._change(activity.id, self._limited)
        except NotInstalled as trouble:
            log.error("activity %s: %s", activity.id, trouble)
            code = trouble.code
            await self._change(activity.id, lambda s, a, now: self._park(s, a, code, "", now))
        except PageChanged as trouble:
            what = trouble.what
            await self._change(activity.id, lambda s, a, now: self._park(s, a, "page_changed", what, now))
        except StorageUnavailable:
            raise
        except Exception as error:
            log.exception("a piece of activity %s failed", activity.id)
            name = type(error).__name__
            await self._change(activity.id, lambda s, a, now: self._count(s, a, name, now))

    async def _watched(self, activity: Activity) -> None:
        """A piece that hangs is broken off, with the browser that it hangs in. An effect under way stays `sending`, and
        is looked for before anything else. Raises Transient then."""
        try:
            async with asyncio.timeout(self._longest.total_seconds()) as limit:
                await self._kinds[activity.kind].advance(activity)
        except TimeoutError:
            if not limit.expired():
                raise
            log.error("a piece of activity %s hung for %s and was broken off", activity.id, self._longest)
            await self._unhang(activity)
            raise Transient("a piece hung") from None

    async def _change(self, activity_id: int, change: Callable[[Store, Activity, datetime], None]) -> None:
        def unit(store: Store) -> None:
            activity = store.activities.get(activity_id)
            if activity is not None and not activity.over:
                change(store, activity, self._clock())

        await write(self._db, "activity.trouble", unit)

    async def _answers(self, activity: Activity) -> None:
        """The marketplace did something for us: if it was away for long, that is over."""
        name = activity.provider
        if name is not None and await self._db.read(lambda store: troubles.known(store, name)):
            await write(self._db, "activity.answers", lambda store: troubles.over(store, name, self._clock()))

    def _postpone(self, store: Store, activity: Activity, pause: timedelta, code: str, now: datetime) -> None:
        """`code` tells what is away; of one account's browser or proxy the owners aren't told as of the provider."""
        if activity.provider is not None and code == "provider_away":
            troubles.begin(store, activity.provider, now, AWAY_LONG)
        tries = activity.attempts + 1
        if tries >= PATIENCE:
            self._park(store, activity, code, "", now)
            return
        if tries == 1:
            note(store, activity, "info", code, now)
        again_at = now + min(pause * 2 ** (tries - 1), LONGEST_PAUSE)
        save(store, replace(activity, state=ActivityState.QUEUED, attempts=tries, not_before=again_at), now)

    def _count(self, store: Store, activity: Activity, error: str, now: datetime) -> None:
        tries = activity.attempts + 1
        if tries >= TRIES:
            self._park(store, activity, "poison", error, now)
            return
        again_at = now + timedelta(seconds=5 * tries)
        save(store, replace(activity, state=ActivityState.QUEUED, attempts=tries, not_before=again_at), now)

    def _limited(self, store: Store, activity: Activity, now: datetime) -> None:
        learn_limit(store, activity.account_id, now)
        self._park(store, activity, "limit_reached", "", now)

    def _park(self, store: Store, activity: Activity, code: str, what: str, now: datetime) -> None:
        """Ends what can't go on; an activity that may have sent something waits for a person instead."""
        note(store, activity, "error", code, now, what=what)
        tell_failure(store, activity, now, ours=code in OURS)
        self._kinds[activity.kind].give_up(store, activity, now)
        current = store.activities.get(activity.id) or activity
        current = replace(current, errors=current.errors + 1)
        if any(intent.state is IntentState.UNKNOWN for intent in store.ledger.of_activity(activity.id)):
            wait(store, current, now)
        else:
            end(store, current, ActivityState.FAILED, now, code)


def _recovered(store: Store, activity: Activity, _now: datetime) -> None:
    """Troubles are counted in a row: what went well in between counts as a new beginning."""
    store.activities.save(replace(activity, attempts=0))
