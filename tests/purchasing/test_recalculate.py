"""New prices from the purchase: what goes into them, and what the customer pays for it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from purchasing.orders import Order, OrderLine
from purchasing.recalculate import Parts, Sum, customers_sum, price_of, recalculated
from purchasing.words import ProviderName

RUB = Order(1, "1001", "Ivan", "RUB", Decimal("12.5"))
PLAIN = Order(1, "1001")
CUP = OrderLine(
    "1",
    ProviderName.TAOBAO,
    "60001",
    quantity=3,
    price=Decimal("10.00"),
    shipping=200,
    customer_price=Decimal("140.00"),
    purchase_price=Decimal("11.00"),
    purchase_shipping=800,
    id=7,
)


@pytest.mark.parametrize(
    ("parts", "total", "shipping"), [(Parts.BOTH, 4100, 0), (Parts.PRICE, 3500, 200), (Parts.DELIVERY, 3800, 0)]
)
def test_delivery_goes_into_the_price_of_the_goods(parts: Parts, total: int, shipping: int) -> None:
    change = recalculated(CUP, RUB, parts)
    assert change
    assert (change.before.total(3), change.after.total(3), change.after.shipping) == (3200, total, shipping)


def test_the_customers_own_price_follows_by_the_difference_at_the_frozen_rate() -> None:
    change = recalculated(CUP, RUB, Parts.PRICE)
    assert change
    assert change.after.customer_price == Decimal("152.50"), "the agency's margin of 15 a piece stays"
    assert customers_sum(change.before, 3, RUB) == Sum(Decimal("445.00"), "RUB"), "with 2 ¥ of delivery"
    assert customers_sum(change.after, 3, RUB) == Sum(Decimal("482.50"), "RUB")


def test_without_a_rate_the_customer_pays_in_yuan() -> None:
    change = recalculated(CUP, PLAIN, Parts.BOTH)
    assert change
    assert customers_sum(change.after, 3, PLAIN) == Sum(Decimal(41), "CNY")


def test_nothing_changes_where_nothing_is_known_or_it_is_the_same() -> None:
    assert recalculated(replace(CUP, purchase_price=None), RUB, Parts.BOTH) is None
    same = replace(CUP, shipping=0, purchase_price=Decimal("10.00"), purchase_shipping=0)
    assert recalculated(same, RUB, Parts.BOTH) is None
    assert price_of(same).total(3) == 3000
