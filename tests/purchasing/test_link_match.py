"""Which lines a provider order's goods are for: certain only where nothing is left to choose."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from purchasing.link.match import Match, Offered, Open, choice_words, match
from purchasing.orders import OrderLine
from purchasing.provider_orders import ProviderLine
from purchasing.words import ProviderName


def wanted(number: int, missing: int = 1, sku: str = "s1", item: str = "i1", price: str = "10") -> Open:
    line = OrderLine(
        key=str(number),
        provider=ProviderName.TAOBAO,
        item_id=item,
        sku=sku,
        quantity=missing,
        price=Decimal(price),
        id=number,
    )
    return Open(line, missing)


def offered(number: int, free: int = 1, sku: str = "s1", item: str = "i1", choice: str = "") -> Offered:
    return Offered(ProviderLine(number, 1, str(number), item, sku, choice, "goods", free, Decimal(10)), free)


def judged(opens: list[Open], offers: list[Offered], *, exact: bool = False, unbound: bool = False) -> Match:
    return match(opens, offers, lambda _expected: 100, lambda _line, _other: not unbound, exact=exact)


def pairs(found: Match) -> list[tuple[int, int, int]]:
    return [(tie.line_id, tie.provider_line_id, tie.quantity) for tie in found.certain]


def asked(found: Match) -> list[tuple[int, list[int]]]:
    return [(offer.line.id, [o.line.id for o in candidates]) for offer, candidates in found.doubtful]


def test_the_same_goods_and_pieces_are_certain() -> None:
    assert pairs(judged([wanted(1, 3)], [offered(11, 3)])) == [(1, 11, 3)]


def test_two_lines_share_a_provider_line_and_one_spans_two() -> None:
    assert pairs(judged([wanted(1, 2), wanted(2, 3)], [offered(11, 5)])) == [(1, 11, 2), (2, 11, 3)]
    assert pairs(judged([wanted(1, 5)], [offered(11, 2), offered(12, 3)])) == [(1, 11, 2), (1, 12, 3)]


def test_more_pieces_than_wanted_are_certain_only_where_a_person_named_the_order() -> None:
    assert pairs(judged([wanted(1, 2)], [offered(11, 5)])) == [(1, 11, 2)]
    found = judged([wanted(1, 2)], [offered(11, 5)], exact=True)
    assert (pairs(found), asked(found)) == ([], [(11, [1])])


def test_too_few_pieces_for_two_lines_leave_a_choice() -> None:
    assert asked(judged([wanted(1, 2), wanted(2, 2)], [offered(11, 2)])) == [(11, [1, 2])]


@pytest.mark.parametrize(("price", "certain"), [("10.9", True), ("11.1", False), ("9.1", True), ("8.9", False)])
def test_a_price_beyond_the_tolerance_is_asked_about(price: str, certain: bool) -> None:
    assert bool(pairs(judged([wanted(1, price=price)], [offered(11)]))) is certain


def test_another_configuration_of_the_item_is_asked_about_another_item_is_strange() -> None:
    found = judged([wanted(1)], [offered(11, sku="s2"), offered(12, item="i2")])
    assert (pairs(found), asked(found), [o.line.id for o in found.strange]) == ([], [(11, [1])], [12])


def test_a_line_that_is_covered_for_certain_is_no_candidate_for_other_goods() -> None:
    found = judged([wanted(1)], [offered(11), offered(12, sku="s2")])
    assert pairs(found) == [(1, 11, 1)]
    assert (asked(found), [o.line.id for o in found.strange]) == ([], [12])


def test_an_unbound_pair_is_not_certain() -> None:
    assert pairs(judged([wanted(1)], [offered(11)], unbound=True)) == []


def test_used_up_provider_lines_are_passed_over() -> None:
    found = judged([wanted(1)], [offered(11, free=0)])
    assert (pairs(found), asked(found), found.strange) == ([], [], [])


@pytest.mark.parametrize("text", ["颜色:黑色;尺码:M", "尺码：m；颜色分类：黑色", "黑色, M"])
def test_the_words_of_a_choice_are_the_same_however_written(text: str) -> None:
    assert choice_words(text) == ("m", "黑色")
    assert pairs(judged([wanted(1, sku=text)], [offered(11, sku="", choice="颜色:黑色;尺码:M")])) == [(1, 11, 1)]


SKUS = some.sampled_from(["s1", "s2", ""])


@given(
    some.lists(some.tuples(SKUS, some.integers(1, 9)), max_size=5),
    some.lists(some.tuples(SKUS, some.integers(0, 9)), max_size=5),
    some.booleans(),
)
def test_no_piece_is_ever_given_twice(lines: list[tuple[str, int]], goods: list[tuple[str, int]], exact: bool) -> None:
    opens = [wanted(n, pieces, sku) for n, (sku, pieces) in enumerate(lines, 1)]
    offers = [offered(n, free, sku) for n, (sku, free) in enumerate(goods, 100)]
    found = judged(opens, offers, exact=exact)
    for one in opens:
        taken = sum(tie.quantity for tie in found.certain if tie.line_id == one.line.id)
        assert taken in (0, one.missing)
    for offer in offers:
        assert sum(tie.quantity for tie in found.certain if tie.provider_line_id == offer.line.id) <= offer.free
    touched = {tie.provider_line_id for tie in found.certain}
    rest = {offer.line.id for offer, _ in found.doubtful} | {offer.line.id for offer in found.strange}
    assert not (exact and touched & rest)
