"""Parts stop in reverse order, survive a passing failure, and end the program when they can't go on."""

import asyncio
import logging

import pytest

from bot import parts
from bot.parts import Part, run_parts
from bot.tasks import Nursery
from purchasing.errors import StorageUnavailable, VykupError
from tests.support.waiting import until


def part(name: str, said: list[str]) -> Part:
    async def work() -> None:
        said.append(f"{name} starts")
        try:
            await asyncio.Event().wait()
        finally:
            said.append(f"{name} is cancelled")

    async def note(what: str) -> None:
        said.append(f"{name} {what}")

    return Part(name, work, lambda: note("finishes"), lambda: note("closes"))


async def test_they_stop_in_reverse_order() -> None:
    said: list[str] = []
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run_parts([part("a", said), part("b", said)], stop))
        await until(lambda: len(said) == 2)
        stop.set()
    steps = [f"{name} {what}" for name in "ba" for what in ("finishes", "is cancelled", "closes")]
    assert said == ["a starts", "b starts", *steps]


@pytest.mark.parametrize("passing", [RuntimeError(), StorageUnavailable("The database can't be used now.")])
async def test_a_passing_failure_starts_the_part_anew(passing: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PAUSES", (0.0,))
    said: list[str] = []
    stop = asyncio.Event()

    async def work() -> None:
        said.append("try")
        if len(said) < 3:
            raise passing
        stop.set()

    await run_parts([Part("flaky", work)], stop)
    assert said == ["try"] * 3


async def test_what_cannot_go_on_ends_the_program() -> None:
    said: list[str] = []

    async def work() -> None:
        raise VykupError("The token is refused.")

    with pytest.raises(VykupError, match="The token is refused"):
        await run_parts([part("a", said), Part("b", work)], asyncio.Event())
    assert said[-1] == "a closes"


async def test_a_part_that_will_not_stop_is_broken_off(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parts, "STOP_SECONDS", 0.05)
    said: list[str] = []
    stop = asyncio.Event()
    stop.set()
    with caplog.at_level(logging.ERROR):
        await run_parts([part("a", said), Part("slow", finish=asyncio.Event().wait)], stop)
    assert "took too long" in caplog.text


async def test_a_nursery_logs_failures_and_holds_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise RuntimeError("a mistake")

    nursery = Nursery()
    nursery.spawn(fail(), "one")
    waiting = nursery.spawn(asyncio.Event().wait(), "two")
    assert not await nursery.drain(0.01)
    await nursery.close()
    assert waiting.cancelled()
    assert len(nursery) == 0
    assert "the task one failed" in caplog.text
