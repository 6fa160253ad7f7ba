"""Places one checkout through the ledger. Whoever finds an intent that was being sent looks for it, never sends it."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from purchasing.activities import Activity
from purchasing.activity_log import note, save
from purchasing.begin_purchase import begin_placed
from purchasing.check.compare import check_order
from purchasing.checkout_json import dump, load
from purchasing.crash import write
from purchasing.errors import Conflict, LimitReached, OutcomeUnknown, Refused, SendingStopped, Transient
from purchasing.gate import LedgerGate
from purchasing.ledger import Effect, Intent, IntentLine, LineOutcome
from purchasing.limits import learn_limit, went_over
from purchasing.line_cost import learn_costs
from purchasing.line_status import Mover
from purchasing.money import yuan
from purchasing.moves import move
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Checkout, LineRefusal, Placed, Provider
from purchasing.refusals import Refusal
from purchasing.reserve.bind import bind_placed
from purchasing.reserve.plan import PlannedCheckout, ReservePlan
from purchasing.reserve.quote import ask_or_show, build_checkout
from purchasing.reserve.settings import tolerance
from purchasing.reserve.stop import end_intent, give_back, stop_rest
from purchasing.words import IntentState, Lane, LineStatus


async def place_piece(db: Database, clock: Clock, provider: Provider, activity: Activity, number: int) -> None:
    """One checkout, from the prepared intent to its outcome."""
    prepared = await write(db, "reserve.prepare", lambda store: _prepare(store, activity.id, number, clock()))
    if prepared is None:
        return
    intent, checkout = prepared
    account = await db.read(lambda store: store.accounts.get(intent.account_id))
    assert account is not None  # noqa: S101  # accounts are never deleted
    gate = LedgerGate(db, clock, intent)
    try:
        placed = await gate.outcome(provider.place(account.ref, checkout, gate))
    except Refused as refusal:
        found = refusal
        await write(db, "reserve.refused", lambda s: _refused(s, activity.id, number, intent, found, clock()))
    except SendingStopped as stop:
        await _not_sent(db, clock, activity, number, intent, stop.code)
    except LimitReached:
        await write(db, "reserve.limit", lambda store: _limited(store, activity.id, intent, clock()))
    except OutcomeUnknown:
        await write(db, "reserve.unknown", lambda store: _unknown(store, activity.id, intent, clock()))
    else:
        await write(db, "reserve.placed", lambda store: keep_placed(store, activity.id, intent, placed, clock()))


async def _not_sent(db: Database, clock: Clock, activity: Activity, number: int, intent: Intent, code: str) -> None:
    """The gate, or a driver that came too late after it, sent nothing."""
    if code == "fence":
        return  # a newer hand has the intent, and alone may end it
    if code == "deadline":
        await write(db, "reserve.late", lambda store: _too_late(store, activity.id, number, intent, clock()))
        raise Transient("the deadline passed before anything was sent", timedelta(seconds=2))
    await write(db, "reserve.stopped", lambda store: stop_after(store, activity.id, intent, code, clock()))


def _too_late(store: Store, activity_id: int, number: int, intent: Intent, now: datetime) -> None:
    activity = store.activities.get(activity_id)
    assert activity is not None  # noqa: S101  # just read by this piece
    if ended(store, intent):
        return
    end_intent(store, intent, IntentState.ABSENT, LineOutcome.ABSENT, "deadline", now)
    plan = ReservePlan.of(activity)
    plan.checkout(number).intent_id = None
    store.activities.save(plan.on(activity))


def _prepare(store: Store, activity_id: int, number: int, now: datetime) -> tuple[Intent, Checkout] | None:
    """The intent that holds the checkout's lines: new, or found `prepared` (nothing was sent) and taken over."""
    activity = store.activities.get(activity_id)
    if activity is None or activity.over or activity.account_id is None:
        return None
    plan = ReservePlan.of(activity)
    planned = plan.checkout(number)
    if planned.intent_id is not None:
        return _again(store, planned.intent_id)
    checkout = build_checkout(store, plan, planned, key=_key(activity, number), expected=True)
    lines = tuple(IntentLine(x.line_id, x.quantity, x.item_id, x.sku_id) for x in checkout.lines)
    if _outcome_pending(store, activity.account_id, lines):
        _give_back(store, plan, activity, planned, Refusal.UNKNOWN_OUTCOME, now)
        return None
    draft = Intent(
        0,
        checkout.key,
        Effect.PLACE,
        activity.id,
        activity.account_id,
        IntentState.PREPARED,
        dump(checkout),
        planned.total,
        lines=lines,
    )
    try:
        intent = store.ledger.prepare(draft, now)
    except Conflict:
        _give_back(store, plan, activity, planned, Refusal.HELD, now)
        return None
    planned.intent_id = intent.id
    store.activities.save(plan.on(activity))
    return intent, checkout


def _again(store: Store, intent_id: int) -> tuple[Intent, Checkout] | None:
    intent = store.ledger.get(intent_id)
    if intent is None or intent.state is not IntentState.PREPARED:
        return None
    return store.ledger.take_over(intent_id), load(intent.checkout)


def _key(activity: Activity, number: int) -> str:
    """Also 1688's outOrderId: never used for another intent, even in a database that was set back."""
    return f"VK{activity.id}-{number}-{secrets.token_hex(4)}"


def _outcome_pending(store: Store, account_id: int, lines: Sequence[IntentLine]) -> bool:
    """While an outcome is unknown, nothing with the same account, item and sku may be sent: a look couldn't tell them
    apart."""
    mine = {(line.item_id, line.sku_id) for line in lines}
    open_intents = [i for i in store.ledger.live(account_id) if i.state is not IntentState.PREPARED]
    return any((line.item_id, line.sku_id) in mine for intent in open_intents for line in intent.lines)


def _give_back(
    store: Store, plan: ReservePlan, activity: Activity, planned: PlannedCheckout, why: str, now: datetime
) -> None:
    lines = give_back(store, activity, planned.line_ids, why, now)
    note(store, activity, "error", "not_sent", now, why=why, lines=len(lines))
    planned.done = True
    save(store, plan.on(replace(activity, errors=activity.errors + 1)), now)


def _refused(store: Store, activity_id: int, number: int, intent: Intent, refusal: Refused, now: datetime) -> None:
    """The provider said no. With a line at fault the rest is priced and tried again; else all lines are asked about."""
    activity = store.activities.get(activity_id)
    assert activity is not None  # noqa: S101  # just read by this piece
    if ended(store, intent):
        return  # stopped by a person meanwhile
    plan = ReservePlan.of(activity)
    planned = plan.checkout(number)
    end_intent(store, intent, IntentState.ABSENT, LineOutcome.REFUSED, str(refusal), now)
    at_fault = refusal.line_id
    bad = [at_fault] if at_fault is not None and at_fault in planned.line_ids else list(planned.line_ids)
    refusals = [LineRefusal(line_id, refusal.code, refusal.detail) for line_id in bad]
    planned.intent_id, planned.priced = None, False
    refuse_lines(store, activity, plan, refusals, now)


def ended(store: Store, intent: Intent) -> bool:
    current = store.ledger.get(intent.id)
    return current is None or not current.live


def refuse_lines(
    store: Store, activity: Activity, plan: ReservePlan, refusals: Sequence[LineRefusal], now: datetime
) -> None:
    """Lines that the provider left out: noted, taken out of their checkout and asked about, one card per reason."""
    for refusal in refusals:
        note(store, activity, "error", "refused", now, refusal.line_id, why=refusal.code, detail=refusal.detail)
    activity = replace(activity, errors=activity.errors + len(refusals))
    ask_or_show(store, activity, plan, refusals, now)
    save(store, plan.on(activity), now)
    store.cards.touch(f"preview:{plan.preview_id}", Lane.PROGRESS, now)


def _limited(store: Store, activity_id: int, intent: Intent, now: datetime) -> None:
    stop_after(store, activity_id, intent, Refusal.LIMIT_REACHED, now)
    learn_limit(store, intent.account_id, now)  # the refused order counts no more


def stop_after(store: Store, activity_id: int, intent: Intent, code: str, now: datetime) -> None:
    """Nothing more of this reservation may be sent now: what isn't placed becomes ready again."""
    activity = store.activities.get(activity_id)
    assert activity is not None  # noqa: S101  # just read by this piece
    if not ended(store, intent):
        end_intent(store, intent, IntentState.ABSENT, LineOutcome.ABSENT, code, now)
    plan = ReservePlan.of(activity)
    stop_rest(store, activity, plan, code, now)
    note(store, activity, "error", "stopped", now, why=code)
    save(store, plan.on(activity), now)
    store.cards.touch(f"preview:{plan.preview_id}", Lane.PROGRESS, now)


def _unknown(store: Store, activity_id: int, intent: Intent, now: datetime) -> None:
    activity = store.activities.get(activity_id)
    assert activity is not None  # noqa: S101  # just read by this piece
    note(store, activity, "error", "outcome_unknown", now, key=intent.key)
    save(store, replace(activity, errors=activity.errors + 1), now)


def _note_dearer(
    store: Store, activity: Activity, plan: ReservePlan, intent: Intent, placed: Placed, now: datetime
) -> Activity:
    """1688 takes no price condition with an order: what came out dearer than agreed is said, loudly, before payment."""
    total = sum(order.total for order in placed.orders)
    if total <= intent.expected_total + tolerance(store, plan, intent.expected_total):
        return activity
    note(store, activity, "error", "dearer", now, agreed=yuan(intent.expected_total), total=yuan(total))
    return replace(activity, errors=activity.errors + 1)


def _move_placed(store: Store, activity: Activity, taken: list[int], bound: list[int], now: datetime) -> None:
    """Covered lines are reserved; one that the order exists for but doesn't show must be looked at by a person."""
    lines = [line for line in store.lines.many(taken) if line.status is LineStatus.RESERVING]
    covered = [line for line in lines if line.id in bound]
    astray = [line for line in lines if line.id not in bound]
    move(store, covered, LineStatus.RESERVED, Mover.RESERVATION, now, activity_id=activity.id)
    move(store, astray, LineStatus.BY_HAND, Mover.RESERVATION, now, why="not_bound", activity_id=activity.id)
    for line in astray:
        note(store, activity, "error", "not_bound", now, line.id)


def keep_placed(store: Store, activity_id: int, intent: Intent, placed: Placed, now: datetime) -> None:
    """The orders exist: written down, tied to their lines, and the intent is closed, all at once."""
    activity = store.activities.get(activity_id)
    account = store.accounts.get(intent.account_id)
    assert activity is not None and account is not None  # noqa: S101, PT018  # rows that the intent refers to
    checkout = load(intent.checkout)
    plan = ReservePlan.of(activity)
    left_out = {refusal.line_id for refusal in placed.refusals}
    taken = [line for line in checkout.lines if line.line_id not in left_out]
    orders = [store.provider_orders.upsert(account.id, account.provider, o, "placed", now) for o in placed.orders]
    bound = bind_placed(store, taken, orders, now)
    begin_placed(store, checkout, bound, activity.started_by, now)
    for order, shown in zip(orders, placed.orders, strict=True):
        learn_costs(store, None, order)
        check_order(store, None, order, shown.address_seen, activity.id, now)
    _move_placed(store, activity, [line.line_id for line in taken], bound, now)
    outcomes = {
        line.line_id: LineOutcome.REFUSED if line.line_id in left_out else LineOutcome.PLACED for line in intent.lines
    }
    state = IntentState.PARTLY if left_out else IntentState.PLACED
    store.ledger.finish(intent.id, state, outcomes, [o.number for o in orders], "", now)
    store.accounts.save(replace(went_over(store, account), last_used_at=now))
    for order in orders:
        note(store, activity, "ok", "placed", now, number=order.number, total=yuan(order.total), seller=order.seller)
    activity = _note_dearer(store, activity, plan, intent, placed, now)
    activity = replace(activity, orders_found=activity.orders_found + len(orders))
    plan.close(intent.id)
    if placed.refusals:
        refuse_lines(store, activity, plan, placed.refusals, now)
    else:
        save(store, plan.on(activity), now)
        store.cards.touch(f"preview:{plan.preview_id}", Lane.PROGRESS, now)
