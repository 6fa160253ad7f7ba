"""What the parts of the tour share: a step, what it expects, and the marketplaces' truth."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sandbox.demo import World
from sandbox.telegram.operator import Found, Operator, Seen

Step = tuple[str, Callable[[], Awaitable[None]]]
Shift = Sequence[Step]
"""What is done one after the other, at one chat or at several."""

KEEN = 90.0
"""Seconds, a ceiling like all waits here, for what goes through a marketplace's pages or waits for a sync."""
TAOBAO_NICK, ALIBABA_NICK = "vykup_buyer_01", "vykup1688_01"


class Wrong(AssertionError):
    """A step saw something else than it must."""


def expect(condition: object, sentence: str) -> None:
    if not condition:
        raise Wrong(sentence)


async def until(condition: Callable[[], Awaitable[bool]], within: float = KEEN) -> None:
    """For what no chat shows."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 - the condition is in another process
            await asyncio.sleep(0.05)


def answered(question_id: int) -> Found:
    return lambda message: message.id == question_id and "✓" in message.text


async def turn_to(person: Operator, card_id: int, section: str, goods: str = "☐") -> Seen:
    """Opens a section of the order that the card shows; once these goods are in it."""
    await person.press(section, card_id)

    def shows(message: Seen) -> bool:
        tab = message.button(section) or {}
        return message.id == card_id and tab.get("style") == "primary" and message.button(goods) is not None

    return await person.wait_for(shows, within=KEEN)


async def check_truth(world: World) -> None:
    """Nothing doubled, nothing paid by the bot."""
    for part in ("taobao", "alibaba1688"):
        found = await world.truth(part)
        expect(not found.get("paying_calls") and not found.get("paying_presses"), f"{part}: the bot has paid")
        contents = Counter(_content(order) for order in found["orders"])
        doubled = [content for content, count in contents.items() if count > 1]
        expect(not doubled, f"{part}: ordered twice: {doubled}")


def _content(order: dict[str, Any]) -> tuple[object, ...]:
    """What an order is about: the example file has no two equal ones."""
    return tuple(sorted((line["item_id"], line["sku_id"], line["quantity"]) for line in order["lines"]))
