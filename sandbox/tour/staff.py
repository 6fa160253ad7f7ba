"""The tour's part of an owner who sets the desk up: a setting, and somebody for the warehouse."""

import re
from dataclasses import dataclass

from sandbox.telegram.operator import Operator
from sandbox.tour.steps import Shift


@dataclass
class StaffTour:
    owner: Operator
    newcomer: Operator

    def steps(self) -> Shift:
        return [
            ("start: the other owner's home screen", self.start),
            ("settings: a wrong value is explained, a right one saved", self.change_a_setting),
            ("staff: somebody joins by a one-time link", self.invite),
        ]

    async def start(self) -> None:
        await self.owner.start()
        await self.owner.wait_for("Выкуп")

    async def change_a_setting(self) -> None:
        await self._settings()
        await self.owner.press("Допуск по цене, %")
        sent = await self.owner.send("много")
        form = await self.owner.wait_for(lambda m: "от 0 до 50" in m.text and "много" in m.text, after=sent)
        await self.owner.send("3")
        await self.owner.wait_for(lambda m: "Сохранено" in m.text and "3 %" in m.text, after=form.id)

    async def invite(self) -> None:
        await self._settings()
        await self.owner.press("Сотрудники")
        await self.owner.press("Пригласить")
        await self.owner.press("склад")
        shown = await self.owner.wait_for(lambda m: "?start=" in str(m.raw))
        found = re.search(r"\?start=([\w-]+)", str(shown.raw))
        assert found is not None  # noqa: S101 - just waited for
        await self.newcomer.start(found.group(1))
        await self.newcomer.wait_for("Выкуп")

    async def _settings(self) -> None:
        sent = await self.owner.send("/settings")
        await self.owner.wait_for("Настройки", after=sent)
