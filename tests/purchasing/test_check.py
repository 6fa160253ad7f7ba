"""Whether a provider order shows what was ordered: marketplaces write one configuration in several ways."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from purchasing.check.compare import other_configuration
from purchasing.provider_orders import ProviderLine
from purchasing.purchases import Purchase

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ordered", "shown", "other"),
    [
        (("s1", "颜色:红色;尺码:M"), ("s1", ""), False),
        (("s1", "颜色:红色;尺码:M"), ("s2", ""), True),
        (("s1", "颜色:红色;尺码:M"), ("", "尺码：M；颜色：红色"), False),
        (("s1", "颜色:红色;尺码:M"), ("", "红色 M"), False),
        (("s1", "颜色:红色;尺码:M"), ("s2", "颜色:红色;尺码:M"), False),
        (("s1", "颜色:红色;尺码:M"), ("", "颜色:蓝色;尺码:M"), True),
        (("s1", "颜色:红色"), ("", ""), False),
        (("", ""), ("s1", "颜色:红色"), False),
    ],
)
def test_a_configuration_is_known_again(ordered: tuple[str, str], shown: tuple[str, str], other: bool) -> None:
    seen = ProviderLine(1, 1, "1", "60001", *shown, "Cup", 2, Decimal(1))
    assert other_configuration(Purchase(1, None, NOW, 100, *ordered), seen) is other
