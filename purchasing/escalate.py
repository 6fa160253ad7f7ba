"""What nobody has answered goes on to others: first to the buyers on duty, then to the owners. The first answer
wins."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from purchasing.cards import Address
from purchasing.options import option
from purchasing.people import Person
from purchasing.ports import Store
from purchasing.sessions import ask_for_login
from purchasing.stuck_things import StuckKind
from purchasing.tell import on_duty, owners, post_question, tell
from purchasing.words import Lane, SessionState

LOST = (SessionState.EXPIRED, SessionState.NEEDS_HUMAN)


def escalate(store: Store, now: datetime) -> None:
    """Each person is told of each thing once, however often this runs. A failure goes on until somebody puts it
    aside."""
    patience = timedelta(minutes=int(option(store, "escalate.minutes")))
    for question in store.questions.open():
        activity = store.activities.get(question.activity_id)
        if activity and question.asked_at:
            people = _next(store, activity.account_id, (now - question.asked_at) // patience)
            post_question(store, people, activity, question, now)
    for account in store.accounts.all():
        if account.session in LOST and account.login_asked_at:
            people = _next(store, account.id, (now - account.login_asked_at) // patience)
            ask_for_login(store, account, people, account.login_asked_at, now)
    for thing in store.stuck.all():
        if thing.kind is StuckKind.FAILED and thing.shown(now):
            people = _next(store, thing.account_id, (now - thing.since) // patience)
            address = Address.of("stuck_one", thing.id)
            tell(store, people, address, Lane.RESULT, now, f"failed:activity:{thing.subject_id}")


def _next(store: Store, account_id: int | None, steps: int) -> Iterable[Person]:
    """Those who are to be told by now, beside those who were asked first."""
    buyers = on_duty(store, account_id) if steps >= 1 else []
    return [*buyers, *(owners(store) if steps >= 2 else [])]
