"""Compares a placed order with what was agreed to for its lines, each time it is seen until it is paid. It only notes
and asks: nothing here changes an order."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from purchasing.activities import Activity
from purchasing.activity_log import note
from purchasing.begin_purchase import begin_purchase
from purchasing.check.questions import ADDRESS, COST, GOODS, Finding, ask_findings, stop_asking
from purchasing.line_cost import CLOSED, line_cost
from purchasing.link.match import choice_words
from purchasing.money import yuan
from purchasing.options import option, recipient_or_none, tolerance
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.provider_orders import Binding, ProviderLine, ProviderOrder
from purchasing.purchases import Purchase
from purchasing.words import ActivityKind, ProviderName, Stage

COST_DIFFERS = "cost_differs"
FITS = "fits_again"


@dataclass(frozen=True)
class Difference:
    """`what` is the step's code; `kind` the question's, "" when it is only noted; `value` tells one from another."""

    what: str
    value: str
    kind: str = ""
    words: tuple[tuple[str, str], ...] = ()
    detail: str = ""


def check_order(
    store: Store,
    before: ProviderOrder | None,
    order: ProviderOrder,
    address_seen: str,
    activity_id: int | None,
    now: datetime,
) -> None:
    """`before` is the order as it was known, None for a new one. `activity_id` is who saw it: its steps tell what
    differs. Once the order is paid or closed nothing is asked any more."""
    if order.stage is None:
        return
    if order.stage is not Stage.UNPAID:
        stop_asking(store, order, "closed_meanwhile" if order.stage in CLOSED else "paid_meanwhile", now)
    was_open = before is None or before.stage in (None, Stage.UNPAID)
    activity = store.activities.get(activity_id) if activity_id else None
    checked = option(store, f"{order.provider}.check_after_export") == "yes" and order.stage not in CLOSED
    if not was_open or not checked or activity is None or activity.kind is ActivityKind.UNBIND:
        return
    bindings = store.bindings.of_provider_order(order.id)
    elsewhere = goes_elsewhere(store, order.provider, address_seen)
    compare = _Compare(store, activity, order, bindings, elsewhere, now)
    lines = store.lines.many({binding.line_id for binding in bindings})
    found = [finding for line in lines for finding in compare.line(line)]
    if order.stage is not Stage.UNPAID:
        return
    ask_findings(store, activity, order, found, now)
    if not any(compare.costs_more(line) for line in lines):
        stop_asking(store, order, FITS, now, COST)


@dataclass(frozen=True)
class _Compare:
    """One order as it looks now."""

    store: Store
    activity: Activity
    order: ProviderOrder
    bindings: Sequence[Binding]
    elsewhere: Difference | None
    now: datetime

    def line(self, line: OrderLine) -> Iterator[Finding]:
        """Notes what is new, each difference once, and yields what must be asked."""
        purchase = self._purchase(line)
        found = [*self._cost(line, purchase), *self._goods(line, purchase)]
        found += [self.elsewhere] if self.elsewhere else []
        for one in found:
            if (one.what, one.value) in purchase.told:
                continue
            level = "error" if one.kind else "info"
            note(self.store, self.activity, level, one.what, self.now, line.id, **dict(one.words))
            if one.kind:
                yield Finding(one.kind, line.id, one.detail, one.what, one.words)
        # Not every reading shows an address, or the words of a configuration: those stay told.
        kept = [told for told in purchase.told if told[0] != COST_DIFFERS]
        told = dict.fromkeys([*kept, *((one.what, one.value) for one in found)])
        self.store.purchases.put(replace(purchase, told=tuple(told)))

    def costs_more(self, line: OrderLine) -> bool:
        return any(one.kind == COST for one in self._cost(line, self._purchase(line)))

    def _purchase(self, line: OrderLine) -> Purchase:
        """A line bought before this was kept: what it costs now counts as agreed to."""
        if known := self.store.purchases.get(line.id):
            return known
        begin_purchase(self.store, Purchase(line.id, None, self.now, line_cost(self.store, line.id).total))
        begun = self.store.purchases.get(line.id)
        assert begun is not None  # noqa: S101  # just written
        return begun

    def _cost(self, line: OrderLine, purchase: Purchase) -> Iterator[Difference]:
        cost = line_cost(self.store, line.id)
        expected = purchase.agreed * cost.pieces // max(1, line.quantity)
        if cost.total != expected:
            kind = COST if cost.total - expected > tolerance(self.store, expected) else ""
            agreed, total = str(yuan(expected)), str(yuan(cost.total))
            words = (*self._number, ("agreed", agreed), ("total", total))
            yield Difference(COST_DIFFERS, str(cost.total), kind, words, f"{agreed} → {total}")

    def _goods(self, line: OrderLine, purchase: Purchase) -> Iterator[Difference]:
        bound: Counter[int] = Counter()
        for binding in self.bindings:
            bound[binding.provider_line_id] += binding.quantity
        mine = {binding.provider_line_id for binding in self.bindings if binding.line_id == line.id}
        for seen in (one for one in self.order.lines if one.id in mine):
            if seen.quantity < bound[seen.id]:
                yield self._other("quantity_differs", GOODS, str(bound[seen.id]), str(seen.quantity))
            if other_configuration(purchase, seen):
                yield self._other("choice_differs", GOODS, purchase.choice, seen.choice or seen.sku_id)
            if purchase.title and seen.title and _plain(purchase.title) != _plain(seen.title):
                # sellers polish their titles, and ours may be a translation
                yield self._other("title_differs", "", purchase.title[:60], seen.title[:60])

    def _other(self, what: str, kind: str, was: str, shown: str) -> Difference:
        words = (*self._number, ("was", was), ("shown", shown))
        return Difference(what, shown, kind, words, f"{was or '—'} → {shown}")

    @property
    def _number(self) -> tuple[tuple[str, str], ...]:
        return (("number", self.order.number),)


def other_configuration(purchase: Purchase, seen: ProviderLine) -> bool:
    """Either name of a configuration is enough to know it again; where neither is told nothing can be said. Lists put
    the values one after another in ways of their own: all of them must be there."""
    if purchase.sku_id and purchase.sku_id == seen.sku_id:
        return False
    if purchase.choice and seen.choice:
        shown = _plain(seen.choice)
        return not all(_plain(value) in shown for value in choice_words(purchase.choice))
    return bool(purchase.sku_id and seen.sku_id)


def goes_elsewhere(store: Store, provider: ProviderName, address_seen: str) -> Difference | None:
    """Whether the order shows another address than the settings; one that is masked tells nothing."""
    wanted = recipient_or_none(store, provider)
    seen = _plain(address_seen)
    if wanted is None or not seen or "*" in seen or _plain(wanted.address) in seen:
        return None
    digest = hashlib.sha256(seen.encode()).hexdigest()[:12]  # an address is kept in no plain column
    return Difference("address_differs", digest, ADDRESS)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()
