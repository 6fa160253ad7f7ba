"""Takes rows of an order file in as orders and lines. What somebody has begun to buy is only asked about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from enum import IntEnum

from purchasing.import_keys import KeyedRow, find_line, replaced_line, shop_goods
from purchasing.import_result import AskedLine, Difference, ImportResult
from purchasing.import_status import ShopStatus, shop_status
from purchasing.line_status import Mover, may_move
from purchasing.moves import move, touch_order
from purchasing.order_file import FileRow, RowProblem
from purchasing.orders import LineData, Order, OrderLine, ParcelDetails, data_of, said
from purchasing.ports import AuditEntry, Store
from purchasing.provider_orders import LineChange
from purchasing.refusals import Refusal
from purchasing.set_rates import with_rate
from purchasing.shops import FILES
from purchasing.split_pieces import for_part, for_whole, parts_of
from purchasing.words import LineStatus

SHOP_SAID = "shop_status"
"""Kind of the event that a line was made ready, or put back, because the shop's file said so."""

OURS_TO_CHANGE = frozenset({LineStatus.NEW, LineStatus.READY, LineStatus.BY_HAND})
"""Nothing has been bought for these by us: the shop's file decides."""
_HARMLESS = frozenset({"key", "title", "image", "seller", "item_url"})
"""What may change at any time without asking."""
_ONLY_FILLED = frozenset({"weight", "purchase_price", "purchase_shipping"})
"""What we may know better than the shop once a line is being bought."""


def import_rows(
    store: Store,
    rows: Sequence[KeyedRow],
    by: int | None,
    now: datetime,
    matched: Collection[int] = (),
    shop: str = FILES,
) -> ImportResult:
    """The same rows again change nothing; a line that no row is about stays as it is. `by` is the person's id, None
    for what a shop pushed itself.

    A file taken in by several calls gives each the lines `matched` by those before it: one row, one line."""
    result = ImportResult()
    by_order: dict[str, list[KeyedRow]] = defaultdict(list)
    for keyed in rows:
        by_order[keyed.row.order].append(keyed)
    for number, members in by_order.items():
        order = store.orders.ensure(number, shop, now)
        good = _of_order(store, order, members, result, now)
        _OrderImport(store, order, by, now, result, matched).take(good)
    return result


def _of_order(
    store: Store, order: Order, members: list[KeyedRow], result: ImportResult, now: datetime
) -> list[KeyedRow]:
    """Writes what the rows say of the order itself; leaves out rows whose prices are in another currency than its."""
    good = [m for m in members if not order.currency or m.row.currency in ("", order.currency)]
    for member in members:
        if member not in good:
            result.refused.append(RowProblem(member.row.row, "currency", "differs_in_order", member.row.currency))
    changed = order
    for member in good:
        changed = _with(changed, member.row)
    changed = with_rate(store, changed, now)
    parcel = store.orders.parcel(order.id)
    told = _parcel(parcel, [m.row.parcel for m in good])
    if changed != order or told != parcel:
        store.orders.save(replace(changed, parcel=told))
    return good


def _with(order: Order, row: FileRow) -> Order:
    """Currency and rate stay as the first import froze them; without one of its own the order gets that of its day."""
    return replace(
        order,
        customer=row.customer or order.customer,
        currency=order.currency or row.currency,
        rate=order.rate or row.rate,
    )


def _parcel(known: ParcelDetails, told: Iterable[ParcelDetails]) -> ParcelDetails:
    for parcel in told:
        words = {f.name: getattr(parcel, f.name) for f in fields(parcel)}
        known = replace(known, **{name: value for name, value in words.items() if value})
    return known


class _Outcome(IntEnum):
    """Of one row; the weightier one counts where it is about several parts of a line."""

    UNCHANGED = 0
    UPDATED = 1
    ASKED = 2


class _OrderImport:
    """The rows of one order, one after the other."""

    def __init__(
        self,
        store: Store,
        order: Order,
        by: int | None,
        now: datetime,
        result: ImportResult,
        matched: Collection[int],
    ) -> None:
        self._store, self._order, self._by, self._now, self._result = store, order, by, now, result
        self._lines = store.lines.of_order(order.id)
        self._held = set(store.lines.holders([line.id for line in self._lines], now))
        self._matched = set(matched)

    def take(self, rows: Sequence[KeyedRow]) -> None:
        before = (self._result.taken, self._result.updated)
        for keyed in rows:
            line = find_line(keyed, self._lines, self._matched)
            if line is None:
                line = self._add(keyed)
            else:
                self._count(max(self._compare(one, keyed) for one in (line, *parts_of(line, self._lines))))
            self._matched.add(line.id)
            self._result.matched.append(line.id)
        if (self._result.taken, self._result.updated) != before:
            touch_order(self._store, self._order.id, self._now)

    def _add(self, keyed: KeyedRow) -> OrderLine:
        row = keyed.row
        told = shop_status(row.status)
        status, why = _first_status(told, tmall=row.tmall)
        if status is LineStatus.READY and self._may_be_double(keyed):
            status = LineStatus.NEW
        line = self._store.lines.add(self._order.id, _merged(None, keyed), status)
        if why:
            self._store.lines.set_status([line.id], status, why)
        if told is ShopStatus.UNKNOWN:
            self._result.notes.append(RowProblem(row.row, "status", "unknown_status", row.status))
        self._result.taken += 1
        return line

    def _count(self, outcome: "_Outcome") -> None:
        self._result.updated += outcome is _Outcome.UPDATED
        self._result.unchanged += outcome is _Outcome.UNCHANGED

    def _compare(self, line: OrderLine, keyed: KeyedRow) -> "_Outcome":
        if line.status is LineStatus.CANCELLED:
            return _Outcome.UNCHANGED
        proposed = self._proposed(line, keyed)
        if line.status in OURS_TO_CHANGE and line.id not in self._held:
            return self._update(line, proposed, keyed)
        return self._ask(line, proposed, keyed)

    def _proposed(self, line: OrderLine, keyed: KeyedRow) -> LineData:
        """What the row makes of the line. Columns that staff have changed stay while the file says of them what it
        said before."""
        row = _merged(line, keyed)
        kept = {n: getattr(line, n) for n, was in line.told if n in _HARMLESS or said(getattr(row, n)) == was}
        if line.split_from is not None:
            return replace(for_part(line, row), **kept)
        whole = for_whole(line, parts_of(line, self._lines), row)
        if whole is None:
            self._result.notes.append(RowProblem(keyed.row.row, "quantity", "split_too_few", str(row.quantity)))
            whole = for_part(line, row)
        return replace(whole, **kept)

    def _update(self, line: OrderLine, proposed: LineData, keyed: KeyedRow) -> "_Outcome":
        """Nothing is bought yet: the file's changes are taken, but for what staff have changed too."""
        told = dict(line.told)
        disputed = tuple(d for d in _differences(line, proposed) if d.column in told)
        agreed = replace(proposed, **{d.column: getattr(line, d.column) for d in disputed})
        differences = _differences(line, agreed)
        moved = self._move(line, keyed)
        if differences:
            self._write(line, agreed, differences)
        if self._payment_gone(line, keyed.row):
            disputed += (Difference("status", line.status.value, keyed.row.status),)
        if disputed:
            self._asked(line, keyed, disputed, proposed)
            return _Outcome.ASKED
        return _Outcome.UPDATED if differences or moved else _Outcome.UNCHANGED

    def _move(self, line: OrderLine, keyed: KeyedRow) -> bool:
        row, told = keyed.row, shop_status(keyed.row.status)
        if row.tmall and row.item_id != shop_goods(line)[1] and line.status is not LineStatus.BY_HAND:
            why = Refusal.TMALL  # the importing person has put other goods into the line
            move(self._store, [line], LineStatus.BY_HAND, Mover.PERSON, self._now, why=why)
        elif told is ShopStatus.PAID and line.status is LineStatus.NEW and not self._person_decided(line):
            if self._may_be_double(keyed):
                return False
            follow_shop(self._store, line, LineStatus.READY, row.status, self._now)
        elif told is ShopStatus.CANCELLED and may_move(Mover.SHOP, line.status, LineStatus.CANCELLED):
            follow_shop(self._store, line, LineStatus.CANCELLED, row.status, self._now)
        else:
            return False
        return True

    def _may_be_double(self, keyed: KeyedRow) -> bool:
        """Then a person must make it ready, or cancel the other line first."""
        other = replaced_line(keyed, self._lines, self._matched)
        if other:
            self._result.notes.append(RowProblem(keyed.row.row, "sku", "other_choice", other.sku[:60]))
        return other is not None

    def _payment_gone(self, line: OrderLine, row: FileRow) -> bool:
        """The shop called a ready line paid and now says that it isn't."""
        unpaid = shop_status(row.status) is ShopStatus.UNPAID
        return unpaid and line.status is LineStatus.READY and not self._person_decided(line)

    def _person_decided(self, line: OrderLine) -> bool:
        """Whether a person was the last to say that it is ready or not: then the same file again must not undo it."""
        events = self._store.events.of_line(line, {SHOP_SAID, "status"}, 100)
        deciding = [e for e in events if e.kind == SHOP_SAID or _is_readiness(e)]
        return bool(deciding) and deciding[-1].kind != SHOP_SAID

    def _ask(self, line: OrderLine, proposed: LineData, keyed: KeyedRow) -> "_Outcome":
        """Being bought, or bought: harmless words are written, the rest is for a person to decide."""
        kept = {name: getattr(line, name) for name in _ONLY_FILLED if getattr(line, name) is not None}
        proposed = replace(proposed, **kept)
        differences = _differences(line, proposed)
        weighty = tuple(d for d in differences if d.column not in _HARMLESS)
        if shop_status(keyed.row.status) is ShopStatus.CANCELLED:
            weighty += (Difference("status", line.status.value, keyed.row.status),)
        if weighty:
            self._asked(line, keyed, weighty, proposed)
            return _Outcome.ASKED
        if differences:
            self._write(line, proposed, differences)
            return _Outcome.UPDATED
        return _Outcome.UNCHANGED

    def _asked(self, line: OrderLine, keyed: KeyedRow, differences: tuple[Difference, ...], proposed: LineData) -> None:
        told = tuple((d.column, said(getattr(keyed.row, d.column))) for d in differences if d.column in _SHARED)
        self._result.asked.append(AskedLine(line.id, keyed.row.row, differences, proposed, told))

    def _write(self, line: OrderLine, data: LineData, differences: Sequence[Difference]) -> None:
        write_line(self._store, line, data, differences, self._by, self._now)


def _is_readiness(event: LineChange) -> bool:
    words = dict(event.params)
    return event.kind == "status" and {words["old"], words["new"]} == {LineStatus.NEW, LineStatus.READY}


def follow_shop(store: Store, line: OrderLine, status: LineStatus, word: str, now: datetime) -> None:
    """Raises WrongMove where the table doesn't let the shop."""
    move(store, [line], status, Mover.SHOP, now)
    store.events.add(LineChange(line.order_id, line.id, SHOP_SAID, (("word", word),)), None, now)


def write_line(
    store: Store,
    line: OrderLine,
    data: LineData,
    differences: Sequence[Difference],
    by: int | None,
    now: datetime,
) -> None:
    """Puts the file's version into a line, and remembers what changed and who brought it."""
    store.lines.save(line.id, data)
    shown = [d for d in differences if d.column != "key"]
    before, after = ("; ".join(f"{d.column}={getattr(d, side)}" for d in shown) for side in ("ours", "theirs"))
    store.audit.add(AuditEntry(now, by, "import", f"line:{line.id}", before, after))
    weighty = [d for d in shown if d.column not in _HARMLESS]
    if weighty:
        params = tuple((d.column, f"{d.ours} → {d.theirs}") for d in weighty)
        store.events.add(LineChange(line.order_id, line.id, "shop_changed", params), None, now)
        if line.why and line.why != Refusal.TMALL:  # what kept it from being bought may be gone
            store.lines.set_status([line.id], line.status)


def _first_status(told: ShopStatus, *, tmall: bool) -> tuple[LineStatus, str]:
    if told is ShopStatus.CANCELLED:
        return LineStatus.CANCELLED, ""
    if tmall:
        return LineStatus.BY_HAND, Refusal.TMALL
    return (LineStatus.READY if told is ShopStatus.PAID else LineStatus.NEW), ""


def _merged(known: OrderLine | None, keyed: KeyedRow) -> LineData:
    """What the row says, and of what it doesn't say what is known: an empty cell erases nothing."""
    row = keyed.row
    told = {name: getattr(row, name) for name in _SHARED if getattr(row, name) not in (None, "")}
    if known is None:
        return LineData(key=keyed.key, **told)
    return replace(data_of(known), key=row.line or known.key, **told)


_SHARED = tuple(f.name for f in fields(LineData) if f.name != "key")


def _differences(line: OrderLine, proposed: LineData) -> tuple[Difference, ...]:
    pairs = ((f.name, getattr(line, f.name), getattr(proposed, f.name)) for f in fields(LineData))
    return tuple(Difference(name, _shown(ours), _shown(theirs)) for name, ours, theirs in pairs if ours != theirs)


def _shown(value: object) -> str:
    return "" if value is None else str(value)
