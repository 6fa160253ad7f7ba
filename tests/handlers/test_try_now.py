"""A marketplace that was away is back: who waits at the card doesn't wait for the next try."""

from dataclasses import asdict

from purchasing.options import set_defaults
from purchasing.words import Role
from tests.handlers.gateway import RED, WAREHOUSE, Gateway

CLIENT_TRIES = 3
"""How often one call is made before it counts as a trouble."""


async def away(gateway: Gateway, call: str) -> None:
    order = {"at": call, "fault": "http_500", "times": CLIENT_TRIES}
    async with gateway.http.post(f"{gateway.url}/_control", json=order) as answer:
        answer.raise_for_status()


async def put_off_preview(gateway: Gateway) -> None:
    """A preview whose marketplace gave no answer; it does again."""
    values = {f"alibaba1688.recipient.{name}": value for name, value in asdict(WAREHOUSE).items()}
    await gateway.desk.write(lambda store: set_defaults(store, values, gateway.desk.clock()))
    await gateway.lines((*RED, 10))
    await away(gateway, "alibaba.createOrder.preview")
    owner = gateway.desk.owner
    await owner.send("/buy")
    await owner.press("☑ All")
    await owner.press("Preview")
    await owner.wait_for("the next try is at")
    await owner.look()


async def test_the_next_try_is_made_at_a_press(gateway: Gateway) -> None:
    await put_off_preview(gateway)
    owner = gateway.desk.owner
    pressed = owner.screen
    await owner.press("🔁 Try now")
    assert "Trying again" in owner.answer
    await gateway.rest()
    assert owner.screen.button("Reserve 1 line")
    assert await gateway.on_provider() == []

    button = pressed.button("🔁 Try now")
    assert button is not None
    await owner.press_stale(pressed.id, button["callback_data"])
    assert "isn't waiting for a next try" in owner.answer


async def test_the_activity_offers_it_too_and_only_to_who_may_buy(gateway: Gateway) -> None:
    await put_off_preview(gateway)
    activity = (await gateway.desk.read(lambda store: store.activities.page("running", 0, 1)[0]))[0]
    viewer = await gateway.desk.person(1005, Role.VIEWER)
    await viewer.send("/activities")
    await viewer.press_stale(viewer.screen.id, f"go|activity:{activity.id}")
    assert "the next try is at" in viewer.screen.text
    assert viewer.screen.button("🔁 Try now") is None
    await viewer.press_stale(viewer.screen.id, f"now:{activity.id}")
    assert "doesn't allow this" in viewer.answer

    owner = gateway.desk.owner
    await owner.send("/activities")
    await owner.press_stale(owner.screen.id, f"go|activity:{activity.id}")
    await owner.press("🔁 Try now")
    await gateway.rest()
    assert "the next try" not in owner.screen.text
