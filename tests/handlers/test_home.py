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
        "My settings",
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
    assert worker.screen.labels == [
        "Orders",
        "Activities",
        "Find by track number",
        "Receiving",
        "Parcels",
        "My settings",
    ]


async def test_russian(desk: Desk) -> None:
    buyer = await desk.person(1002, Role.BUYER, "ru")
    await buyer.send("/start")
    assert "Ничего не ждёт" in buyer.screen.text
    assert "Найти по трек-номеру" in buyer.screen.labels


async def test_a_new_desk_says_how_to_begin(desk: Desk) -> None:
    await desk.owner.send("/start")
    assert "▫️ Settings: the recipient, your warehouse in China (Taobao, 1688)" in desk.owner.screen.text
    assert "▫️ Sessions: add an account" in desk.owner.screen.text
    assert "▫️ Send an order file here" in desk.owner.screen.text
    worker = await desk.person(1003, Role.WAREHOUSE)
    await worker.send("/start")
    assert "How to begin" not in worker.screen.text


async def test_how_to_begin_goes_when_the_first_orders_are_there(desk: Desk) -> None:
    await desk.write(lambda store: store.orders.ensure("1001", "files", desk.clock()))
    await desk.owner.send("/start")
    assert "How to begin" not in desk.owner.screen.text
