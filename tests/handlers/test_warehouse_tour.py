"""The tour's steps at the warehouse's table, in Russian, on a desk of its own."""

from purchasing.words import Role
from sandbox.telegram.operator import Operator
from sandbox.tour.warehouse import WarehouseTour
from tests.handlers.test_receive import shipped
from tests.support.desk import Desk
from tests.support.waiting import PATIENCE

TRACKS = ("YT2600000000011", "SF2600000000012")
WORKER = 2002


async def test_every_step_at_the_table_goes_through(desk: Desk) -> None:
    for n, track in enumerate(TRACKS):
        await shipped(desk, track, order=f"100{n}")
    await desk.person(WORKER, Role.WAREHOUSE, "ru")
    async with Operator(desk.url, WORKER, patience=PATIENCE) as worker:
        for _name, step in WarehouseTour(worker, TRACKS, "Клиент 101").steps():
            await step()
