"""What was agreed to when a line was bought, and what it costs: the two are compared until it is paid."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Purchase:
    """One line's buying. `agreed`: fen for all of its pieces with their freight, as a person saw and confirmed them.

    `sku_id`, `choice` and `title` are the provider's words for what was ordered; `told` are the differences
    (what, value) that were noted or asked about already."""

    line_id: int
    person_id: int | None
    placed_at: datetime
    agreed: int
    sku_id: str = ""
    choice: str = ""
    title: str = ""
    told: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Cost:
    """What pieces cost on the marketplace, in fen: their goods and their share of the freight."""

    goods: int = 0
    shipping: int = 0
    pieces: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.goods + other.goods, self.shipping + other.shipping, self.pieces + other.pieces)

    @property
    def total(self) -> int:
        return self.goods + self.shipping

    @property
    def unit_price(self) -> Decimal:
        """Yuan per piece; times the pieces and rounded to fen it gives `goods` again."""
        return per_piece(self.goods, self.pieces)


def per_piece(total: int, pieces: int) -> Decimal:
    """Yuan per piece of a sum in fen; `money.goods_total` makes the sum of it again (below 1,000,000 pieces)."""
    exact = Decimal(total) / 100 / max(1, pieces)
    short = exact.quantize(Decimal("0.01"))
    return short if short == exact else exact.quantize(Decimal("0.00000001"))
