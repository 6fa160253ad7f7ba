"""The time in which a confirmed reservation can be taken back: nothing is sent in it, whatever happens meanwhile."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from purchasing.options import set_defaults
from purchasing.words import ActivityKind, LineStatus
from tests.handlers.gateway import BLUE, RED, WAREHOUSE, Gateway

SOLD_OUT = ("730000000006", "5700000000061")


@pytest.fixture(autouse=True)
async def _ready(gateway: Gateway) -> None:
    """The warehouse is known, and a reservation waits for a minute."""
    values = {f"alibaba1688.recipient.{name}": value for name, value in asdict(WAREHOUSE).items()}
    defaults = values | {"reserve.delay": "60"}
    await gateway.desk.write(lambda store: set_defaults(store, defaults, gateway.desk.clock()))


async def confirmed(gateway: Gateway) -> None:
    """All ready lines are ticked, previewed and confirmed."""
    owner = gateway.desk.owner
    await owner.send("/buy")
    await owner.press("☑ All")
    await owner.press("Preview")
    await gateway.rest()
    await owner.press("Reserve")


async def statuses(gateway: Gateway) -> set[LineStatus]:
    counts = await gateway.desk.read(lambda store: store.lines.counts())
    return {status for status, count in counts.items() if count}


async def test_taken_back_nothing_was_sent_and_all_can_begin_anew(gateway: Gateway) -> None:
    await gateway.lines((*RED, 10), (*BLUE, 10))
    await confirmed(gateway)
    owner = gateway.desk.owner
    assert "Nothing is sent before" in owner.screen.text

    await owner.press("Take back")
    assert "taken back: nothing was ordered" in owner.screen.text
    assert await statuses(gateway) == {LineStatus.READY}
    gateway.desk.clock.advance(timedelta(minutes=2))
    await gateway.rest()
    assert await gateway.on_provider() == []

    await owner.press("To buy")
    assert "2 lines are ticked" in owner.screen.text, "what was ticked is ticked again"


async def test_when_the_time_is_over_it_is_ordered_and_can_not_be_taken_back(gateway: Gateway) -> None:
    await gateway.lines((*RED, 10))
    await confirmed(gateway)
    owner, card = gateway.desk.owner, gateway.desk.owner.screen
    button = card.button("Take back")
    assert button is not None
    gateway.desk.clock.advance(timedelta(seconds=61))
    await gateway.desk.write(lambda store: None)  # the clock of a test wakes nobody
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]

    await owner.press_stale(card.id, button["callback_data"])
    assert "can't be taken back any more" in owner.answer
    assert await statuses(gateway) == {LineStatus.RESERVED}


async def test_who_is_in_a_hurry_does_not_wait(gateway: Gateway) -> None:
    await gateway.lines((*RED, 10))
    await confirmed(gateway)
    await gateway.desk.owner.press("Order now")
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]


async def test_an_answer_within_the_time_does_not_shorten_it(gateway: Gateway) -> None:
    """One press reserves the good part; what it asks about the rest can be answered at once."""
    await gateway.lines((*RED, 10), (*SOLD_OUT, 10))
    await confirmed(gateway)
    owner = gateway.desk.owner
    await owner.press("sold out")
    await owner.press("Skip")
    assert await statuses(gateway) == {LineStatus.RESERVING, LineStatus.READY}
    (activity,) = await gateway.desk.read(lambda store: store.activities.unfinished(ActivityKind.RESERVE, None))
    assert activity.not_before is None or activity.not_before > gateway.desk.clock()
    assert await gateway.on_provider() == []

    await owner.send("/activities")
    await owner.press("Reservation")
    await owner.press("The whole reservation")
    await owner.press("Take back")
    assert await statuses(gateway) == {LineStatus.READY}
    assert await gateway.on_provider() == []


async def test_the_time_is_a_setting(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    await owner.send("/settings")
    await owner.press("Time to take a reservation back")
    await owner.send("soon")
    assert "Seconds from 0" in owner.screen.text
    assert "soon" in owner.screen.text
    await owner.send("0")
    assert "none: it begins at once" in owner.screen.text
    await gateway.lines((*RED, 10))
    await confirmed(gateway)
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]
