"""The tour's part about money: sellers ask more, the customer is asked, and each of their answers is recorded."""

from dataclasses import dataclass

from sandbox.demo import World
from sandbox.telegram.operator import Operator, Seen
from sandbox.tour.steps import KEEN, Shift, answered, turn_to, until

TAP = "730000000010"
DEARER = {
    "730000000001": ("alibaba1688", "Футболка опт", 40000),
    "730000000005": ("alibaba1688", "Набор кухонный", 9000),
    TAP: ("alibaba1688", "Кран", 8000),
    "640000000009": ("taobao", "Лампа", 16000),
}
"""Item id → the marketplace, the goods, and what their seller asks for them now, in fen."""


@dataclass
class MoneyTour:
    world: World
    owner: Operator

    def steps(self) -> Shift:
        return [
            ("sellers ask more: each order is asked about", self.ask_more),
            ("kept as it is", self.keep),
            ("recalculated: the customer agrees and owes a rest", self.owe),
            ("recalculated: the customer refuses, the order is cancelled", self.refuse),
            ("recalculated from the order: agreed and paid", self.agree),
        ]

    async def ask_more(self) -> None:
        """The check after export, at the next background sync."""
        for item_id, (part, _, fen) in DEARER.items():
            (order,) = await self._unpaid(item_id)
            await self.world.control(part, "set_order_price", order_id=order["id"], goods_fen=fen)
        for _, goods, _ in DEARER.values():
            await self._asked(goods)

    async def keep(self) -> None:
        for goods in ("Футболка опт", "Лампа"):
            question = await self._asked(goods)
            await self.owner.press("Оставить как есть", question)
            await self.owner.wait_for(answered(question.id))

    async def owe(self) -> None:
        card = await self._ask_the_customer("Набор кухонный")
        await self.owner.press("Согласен, должен", card)
        await self.owner.send("12,50")
        shown = await self.owner.wait_for(lambda m: "должен 12,50" in m.text)
        await self.owner.press("Клиент доплатил", shown)
        await self.owner.wait_for(lambda m: m.id == shown.id and "согласен, оплачено" in m.text)

    async def refuse(self) -> None:
        card = await self._ask_the_customer("Кран")
        await self.owner.press("Отказ", card)
        await self.owner.press("Да, клиент отказался", card)
        await until(self._tap_is_cancelled)

    async def agree(self) -> None:
        """The cardigan was bought at a new price."""
        sent = await self.owner.send("/orders")
        orders = await self.owner.wait_for("Заказы", after=sent)
        await self.owner.press("1002 ·", orders)
        await turn_to(self.owner, orders.id, "Закупленные")
        await self.owner.press("☑ Все", orders)
        await self.owner.press("Пересчитать ·", orders)
        await self.owner.press("Спросить клиента ·", orders)
        await self.owner.press("Согласен, оплачено", orders)
        await self.owner.wait_for(lambda m: m.id == orders.id and "согласен, оплачено" in m.text)

    async def _tap_is_cancelled(self) -> bool:
        return not await self._unpaid(TAP)

    async def _unpaid(self, item_id: str) -> list[dict[str, object]]:
        orders = (await self.world.truth(DEARER[item_id][0]))["orders"]
        return [one for one in orders if one["status"] == "unpaid" and item_id in str(one["lines"])]

    async def _asked(self, goods: str) -> Seen:
        return await self.owner.wait_for(lambda m: "дороже, чем согласовано" in m.text and goods in m.text, within=KEEN)

    async def _ask_the_customer(self, goods: str) -> Seen:
        question = await self._asked(goods)
        await self.owner.press("Пересчитать и спросить", question)
        return await self.owner.wait_for(lambda m: "Ответ клиента" in m.text and goods in m.text)
