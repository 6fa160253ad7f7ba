"""The state of one marketplace and the verbs that move it. Nothing here knows of pages or calls."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sandbox.market.model import (
    Address,
    BuyerAccount,
    Goods,
    MarketOrder,
    MarketOrderLine,
    Parcel,
    Piece,
    Provider,
    Refund,
    Refused,
    RepeatPolicy,
    Shipment,
    Wanted,
    fen,
)


def utc_now() -> datetime:
    return datetime.now(UTC)


class World:
    """One marketplace in memory. Public methods named in `VERBS` may be called by `POST /_control/world`.

    Every verb raises `Refused` when the world can't do it; nothing has changed then.
    """

    VERBS = frozenset(
        {
            "pay", "ship", "change_waybill", "deliver", "finish", "close", "refund", "set_price",
            "set_order_price", "sell_out", "restock", "remove_sku", "set_minimum", "expire_session",
            "reach_limit", "list_lag", "set_repeat_policy", "set_raw_status", "advance_clock",
        }
    )  # fmt: skip

    def __init__(
        self,
        provider: Provider,
        goods: Iterable[Goods],
        accounts: Iterable[BuyerAccount],
        seed: int,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.provider = provider
        self.goods = {one.item_id: one for one in goods}
        self.accounts = {one.login: one for one in accounts}
        self.orders: dict[str, MarketOrder] = {}
        self.paying_calls: list[str] = []
        """What a program did to pay, which only a person may do: for tests that prove that none did."""
        self.repeat_policy: RepeatPolicy = "same_order"
        self.random = random.Random(f"{provider}/{seed}")
        self._clock = clock
        self._ahead = timedelta()
        self._last_id = self.random.randrange(2_200_000_000, 2_300_000_000) * 10**9
        self._lag = (timedelta(), 0)

    # -- looking ---------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self._clock() + self._ahead

    def new_id(self) -> str:
        """19 digits and odd, so that a float can never hold it unharmed."""
        self._last_id += self.random.randrange(1_000_000, 9_000_000) * 2
        return str(self._last_id | 1)

    def item(self, item_id: str) -> Goods:
        if item_id not in self.goods:
            raise Refused("not_found", f"no goods {item_id}")
        return self.goods[item_id]

    def account(self, login: str) -> BuyerAccount:
        if login not in self.accounts:
            raise Refused("not_found", f"no account {login}")
        return self.accounts[login]

    def order(self, order_id: str) -> MarketOrder:
        if order_id not in self.orders:
            raise Refused("not_found", f"no order {order_id}")
        return self.orders[order_id]

    def orders_of(self, login: str) -> list[MarketOrder]:
        """All orders of an account, newest first, lag or not: for pages that a person looks at."""
        return [one for one in reversed(self.orders.values()) if one.account == login]

    def look(self, login: str) -> list[MarketOrder]:
        """What a list or a search shows now, newest first. Each call counts as one look for `list_lag`."""
        seen = []
        for order in self.orders_of(login):
            if order.hidden_looks > 0:
                order.hidden_looks -= 1
            elif order.hidden_until is None or order.hidden_until <= self.now():
                seen.append(order)
        return seen

    def repeated(self, login: str, out_order_id: str) -> list[MarketOrder]:
        """Orders of the account that carry this number of the buyer's own, listed already or not."""
        mine = [one for one in self.orders.values() if one.account == login]
        return [one for one in mine if out_order_id and one.out_order_id == out_order_id]

    def price_lines(self, wanted: Sequence[Wanted]) -> list[MarketOrderLine]:
        """Lines as an order would hold them now, `sub_id` empty. Stock is not looked at."""
        return [self._line(one, self._offer_quantity(wanted, one.item_id)) for one in wanted]

    def freight(self, wanted: Sequence[Wanted]) -> int:
        """Fen for one seller's basket: the dearest of its goods decides."""
        return max((self.item(one.item_id).freight_fen for one in wanted), default=0)

    def short(self, wanted: Sequence[Wanted]) -> list[Wanted]:
        """Those of which there is not enough."""
        return [one for one in wanted if self.item(one.item_id).available(one.sku_id) < one.quantity]

    # -- a buyer's verbs -------------------------------------------------------------------------

    def place(
        self,
        login: str,
        wanted: Sequence[Wanted],
        address: Address,
        *,
        out_order_id: str = "",
        remark: str = "",
        details: Mapping[str, str] | None = None,
    ) -> MarketOrder:
        """Create an unpaid order with one seller; stock goes down at once."""
        account, lines = self.account(login), self.price_lines(wanted)
        sellers = {self.item(one.item_id).seller for one in wanted}
        if len(sellers) != 1:
            raise Refused("lines", "one order has one seller")
        if self.short(wanted):
            raise Refused("sold_out", f"not enough of {self.short(wanted)[0].item_id}")
        if account.orders_left == 0:
            raise Refused("limit", f"{login} can't place more orders today")
        order = MarketOrder(
            id=self.new_id(),
            provider=self.provider,
            account=login,
            seller=sellers.pop(),
            created_at=self.now(),
            modified_at=self.now(),
            freight_fen=self.freight(wanted),
            lines=lines,
            address=address,
            out_order_id=out_order_id,
            remark=remark,
            details=dict(details or {}),
            hidden_until=self.now() + self._lag[0],
            hidden_looks=self._lag[1],
        )
        self._number(order)
        if account.orders_left is not None:
            account.orders_left -= 1
        for one in wanted:
            self._take(one.item_id, one.sku_id, one.quantity)
        self.orders[order.id] = order
        return order

    def pay(self, order_id: str) -> MarketOrder:
        order = self._touch(order_id, "unpaid")
        order.paid_at = self.now()
        return order

    def close(self, order_id: str, reason: str = "buyerCancel") -> MarketOrder:
        """End an order, paid (a full refund) or not, that is not shipped; the stock comes back."""
        order = self._touch(order_id, "unpaid", "paid")
        order.closed_at, order.close_reason = self.now(), reason
        for line in order.lines:
            self._take(line.item_id, line.sku_id, -line.quantity)
        return order

    def finish(self, order_id: str) -> MarketOrder:
        """The buyer confirms the receipt."""
        order = self._touch(order_id, "shipped", "delivered")
        order.finished_at = self.now()
        return order

    def refund(self, order_id: str, sub_id: str, amount_fen: int, quantity: int = 0, state: str = "done") -> Refund:
        """Add a refund of a line, or move the line's last one on to another state."""
        order = self.order(order_id)
        order.line(sub_id)
        order.modified_at = self.now()
        for known in order.refunds:
            if known.sub_id == sub_id and known.state not in {"done", "refused"}:
                known.state, known.amount_fen, known.quantity = state, amount_fen, quantity
                return known
        refund = Refund(self.new_id(), sub_id, state, quantity, amount_fen, self.now())
        order.refunds.append(refund)
        return refund

    # -- a seller's verbs ------------------------------------------------------------------------

    def ship(self, order_id: str, parcels: tuple[Parcel, ...]) -> MarketOrder:
        """Send one or more waybills, each with some pieces of some lines."""
        order = self.order(order_id)
        if order.status not in {"paid", "part_shipped"}:
            raise Refused("status", f"order {order_id} is {order.status}")
        before = list(order.shipments)
        try:
            for parcel in parcels:
                order.shipments.append(self._shipment(order, parcel))
        except Refused:
            order.shipments = before
            raise
        order.modified_at = self.now()
        return order

    def change_waybill(self, order_id: str, old: str, new: str) -> MarketOrder:
        order = self.order(order_id)
        self._shipment_of(order, old).waybill = new
        order.modified_at = self.now()
        return order

    def deliver(self, order_id: str, waybill: str = "") -> MarketOrder:
        """Mark one waybill, or all of them, as signed for."""
        order = self._touch(order_id, "part_shipped", "shipped")
        chosen = [self._shipment_of(order, waybill)] if waybill else order.shipments
        for shipment in chosen:
            shipment.delivered_at = self.now()
        return order

    def set_order_price(self, order_id: str, goods_fen: int, freight_fen: int | None = None) -> MarketOrder:
        """The seller changes the sum of an unpaid order; lines share it by largest remainder."""
        order = self._touch(order_id, "unpaid")
        shares = largest_remainder(goods_fen, [line.amount_fen for line in order.lines])
        for line, share in zip(order.lines, shares, strict=True):
            line.discount_fen += share - line.amount_fen
            line.amount_fen = share
        if freight_fen is not None:
            order.freight_fen = freight_fen
        return order

    def set_price(self, item_id: str, price: Decimal, sku_id: str = "") -> Goods:
        """Change what new orders cost: of one sku, or of the goods with all skus and tiers."""
        goods = self.item(item_id)
        if not sku_id:
            goods.price = price
            goods.tiers = tuple(type(tier)(tier.start, price) for tier in goods.tiers)
        for sku in goods.skus:
            if sku_id in {"", sku.sku_id}:
                sku.price = price
        return goods

    def restock(self, item_id: str, stock: int, sku_id: str = "") -> Goods:
        goods = self.item(item_id)
        if not sku_id:
            goods.stock = stock
        for sku in goods.skus:
            if sku_id in {"", sku.sku_id}:
                sku.stock = stock
        return goods

    def sell_out(self, item_id: str, sku_id: str = "") -> Goods:
        return self.restock(item_id, 0, sku_id)

    def remove_sku(self, item_id: str, sku_id: str) -> Goods:
        goods = self.item(item_id)
        goods.skus = tuple(sku for sku in goods.skus if sku.sku_id != sku_id)
        return goods

    def set_minimum(self, item_id: str, minimum: int) -> Goods:
        goods = self.item(item_id)
        goods.minimum = minimum
        return goods

    # -- the marketplace's moods -----------------------------------------------------------------

    def expire_session(self, account: str) -> BuyerAccount:
        buyer = self.account(account)
        buyer.session_epoch += 1
        return buyer

    def reach_limit(self, account: str, orders_left: int | None = 0) -> BuyerAccount:
        """Let the account place so many orders more; None lifts the limit."""
        buyer = self.account(account)
        buyer.orders_left = orders_left
        return buyer

    def list_lag(self, seconds: float = 0, looks: int = 0) -> None:
        """Orders made from now on stay out of lists for that time and that many looks."""
        self._lag = (timedelta(seconds=seconds), looks)

    def set_repeat_policy(self, policy: RepeatPolicy) -> None:
        self.repeat_policy = policy

    def set_raw_status(self, order_id: str, raw_status: str | None) -> MarketOrder:
        """Show a status nobody has heard of (None: the true one again)."""
        order = self.order(order_id)
        order.raw_status = raw_status
        order.modified_at = self.now()
        return order

    def advance_clock(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)

    # -- inside ----------------------------------------------------------------------------------

    def _touch(self, order_id: str, *allowed: str) -> MarketOrder:
        order = self.order(order_id)
        if order.status not in allowed:
            raise Refused("status", f"order {order_id} is {order.status}")
        order.modified_at = self.now()
        return order

    def _offer_quantity(self, wanted: Sequence[Wanted], item_id: str) -> int:
        return sum(one.quantity for one in wanted if one.item_id == item_id)

    def _line(self, one: Wanted, offer_quantity: int) -> MarketOrderLine:
        goods = self.item(one.item_id)
        sku = goods.sku(one.sku_id)
        if bool(goods.skus) != bool(sku):
            raise Refused("not_found", f"goods {one.item_id} has no configuration {one.sku_id!r}")
        price = goods.unit_price(one.sku_id, offer_quantity)
        return MarketOrderLine(
            sub_id="",
            item_id=goods.item_id,
            sku_id=one.sku_id,
            title=goods.title,
            choice=sku.choice_text if sku else "",
            quantity=one.quantity,
            unit_price=price,
            amount_fen=fen(price * one.quantity),
            spec_id=sku.spec_id if sku else "",
        )

    def _number(self, order: MarketOrder) -> None:
        """A single line carries the order's own number, as both marketplaces have it."""
        for line in order.lines:
            line.sub_id = order.id if len(order.lines) == 1 else self.new_id()

    def _take(self, item_id: str, sku_id: str, quantity: int) -> None:
        goods = self.goods[item_id]
        sku = goods.sku(sku_id)
        if sku:
            sku.stock -= quantity
        else:
            goods.stock -= quantity

    def _shipment(self, order: MarketOrder, parcel: Parcel) -> Shipment:
        rest = tuple(Piece(one.sub_id, order.unshipped(one)) for one in order.lines if order.unshipped(one))
        pieces = parcel.lines or rest
        if not pieces:
            raise Refused("lines", "nothing is left to ship")
        for piece in pieces:
            if not 0 < piece.quantity <= order.unshipped(order.line(piece.sub_id)):
                raise Refused("lines", f"line {piece.sub_id} has no {piece.quantity} pieces left to ship")
        return Shipment(f"LP{self.new_id()[:14]}", parcel.waybill, parcel.carrier, pieces, self.now())

    def _shipment_of(self, order: MarketOrder, waybill: str) -> Shipment:
        for shipment in order.shipments:
            if shipment.waybill == waybill:
                return shipment
        raise Refused("not_found", f"order {order.id} has no waybill {waybill}")


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by `weights` so that the parts add up exactly."""
    whole = sum(weights) or len(weights)
    parts = [total * (weight if sum(weights) else 1) // whole for weight in weights]
    left = total - sum(parts)
    by_rest = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for index in by_rest[:left]:
        parts[index] += 1
    return parts
