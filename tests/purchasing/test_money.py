"""Exact money: rounded once, and shares that lose nothing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from purchasing.money import fen, goods_total, share, yuan

FEN = st.integers(min_value=-(10**9), max_value=10**9)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=30)


@given(FEN)
def test_fen_and_yuan_are_each_others_inverse(total: int) -> None:
    assert fen(yuan(total)) == total


@given(FEN, WEIGHTS)
def test_shares_add_up_and_differ_from_the_exact_share_by_less_than_a_fen(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(abs(part - Decimal(total) * weight / whole) < 1 for part, weight in zip(parts, weights, strict=True))


def test_a_price_below_a_fen_counts_by_the_whole_quantity() -> None:
    assert goods_total(Decimal("0.008"), 5000) == 4000
    assert goods_total(Decimal("0.008"), 1) == 1


def test_nothing_to_share_with() -> None:
    assert share(100, []) == []
    assert share(100, [0, 0, 0]) == [34, 33, 33]
