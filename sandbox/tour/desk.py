"""The tour's part about ties: taken off with the order, taken off and made again; and about an account's limit."""

from dataclasses import dataclass

from sandbox.demo import World
from sandbox.telegram.operator import Operator, Seen
from sandbox.tour.steps import ALIBABA_NICK, KEEN, Shift, expect, turn_to

CUPS, LEGGINGS = "640000000010", "730000000007"
"""Item ids of goods that are the only ones of their orders on their marketplaces."""


@dataclass
class DeskTour:
    world: World
    owner: Operator

    def steps(self) -> Shift:
        return [
            ("unbind a line, its provider order is cancelled", self.unbind_and_cancel),
            ("the marketplace's limit stops a reservation", self.reach_the_limit),
            ("unbind another, its provider order stays", self.unbind),
            ("link it again by the order's number", self.link),
        ]

    async def unbind(self) -> None:
        question = await self._unbind("1006", "Кружки")
        await self.owner.press("Только отвязать товар", question)
        await self._ready("1006", "Кружки")

    async def link(self) -> None:
        order = await self._ordered("taobao", CUPS)
        order_card = await self._order("1006")
        await self.owner.press("Связать с провайдерским заказом", order_card)
        await self.owner.wait_for(lambda m: m.id == order_card and "Введите номер заказа площадки" in m.text)
        await self.owner.send(str(order["id"]))
        card = await self._order("1006")
        await turn_to(self.owner, card, "Закупленные", "Кружки")

    async def unbind_and_cancel(self) -> None:
        order = await self._ordered("alibaba1688", LEGGINGS)
        question = await self._unbind("1007", "Леггинсы")
        await self.owner.press("Отменить и заказ площадки", question)
        await self.owner.press("Да: ", question)
        await self._ready("1007", "Леггинсы")
        left = await self._ordered("alibaba1688", LEGGINGS)
        cancelled = left["id"] == order["id"] and left["status"] != "unpaid"
        expect(cancelled, f"the provider order was not cancelled: {left}")

    async def reach_the_limit(self) -> None:
        """What isn't placed is ready again; afterwards the marketplace allows orders as before."""
        await self.world.control("alibaba1688", "reach_limit", account=ALIBABA_NICK, orders_left=0)
        order = await self._order("1007")
        await turn_to(self.owner, order, "Готовые")
        await self.owner.press("☐", order)
        await self.owner.press("Предпросмотр ·", order)
        card = await self.owner.wait_for(lambda m: m.button("Забронировать") is not None, within=KEEN)
        await self.owner.press("Забронировать", card)
        await self.owner.wait_for(lambda m: m.id == card.id and "прервано" in m.text, within=KEEN)
        await self.world.control("alibaba1688", "reach_limit", account=ALIBABA_NICK, orders_left=None)

    async def _order(self, number: str) -> int:
        """Opens an order from the list; the id of the message that shows it."""
        sent = await self.owner.send("/orders")
        card = await self.owner.wait_for("Заказы", after=sent)
        await self.owner.press(f"{number} ·", card)
        await self.owner.wait_for(lambda m: m.id == card.id and f"Заказ {number}" in m.text)
        return card.id

    async def _unbind(self, number: str, goods: str) -> Seen:
        """Ticks a bought line and has it unbound; the question about its provider order."""
        card = await self._order(number)
        shown = await turn_to(self.owner, card, "Закупленные", goods)
        await self.owner.press("☐", card)
        await self.owner.press("Отвязать ·", card)
        await self.owner.press("Да, отвязать", card)
        return await self.owner.wait_for(
            lambda m: m.id > shown.id and m.button("отвязать товар") is not None, within=KEEN
        )

    async def _ready(self, number: str, goods: str) -> None:
        card = await self._order(number)
        await turn_to(self.owner, card, "Готовые", goods)

    async def _ordered(self, part: str, item_id: str) -> dict[str, object]:
        """The newest order of the goods, as the marketplace has it."""
        orders = (await self.world.truth(part))["orders"]
        return [order for order in orders if item_id in str(order["lines"])][-1]
