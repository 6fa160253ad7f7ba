"""A person doesn't wait for the next try of an activity that met a trouble; its own looks and delays stay."""

from datetime import datetime

from purchasing.activity_log import go_on
from purchasing.errors import Stale
from purchasing.people import Person, Right, check, check_account
from purchasing.ports import Store


def try_now(store: Store, person: Person, activity_id: int, now: datetime) -> None:
    """Raises NotAllowed, Stale when it isn't put off any more."""
    check(person, Right.BUY)
    activity = store.activities.get(activity_id)
    if activity is None or not activity.put_off:
        raise Stale("not_put_off")
    if activity.account_id is not None:
        check_account(person, activity.account_id)
    go_on(store, activity, now)
