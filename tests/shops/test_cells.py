from datetime import date
from decimal import Decimal

import pytest

from shops.files.cells import BadCell, Cell, grams, identifier, money, number, text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("39,9", "39.9"),
        ("39.90", "39.90"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("0,035", "0.035"),
        ("１２", "12"),
        (" 7 ", "7"),
        (".5", "0.5"),
        (39.9, "39.9"),
        (0.1 + 0.2, "0.3"),
        (5.0, "5"),
        (12, "12"),
        (Decimal("0.008"), "0.008"),
    ],
)
def test_numbers_as_people_write_them(written: Cell, expected: str) -> None:
    assert number(written) == Decimal(expected)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("две", "not_a_number"),
        ("1,234", "ambiguous_number"),
        ("1.2.3", "not_a_number"),
        ("12,34.5", "not_a_number"),
        ("=1+1", "not_a_number"),
        (True, "not_a_number"),
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        (Decimal("1E+999999"), "not_a_number"),
        (date(2026, 5, 12), "became_date"),
    ],
)
def test_what_is_no_number_says_why(written: Cell, rule: str) -> None:
    with pytest.raises(BadCell) as bad:
        number(written)
    assert bad.value.rule == rule


@pytest.mark.parametrize("written", ["¥39,90", "￥39.90", "39.90 元", "39,9 юаней", "CNY 39.90", "39.9¥"])
def test_yuan_may_carry_its_sign(written: str) -> None:
    assert money(written, yuan=True) == Decimal("39.9")


@pytest.mark.parametrize("written", ["500 руб.", "500 ₽", "$5", "500 р.", "5 USD"])
def test_another_currency_is_never_taken_for_yuan(written: str) -> None:
    with pytest.raises(BadCell) as bad:
        money(written, yuan=True)
    assert bad.value.rule == "not_yuan"


def test_the_customers_price_may_carry_any_sign() -> None:
    assert money("1 500,50 руб.", yuan=False) == Decimal("1500.50")
    assert money("500 ₽", yuan=False) == 500


@pytest.mark.parametrize(
    ("written", "kilograms", "expected"),
    [
        ("1,2 кг", False, 1200),
        ("1.2kg", False, 1200),
        ("500 г", False, 500),
        ("500 гр.", True, 500),
        ("1,200 кг", False, 1200),
        (350.0, False, 350),
        (0.35, True, 350),
    ],
)
def test_weights_are_grams(written: Cell, kilograms: bool, expected: int) -> None:
    assert grams(written, kilograms=kilograms) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (640000000001.0, "640000000001"),
        (640000000001, "640000000001"),
        ("640000000001", "640000000001"),
        ("'5113222887354003142", "5113222887354003142"),
        ("A-1", "A-1"),
        ("  A\u200b-1\n", "A-1"),
        (5113222887354003142, "5113222887354003142"),  # JSON keeps it exact
    ],
)
def test_ids_stay_exact(written: Cell, expected: str) -> None:
    assert identifier(written) == expected


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("1.23E+18", "number_rounded"),
        ("1,23E+18", "number_rounded"),
        (5.113222887354003e18, "number_rounded"),
        (Decimal("1.23E+18"), "number_rounded"),
        (1.5, "number_rounded"),
        (date(2026, 5, 12), "became_date"),
        ("A" * 65, "too_long"),
    ],
)
def test_a_spoilt_id_is_refused(written: Cell, rule: str) -> None:
    with pytest.raises(BadCell) as bad:
        identifier(written)
    assert bad.value.rule == rule


def test_text_has_no_control_characters_and_single_spaces() -> None:
    assert text(" a\x00\x07\tb\u00a0\u200bc\r\n") == "a b c"
    assert text("=HYPERLINK(1)") == "=HYPERLINK(1)"
    assert text(42.0) == "42"
    assert text(36.5) == "36.5"
