"""Links to an order, a line and an activity: copied from their cards, opened by the staff, dead for strangers."""

import pytest

from purchasing.activities import Activity
from purchasing.ports import Store
from purchasing.words import ActivityKind, ActivityState, Priority, Role
from tests.support.desk import Chatter, Desk
from tests.support.warehouse import ship

COPY = "Copy the link to this"


@pytest.fixture
async def owner(desk: Desk) -> Chatter:
    """There is an order with a line, and an activity; the bot knows its own name."""

    def world(store: Store) -> None:
        ship(store, ["YT2600000000011"], desk.clock())
        draft = Activity(0, ActivityKind.SYNC, ActivityState.DONE, "{}", Priority.PERSON)
        store.activities.add(draft, desk.clock())

    await desk.write(world)
    return desk.owner


def copied(person: Chatter) -> str:
    button = person.screen.button(COPY)
    assert button
    return str(button["copy_text"]["text"])


@pytest.mark.parametrize(
    ("payload", "shown"), [("o_1", "Order 1001"), ("l_1", "Футболка 棉 T恤"), ("a_1", "order lines found")]
)
async def test_a_link_opens_what_it_was_copied_from(desk: Desk, owner: Chatter, payload: str, shown: str) -> None:
    await owner.send(f"/start {payload}")
    assert shown in owner.screen.text
    assert copied(owner) == f"https://t.me/vykup_424242_bot?start={payload}"
    warehouse = await desk.person(2002, Role.WAREHOUSE)
    await warehouse.start(payload)
    await warehouse.look()
    assert shown in warehouse.screen.text, "a colleague sees the same"


@pytest.mark.parametrize("payload", ["o_1", "l_1", "a_1"])
async def test_a_stranger_gets_nothing(desk: Desk, owner: Chatter, payload: str) -> None:
    stranger = await desk.person(4004, None)
    await stranger.send(f"/start {payload}")
    assert not [message for message in await stranger.messages() if message.from_bot]
    assert await desk.read(lambda store: store.people.by_telegram(4004)) is None


@pytest.mark.parametrize(
    "payload", ["o_", "o_0", "o_-1", "o_1x", "x_1", "o_1;l_1", "O_1", "o_٣", "o_99999999999999999999", "../settings"]
)
async def test_what_is_no_link_leads_home(owner: Chatter, payload: str) -> None:
    await owner.send(f"/start {payload}")
    assert "Vykup" in owner.screen.text


async def test_what_is_gone_says_so(owner: Chatter) -> None:
    await owner.send("/start o_777")
    assert "is gone" in owner.screen.text
    await owner.press("Home")
    assert "Vykup" in owner.screen.text
