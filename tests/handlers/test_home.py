"""The start screen: what waits for somebody, and a way to everything that a role may see."""

from purchasing.words import Role
from tests.support.desk import Desk


async def test_start_shows_home(desk: Desk) -> None:
    await desk.owner.send("/start")
    assert "Nothing is waiting for anybody." in desk.owner.screen.text
    assert desk.owner.screen.labels == [
        "To buy",
        "Orders",
        "Activities",
        "Sessions",
        "Find by track number",
        "Receiving",
        "Parcels",
        "Settings",
    ]


async def test_help_lists_commands_and_leads_home(desk: Desk) -> None:
    await desk.owner.send("/help")
    assert "/start" in desk.owner.screen.text
    await desk.owner.press("Home")
    assert "Nothing is waiting" in desk.owner.screen.text
    assert desk.owner.screen.edited


async def test_a_warehouse_worker_gets_no_buying_buttons(desk: Desk) -> None:
    worker = await desk.person(1003, Role.WAREHOUSE)
    await worker.send("/start")
    assert worker.screen.labels == ["Orders", "Activities", "Find by track number", "Receiving", "Parcels"]


async def test_russian(desk: Desk) -> None:
    buyer = await desk.person(1002, Role.BUYER, "ru")
    await buyer.send("/start")
    assert "Ничего не ждёт" in buyer.screen.text
    assert "Найти по трек-номеру" in buyer.screen.labels
