"""The tour's part at the buyer's and the owner's desk: settings, staff, ties taken off and made, a limit met."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.demo import World
from sandbox.telegram.operator import Operator, Seen

KEEN = 60.0
"""Seconds for what goes through a marketplace's pages."""
CUPS, LEGGINGS = "640000000010", "730000000007"
"""Item ids of goods that are the only ones of their orders on their marketplaces."""
NEWCOMER = 2001

Step = tuple[str, Callable[[], Awaitable[None]]]


@dataclass
class DeskTour:
    """`nicks` are the accounts, Taobao's and 1688's."""

    world: World
    owner: Operator
    nicks: tuple[str, str]

    def steps(self) -> list[Step]:
        return [
            ("settings: a wrong value is explained, a right one saved", self.change_a_setting),
            ("staff: somebody joins by a one-time link", self.invite),
            ("unbind a line, its provider order stays", self.unbind),
            ("link it again by the order's number", self.link),
            ("unbind another, its provider order is cancelled", self.unbind_and_cancel),
            ("the marketplace's limit stops a reservation", self.reach_the_limit),
        ]

    async def home(self, button: str) -> int:
        """Opens what a button of the start screen leads to; the id of the message that shows it."""
        sent = await self.owner.send("/start")
        home = await self.owner.wait_for("Выкуп", after=sent)
        await self.owner.press(button, home)
        return home.id

    async def change_a_setting(self) -> None:
        await self.home("Настройки")
        await self.owner.press("Допуск по цене, %")
        sent = await self.owner.send("много")
        form = await self.owner.wait_for(lambda m: "от 0 до 50" in m.text and "много" in m.text, after=sent)
        sent = await self.owner.send("3")
        await self.owner.wait_for(lambda m: "Сохранено" in m.text and "3 %" in m.text, after=form.id)

    async def invite(self) -> None:
        await self.home("Настройки")
        await self.owner.press("Сотрудники")
        await self.owner.press("Пригласить")
        await self.owner.press("закупщик")
        shown = await self.owner.wait_for(lambda m: "?start=" in str(m.raw))
        found = re.search(r"\?start=([\w-]+)", str(shown.raw))
        assert found is not None  # noqa: S101 - just waited for
        async with Operator(self.world.urls["telegram"], NEWCOMER) as newcomer:
            await newcomer.start(found.group(1))
            await newcomer.wait_for("Выкуп")

    async def unbind(self) -> None:
        question = await self._unbind("1006")
        await self.owner.press("Только отвязать товар", question)
        await self._ready("1006")

    async def link(self) -> None:
        order = await self._ordered("taobao", CUPS)
        await self._order("1006")
        await self.owner.press("Связать с провайдерским заказом")
        await self.owner.press(self.nicks[0])
        await self.owner.wait_for("Введите номер заказа площадки")
        await self.owner.send(str(order["id"]))
        card = await self._order("1006")
        await self.owner.press("Закупленные", card)
        await self.owner.wait_for(lambda m: m.id == card and m.button("Кружки") is not None, within=KEEN)

    async def unbind_and_cancel(self) -> None:
        order = await self._ordered("alibaba1688", LEGGINGS)
        question = await self._unbind("1007", "Леггинсы")
        await self.owner.press("Отменить и заказ площадки", question)
        await self.owner.press("Да: ", question)
        await self._ready("1007", "Леггинсы")
        left = await self._ordered("alibaba1688", LEGGINGS)
        if left["id"] != order["id"] or left["status"] == "unpaid":
            raise AssertionError(f"the provider order was not cancelled: {left}")

    async def reach_the_limit(self) -> None:
        """What isn't placed is ready again; afterwards the marketplace allows orders as before."""
        await self.world.control("alibaba1688", "reach_limit", account=self.nicks[1], orders_left=0)
        await self._order("1007")
        await self.owner.press("Готовые")
        await self.owner.press("☐")
        await self.owner.press("Предпросмотр ·")
        card = await self.owner.wait_for(lambda m: m.button("Забронировать") is not None, within=KEEN)
        await self.owner.press("Забронировать", card)
        await self.owner.wait_for(lambda m: m.id == card.id and "прервано" in m.text, within=KEEN)
        await self.world.control("alibaba1688", "reach_limit", account=self.nicks[1], orders_left=None)

    async def _order(self, number: str) -> int:
        """Opens an order from the list; the id of the message that shows it."""
        card = await self.home("Заказы")
        await self.owner.press(f"{number} ·", card)
        await self.owner.wait_for(lambda m: m.id == card and f"Заказ {number}" in m.text)
        return card

    async def _unbind(self, number: str, goods: str = "") -> Seen:
        """Ticks a bought line and has it unbound; the question about its provider order."""
        card = await self._order(number)
        await self.owner.press("Закупленные", card)
        shown = await self.owner.wait_for(lambda m: m.id == card and m.button(goods or "☐") is not None)
        await self.owner.press("☐", card)
        await self.owner.press("Отвязать ·", card)
        await self.owner.press("Да, отвязать", card)
        return await self.owner.wait_for(
            lambda m: m.id > shown.id and m.button("отвязать товар") is not None, within=KEEN
        )

    async def _ready(self, number: str, goods: str = "") -> None:
        card = await self._order(number)
        await self.owner.press("Готовые", card)
        await self.owner.wait_for(lambda m: m.id == card and m.button(goods or "☐") is not None, within=KEEN)

    async def _ordered(self, part: str, item_id: str) -> dict[str, object]:
        """The newest order of the goods, as the marketplace has it."""
        orders = (await self.world.truth(part))["orders"]
        return [order for order in orders if item_id in str(order["lines"])][-1]
