"""The link activity: reads one provider order, ties what is certain, asks about the rest. It sends nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from purchasing.accounts import Account
from purchasing.activities import Activity
from purchasing.activity_log import end, note, save, wait
from purchasing.crash import write
from purchasing.errors import PageChanged, Refused
from purchasing.ledger import Effect
from purchasing.link.bind import tie_up
from purchasing.link.match import Match, Offered, Open, match, same_sku
from purchasing.link.plan import LinkPlan
from purchasing.link.questions import ask_which
from purchasing.link.start import linkable
from purchasing.options import tolerance
from purchasing.order_ports import LineFilter
from purchasing.orders import OrderLine
from purchasing.pieces import free_pieces, missing_pieces
from purchasing.ports import Clock, Database, Store
from purchasing.provider import Provider, ProviderOrderSeen, Quote, Want
from purchasing.provider_orders import ProviderOrder
from purchasing.refusals import Refusal
from purchasing.see_order import see_order
from purchasing.words import ActivityState, LineStatus, ProviderName, QuestionState, Stage

CLOSED = frozenset({Stage.CLOSED_UNPAID, Stage.CLOSED_REFUNDED})
BUYABLE = frozenset({LineStatus.READY, LineStatus.BY_HAND})
PAGE = 200


@dataclass(frozen=True)
class Found:
    """What was read of one provider order, and how the provider names the configurations of our lines."""

    seen: ProviderOrderSeen
    quotes: dict[int, Quote]


class Link:
    def __init__(self, db: Database, clock: Clock, providers: Mapping[ProviderName, Provider]) -> None:
        self._db, self._clock, self._providers = db, clock, providers

    async def advance(self, activity: Activity) -> None:
        plan = LinkPlan.of(activity)
        if plan.number is None:
            await write(self._db, "link.finish", lambda store: _finish(store, activity.id, self._clock()))
            return
        account = await self._db.read(lambda store: store.accounts.get(activity.account_id or 0))
        assert account is not None  # noqa: S101  # accounts are never deleted
        provider = self._providers[account.provider]
        try:
            seen = await provider.order(account.ref, plan.number)
        except Refused as refusal:
            code = refusal.code
            await write(self._db, "link.skip", lambda store: _skip(store, activity.id, code, self._clock()))
            return
        wants = await self._db.read(lambda store: _unclear(store, account, plan, seen))
        found = Found(seen, await _named(provider, account, wants))
        await write(self._db, "link.keep", lambda store: _keep(store, activity.id, account, found, self._clock()))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        """Ties that were made stay; there is nothing else to clear."""


async def _named(provider: Provider, account: Account, wants: Sequence[Want]) -> dict[int, Quote]:
    """Configurations as the provider names them now. A product page that can't be read leaves them to a person."""
    try:
        quotes = await provider.quote(account.ref, wants) if wants else []
    except PageChanged:
        return {}
    return {quote.line_id: quote for quote in quotes}


def _lines(store: Store, account: Account, plan: LinkPlan, items: set[str]) -> list[OrderLine]:
    """Lines that the order's goods may be for."""
    if plan.order_id is not None:
        return linkable(store, plan.order_id, account.provider)
    found: dict[int, OrderLine] = {}
    for item_id in items:
        at, total = 0, 1
        while at < total:
            rows, total = store.lines.page(LineFilter(BUYABLE, account.provider, text=item_id), at, PAGE)
            found |= {line.id: line for line in rows if line.item_id == item_id}
            at += PAGE
    return list(found.values())


def _unclear(store: Store, account: Account, plan: LinkPlan, seen: ProviderOrderSeen) -> list[Want]:
    """Lines whose item is in the order, but in words or ids that the order doesn't show."""
    items = {line.item_id for line in seen.lines}
    lines = [line for line in _lines(store, account, plan, items) if line.item_id in items]
    unclear = [x for x in lines if not any(same_sku(Open(x, x.quantity), goods) for goods in seen.lines)]
    return [Want(x.id, x.item_id, x.sku, x.quantity, x.price, x.order_id) for x in unclear]


def _skip(store: Store, activity_id: int, code: str, now: datetime) -> None:
    """Nothing can be linked with this number: the next one, or the end."""
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    plan = LinkPlan.of(activity)
    note(store, activity, "error", "not_linked", now, number=plan.number, why=code)
    plan.at += 1
    activity = plan.on(replace(activity, errors=activity.errors + 1))
    if plan.automatic:
        save(store, activity, now)
    else:
        end(store, activity, ActivityState.FAILED, now, code)


def _keep(store: Store, activity_id: int, account: Account, found: Found, now: datetime) -> None:
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    seen = found.seen
    order = store.provider_orders.upsert(account.id, account.provider, replace(seen, waybills=None), "linked", now)
    if seen.stage in CLOSED:
        see_order(store, account, seen, now, activity_id)
        _skip(store, activity_id, "order_closed", now)
        return
    plan = LinkPlan.of(activity)
    if plan.automatic and _being_placed(store, account, order):
        _skip(store, activity_id, Refusal.UNKNOWN_OUTCOME, now)
        return
    matched = _match(store, account, plan, order, found)
    tied = {tie.line_id for tie in matched.certain}
    for tie in matched.certain:
        tie_up(store, activity, order, tie.line_id, tie.provider_line_id, now)
    if plan.automatic:
        _leave(store, activity, order, [offer for offer, _ in matched.doubtful], "doubtful", now)
    else:
        _ask(store, activity, account, plan, order, matched, now)
    see_order(store, account, seen, now, activity_id)
    plan.at += 1
    counted = replace(
        activity, lines_found=activity.lines_found + len(tied), orders_found=activity.orders_found + bool(tied)
    )
    save(store, plan.on(counted), now)


def _being_placed(store: Store, account: Account, order: ProviderOrder) -> bool:
    """It may be what a reservation has just sent, and is then that one's to bind."""
    items = {line.item_id for line in order.lines}
    live = [intent for intent in store.ledger.live(account.id) if intent.effect is Effect.PLACE]
    return any(line.item_id in items for intent in live for line in intent.lines)


def _match(store: Store, account: Account, plan: LinkPlan, order: ProviderOrder, found: Found) -> Match:
    opens = _opens(store, _lines(store, account, plan, {line.item_id for line in order.lines}), found.quotes)
    free = free_pieces(store, order)
    return match(
        opens,
        [Offered(line, free[line.id]) for line in order.lines],
        lambda expected: tolerance(store, expected),
        lambda line_id, other_id: not (plan.automatic and store.bindings.was_unbound(line_id, other_id)),
        exact=plan.automatic,
    )


def _opens(store: Store, lines: Sequence[OrderLine], quotes: Mapping[int, Quote]) -> list[Open]:
    missing = missing_pieces(store, lines)
    return [
        Open(line, missing[line.id], quotes[line.id].sku_id, quotes[line.id].choice)
        if line.id in quotes
        else Open(line, missing[line.id])
        for line in lines
        if missing[line.id] > 0
    ]


def _ask(
    store: Store,
    activity: Activity,
    account: Account,
    plan: LinkPlan,
    order: ProviderOrder,
    matched: Match,
    now: datetime,
) -> None:
    """Goods that no line asks for are asked about only when nothing else fitted: they may stand in for what was sold
    out. Otherwise they are other customers'."""
    for offer, candidates in matched.doubtful:
        ask_which(store, activity, order, offer, candidates, now)
    if matched.certain or matched.doubtful:
        _leave(store, activity, order, matched.strange, "not_of_order", now)
        return
    rest = _opens(store, _lines(store, account, plan, set()), {})
    for offer in matched.strange if rest else ():
        ask_which(store, activity, order, offer, rest, now)
    if not matched.strange:
        note(store, activity, "error", "pieces_used_up", now, number=order.number, order="—")


def _leave(
    store: Store, activity: Activity, order: ProviderOrder, offers: Sequence[Offered], code: str, now: datetime
) -> None:
    for offer in offers:
        title = (offer.line.title or offer.line.item_id)[:40]
        note(store, activity, "info", code, now, number=order.number, title=title, n=offer.free)


def _finish(store: Store, activity_id: int, now: datetime) -> None:
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    if any(q.state is QuestionState.OPEN for q in store.questions.of_activity(activity_id)):
        wait(store, activity, now)
        return
    note(store, activity, "info", "link_finished", now, lines=activity.lines_found)
    end(store, activity, ActivityState.DONE, now)
