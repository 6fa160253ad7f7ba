"""The tour's part at the warehouse's table: an album, a long list, receiving with an undo, a parcel whose label is read
back."""

from dataclasses import dataclass

from sandbox.pictures import label
from sandbox.telegram.operator import Operator
from sandbox.tour.steps import KEEN, Shift

STRANGE = "SF7777777777777"
"""A parcel that holds nothing of ours."""


@dataclass
class WarehouseTour:
    """`tracks`: the numbers of two parcels under way to `customer`."""

    owner: Operator
    tracks: tuple[str, str]
    customer: str

    def steps(self) -> Shift:
        return [
            ("an album of two labels", self.album),
            ("a list of two hundred numbers gives a report and a file", self.long_list),
            ("receive: a parcel, an unexpected one taken back, a weight", self.receive),
            ("receive the other by a photo, finish: a summary and a file", self.finish),
            ("pack a parcel, its printed label is read back", self.pack),
        ]

    async def album(self) -> None:
        sent = await self.owner.send_album([label(number, "YTO") for number in self.tracks])
        await self.owner.wait_for(lambda m: all(number in m.text for number in self.tracks), after=sent[-1])

    async def long_list(self) -> None:
        numbers = [*self.tracks, *(f"YT{9000000000000 + n}" for n in range(198))]
        sent = await self.owner.send("\n".join(numbers))
        await self.owner.wait_for(lambda m: "найдено: 2" in m.text and "неизвестно: 198" in m.text, after=sent)
        await self.owner.wait_for(lambda m: "document" in m.raw, after=sent)

    async def receive(self) -> None:
        sent = await self.owner.send("/receive")
        await self.owner.wait_for("Приёмка", after=sent)
        await self.owner.press("Начать приёмку")
        await self.owner.wait_for("Отсканируйте", after=sent)
        await self.owner.send(self.tracks[0])
        await self.owner.wait_for("принято: 1", after=sent)
        await self.owner.send(STRANGE)
        await self.owner.wait_for("не наше: 1", after=sent)
        await self.owner.press(f"Отменить {STRANGE}")
        await self.owner.wait_for(lambda m: "принято: 1" in m.text and "не наше" not in m.text, after=sent)
        await self.owner.send("1.24")
        await self.owner.wait_for("1240 г", after=sent)

    async def finish(self) -> None:
        sent = await self.owner.send_photo(label(self.tracks[1], "SF"))
        await self.owner.wait_for("принято: 2", after=0)
        await self.owner.press("Завершить")
        await self.owner.wait_for(lambda m: "document" in m.raw, after=sent)

    async def pack(self) -> None:
        sent = await self.owner.send("/parcels")
        await self.owner.press(f"Упаковать: {self.customer}", await self.owner.wait_for("Посылки", after=sent))
        await self.owner.press("Упаковочный лист")
        printed = await self.owner.wait_for(lambda m: "document" in m.raw, after=sent)
        sent = await self.owner.send_document("label.pdf", await self.owner.download(printed))
        await self.owner.wait_for(f"для {self.customer}", KEEN, after=sent)
