"""The comparison at the end of a drill must see each kind of breach, else nothing that it says is worth anything."""

import random
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import create_engine, text

from purchasing.activities import Activity
from purchasing.cards import Address
from purchasing.inbox import Incoming
from purchasing.ledger import Effect, Intent, IntentLine, LineOutcome
from purchasing.orders import LineData
from purchasing.ports import Store
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen
from purchasing.words import (
    ActivityKind,
    ActivityState,
    IntentState,
    Lane,
    LineStatus,
    Priority,
    ProviderName,
    Role,
    Stage,
)
from sandbox.market.model import Address as Entry
from sandbox.market.model import BuyerAccount
from sandbox.market.world import World as Market
from sandbox.telegram.server import Server
from storage.migrate import upgrade
from storage.store import SqlStore
from storage.vault import Vault, load_vault
from tests.drill.check import Check
from tests.drill.figures import Figures
from tests.drill.lives import Lives
from tests.drill.shop import Shop
from tests.drill.staff import Person
from tests.drill.world import STRANGER, TOKEN, Nick, World

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ITEM, SKU, KEY, NUMBER = "730000000008", "5700000000081", "VK1-0-abcd", "2200000000000000001"


class Made(World):
    """A world without processes: what is in its database and on its marketplace is made by the test."""

    there: list[dict[str, Any]]
    paid: list[str]
    vault: Vault

    async def truth(self, part: str) -> dict[str, Any]:
        return {"orders": self.there if part == self.providers[0] else [], "paying_calls": self.paid}

    def write(self, fn: Callable[[Store], Any]) -> Any:
        with self.engine.begin() as connection:
            return fn(SqlStore(connection, self.vault))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("drill") / "vykup.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
async def world(tmp_path: Path, migrated: Path) -> AsyncIterator[Made]:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated, data)
    url = f"sqlite:///{data / 'vykup.db'}"
    vault, _ = load_vault("", data / "secret.key", False)
    server = Server([], 1)
    server.bot(TOKEN)
    engine = create_engine(url)
    dice = random.Random(1)  # noqa: S311 - nothing here depends on it
    lives: Any = Lives  # no life is begun
    async with aiohttp.ClientSession() as http:
        nicks = [Nick("alibaba1688", "buyer")]
        made = Made(
            "w", lives, Figures(), dice, tmp_path, url, {"telegram": ""}, server, http, engine, nicks, {}, Shop("")
        )
        made.there, made.paid, made.vault = [_order()], [], vault
        made.log.write_text("well\n", encoding="utf-8")
        made.write(_one_placed_line)
        yield made
    engine.dispose()


def _order(**changed: Any) -> dict[str, Any]:
    lines = [{"item_id": ITEM, "sku_id": SKU, "quantity": 5}]
    return {"id": NUMBER, "out_order_id": KEY, "status": "unpaid", "lines": lines} | changed


def _one_placed_line(store: Store) -> None:
    person = store.people.ensure(1001, Role.OWNER, "owner", "en", "UTC")
    account = store.accounts.ensure(ProviderName.ALIBABA1688, "buyer", person.id, NOW)
    order = store.orders.ensure("D1001-0", "files", NOW)
    data = LineData(
        key="1", provider=ProviderName.ALIBABA1688, item_id=ITEM, sku=SKU, quantity=5, price=Decimal("2.60")
    )
    line = store.lines.add(order.id, data, LineStatus.RESERVED)
    activity = Activity(0, ActivityKind.RESERVE, ActivityState.DONE, "{}", Priority.RESERVE, started_by=person.id)
    activity_id = store.activities.add(activity, NOW).id
    draft = Intent(
        0, KEY, Effect.PLACE, activity_id, account.id, IntentState.PREPARED, "{}", 1300,
        lines=(IntentLine(line.id, 5, ITEM, SKU),),
    )  # fmt: skip
    intent = store.ledger.prepare(draft, NOW)
    seen = ProviderOrderSeen(
        NUMBER, "waitbuyerpay", Stage.UNPAID, 1300, 0, "seller", NOW,
        (ProviderLineSeen(NUMBER, ITEM, SKU, "", "goods", 5, Decimal("2.60"), "waitbuyerpay"),),
        out_key=KEY,
    )  # fmt: skip
    placed = store.provider_orders.upsert(account.id, ProviderName.ALIBABA1688, seen, "placed", NOW)
    store.bindings.bind(line.id, placed.lines[0].id, 5, NOW)
    store.ledger.finish(intent.id, IntentState.PLACED, {line.id: LineOutcome.PLACED}, [NUMBER], "", NOW)


async def breaches(world: Made, *, rows: int = 1, **sent: int) -> dict[str, int]:
    """The promises that a check finds broken, with how often."""
    person = Person(world, 1001)
    person.rows = [None] * rows  # type: ignore[list-item]  # only counted
    person.files, person.starts = sent.get("files", 0), sent.get("starts", 0)
    await Check(world, [person]).all()
    counted = ("intents", "updates", "notifications", "repeats")
    return {name: count for name, count in world.figures.counts.items() if count and name not in counted}


async def test_a_true_world_has_no_breach(world: Made) -> None:
    assert await breaches(world) == {}


async def test_a_second_order_is_seen(world: Made) -> None:
    world.there.append(_order(id="2200000000000000003"))
    assert (await breaches(world))["duplicate_orders"] >= 1


async def test_an_order_that_nobody_placed_is_seen(world: Made) -> None:
    world.there.append(_order(id="2200000000000000003", out_order_id=""))
    assert (await breaches(world))["duplicate_orders"] >= 1


async def test_an_order_that_does_not_exist_is_seen(world: Made) -> None:
    world.there.clear()
    assert (await breaches(world))["lost_lines"] >= 1


async def test_fewer_pieces_than_booked_are_seen(world: Made) -> None:
    world.there[0]["lines"][0]["quantity"] = 4
    assert await breaches(world) == {"lost_lines": 1}


async def test_a_line_that_was_never_taken_in_is_seen(world: Made) -> None:
    assert await breaches(world, rows=2) == {"lost_lines": 1}


async def test_a_line_left_in_the_middle_is_seen(world: Made) -> None:
    world.write(lambda store: store.lines.set_status([1], LineStatus.RESERVING))
    assert (await breaches(world))["lost_lines"] >= 1


async def test_a_stuck_activity_is_seen(world: Made) -> None:
    stuck = Activity(0, ActivityKind.SYNC, ActivityState.QUEUED, "{}", Priority.PERSON, started_by=1)
    world.write(lambda store: store.activities.add(stuck, NOW))
    assert await breaches(world) == {"stuck_activities": 1}


async def test_a_payment_is_seen(world: Made) -> None:
    world.paid.append("alibaba.trade.pay")
    assert (await breaches(world))["paid_by_the_bot"] == 1


async def test_lost_updates_are_seen(world: Made) -> None:
    bot_id = int(TOKEN.partition(":")[0])
    message = {"from": {"id": 1001}}
    world.handed_out |= {7: {"update_id": 7, "message": message}, 8: {"update_id": 8, "message": message}}
    world.write(lambda store: store.inbox.accept([Incoming(bot_id, 8, "1001", "{}", NOW)]))
    assert await breaches(world) == {"updates_lost": 2}


async def test_an_update_applied_twice_is_seen(world: Made) -> None:
    done = Activity(0, ActivityKind.IMPORT, ActivityState.DONE, "{}", Priority.PERSON, started_by=1)
    world.write(lambda store: [store.activities.add(done, NOW) for _ in range(2)])
    assert await breaches(world, files=1) == {"updates_applied_twice": 1}


async def test_messages_that_never_came_are_seen(world: Made) -> None:
    world.write(lambda store: store.cards.post(1001, Address.of("help"), Lane.RESULT, NOW))
    bot = world.server.newest_bot()
    assert bot
    bot.chat(1001)
    assert await breaches(world) == {"notifications_lost": 2}, "it waits, and it isn't in the chat"


async def test_a_strangers_update_is_seen(world: Made) -> None:
    world.write(lambda store: store.inbox.accept([Incoming(1, 9, str(STRANGER), "{}", NOW)]))
    assert (await breaches(world))["intruder_effects"] == 1


async def test_a_token_in_the_log_is_seen(world: Made) -> None:
    world.log.write_text(f"GET /bot{TOKEN}/getMe", encoding="utf-8")
    assert await breaches(world) == {"secrets_leaked": 1}


async def test_a_shops_order_that_was_never_taken_in_is_seen(world: Made) -> None:
    world.shop.orders.append("S-0")
    assert await breaches(world) == {"lost_lines": 1}


async def test_an_event_that_a_shop_never_heard_is_seen(world: Made) -> None:
    def push(store: Store) -> None:
        order = store.orders.ensure("S-0", "files", NOW)
        store.lines.add(order.id, LineData("1", ProviderName.TAOBAO, ITEM), LineStatus.READY)

    world.shop.orders.append("S-0")
    world.write(push)
    assert await breaches(world) == {"notifications_lost": 1}


async def test_a_photo_that_counts_as_kept_and_is_no_file_is_seen(world: Made) -> None:
    def photographed(store: Store) -> None:
        store.warehouse.add_photo(1, "file", "unique", None, 1, NOW)
        store.settings.put("photos.kept_to", "1", None, NOW)

    world.write(photographed)
    assert await breaches(world) == {"other_breaches": 1}
    folder = world.data_dir / "photos" / "1"
    folder.mkdir(parents=True)
    for name in ("1.jpg", "1.thumb.jpg"):
        (folder / name).touch()
    world.figures.counts.clear()
    assert await breaches(world) == {}


async def test_an_entry_that_was_added_twice_is_seen(world: Made) -> None:
    twice = [Entry(number, "Guest", "13800138001", "", "", "", "1 street") for number in ("1", "2")]
    buyer = BuyerAccount("buyer", "m", "u", twice)
    world.nicks, world.markets["taobao"] = [Nick("taobao", "buyer")], Market("taobao", [], [buyer], 1)
    assert (await breaches(world))["other_breaches"] == 1


def _left_to_a_person(store: Store) -> None:
    """A second line of the same goods; of its order a person has said: leave it to me."""
    data = LineData("2", ProviderName.TAOBAO, ITEM, SKU, quantity=5, price=Decimal("2.60"))
    line = store.lines.add(1, data, LineStatus.READY)
    draft = Intent(
        0, "VK-LEFT", Effect.PLACE, 1, 1, IntentState.PREPARED, "{}", 1300, lines=(IntentLine(line.id, 5, ITEM, SKU),)
    )
    intent = store.ledger.prepare(draft, NOW)
    store.ledger.finish(intent.id, IntentState.ABSENT, {line.id: LineOutcome.ABSENT}, [], "", NOW)
    asked = store.questions.ask(1, "outcome_unknown", ("send_again", "leave"), {"key": "VK-LEFT"}, [line.id], NOW)
    store.questions.answer(asked.id, "leave", 1, NOW)


async def test_taobaos_order_that_was_left_to_a_person_is_known_by_its_goods_and_a_third_is_not(world: Made) -> None:
    world.nicks = [Nick("taobao", "buyer")]
    world.markets["taobao"] = Market("taobao", [], [BuyerAccount("buyer", "m", "u")], 1)
    with world.engine.begin() as connection:
        for table in ("account", "order_line", "provider_order"):
            connection.execute(text(f"UPDATE {table} SET provider = 'taobao'"))  # noqa: S608 - our own words
    world.write(_left_to_a_person)
    world.there = [_order(out_order_id=""), _order(id="2200000000000000003", out_order_id="")]
    assert await breaches(world, rows=2) == {}
    world.there.append(_order(id="2200000000000000004", out_order_id=""))
    assert (await breaches(world, rows=2))["duplicate_orders"] >= 1
