"""Names as people paste them: emoji, direction marks, markup, 4,000 characters. Every screen shows them and works."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.words import LineStatus, ProviderName
from tests.support.desk import Desk

TURNED = "\u202eАнна\u2066 \u200f"
NASTY = {
    "emoji": "👩‍🚀🇷🇺 Анна 🚀" * 20,
    "direction": TURNED * 50,
    "markup": "<b>&lt;script&gt; {name} %s</b>" * 20,
    "long": "Очень длинное название " * 180,
}
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
COMMANDS = ("/start", "/buy", "/orders", "/activities", "/track", "/sessions")
MOST = 40


async def filled(desk: Desk, name: str) -> None:
    def unit(store: Store) -> None:
        for number, status in enumerate((LineStatus.READY, LineStatus.BY_HAND, LineStatus.NEW)):
            order = store.orders.ensure(f"100{number}", "files", desk.clock())
            store.orders.save(replace(order, customer=name, currency="RUB", rate=Decimal("13.5")))
            data = LineData(
                f"{number}",
                ProviderName.TAOBAO,
                f"64000000000{number}",
                sku=name[:200],
                title=name,
                seller=name,
                comment=name,
                price=Decimal("59.00"),
            )
            store.lines.add(order.id, data, status)

    await desk.write(unit)


@pytest.mark.parametrize("kind", NASTY)
async def test_every_screen_shows_it_and_every_button_works(desk: Desk, kind: str) -> None:
    """Presses every button that leads somewhere, once for each place."""
    await filled(desk, NASTY[kind])
    owner, seen = desk.owner, set[str]()
    waiting: list[tuple[int, str]] = []
    for command in COMMANDS:
        await owner.send(command)
        waiting += _leads(desk, seen)
    while waiting and len(seen) < MOST:
        message, data = waiting.pop(0)
        await owner.press_stale(message, data)
        assert owner.screen.text.strip()
        assert not TURNING.search(owner.screen.text + "".join(owner.screen.labels))
        waiting += _leads(desk, seen)
    told = [message.text for message in await owner.messages() if message.from_bot]
    assert not await desk.read(lambda store: store.cards.next(desk.clock() + timedelta(days=1), (), 1))
    assert any(len(text) > 40 for text in told)
    assert len(seen) > len(COMMANDS)


def _leads(desk: Desk, seen: set[str]) -> list[tuple[int, str]]:
    screen = desk.owner.screen
    found = [button.get("callback_data", "") for row in screen.buttons for button in row]
    new = [data for data in found if data.startswith("go|") and data not in seen]
    seen.update(new)
    return [(screen.id, data) for data in new]


@pytest.mark.parametrize("kind", NASTY)
async def test_what_matters_stands_on_the_lines_card(desk: Desk, kind: str) -> None:
    await filled(desk, NASTY[kind])
    owner = desk.owner
    await owner.send("/orders")
    await owner.press("1000")
    data = next(
        button["callback_data"]
        for row in owner.screen.buttons
        for button in row
        if button.get("callback_data", "").startswith("go|line:")
    )
    await owner.press_stale(owner.screen.id, data)
    assert "Status: 🛒 ready to buy" in owner.screen.text
    assert "640000000000" in owner.screen.text
    assert "¥59.00" in owner.screen.text
