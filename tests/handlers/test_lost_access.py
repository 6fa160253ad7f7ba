"""Access to an account that ends between the preview and the order: nothing is ordered, and no line hangs."""

from dataclasses import asdict

from purchasing.options import set_defaults
from purchasing.words import LineStatus
from tests.handlers.gateway import BLUE, RED, WAREHOUSE, Gateway
from tests.handlers.test_link import statuses


async def test_the_lines_are_ready_again_and_the_next_reservation_has_a_renewed_token(gateway: Gateway) -> None:
    values = {f"alibaba1688.recipient.{name}": value for name, value in asdict(WAREHOUSE).items()}
    await gateway.desk.write(lambda store: set_defaults(store, values, gateway.desk.clock()))
    await gateway.lines((*RED, 10), (*BLUE, 10))
    owner = gateway.desk.owner
    await owner.send("/buy")
    await owner.press("☑ All")
    await owner.press("Preview")
    await gateway.rest()
    lost = {"at": "alibaba.trade.fastCreateOrder", "fault": "session_expired", "times": 1}
    async with gateway.http.post(f"{gateway.url}/_control", json=lost) as answer:
        answer.raise_for_status()
    await owner.press("Reserve 2 lines")
    await gateway.rest()
    assert await gateway.on_provider() == []
    assert await statuses(gateway) == [LineStatus.READY, LineStatus.READY]
    assert "❗ 2 errors" in owner.screen.text

    await owner.press("To buy")
    await owner.press("☑ All")
    await owner.press("Preview")
    await gateway.rest()
    await owner.press("Reserve 2 lines")
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]
    assert await statuses(gateway) == [LineStatus.RESERVED, LineStatus.RESERVED]
