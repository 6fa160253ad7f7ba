"""What is cleared away by itself: old activities, spent updates, expired pictures, idle browsers; nothing open."""

from collections.abc import Sequence
from datetime import timedelta

from purchasing.crash import write
from purchasing.manage_shops import hide_old_secrets
from purchasing.options import option
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Provider
from purchasing.push_orders import REQUESTS_KEPT

AT_ONCE = 100
INBOX_KEPT = timedelta(days=5)
"""Telegram may send an update again for a day; the keys are kept a good deal longer."""

DEAD_LETTERS_KEPT = timedelta(days=30)
CARDS_KEPT = 20_000
TOLD_KEPT = timedelta(days=90)
LINKS_KEPT = timedelta(days=7)
EVIDENCE_KEPT = timedelta(days=90)
"""A marketplace's dispute about an order is over by then."""


class Housekeeping:
    def __init__(self, db: Database, clock: Clock, providers: Sequence[Provider]) -> None:
        self._db, self._clock, self._providers = db, clock, providers

    async def __call__(self) -> None:
        await write(self._db, "schedule.purge", self._purge)
        for provider in self._providers:
            await provider.close_idle()

    def _purge(self, store: Store) -> None:
        now = self._clock()
        days, fewest = (int(option(store, key)) for key in ("activities.days", "activities.keep"))
        store.activities.purge(now - timedelta(days=days), fewest, AT_ONCE)
        store.inbox.purge(now - INBOX_KEPT)
        store.cards.purge(now - DEAD_LETTERS_KEPT, CARDS_KEPT)
        store.ledger.forget_evidence(now - EVIDENCE_KEPT)
        store.blobs.purge(now)
        store.shops.purge_requests(now - REQUESTS_KEPT)
        hide_old_secrets(store, now)
        store.told.purge(now - TOLD_KEPT)
        store.page_links.purge(now - LINKS_KEPT)
