"""New prices for a customer from what the goods really cost. Pure: nothing is changed here, or rounded twice."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from purchasing.consents import Price, PriceChange
from purchasing.money import goods_total, yuan
from purchasing.orders import Order, OrderLine
from purchasing.purchases import per_piece

CENT = Decimal("0.01")


class Parts(StrEnum):
    """What is recalculated from the purchase."""

    BOTH = "both"
    PRICE = "price"
    DELIVERY = "delivery"


@dataclass(frozen=True)
class Sum:
    """A sum as the customer knows it: in the order's currency, in yuan where the order has no rate."""

    amount: Decimal
    currency: str


def price_of(line: OrderLine) -> Price:
    return Price(line.price, line.shipping, line.customer_price)


def recalculated(line: OrderLine, order: Order, parts: Parts) -> PriceChange | None:
    """None where the purchase price isn't known, or nothing would change. Recalculated delivery goes into the price of
    the goods; the customer's own price follows by the difference, at the order's frozen rate."""
    if line.purchase_price is None:
        return None
    goods = goods_total(line.price if parts is Parts.DELIVERY else line.purchase_price, line.quantity)
    delivery = 0 if parts is Parts.PRICE else line.purchase_shipping or 0
    price = per_piece(goods + delivery, line.quantity)
    shipping = line.shipping if parts is Parts.PRICE else 0
    before = price_of(line)
    after = Price(price, shipping, _follow(line, order, price))
    if after.total(line.quantity) == before.total(line.quantity) and after.shipping == before.shipping:
        return None
    return PriceChange(line.id, before, after)


def _follow(line: OrderLine, order: Order, price: Decimal) -> Decimal | None:
    if line.customer_price is None or order.rate is None:
        return line.customer_price
    moved = line.customer_price + (price - line.price) * order.rate
    return max(Decimal(0), moved).quantize(CENT, ROUND_HALF_UP)


def customers_sum(price: Price, quantity: int, order: Order) -> Sum:
    """What the customer pays for a whole line at this price."""
    if order.rate is None or not order.currency:
        return Sum(yuan(price.total(quantity)), "CNY")
    if price.customer_price is None:
        whole = yuan(price.total(quantity)) * order.rate
    else:
        whole = price.customer_price * quantity + yuan(price.shipping) * order.rate
    return Sum(whole.quantize(CENT, ROUND_HALF_UP), order.currency)
