"""The tour's part between marketplace and warehouse: goods are paid for and shipped, the bot tells of it, and a parcel
is known by its number, by a photo, or not at all."""

from dataclasses import dataclass
from typing import Any

from sandbox.demo import World
from sandbox.pictures import label
from sandbox.telegram.operator import Operator
from sandbox.tour.desk import CUPS, LEGGINGS
from sandbox.tour.money import DEARER
from sandbox.tour.steps import KEEN, Shift

TRACKS = ("YT2600000000011", "SF2600000000012")
CUSTOMER = "Клиент 101"
LEFT_UNPAID = frozenset({CUPS, LEGGINGS, *DEARER})
"""Goods whose orders are still talked about at other chats."""


@dataclass
class ParcelsTour:
    """`owner` is told what happens, `worker` holds the parcels."""

    world: World
    owner: Operator
    worker: Operator

    def steps(self) -> Shift:
        return [
            ("a person pays; the bot tells what was bought", self.pay),
            ("a seller ships in two parcels; track numbers come", self.ship),
            ("find by a track number in a sentence", self.look_up_by_text),
            ("find by a photo of a label", self.look_up_by_photo),
            ("an unknown track number", self.unknown_track),
            ("a photo without a code", self.photo_without_a_code),
        ]

    async def pay(self) -> None:
        """A person pays for the order with most goods on each marketplace's own pages."""
        for part in ("taobao", "alibaba1688"):
            order = await self._largest(part)
            await self.world.control(part, "pay", order_id=order["id"])
        await self.owner.wait_for("выкуплен", within=KEEN)

    async def ship(self) -> None:
        order = await self._largest("taobao")
        parcels = [
            {"waybill": number, "lines": [{"sub_id": line["sub_id"], "quantity": line["quantity"]}]}
            for number, line in zip(TRACKS, order["lines"], strict=False)
        ]
        await self.world.control("taobao", "ship", order_id=order["id"], parcels=parcels)
        for number in TRACKS:
            await self.owner.wait_for(number, within=KEEN)

    async def _largest(self, part: str) -> dict[str, Any]:
        orders = (await self.world.truth(part))["orders"]
        return max((one for one in orders if not _item_ids(one) & LEFT_UNPAID), key=lambda one: len(_item_ids(one)))

    async def look_up_by_text(self) -> None:
        sent = await self.worker.send(f"что за посылка {TRACKS[0].lower()}?")
        await self.worker.wait_for(lambda m: all(x in m.text for x in (TRACKS[0], CUSTOMER, "1001")), after=sent)

    async def look_up_by_photo(self) -> None:
        sent = await self.worker.send_photo(label(TRACKS[1], "顺丰速运"))
        await self.worker.wait_for(lambda m: TRACKS[1] in m.text and CUSTOMER in m.text, KEEN, after=sent)

    async def unknown_track(self) -> None:
        sent = await self.worker.send("YT9999999999999")
        await self.worker.wait_for("YT9999999999999", after=sent)

    async def photo_without_a_code(self) -> None:
        sent = await self.worker.send_photo(label("", "без кода"))
        await self.worker.wait_for(lambda m: True, KEEN, after=sent)


def _item_ids(order: dict[str, Any]) -> set[str]:
    return {line["item_id"] for line in order["lines"]}
