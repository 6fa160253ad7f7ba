"""A preview that nobody confirms ends by itself, says so, and frees its lines; it takes nothing from a newer one."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from purchasing.options import set_defaults
from purchasing.words import LineStatus
from scheduler.previews import PreviewsJob
from tests.handlers.gateway import RED, WAREHOUSE, Gateway


@pytest.fixture(autouse=True)
async def _ready(gateway: Gateway) -> None:
    values = {f"alibaba1688.recipient.{name}": value for name, value in asdict(WAREHOUSE).items()}
    await gateway.desk.write(lambda store: set_defaults(store, values, gateway.desk.clock()))
    await gateway.lines((*RED, 10))


async def previewed(gateway: Gateway) -> int:
    owner = gateway.desk.owner
    await owner.send("/buy")
    await owner.press("☑ All")
    await owner.press("Preview")
    await gateway.rest()
    return owner.screen.id


async def look_for_late_ones(gateway: Gateway) -> None:
    await PreviewsJob(gateway.desk.app.db, gateway.desk.clock)()
    await gateway.desk.owner.look()


async def test_nobody_confirmed_it_in_time(gateway: Gateway) -> None:
    await previewed(gateway)
    owner = gateway.desk.owner
    gateway.desk.clock.advance(timedelta(minutes=14))
    await look_for_late_ones(gateway)
    assert owner.screen.button("Reserve 1 line"), "it is in time still"

    gateway.desk.clock.advance(timedelta(minutes=2))
    await look_for_late_ones(gateway)
    assert "Nobody confirmed the preview within 15 minutes" in owner.screen.text
    assert await gateway.desk.read(lambda store: store.activities.page("waiting", 0, 9)[1]) == 0
    lines = await gateway.desk.read(lambda store: store.lines.counts())
    assert lines[LineStatus.READY] == 1
    assert await gateway.on_provider() == []

    await owner.press("To buy")
    await owner.press("Preview")
    await gateway.rest()
    assert owner.screen.button("Reserve 1 line"), "the line can be previewed again"


async def test_a_confirmed_one_is_left_alone(gateway: Gateway) -> None:
    await previewed(gateway)
    await gateway.desk.owner.press("Reserve")
    await gateway.rest()
    gateway.desk.clock.advance(timedelta(hours=1))
    await look_for_late_ones(gateway)
    assert "Reservation" in gateway.desk.owner.screen.text
    assert await gateway.on_provider() == ["unpaid"]


async def test_an_older_preview_that_is_thrown_away_keeps_its_hands_off_what_a_newer_one_holds(
    gateway: Gateway,
) -> None:
    older = await previewed(gateway)
    gateway.desk.clock.advance(timedelta(minutes=1))
    newer = await previewed(gateway)
    await gateway.desk.owner.press("Cancel", older)
    await gateway.desk.owner.press("Reserve", newer)
    await gateway.rest()
    assert await gateway.on_provider() == ["unpaid"]
