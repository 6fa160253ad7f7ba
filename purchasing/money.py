"""Exact money: totals are integer fen, a unit price is a Decimal yuan; nothing here may round twice or lose a fen."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def fen(yuan: Decimal | str | int) -> int:
    """Whole fen of a sum in yuan, half up."""
    return int((Decimal(yuan) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yuan(total_fen: int) -> Decimal:
    return Decimal(total_fen) / 100


def goods_total(unit_price: Decimal, quantity: int) -> int:
    """Fen for `quantity` pieces; rounded once, after multiplying (1688 has prices below a fen)."""
    return fen(unit_price * quantity)


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Splits `total` in proportion to `weights` by largest remainder; the parts always add up to `total`."""
    whole = sum(weights)
    if whole == 0:
        return share(total, [1] * len(weights)) if weights else []
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
