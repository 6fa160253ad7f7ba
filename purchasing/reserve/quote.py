"""The first half of a reservation: asks prices and freight, groups lines into checkouts, compares with the orders."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from purchasing.activities import Activity
from purchasing.activity_log import note, save, wait
from purchasing.crash import crash_point, write
from purchasing.limits import learn_limit, usage
from purchasing.line_notes import SELLER_LIMITS, combined
from purchasing.money import goods_total, yuan
from purchasing.orders import OrderLine
from purchasing.ports import Clock, Database, Store
from purchasing.previews import PreviewGroup, PreviewLine
from purchasing.provider import (
    Checkout,
    CheckoutLine,
    CheckoutQuote,
    LineRefusal,
    Provider,
    Quote,
    Want,
)
from purchasing.recipient import TaobaoRecipient
from purchasing.refusals import Refusal
from purchasing.reserve.ask import NOT_ASKED, ask_about
from purchasing.reserve.plan import PlannedCheckout, ReservePlan
from purchasing.reserve.settings import has_warehouse, recipient_of, tolerance
from purchasing.reserve.stop import give_back
from purchasing.words import Lane, LineStatus, ProviderName

CHUNK = 10
"""About so many lines are quoted in one piece: few enough that a person sees progress."""
MOST_SKUS = 50
"""1688 takes no more in one order."""


async def quote_piece(db: Database, clock: Clock, provider: Provider, activity: Activity) -> None:
    plan = ReservePlan.of(activity)
    account, lines = await db.read(lambda s: (s.accounts.get(activity.account_id or 0), _next_lines(s, plan)))
    line_ids = [line.id for line in lines]
    assert account is not None  # noqa: S101  # accounts are never deleted
    if not await db.read(lambda s: has_warehouse(s, plan, provider.name)):
        quotes = [Quote(i, refusal=LineRefusal(i, Refusal.RECIPIENT_MISSING)) for i in line_ids]
    else:
        quotes = await provider.quote(account.ref, [_want(line, plan) for line in lines])
    crash_point("reserve.quoted")
    await write(db, "reserve.quotes", lambda store: _keep_quotes(store, activity.id, line_ids, quotes, clock()))


def _next_lines(store: Store, plan: ReservePlan) -> list[OrderLine]:
    """The next lines to quote; all of one item together, because minimums and tiers count its pieces as one."""
    left = store.lines.many(plan.unquoted())
    chosen = {line.item_id for line in left[:CHUNK]}
    return [line for line in left if line.item_id in chosen]


def _want(line: OrderLine, plan: ReservePlan) -> Want:
    price = plan.accepted.get(line.id, line.price)
    return Want(line.id, line.item_id, line.sku, line.quantity, price, line.order_id)


def _keep_quotes(store: Store, activity_id: int, line_ids: list[int], quotes: Sequence[Quote], now: datetime) -> None:
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    plan = ReservePlan.of(activity)
    lines = {line.id: line for line in store.lines.many(line_ids)}
    rows = [_row(store, activity, plan, lines[quote.line_id], quote, now) for quote in quotes]
    store.previews.save_lines(plan.preview_id, rows)
    refusals = [LineRefusal(row.line_id, row.refusal, row.detail) for row in rows if row.refusal]
    ask_or_show(store, activity, plan, refusals, now)
    plan.quoted += line_ids
    if not plan.unquoted():
        _group(store, activity, plan)
        if plan.phase == "quote":
            plan.phase = "price"
    save(store, plan.on(activity), now)
    store.cards.touch(f"preview:{plan.preview_id}", Lane.PROGRESS, now)


def _row(
    store: Store, activity: Activity, plan: ReservePlan, line: OrderLine, quote: Quote, now: datetime
) -> PreviewLine:
    refusal = quote.refusal or _dearer(store, line, plan, quote)
    return PreviewLine(
        line.id,
        activity.account_id,
        seller=quote.seller,
        seller_id=quote.seller_id,
        sku_id=quote.sku_id,
        choice=quote.choice,
        title=quote.title or line.title,
        unit_price=quote.unit_price,
        refusal=refusal.code if refusal else "",
        detail=refusal.detail if refusal else "",
        quoted_at=now,
    )


def _dearer(store: Store, line: OrderLine, plan: ReservePlan, quote: Quote) -> LineRefusal | None:
    """The marketplace asks more than the order allows for: somebody must agree first."""
    if quote.unit_price is None:
        return LineRefusal(line.id, Refusal.UNKNOWN)
    expected = goods_total(plan.accepted.get(line.id, line.price), line.quantity)
    if goods_total(quote.unit_price, line.quantity) - expected <= tolerance(store, plan, expected):
        return None
    return LineRefusal(line.id, Refusal.PRICE_CHANGED, f"{line.price} → {quote.unit_price}")


def _group(store: Store, activity: Activity, plan: ReservePlan) -> None:
    """New checkouts for quoted lines that are in none: a Taobao one holds one seller and one customer's order, a 1688
    one a supplier's goods up to the provider's limit."""
    preview = store.previews.get(plan.preview_id)
    assert preview is not None  # noqa: S101  # written before the activity
    taken = {i for checkout in plan.checkouts for i in checkout.line_ids}
    rows = {r.line_id: r for r in preview.lines if r.line_id in plan.line_ids and not r.refusal}
    groups: dict[tuple[object, ...], list[PreviewLine]] = defaultdict(list)
    for line in store.lines.many([i for i in rows if i not in taken]):
        row = rows[line.id]
        apart = line.order_id if activity.provider is ProviderName.TAOBAO else 0
        groups[row.seller_id or row.seller or line.id, apart].append(row)
    for members in groups.values():
        for part in _parts(members):
            number = len(plan.checkouts)
            seller, seller_id = part[0].seller, part[0].seller_id
            line_ids = [row.line_id for row in part]
            plan.checkouts.append(PlannedCheckout(number=number, seller=seller, seller_id=seller_id, line_ids=line_ids))
            store.previews.save_lines(plan.preview_id, [replace(row, group=number) for row in part])


def _parts(rows: list[PreviewLine]) -> list[list[PreviewLine]]:
    return [rows[i : i + MOST_SKUS] for i in range(0, len(rows), MOST_SKUS)]


async def price_piece(db: Database, clock: Clock, provider: Provider, activity: Activity) -> None:
    """Freight and total of one checkout; after the last one the preview waits for its consent."""
    plan = ReservePlan.of(activity)
    planned = plan.unpriced()
    if planned is None:
        await write(db, "reserve.priced", lambda store: _all_priced(store, activity.id, clock()))
        return
    account, checkout, noted = await db.read(
        lambda s: (
            s.accounts.get(activity.account_id or 0),
            build_checkout(s, plan, planned, key="preview"),
            [line.id for line in s.lines.many(planned.line_ids) if line.seller_note],
        )
    )
    assert account is not None  # noqa: S101  # accounts are never deleted
    priced = _note_refused(provider.name, checkout, noted) or await provider.preview(account.ref, checkout)
    crash_point("reserve.previewed")
    to = checkout.recipient.name if isinstance(checkout.recipient, TaobaoRecipient) else ""
    number = planned.number
    await write(db, "reserve.price", lambda store: _keep_price(store, activity.id, number, priced, to, clock()))


def _note_refused(provider: ProviderName, checkout: Checkout, noted: Sequence[int]) -> CheckoutQuote | None:
    """A note that is cut off may say the opposite: the lines that have one wait until it is shorter."""
    limit = SELLER_LIMITS[provider]
    if len(checkout.note) <= limit:
        return None
    return CheckoutQuote(refusals=tuple(LineRefusal(i, Refusal.NOTE_TOO_LONG, str(limit)) for i in noted))


def build_checkout(
    store: Store, plan: ReservePlan, planned: PlannedCheckout, key: str, *, expected: bool = False
) -> Checkout:
    """Raises BadInput when the recipient isn't set completely."""
    preview = store.previews.get(plan.preview_id)
    assert preview is not None  # noqa: S101  # written before the activity
    rows = {row.line_id: row for row in preview.lines}
    lines = store.lines.many(planned.line_ids)
    to = recipient_of(store, plan, lines)
    return Checkout(
        key=key,
        lines=tuple(_checkout_line(line, rows[line.id]) for line in lines),
        recipient=to,
        seller_id=planned.seller_id,
        note=combined((rows[line.id].choice or line.sku, line.seller_note) for line in lines),
        expected_total=planned.total if expected else None,
        tolerance=tolerance(store, plan, planned.total) if expected else 0,
    )


def _checkout_line(line: OrderLine, row: PreviewLine) -> CheckoutLine:
    price = row.unit_price if row.unit_price is not None else Decimal(0)
    return CheckoutLine(line.id, line.item_id, row.sku_id, row.choice, line.quantity, price, row.title)


def _keep_price(
    store: Store, activity_id: int, number: int, priced: CheckoutQuote, recipient: str, now: datetime
) -> None:
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    plan = ReservePlan.of(activity)
    planned = plan.checkout(number)
    if any(refusal.code == Refusal.LIMIT_REACHED for refusal in priced.refusals):
        learn_limit(store, activity.account_id, now)
    refusals = priced.refusals or _over_consent(store, plan, planned, priced)
    if refusals:
        ask_or_show(store, activity, plan, refusals, now)
        planned.priced = not planned.line_ids
    else:
        planned.priced, planned.total, planned.freight = True, priced.total, priced.freight
        planned.recipient, planned.new_address = recipient, priced.new_address
        _keep_group(store, activity, plan, planned, priced)
    save(store, plan.on(activity), now)
    store.cards.touch(f"preview:{plan.preview_id}", Lane.PROGRESS, now)


def _over_consent(
    store: Store, plan: ReservePlan, planned: PlannedCheckout, priced: CheckoutQuote
) -> tuple[LineRefusal, ...]:
    """A checkout that is priced again after the consent may not have become dearer than what was agreed to."""
    agreed = planned.total
    if plan.phase != "place" or not agreed or priced.total <= agreed + tolerance(store, plan, agreed):
        return ()
    detail = f"{yuan(agreed)} → {yuan(priced.total)}"
    return tuple(LineRefusal(line_id, Refusal.TOTAL_DIFFERS, detail) for line_id in planned.line_ids)


def ask_or_show(
    store: Store, activity: Activity, plan: ReservePlan, refusals: Sequence[LineRefusal], now: datetime
) -> None:
    """Before the consent a refusal is shown in the preview; afterwards somebody is asked what to do, or, where there is
    nothing to decide, the line is ready again."""
    refuse_in_preview(store, plan, refusals)
    if plan.phase == "place":
        lines = {line.id: line for line in store.lines.many([refusal.line_id for refusal in refusals])}
        held = [r for r in refusals if lines[r.line_id].status is LineStatus.RESERVING]  # not let go meanwhile
        for refusal in [refusal for refusal in held if refusal.code in NOT_ASKED]:
            give_back(store, activity, [refusal.line_id], refusal.code, now)
        ask_about(store, activity, held, now)


def refuse_in_preview(store: Store, plan: ReservePlan, refusals: Sequence[LineRefusal]) -> None:
    """Lines that turned out not to be available: out of their checkout, with the reason."""
    preview = store.previews.get(plan.preview_id)
    assert preview is not None  # noqa: S101  # written before the activity
    why = {refusal.line_id: refusal for refusal in refusals}
    rows = [row for row in preview.lines if row.line_id in why]
    changed = [replace(r, group=-1, refusal=why[r.line_id].code, detail=why[r.line_id].detail) for r in rows]
    store.previews.save_lines(plan.preview_id, changed)
    plan.take_out(list(why))


def _keep_group(
    store: Store, activity: Activity, plan: ReservePlan, planned: PlannedCheckout, priced: CheckoutQuote
) -> None:
    preview = store.previews.get(plan.preview_id)
    assert preview is not None and activity.account_id is not None  # noqa: S101, PT018  # by construction
    others = [g for g in preview.groups if g.account_id == activity.account_id and g.number != planned.number]
    group = PreviewGroup(
        planned.number,
        activity.account_id,
        planned.seller,
        priced.goods,
        priced.freight,
        priced.discount,
        priced.total,
        priced.freight_final,
    )
    store.previews.save_groups(plan.preview_id, activity.account_id, [*others, group])


def _all_priced(store: Store, activity_id: int, now: datetime) -> None:
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    plan = ReservePlan.of(activity)
    _keep_to_limit(store, activity, plan)
    plan.phase = "confirm"
    sellers = len({c.seller_id for c in plan.checkouts if c.line_ids})
    note(store, activity, "info", "previewed", now, lines=len(plan.line_ids), sellers=sellers)
    wait(store, plan.on(activity), now, "confirm")
    store.cards.touch(f"preview:{plan.preview_id}", Lane.RESULT, now)


def _keep_to_limit(store: Store, activity: Activity, plan: ReservePlan) -> None:
    """Orders beyond the limit that a person set for the account are no part of the good one."""
    account = store.accounts.get(activity.account_id or 0)
    used = usage(store, account, without=activity.id) if account else None
    if used is None or used.learnt or used.room is None:
        return
    beyond = [c for c in plan.checkouts if c.line_ids and not c.done][used.room :]
    detail = f"{used.unpaid + used.coming}/{used.limit}"
    refusals = [LineRefusal(line_id, Refusal.ACCOUNT_LIMIT, detail) for c in beyond for line_id in c.line_ids]
    numbers = {checkout.number for checkout in beyond}
    refuse_in_preview(store, plan, refusals)
    preview = store.previews.get(plan.preview_id)
    assert preview is not None  # noqa: S101  # written before the activity
    kept = [g for g in preview.groups if g.account_id == used.account.id and g.number not in numbers]
    store.previews.save_groups(plan.preview_id, used.account.id, kept)
