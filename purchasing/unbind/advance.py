"""The unbind activity: looks at each provider order first, asks, then takes ties off or cancels. Looks come first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.activity_log import as_planned, end, note, save, sleep, take_questions_back, wait
from purchasing.crash import write
from purchasing.errors import Refused
from purchasing.ledger import Intent, LineOutcome
from purchasing.looking import looks, next_look
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Provider, ProviderOrderSeen
from purchasing.refusals import Refusal
from purchasing.see_order import see_order
from purchasing.unbind import questions
from purchasing.unbind.cancel import cancel_piece, keep_cancelled, keep_not_cancelled
from purchasing.unbind.plan import Target, UnbindPlan
from purchasing.unbind.untie import foreign_goods, others_on, ties, untie
from purchasing.words import ActivityState, IntentState, ProviderName, QuestionState, Stage

CLOSED = frozenset({Stage.CLOSED_UNPAID, Stage.CLOSED_REFUNDED})


class Unbind:
    def __init__(self, db: Database, clock: Clock, providers: Mapping[ProviderName, Provider]) -> None:
        self._db, self._clock, self._providers = db, clock, providers

    async def advance(self, activity: Activity) -> None:
        account = await self._db.read(lambda store: _account(store, activity))
        provider = self._providers[account.provider]
        plan = UnbindPlan.of(activity)
        intents = await self._db.read(lambda store: store.ledger.of_activity(activity.id))
        sending = next((intent for intent in intents if intent.state is IntentState.SENDING), None)
        if sending:
            await self._look_for(provider, account, activity, plan.of_intent(sending.id).number, sending)
        elif target := plan.first("look") or plan.first("refresh"):
            await self._read(provider, account, activity, target)
        elif plan.first("ask"):
            await write(self._db, "unbind.ask", lambda store: questions.ask_all(store, activity.id, self._clock()))
        elif target := plan.first("cancel"):
            await cancel_piece(self._db, self._clock, provider, activity, target)
        else:
            await write(self._db, "unbind.finish", lambda store: _finish(store, activity, self._clock()))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        """Nothing more is sent. A cancellation whose outcome nobody knows is safe to forget: the ties stay on, and the
        next sync sees what became of the order."""
        _end_intents(store, activity, (IntentState.PREPARED, IntentState.SENDING, IntentState.UNKNOWN), now)

    async def _read(self, provider: Provider, account: Account, activity: Activity, target: Target) -> None:
        seen = await _order(provider, account, target.number)
        await write(self._db, "unbind.seen", lambda s: _judge(s, activity.id, target.order_id, seen, self._clock()))

    async def _look_for(
        self, provider: Provider, account: Account, activity: Activity, number: str, intent: Intent
    ) -> None:
        """One look for a cancellation that was being sent when something broke."""
        due = await self._db.read(lambda store: next_look(store, intent))
        if self._clock() < due:
            await write(self._db, "unbind.sleep", lambda store: sleep(store, activity.id, due, self._clock()))
            return
        await provider.stop_hands(account.ref)
        intent = await write(self._db, "unbind.take_over", lambda store: store.ledger.take_over(intent.id))
        seen = await _order(provider, account, number)
        await write(self._db, "unbind.looked", lambda s: _judge_look(s, activity.id, intent, seen, self._clock()))


async def _order(provider: Provider, account: Account, number: str) -> ProviderOrderSeen | None:
    """None when the account doesn't have it."""
    try:
        return await provider.order(account.ref, number)
    except Refused:
        return None


def _account(store: Store, activity: Activity) -> Account:
    account = store.accounts.get(activity.account_id or 0)
    assert account is not None  # noqa: S101  # accounts are never deleted
    return account


def _judge(store: Store, activity_id: int, order_id: int, seen: ProviderOrderSeen | None, now: datetime) -> None:
    """What the order looks like now decides what may be asked."""
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    plan = UnbindPlan.of(activity)
    target = plan.target(order_id)
    if seen:
        see_order(store, _account(store, activity), seen, now, activity_id)
    if target.state == "refresh" or not ties(store, target):
        target.state = "done"
    elif seen and seen.stage in CLOSED:
        untie(store, activity, target, target.line_ids, now)
        target.state = "done"
    elif (kind := _kind(store, activity, target, seen, now)) == questions.UNPAID and plan.cancel:
        target.state, target.tries = "cancel", 0
    else:
        target.ask(kind)
    save(store, plan.on(activity), now)


def _kind(store: Store, activity: Activity, target: Target, seen: ProviderOrderSeen | None, now: datetime) -> str:
    if seen is None:
        return Refusal.ORDER_NOT_FOUND
    if seen.stage is None:
        return questions.UNSURE
    if seen.stage is not Stage.UNPAID:
        return questions.PAID
    others = others_on(store, target)
    if not others:
        return questions.FOREIGN if foreign_goods(store, target) else questions.UNPAID
    names = ", ".join(f"{line.order_number} · {line.title[:24] or line.item_id}" for line in others[:5])
    note(store, activity, "info", "others_hang", now, number=target.number, others=names)
    return questions.SHARED


def _judge_look(store: Store, activity_id: int, intent: Intent, seen: ProviderOrderSeen | None, now: datetime) -> None:
    activity = store.activities.get(activity_id)
    current = store.ledger.get(intent.id)
    if activity is None or current is None or current.state is not IntentState.SENDING:
        return
    if seen and seen.stage in CLOSED:
        keep_cancelled(store, activity_id, intent, now)
    elif seen and seen.stage not in (None, Stage.UNPAID):
        keep_not_cancelled(store, activity_id, intent, questions.PAID, now)
    else:
        store.ledger.looked(intent.id)
        if intent.looks + 1 < len(looks(store)):
            note(store, activity, "info", "looked_cancel", now, look=intent.looks + 1)
            save(store, replace(activity, state=ActivityState.QUEUED), now)
        else:
            keep_not_cancelled(store, activity_id, intent, questions.CANCEL_UNKNOWN, now)


def _finish(store: Store, begun: Activity, now: datetime) -> None:
    activity = as_planned(store, begun)
    if activity is None:
        return
    if any(q.state is QuestionState.OPEN for q in store.questions.of_activity(activity.id)):
        wait(store, activity, now)
    else:
        end(store, activity, ActivityState.DONE, now)


def _end_intents(store: Store, activity: Activity, states: tuple[IntentState, ...], now: datetime) -> None:
    for intent in store.ledger.of_activity(activity.id):
        if intent.state in states:
            outcomes = {line.line_id: LineOutcome.ABSENT for line in intent.lines}
            store.ledger.finish(intent.id, IntentState.ABSENT, outcomes, [], "stopped", now)


def stop_unbind(store: Store, activity: Activity, now: datetime) -> None:
    """A person stops it: what is still bound stays bound. While a cancellation is being sent, it goes on for that."""
    take_questions_back(store, activity, now)
    _end_intents(store, activity, (IntentState.PREPARED, IntentState.UNKNOWN), now)
    sending = {i.id for i in store.ledger.of_activity(activity.id) if i.state is IntentState.SENDING}
    if not sending:
        end(store, activity, ActivityState.CANCELLED, now)
        return
    plan = UnbindPlan.of(activity)
    for target in plan.targets:
        if target.intent_id not in sending:
            target.state = "done"
    save(store, plan.on(activity), now)
