"""Choices are compared as people write them, and no effect starts after its deadline."""

from datetime import UTC, datetime, timedelta

import pytest

from providers.base import part_of_choice, same_choice, seconds_left
from purchasing.errors import SendingStopped

RED_XL = [("颜色", "深红 色"), ("尺码", "XL")]


@pytest.mark.parametrize(
    "text",
    [
        "深红 色;XL",
        "XL; 深红色",
        "颜色:深红 色;尺码:XL",
        "尺码：xl ； 颜色：深红色",
        "深红色 / XL",
        "颜色 深红 色 尺码 XL",
        "XL 深红 色",
    ],
)
def test_a_choice_is_recognised_in_any_order_and_spacing(text: str) -> None:
    assert same_choice(text, RED_XL)


@pytest.mark.parametrize("text", ["", "XL", "深红 色;L", "深红 色;XL;两件", "深红 色 XXL", "红;XL"])
def test_another_choice_is_not_taken_for_it(text: str) -> None:
    assert not same_choice(text, RED_XL)


def test_a_decimal_comma_is_no_other_size() -> None:
    assert not same_choice("1,5m", [("长度", "15m")])


def test_part_of_a_choice_is_enough_to_ask() -> None:
    assert part_of_choice("xl", RED_XL)
    assert not part_of_choice("xxl", RED_XL)
    assert not part_of_choice("", RED_XL)


def test_nothing_is_sent_after_the_deadline() -> None:
    assert seconds_left(datetime.now(UTC) + timedelta(minutes=1)) > 0
    with pytest.raises(SendingStopped, match="deadline"):
        seconds_left(datetime.now(UTC) - timedelta(seconds=1))
