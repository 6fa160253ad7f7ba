"""The activity that tries an account's browser and proxy: opens a page of the marketplace and says what happened. It
changes nothing there, and signs in to nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from purchasing.account_browser import owned_account
from purchasing.activities import Activity
from purchasing.activity_log import end, note
from purchasing.crash import write
from purchasing.errors import Stale, Transient
from purchasing.people import Person
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Provider
from purchasing.words import ActivityKind, ActivityState, Lane, Priority, ProviderName


def try_browser(store: Store, person: Person, account_id: int, now: datetime) -> Activity:
    """Starts it; one that is under way is returned instead. Raises NotAllowed, Stale."""
    account = owned_account(store, person, account_id)
    for activity in store.activities.unfinished(ActivityKind.BROWSER, account_id):
        return activity
    draft = Activity(
        0,
        ActivityKind.BROWSER,
        ActivityState.QUEUED,
        "",
        Priority.PERSON,
        account_id=account_id,
        provider=account.provider,
        started_by=person.id,
        title=account.nick,
    )
    activity = store.activities.add(draft, now)
    store.cards.touch(f"browser:{account_id}", Lane.PRESS, now)
    return activity


class TryBrowser:
    """One piece, no second try: a person looks at the result and presses again."""

    def __init__(self, db: Database, clock: Clock, providers: Mapping[ProviderName, Provider]) -> None:
        self._db, self._clock, self._providers = db, clock, providers

    async def advance(self, activity: Activity) -> None:
        account = await self._db.read(lambda store: store.accounts.get(activity.account_id or 0))
        if account is None:
            raise Stale("account_gone")
        try:
            browser = await self._providers[account.provider].try_browser(account.ref)
        except Transient as trouble:
            code = trouble.code
            await write(self._db, "browser.failed", lambda store: self._failed(store, activity, code))
        else:
            await write(self._db, "browser.works", lambda store: self._works(store, activity, browser))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        """Nothing is held."""

    def _works(self, store: Store, activity: Activity, browser: str) -> None:
        now = self._clock()
        note(store, activity, "ok", "browser_works", now, what=browser)
        end(store, activity, ActivityState.DONE, now)
        store.cards.touch(f"browser:{activity.account_id}", Lane.RESULT, now)

    def _failed(self, store: Store, activity: Activity, code: str) -> None:
        now = self._clock()
        note(store, activity, "error", code, now)
        end(store, replace(activity, errors=1), ActivityState.FAILED, now, code)
        store.cards.touch(f"browser:{activity.account_id}", Lane.RESULT, now)
