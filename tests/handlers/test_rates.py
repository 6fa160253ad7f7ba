"""Rates typed in the chat: checked, kept with their history, frozen on the orders of their time."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from purchasing.import_keys import keyed
from purchasing.import_orders import import_rows
from purchasing.order_file import FileRow
from purchasing.orders import Order
from purchasing.words import ProviderName, Role
from tests.support.desk import Chatter, Desk

ROW = FileRow(
    2, "A-1", ProviderName.TAOBAO, "640000000001", 2, title="Кружка", price=Decimal(50), currency="RUB", status="paid"
)


async def at_rates(desk: Desk) -> Chatter:
    await desk.owner.send("/start")
    await desk.owner.press("Settings")
    await desk.owner.press("Rates")
    return desk.owner


async def add(person: Chatter, typed: str) -> None:
    await person.press("Add a rate")
    await person.send(typed)


async def order(desk: Desk, row: FileRow = ROW) -> Order:
    await desk.write(lambda store: import_rows(store, keyed([row]), None, desk.clock()))
    found = await desk.read(lambda store: store.orders.by_number(row.order))
    assert found is not None
    return found


async def test_an_order_without_a_rate_gets_that_of_its_day_for_good(desk: Desk) -> None:
    owner = await at_rates(desk)
    assert "No rates yet" in owner.screen.text
    await add(owner, "rub 13,2 5%")
    assert "13.2 + 5 % = 13.86 per yuan" in owner.screen.text
    made = await order(desk)
    assert made.rate == Decimal("13.86")
    desk.clock.advance(timedelta(days=1))
    await add(owner, "RUB 20")
    assert (await order(desk)).rate == Decimal("13.86"), "frozen"
    assert (await order(desk, replace(ROW, order="A-2"))).rate == Decimal(20)
    assert (await order(desk, replace(ROW, order="A-3", rate=Decimal(9)))).rate == Decimal(9), "the shop's own wins"
    assert (await order(desk, replace(ROW, order="A-4", currency="KZT"))).rate is None


async def test_orders_that_came_before_the_rate_get_it_when_it_is_added(desk: Desk) -> None:
    assert (await order(desk)).rate is None
    owner = await at_rates(desk)
    await add(owner, "RUB 99 01.01.2100")
    assert (await order(desk)).rate is None, "it isn't in force yet"
    await add(owner, "RUB 14 -10% 2020-01-31")
    assert "14 − 10 % = 12.6" in owner.screen.text
    found = await desk.read(lambda store: store.orders.by_number("A-1"))
    assert found is not None
    assert found.rate == Decimal("12.6")


async def test_sums_are_shown_in_both_currencies(desk: Desk) -> None:
    owner = await at_rates(desk)
    await add(owner, "RUB 13")
    await order(desk)
    await owner.send("/orders")
    await owner.press("A-1")
    assert "¥100.00 · RUB1,300.00" in owner.screen.text
    await owner.press("Кружка")
    assert "RUB1,300.00" in owner.screen.text
    await owner.send("/buy")
    await owner.press("☐")
    assert "¥100.00 · RUB1,300.00" in owner.screen.text


async def test_a_rate_is_removed_after_a_question_and_orders_keep_it(desk: Desk) -> None:
    owner = await at_rates(desk)
    await add(owner, "RUB 13")
    made = await order(desk)
    await owner.press("🗑 RUB")
    assert "keep it" in owner.screen.text
    await owner.press("Remove")
    assert "No rates yet" in owner.screen.text
    assert await order(desk) == made
    entries, _ = await desk.read(lambda store: store.audit.page("RUB", 0, 10))
    assert [entry.action for entry in entries] == ["rate", "rate"]


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("13.2", "three letters"),
        ("CNY 1", "three letters"),
        ("🎁🎁🎁 1", "three letters"),
        ("RUB", "Currency, rate, markup"),
        ("RUB 5%", "Currency, rate, markup"),
        ("RUB 1 2", "Currency, rate, markup"),
        ("RUB 0", "above 0"),
        ("RUB -13", "above 0"),
        ("RUB 99999999", "above 0"),
        ("RUB 1e3", "above 0"),
        ("RUB 13 500%", "-50% to 200%"),
        ("RUB 13 31.02.2026", "no such date"),
        ("RUB 13 99.99.2026", "no such date"),
        ("я" * 4000, "three letters"),
    ],
)
async def test_what_is_no_rate_is_refused_and_kept(desk: Desk, typed: str, rule: str) -> None:
    owner = await at_rates(desk)
    await add(owner, typed)
    assert rule in owner.screen.text
    assert typed[:40] in owner.screen.text
    assert await desk.read(lambda store: store.rates.page(0, 9)[1]) == 0


async def test_only_an_owner_sees_the_rates(desk: Desk) -> None:
    buyer = await desk.person(2002, Role.BUYER)
    await buyer.send("/start")
    assert "Settings" not in buyer.screen.labels
