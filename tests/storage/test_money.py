"""What was agreed to for bought lines, what customers are asked about new prices, and what is paid back."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from purchasing.consents import Price, PriceChange
from purchasing.ports import Store
from purchasing.purchases import Purchase
from purchasing.refunds import Refund, RefundReason
from purchasing.words import ConsentState, ProviderName, RefundState
from storage.engine import SqlDatabase
from tests.storage.world import account, line, person, seen

DAY = timedelta(days=1)


async def test_the_newest_purchase_of_a_line_is_kept(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        one = line(store).id
        assert store.purchases.get(one) is None
        bought = Purchase(one, person(store).id, now, 5_000_000_000, "s1", "红色", "Cup", (("cost_differs", "31"),))
        store.purchases.put(bought)
        assert store.purchases.get(one) == bought
        again = replace(bought, person_id=None, agreed=100, told=())
        store.purchases.put(again)
        assert store.purchases.get(one) == again

    await db.write(unit)


def change(line_id: int, before: str = "10.00", after: str = "12.3456789") -> PriceChange:
    return PriceChange(line_id, Price(Decimal(before), 300, Decimal("99.5")), Price(Decimal(after), 0))


async def test_consents_are_asked_together_and_answered_one_by_one(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        me, (one, two) = person(store).id, (line(store, key=str(n)) for n in (1, 2))
        asked = store.consents.ask(one.order_id, [change(one.id), change(two.id)], me, now + DAY, now)
        assert [consent.change for consent in asked.consents] == [change(one.id), change(two.id)]
        assert store.consents.get(asked.id) == asked
        assert store.consents.open_of([one.id, two.id]).keys() == {one.id, two.id}
        store.consents.answer([asked.consents[0].id], ConsentState.REFUSED, me, now)
        store.consents.answer([asked.consents[1].id], ConsentState.OWES, me, now)
        store.consents.set_owes(asked.id, Decimal("12.50"))
        assert store.consents.open_of([one.id, two.id]).keys() == {two.id}
        assert store.consents.refused([one.id, two.id]) == {one.id}
        assert store.consents.waiting() == 1
        found = store.consents.get(asked.id)
        assert found
        assert (found.owes, found.consents[0].answered_by, found.consents[0].answered_at) == (Decimal("12.50"), me, now)
        store.consents.answer([asked.consents[1].id], ConsentState.AGREED, me, now)
        assert store.consents.waiting() == 0
        again = store.consents.ask(one.order_id, [change(one.id)], me, now, now)
        assert store.consents.refused([one.id]) == set(), "what is asked now counts, not what was said before"
        store.consents.answer([again.consents[0].id], ConsentState.WITHDRAWN, me, now)
        assert store.consents.refused([one.id]) == {one.id}, "a question that was taken back says nothing"

    await db.write(unit)


async def test_open_requests_come_first_by_their_deadline(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        me = person(store).id
        ids = []
        for n, days in enumerate((3, 1, 2)):
            one = line(store, key=str(n))
            ids.append(store.consents.ask(one.order_id, [change(one.id)], me, now + days * DAY, now).id)
        first = store.consents.get(ids[1])
        assert first
        assert [request.id for request in store.consents.page(0, 2)[0]] == [ids[1], ids[2]]
        assert [request.id for request in store.consents.overdue(now + DAY)] == [ids[1]]
        store.consents.answer([first.consents[0].id], ConsentState.AGREED, me, now)
        assert [request.id for request in store.consents.page(0, 9)[0]] == [ids[2], ids[0], ids[1]]
        assert store.consents.page(0, 1)[1] == 3
        assert store.consents.overdue(now + DAY) == []

    await db.write(unit)


async def test_a_line_has_one_open_consent_at_most(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        one = line(store)
        for _ in range(2):
            store.consents.ask(one.order_id, [change(one.id)], person(store).id, now, now)

    with pytest.raises(IntegrityError):
        await db.write(unit)


async def test_refunds_are_listed_open_first(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        one, me = line(store), person(store).id
        shown = store.provider_orders.upsert(account(store).id, ProviderName.TAOBAO, seen(), "placed", now)
        draft = Refund(
            0, one.id, RefundState.ASKED, RefundReason.CLOSED, 2, 5_000_000_000, Decimal("12.50"), "RUB", now
        )
        first = store.refunds.add(replace(draft, provider_line_id=shown.lines[0].id, raw="refundsuccess"))
        second, third = (store.refunds.add(draft) for _ in range(2))
        assert store.refunds.get(first.id) == first
        closed = replace(first, state=RefundState.CREDITED, quantity=1, closed_at=now, closed_by=me)
        store.refunds.save(closed)
        assert store.refunds.page(0, 2) == ([second, third], 3)
        assert store.refunds.page(2, 2)[0] == [closed]
        assert store.refunds.of_lines([one.id]) == [closed, second, third]
        assert store.refunds.open_count() == 2

    await db.write(unit)


async def test_pieces_on_the_marketplace_have_one_open_refund(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        shown = store.provider_orders.upsert(account(store).id, ProviderName.TAOBAO, seen(), "placed", now)
        draft = Refund(0, line(store).id, RefundState.ASKED, RefundReason.CLOSED, 2, 1, Decimal(1), "RUB", now)
        for _ in range(2):
            store.refunds.add(replace(draft, provider_line_id=shown.lines[0].id))

    with pytest.raises(IntegrityError):
        await db.write(unit)


async def test_refunds_of_a_provider_order_are_of_what_is_or_was_tied_to_it(db: SqlDatabase, now: datetime) -> None:
    def unit(store: Store) -> None:
        shown = store.provider_orders.upsert(account(store).id, ProviderName.TAOBAO, seen(), "placed", now)
        tied, untied, other = (line(store, number) for number in ("A-1", "A-2", "A-3"))
        store.bindings.bind(tied.id, shown.lines[0].id, 1, now)
        draft = Refund(0, tied.id, RefundState.ASKED, RefundReason.BY_HAND, 1, 1, Decimal(1), "RUB", now)
        by_hand = store.refunds.add(draft)
        seen_there = store.refunds.add(replace(draft, line_id=untied.id, provider_line_id=shown.lines[0].id))
        store.refunds.add(replace(draft, line_id=other.id))
        assert store.refunds.of_provider_order(shown.id) == [by_hand, seen_there]
        assert store.refunds.of_provider_order(shown.id + 1) == []

    await db.write(unit)
