"""What lines really cost: learnt from the marketplace's order when it is placed, anew until it is paid, never after."""

from dataclasses import replace

from purchasing.money import goods_total
from purchasing.orders import OrderLine
from purchasing.ports import Store
from tests.flows.conftest import Desk
from tests.flows.test_reserve import PLAIN, PRICE, reserved
from tests.flows.test_sync import sync

BLUE = ("730000000008", "5700000000082")


def cost(line: OrderLine) -> int:
    assert line.purchase_price is not None
    assert line.purchase_shipping is not None
    return goods_total(line.purchase_price, line.quantity) + line.purchase_shipping


async def test_the_real_cost_follows_the_order_until_it_is_paid(desk: Desk) -> None:
    await desk.log_in()
    lines = await desk.lines((*PLAIN, 10, PRICE), (*BLUE, 20, PRICE))
    await reserved(desk, lines)
    placed = (await desk.truth())["orders"][0]
    assert placed["freight_fen"] > 0

    async def costs() -> list[int]:
        def unit(store: Store) -> list[int]:
            return [cost(line) for line in store.lines.many([line.id for line in lines])]

        return await desk.db.read(unit)

    first = await costs()
    assert sum(first) == placed["total_fen"]
    assert first[0] < first[1], "twice the pieces bear twice the freight"

    await desk.world("set_order_price", order_id=placed["id"], goods_fen=9001, freight_fen=500)
    await sync(desk)
    assert sum(await costs()) == 9501

    await desk.world("pay", order_id=placed["id"])
    await sync(desk)
    assert sum(await costs()) == 9501

    def by_hand(store: Store) -> None:
        line = store.lines.many([lines[0].id])[0]
        store.lines.save(line.id, replace(line, purchase_shipping=1))

    await desk.db.write(by_hand)
    await sync(desk)
    corrected = await desk.db.read(lambda store: store.lines.get(lines[0].id))
    assert corrected
    assert corrected.purchase_shipping == 1, "what a person corrects afterwards stays"
