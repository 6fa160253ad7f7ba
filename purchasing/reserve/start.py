"""From chosen lines to a preview and from the preview to a reservation: what people press before anything is placed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from purchasing.activities import Activity
from purchasing.activity_log import end, go_on, note
from purchasing.errors import Conflict, Stale
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.options import disabled_providers
from purchasing.orders import OrderLine
from purchasing.people import Person, Right, check, check_account, may_use
from purchasing.ports import Store
from purchasing.previews import Preview, PreviewLine
from purchasing.provider import LineRefusal
from purchasing.refusals import Refusal
from purchasing.reserve.ask import NOT_ASKED, ask_about
from purchasing.reserve.hold import HELD, hold, let_go, over
from purchasing.reserve.plan import ReservePlan
from purchasing.reserve.settings import settings_now
from purchasing.reserve.take_back import first_send
from purchasing.sessions import usable_accounts
from purchasing.words import ActivityKind, ActivityState, Lane, LineStatus, Priority, ProviderName

AT_ONCE = 100
"""Late previews that one unit of work ends."""


def accounts_to_choose(store: Store, person: Person, line_ids: Sequence[int]) -> dict[ProviderName, list[int]]:
    """Providers of these lines that have more than one account which the person can and may use, with their ids."""
    providers = {line.provider for line in store.lines.many(line_ids)} - disabled_providers(store)
    found = {provider: _usable(store, person, provider) for provider in sorted(providers)}
    return {provider: ids for provider, ids in found.items() if len(ids) > 1}


def start_preview(
    store: Store, person: Person, line_ids: Sequence[int], accounts: Mapping[ProviderName, int], now: datetime
) -> Preview:
    """Gathers what reserving these lines would do: one activity per provider. `accounts` names those chosen; a single
    usable one needs no choice. Raises Stale when none of the lines is ready, Conflict when others hold all of them."""
    check(person, Right.BUY)
    lines = [line for line in store.lines.many(line_ids) if line.status is LineStatus.READY]
    if not lines:
        raise Stale("no_ready_lines")
    held = {i: p for i, p in store.lines.holders([line.id for line in lines], now).items() if p != person.id}
    if len(held) == len(lines):
        holder = store.people.get(next(iter(held.values())))
        raise Conflict("lines_held", holder.name if holder else "")
    for named in accounts.values():
        check_account(person, named)
    chosen = {p: accounts.get(p) or _only(store, person, p) for p in {line.provider for line in lines}}
    off = disabled_providers(store)
    rows = [_row(line, chosen[line.provider], line.id in held, line.provider in off) for line in lines]
    preview = store.previews.add(person.id, rows, now)
    free = [row.line_id for row in rows if not row.refusal]
    hold(store, preview, free)
    for provider, account_id in chosen.items():
        mine = [row.line_id for row in rows if row.account_id == account_id and not row.refusal]
        if account_id and mine:
            _start(store, preview, provider, account_id, mine, person, now)
    found = store.previews.get(preview.id)
    assert found is not None  # noqa: S101  # written in this unit
    return found


def _usable(store: Store, person: Person, provider: ProviderName) -> list[int]:
    return [account.id for account in usable_accounts(store, provider) if may_use(person, account.id)]


def _only(store: Store, person: Person, provider: ProviderName) -> int | None:
    usable = _usable(store, person, provider)
    return usable[0] if len(usable) == 1 else None


def _row(line: OrderLine, account_id: int | None, held: bool, off: bool) -> PreviewLine:
    refusal = "" if account_id else Refusal.NO_SESSION
    if held:
        refusal = Refusal.HELD
    if off:
        refusal = Refusal.PROVIDER_OFF
    return PreviewLine(line.id, account_id, title=line.title, refusal=refusal)


def _start(
    store: Store,
    preview: Preview,
    provider: ProviderName,
    account_id: int,
    line_ids: list[int],
    person: Person,
    now: datetime,
) -> None:
    plan = ReservePlan(preview_id=preview.id, line_ids=line_ids, settings=settings_now(store, provider))
    numbers = sorted({line.order_number for line in store.lines.many(line_ids)})
    draft = Activity(
        0,
        ActivityKind.RESERVE,
        ActivityState.QUEUED,
        plan.model_dump_json(),
        Priority.RESERVE,
        account_id=account_id,
        provider=provider,
        started_by=person.id,
        title=", ".join(numbers)[:120],
        lines_found=len(line_ids),
    )
    store.previews.attach(preview.id, store.activities.add(draft, now).id)


def confirm(store: Store, preview_id: int, person: Person, now: datetime) -> list[Activity]:
    """Reserves the good part of a preview. Raises Stale when it was confirmed, dropped or isn't ready."""
    check(person, Right.BUY)
    preview = _own(store, preview_id, person)
    activities = [a for a in map(store.activities.get, preview.activity_ids) if a and not a.over]
    if not activities or any(ReservePlan.of(a).phase != "confirm" for a in activities):
        raise Stale("preview_not_ready")
    for activity in activities:
        check_account(person, activity.account_id or 0)
    if over(preview, now) or not store.previews.confirm(preview_id, now):
        raise Stale("preview_over")
    for activity in activities:
        _begin(store, preview, activity, now)
    store.cards.touch(f"preview:{preview_id}", Lane.PRESS, now)
    return activities


def _begin(store: Store, preview: Preview, activity: Activity, now: datetime) -> None:
    """The good part is placed; somebody is asked about each line that can't be bought as it stands."""
    plan = ReservePlan.of(activity)
    planned = {i for checkout in plan.checkouts for i in checkout.line_ids}
    rows = [row for row in preview.lines if row.line_id in plan.line_ids and row.refusal]
    refusals = [LineRefusal(r.line_id, r.refusal, r.detail) for r in rows if r.refusal not in NOT_ASKED]
    mine = planned | {refusal.line_id for refusal in refusals}
    held = store.lines.holders(mine, now)  # one that was let go meanwhile may hold other goods by now
    lines = [line for line in store.lines.many(mine) if held.get(line.id) == preview.person_id]
    ready = [line for line in lines if line.status is LineStatus.READY]
    ids = {line.id for line in ready}
    move(store, ready, LineStatus.RESERVING, Mover.RESERVATION, now, activity_id=activity.id)
    plan.take_out([i for i in planned if i not in ids])
    plan.phase = "place"
    plan.not_before = first_send(store, now)
    note(store, activity, "info", "confirmed", now, lines=len(ids & planned), orders=len(plan.checkouts))
    ask_about(store, activity, [refusal for refusal in refusals if refusal.line_id in ids], now)
    go_on(store, plan.on(activity), now, plan.not_before)


def drop(store: Store, preview_id: int, person: Person, now: datetime) -> None:
    """Throws a preview away; nothing was placed. Raises Stale when it was confirmed or dropped before."""
    check(person, Right.BUY)
    preview = _own(store, preview_id, person)
    if preview.confirmed_at or not store.previews.drop(preview_id, now):
        raise Stale("preview_over")
    _throw_away(store, preview, Lane.PRESS, now)


def drop_late(store: Store, now: datetime) -> None:
    """Throws away what nobody confirmed in time: prices have moved on, and its activities would wait for ever."""
    for preview_id in store.previews.open_since(now - HELD, AT_ONCE):
        preview = store.previews.get(preview_id)
        if preview and store.previews.drop(preview_id, now):
            _throw_away(store, preview, Lane.RESULT, now)


def _throw_away(store: Store, preview: Preview, lane: Lane, now: datetime) -> None:
    let_go(store, preview.id, [line.line_id for line in preview.lines])
    for activity in map(store.activities.get, preview.activity_ids):
        if activity and not activity.over:
            end(store, activity, ActivityState.CANCELLED, now)
    store.cards.touch(f"preview:{preview.id}", lane, now)


def _own(store: Store, preview_id: int, person: Person) -> Preview:
    preview = store.previews.get(preview_id)
    if preview is None or preview.person_id != person.id:
        raise Stale("preview_over")
    return preview
