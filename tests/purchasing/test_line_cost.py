"""What lines cost on the marketplace, shared to the fen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.line_cost import split
from purchasing.money import goods_total
from purchasing.provider_orders import Binding, ProviderLine, ProviderOrder
from purchasing.purchases import per_piece
from purchasing.words import ProviderName, Stage


def order(total: int, freight: int, *goods: tuple[int, str]) -> ProviderOrder:
    lines = tuple(
        ProviderLine(number, 1, str(number), "60001", "s", "", "Cup", quantity, Decimal(price))
        for number, (quantity, price) in enumerate(goods, 1)
    )
    paid = (ProviderName.ALIBABA1688, "4001", "waitbuyerpay", Stage.UNPAID)
    return ProviderOrder(1, 1, *paid, total, freight, "seller", "placed", lines=lines)


def test_freight_is_shared_by_what_the_goods_cost() -> None:
    parts = split(order(1300, 300, (1, "7.50"), (1, "2.50")), [Binding(1, 11, 1, 1), Binding(2, 12, 2, 1)])
    assert [(parts[i].goods, parts[i].shipping) for i in (1, 2)] == [(750, 225), (250, 75)]


def test_a_discount_is_shared_like_the_goods() -> None:
    parts = split(order(800, 0, (1, "7.50"), (1, "2.50")), [Binding(1, 11, 1, 1), Binding(2, 12, 2, 1)])
    assert [parts[i].goods for i in (1, 2)] == [600, 200]


def test_pieces_that_cover_nothing_bear_their_part() -> None:
    parts = split(order(3000, 1000, (4, "5.00")), [Binding(1, 11, 1, 1)])
    assert (parts[1].goods, parts[1].shipping, parts[1].pieces) == (500, 250, 1)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 10**6)), min_size=1, max_size=6), st.integers(0, 10**7))
def test_no_fen_is_lost(goods: list[tuple[int, int]], freight: int) -> None:
    priced = [(quantity, f"{price}e-3") for quantity, price in goods]
    whole = sum(goods_total(Decimal(price), quantity) for quantity, price in priced) + freight
    bindings = [Binding(n, 10 + n, n, quantity) for n, (quantity, _) in enumerate(goods, 1)]
    assert sum(cost.total for cost in split(order(whole, freight, *priced), bindings).values()) == whole


@given(st.integers(0, 10**11), st.integers(1, 999_999))
def test_the_price_per_piece_gives_the_sum_again(total: int, pieces: int) -> None:
    assert goods_total(per_piece(total, pieces), pieces) == total


@pytest.mark.parametrize(("total", "pieces", "price"), [(1000, 4, "2.50"), (100, 3, "0.33333333"), (0, 1, "0.00")])
def test_a_price_is_as_short_as_it_can_be(total: int, pieces: int, price: str) -> None:
    assert str(per_piece(total, pieces)) == price
