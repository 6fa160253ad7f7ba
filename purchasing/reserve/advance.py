"""The reserve activity: picks the next piece of work from its plan and the ledger. Old intents come before new ones."""

from collections.abc import Mapping
from datetime import datetime

from purchasing.activities import Activity
from purchasing.activity_log import as_planned, end, note, save, wait
from purchasing.crash import write
from purchasing.ledger import Effect, Intent
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Provider
from purchasing.reserve.address import address_piece, look_for_address
from purchasing.reserve.hold import let_go
from purchasing.reserve.place import place_piece
from purchasing.reserve.plan import ReservePlan
from purchasing.reserve.quote import price_piece, quote_piece
from purchasing.reserve.reconcile import reconcile_piece, resolve_piece
from purchasing.reserve.stop import leave_to_a_person, stop_rest
from purchasing.reserve.take_back import begin
from purchasing.words import ActivityState, IntentState, Lane, ProviderName, QuestionState


class Reserve:
    def __init__(self, db: Database, clock: Clock, providers: Mapping[ProviderName, Provider]) -> None:
        self._db, self._clock, self._providers = db, clock, providers

    async def advance(self, activity: Activity) -> None:
        assert activity.provider is not None  # noqa: S101  # every reservation has one
        provider = self._providers[activity.provider]
        plan = ReservePlan.of(activity)
        if plan.phase == "quote":
            await quote_piece(self._db, self._clock, provider, activity)
        elif plan.phase in ("price", "confirm"):
            await price_piece(self._db, self._clock, provider, activity)
        else:
            await self._place(provider, activity, plan)

    async def _place(self, provider: Provider, activity: Activity, plan: ReservePlan) -> None:
        if plan.not_before is not None:
            await write(self._db, "reserve.begin", lambda store: begin(store, activity.id, self._clock()))
            return
        intents = await self._db.read(lambda store: store.ledger.of_activity(activity.id))
        sending = next((i for i in intents if i.state is IntentState.SENDING), None)
        decided = next((i for i in intents if _decided(i, plan)), None)
        if sending and sending.effect is Effect.ADD_ADDRESS:
            await look_for_address(self._db, self._clock, provider, activity, sending)
        elif sending:
            await reconcile_piece(self._db, self._clock, provider, activity, sending)
        elif decided:
            await resolve_piece(self._db, self._clock, provider, activity, decided)
        elif plan.unquoted() and not plan.stopped:
            await quote_piece(self._db, self._clock, provider, activity)
        elif plan.unpriced() and not plan.stopped:
            await price_piece(self._db, self._clock, provider, activity)
        elif (number := next_to_place(plan, intents)) is not None and plan.checkout(number).new_address:
            await address_piece(self._db, self._clock, provider, activity, number)
        elif number is not None:
            await place_piece(self._db, self._clock, provider, activity, number)
        else:
            await write(self._db, "reserve.finish", lambda store: _finish(store, activity, self._clock()))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        """Lines that are neither placed nor possibly placed become ready again; the rest is left to a person."""
        plan = ReservePlan.of(activity)
        leave_to_a_person(store, activity, now)
        stop_rest(store, activity, plan, "given_up", now)
        let_go(store, plan.preview_id, plan.line_ids)
        save(store, plan.on(activity), now)
        store.cards.touch(f"preview:{plan.preview_id}", Lane.RESULT, now)


def _decided(intent: Intent, plan: ReservePlan) -> bool:
    return intent.state is IntentState.UNKNOWN and (intent.id in plan.found or intent.id in plan.resend)


def next_to_place(plan: ReservePlan, intents: list[Intent]) -> int | None:
    """The next checkout that may be sent; one whose outcome is unknown waits for its question."""
    unknown = {intent.id for intent in intents if intent.state is IntentState.UNKNOWN}
    if plan.stopped:
        return None
    return next((c.number for c in plan.checkouts if not c.done and c.intent_id not in unknown), None)


def _finish(store: Store, begun: Activity, now: datetime) -> None:
    activity = as_planned(store, begun)
    if activity is None:
        return
    plan = ReservePlan.of(activity)
    store.cards.touch(f"preview:{plan.preview_id}", Lane.RESULT, now)
    if any(q.state is QuestionState.OPEN for q in store.questions.of_activity(activity.id)):
        wait(store, plan.on(activity), now)
        return
    let_go(store, plan.preview_id, plan.line_ids)
    note(store, activity, "info", "finished", now, orders=activity.orders_found)
    end(store, plan.on(activity), ActivityState.DONE, now)
