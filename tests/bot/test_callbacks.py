"""Callbacks to a shop's own address: signed, in order, at least once, and with nothing that a customer may not see."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from purchasing.ask_customer import agree, ask_customer, paid_rest
from purchasing.hand_edits import edit_line
from purchasing.line_status import Mover
from purchasing.moves import move
from purchasing.pack import close_parcel, pack_customer, send_parcel
from purchasing.parcel_fields import set_field
from purchasing.ports import Store
from purchasing.recalculate import Parts
from purchasing.receive import scan, start_receiving
from purchasing.shops import CallbackCounts
from purchasing.tell_shop import TRIES
from purchasing.words import LineStatus
from tests.support.shop import Receiver, Shop, open_receiver, open_shop, row, statuses
from tests.support.waiting import until
from tests.support.warehouse import ship

DOMESTIC, TRACK = "YT2600000000011", "RA123456789CN"
LOOPBACK = {"callback_hosts": ("127.0.0.1",)}


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as opened:
        yield opened


@pytest.fixture
async def shop(data_dir: Path, receiver: Receiver) -> AsyncIterator[Shop]:
    async with open_shop(data_dir, **LOOPBACK) as opened:
        await opened.callback_to(receiver.url)
        yield opened


async def moved(shop: Shop, status: LineStatus, line_id: int = 1) -> None:
    def unit(store: Store) -> None:
        move(store, store.lines.many([line_id]), status, Mover.PERSON, shop.desk.clock())

    await shop.desk.write(unit)


async def counts(shop: Shop) -> CallbackCounts:
    return await shop.desk.read(lambda store: store.callbacks.counts(1))


async def told(shop: Shop) -> None:
    """Until nothing waits to be told."""
    await until(lambda: shop.desk.read(lambda store: not store.callbacks.counts(1).waiting))


async def test_a_change_is_told_signed_and_once(shop: Shop, receiver: Receiver) -> None:
    await shop.push([row()])
    await told(shop)
    (event,) = receiver.events
    assert (event["type"], event["order"]["order"]) == ("order.changed", "A-1")
    assert statuses(event["order"]) == [("7", "paid")]
    given, body = receiver.calls[0]
    assert given["webhook-id"] == event["id"]
    assert given["content-type"] == "application/json"
    assert receiver.authentic(shop.secret, shop.desk.clock())
    assert not receiver.authentic("whsec_QUFB", shop.desk.clock())
    await shop.push([row()])
    await told(shop)
    assert len(receiver.calls) == 1, "what looks the same to the shop isn't told again"
    assert body


async def test_the_whole_way_of_an_order_is_told_in_order(shop: Shop, receiver: Receiver) -> None:
    owner, clock = await shop.desk.somebody(), shop.desk.clock

    async def act(change: object) -> None:
        await shop.desk.write(change)  # type: ignore[arg-type]
        await told(shop)

    await act(lambda store: ship(store, [DOMESTIC], clock(), quantities=(3,), status=LineStatus.BOUGHT))
    await act(lambda store: move(store, store.lines.many([1]), LineStatus.SHIPPED, Mover.SYNC, clock()))
    receiving = await shop.desk.write(lambda store: start_receiving(store, owner, clock()))
    await act(lambda store: scan(store, owner, receiving.id, DOMESTIC, None, clock()))
    await act(lambda store: pack_customer(store, owner, 1, clock()))
    await act(lambda store: close_parcel(store, owner, 1, clock()))
    await act(lambda store: set_field(store, owner, 1, "track", TRACK, clock()))
    await act(lambda store: send_parcel(store, owner, 1, clock()))
    seen = [event["order"] for event in receiver.events]
    assert [order["lines"][0]["status"] for order in seen] == [
        "shipped",
        "received",
        "received",
        "packed",
        "packed",
        "sent",
    ]
    assert [len(order["parcels"]) for order in seen] == [0, 0, 1, 1, 1, 1]
    assert [parcel["track"] for order in seen for parcel in order["parcels"]] == ["", "", TRACK, TRACK]
    assert (seen[-1]["lines"][0]["received"], seen[-1]["lines"][0]["sent"]) == (3, 3)
    numbers = [event["sequence"] for event in receiver.events]
    assert numbers == sorted(set(numbers))
    everything = b"".join(body for _, body in receiver.calls).decode()
    for canary in (DOMESTIC, "圆通", "店", "nick", "39.9", "Получатель", "+7 900", "51132228873541"):
        assert canary not in everything


async def test_a_new_price_is_told_until_the_customer_has_answered_and_paid(shop: Shop, receiver: Receiver) -> None:
    owner, clock = await shop.desk.somebody(), shop.desk.clock
    await shop.push([row(quantity=2, price="39.9", rate="10", currency="RUB")])
    await told(shop)
    dearer = {"purchase_price": Decimal("42.5"), "purchase_shipping": 600}

    def ask(store: Store) -> int:
        edit_line(store, owner, store.lines.many([1])[0], dearer, clock())
        return ask_customer(store, owner, 1, [1], Parts.BOTH, clock()).id

    request = await shop.desk.write(ask)
    await told(shop)
    (asked,) = receiver.events[-1]["order"]["consents"]
    assert (asked["state"], asked["lines"]) == ("asked", ["7"])
    assert "owes" not in asked
    assert (asked["before"], asked["after"], asked["currency"]) == ("798.00", "910.00", "RUB")

    await shop.desk.write(lambda store: agree(store, owner, request, clock(), owes="112"))
    await told(shop)
    (owing,) = receiver.events[-1]["order"]["consents"]
    assert (owing["state"], owing["owes"]) == ("owes", "112")
    await shop.desk.write(lambda store: paid_rest(store, owner, request, clock()))
    await told(shop)
    assert receiver.events[-1]["order"]["consents"] == []


async def test_a_change_during_a_sending_is_told_after_it(shop: Shop, receiver: Receiver) -> None:
    receiver.hold = asyncio.Event()
    await shop.push([row()])
    await until(lambda: bool(receiver.calls))
    await moved(shop, LineStatus.BY_HAND)
    await moved(shop, LineStatus.BOUGHT)
    receiver.hold.set()
    await told(shop)
    assert [statuses(event["order"])[0][1] for event in receiver.events] == ["paid", "bought"]


async def test_what_fails_is_tried_again_under_its_id(shop: Shop, receiver: Receiver) -> None:
    receiver.statuses = [500, 429, 404]
    await shop.push([row()])
    for number in (1, 2, 3, 4):
        await until(lambda number=number: len(receiver.calls) >= number)  # type: ignore[misc]
        await settled(shop, number)
        shop.desk.clock.advance(timedelta(hours=1))
        await nudge(shop)
    await told(shop)
    ids = {event["id"] for event in receiver.events}
    assert (len(receiver.calls), len(ids)) == (4, 1)
    await shop.desk.owner.send("/start")
    kept = await shop.desk.read(lambda store: store.shops.get(1))
    assert kept
    assert (kept.callback_result, kept.failing_since) == ("200", None)


async def settled(shop: Shop, tries: int) -> None:
    """Until the outcome of the last sending is kept: so many have failed, or all is told."""

    def kept(store: Store) -> bool:
        known = store.callbacks.get(1)
        return known is not None and (known.attempts == tries or known.waiting_since is None)

    await until(lambda: shop.desk.read(kept))


async def nudge(shop: Shop) -> None:
    """A commit, after which it is looked what is due."""
    await shop.desk.write(
        lambda store: store.settings.put("test.nudge", str(shop.desk.clock()), None, shop.desk.clock())
    )


async def test_an_address_that_stays_away_is_told_to_the_owner_and_given_up(shop: Shop, receiver: Receiver) -> None:
    await shop.desk.owner.send("/start")
    receiver.statuses = [503] * TRIES
    await shop.push([row()])
    for number in range(1, TRIES + 1):
        await until(lambda number=number: len(receiver.calls) >= number)  # type: ignore[misc]
        await settled(shop, number)
        if number < TRIES:
            shop.desk.clock.advance(timedelta(hours=1, minutes=1))
            await nudge(shop)
    assert await counts(shop) == CallbackCounts(buried=1)
    await shop.desk.owner.look()
    assert "1 order was given up" in shop.desk.owner.screen.text
    assert "HTTP 503" in shop.desk.owner.screen.text
    await shop.desk.owner.press("Send what was given up again")
    await told(shop)
    assert await counts(shop) == CallbackCounts()
    assert len({event["id"] for event in receiver.events}) == 1


async def test_a_new_life_sends_what_the_former_left_under_the_same_id(data_dir: Path, receiver: Receiver) -> None:
    receiver.hold = asyncio.Event()
    async with open_shop(data_dir, **LOOPBACK) as first:
        await first.callback_to(receiver.url)
        await first.push([row()])
        await until(lambda: bool(receiver.calls))
    receiver.hold.set()
    async with open_shop(data_dir, **LOOPBACK) as second:
        await told(second)
    ids = [event["id"] for event in receiver.events]
    assert len(ids) >= 2, "cut off in the middle of a sending, it is sent again"
    assert len(set(ids)) == 1


async def test_a_test_event_shows_whether_the_address_works(shop: Shop, receiver: Receiver) -> None:
    owner = shop.desk.owner
    await owner.send("/settings")
    await owner.press("Shops")
    await owner.press("main-shop")
    await owner.press("Send a test")
    await until(lambda: bool(receiver.calls))
    assert receiver.events[0]["type"] == "test"
    assert "order" not in receiver.events[0]
    await owner.wait_for(lambda m: "HTTP 200" in m.text)
    receiver.statuses = [302]
    await owner.press("Send a test")
    await owner.wait_for(lambda m: "it leads elsewhere" in m.text)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://127.0.0.1:9/hook", "private network"),
        ("https://[::1]:9/hook", "private network"),
        ("https://[::ffff:127.0.0.1]:9/hook", "private network"),
        ("https://10.0.0.1/hook", "private network"),
        ("https://169.254.169.254/latest/meta-data", "private network"),
        ("https://localhost:9/hook", "private network"),
        ("http://127.0.0.1:9/hook", "private network"),
    ],
)
async def test_nothing_is_sent_into_a_private_network(data_dir: Path, url: str, said: str) -> None:
    async with open_shop(data_dir) as shop:
        await shop.callback_to(url)
        owner = shop.desk.owner
        await owner.send("/settings")
        await owner.press("Shops")
        await owner.press("main-shop")
        await owner.press("Send a test")
        await owner.wait_for(lambda m: said in m.text)


async def test_only_named_hosts_are_sent_to_where_some_are_named(data_dir: Path, receiver: Receiver) -> None:
    async with open_shop(data_dir, callback_hosts=("shop.example.org",)) as shop:
        await shop.callback_to(receiver.url)
        await shop.push([row()])
        await settled(shop, 1)
        kept = await shop.desk.read(lambda store: store.shops.get(1))
    assert kept
    assert kept.callback_result == "host_not_allowed"
    assert receiver.calls == []


async def test_a_shop_without_an_address_is_told_nothing(shop: Shop, receiver: Receiver) -> None:
    await shop.callback_to("-")
    await shop.push([row()])
    assert await counts(shop) == CallbackCounts()
    await shop.callback_to(receiver.url)
    await moved(shop, LineStatus.BY_HAND)
    await told(shop)
    assert [statuses(event["order"]) for event in receiver.events] == [[("7", "buying")]]


async def test_a_restored_backup_does_not_send_older_numbers(shop: Shop, receiver: Receiver) -> None:
    await shop.push([row()])
    await told(shop)

    def set_back(store: Store) -> None:
        kept = store.callbacks.get(1)
        assert kept
        store.callbacks.save(replace(kept, sequence=0, digest="", event_digest=""))
        store.callbacks.mark(1, shop.desk.clock())

    await shop.desk.write(set_back)
    await told(shop)
    first, second = receiver.events
    assert second["sequence"] > first["sequence"]
