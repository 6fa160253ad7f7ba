"""The shops' way in, over real HTTP against the running desk."""

import asyncio
import gzip
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from purchasing.errors import NotAllowed
from purchasing.manage_shops import add_shop, renew_secret, switch_intake
from purchasing.parcels import Addressee
from purchasing.ports import Store
from purchasing.push_orders import take_push
from purchasing.shops import Pushed
from purchasing.words import LineStatus, Role
from storage.tables import metadata
from tests.support.shop import CODE, LATE, Answer, Shop, open_shop, row, statuses
from tests.support.waiting import until
from tests.support.warehouse import ship

CANARIES = {"domestic": "YT7777777777777", "seller": "tayna-prodavec", "nick": "tayna-nick", "price": "31.07"}


@pytest.fixture
async def shop(data_dir: Path) -> AsyncIterator[Shop]:
    async with open_shop(data_dir) as opened:
        yield opened


async def counts(shop: Shop) -> dict[LineStatus, int]:
    found = await shop.desk.read(lambda store: store.lines.counts())
    return {status: number for status, number in found.items() if number}


async def current_secret(shop: Shop) -> str:
    return await shop.desk.read(lambda store: store.shops.secret(1) or "")


async def rows_of(shop: Shop) -> dict[str, int]:
    await shop.desk.settle()
    with shop.desk.app.db.reader.connect() as connection:
        return {name: len(connection.execute(select(table)).all()) for name, table in metadata.tables.items()}


async def test_orders_come_in_and_the_same_again_changes_nothing(shop: Shop) -> None:
    pushed = [row(), row(line="8", quantity=1), row("A-2")]
    first = await shop.push(pushed, key="msg_a")
    assert first.status == 200
    assert first.json | {"rows": []} == {
        "request": "msg_a",
        "status": "done",
        "new": 3,
        "updated": 0,
        "unchanged": 0,
        "refused": 0,
        "asked": 0,
        "rows": [],
    }
    assert [(one["row"], one["outcome"]) for one in first.json["rows"]] == [(n, "accepted") for n in (1, 2, 3)]
    assert await shop.push(pushed, key="msg_a") == first, "the same request gives the same answer"
    again = await shop.push(pushed, key="msg_b")
    assert (again.json["new"], again.json["unchanged"]) == (0, 3), "another request of the same content changes nothing"
    assert await counts(shop) == {LineStatus.READY: 3}


async def test_bad_rows_are_named_and_stop_none_of_the_good(shop: Shop) -> None:
    answer = await shop.push(
        [row(), row(line="8", quantity="две", price=-1), row("A-2", item_url="https://evil.example")]
    )
    assert (answer.json["new"], answer.json["refused"]) == (1, 2)
    good, bad, foreign = answer.json["rows"]
    assert good == {"row": 1, "outcome": "accepted", "problems": []}
    assert [(p["column"], p["rule"], p["value"], p["reason"]) for p in bad["problems"]] == [
        ("quantity", "not_a_number", "две", "isn't a number"),
        ("price", "negative", "-1", "is below zero"),
    ]
    assert (foreign["outcome"], foreign["problems"][0]["column"]) == ("refused", "item_url")


async def test_buyers_get_one_quiet_card_a_day_and_one_for_what_was_refused(shop: Shop) -> None:
    desk = shop.desk
    await desk.write(lambda store: store.settings.put("digest.minutes", "0", None, desk.clock()))
    await desk.owner.send("/start")
    await shop.push([row()])
    await shop.push([row("A-2"), row("A-3")])
    await desk.owner.look()
    cards = [m.text for m in await desk.owner.messages() if m.from_bot and f"shop {CODE}" in m.text]
    assert len(cards) == 1
    assert "new lines 3" in cards[0]
    await shop.push([row("A-4", quantity="две")])
    await desk.owner.look()
    assert f"Pushed by the shop {CODE}" in desk.owner.screen.text
    assert "row 1, column “quantity”" in desk.owner.screen.text
    entries, _ = await desk.read(lambda store: store.audit.page("import", 0, 9))
    assert {entry.after for entry in entries} == {CODE}


async def test_what_is_bought_already_is_asked_about(shop: Shop) -> None:
    await shop.push([row()])
    await shop.desk.write(lambda store: store.lines.set_status([1], LineStatus.BOUGHT))
    answer = await shop.push([row(quantity=5, purchase_price="1.00")])
    assert answer.json["asked"] == 1
    (asked,) = answer.json["rows"]
    assert {p["column"] for p in asked["problems"]} >= {"quantity"}
    assert all(p["value"] == "" for p in asked["problems"]), "nothing of ours is told"
    (question,) = await shop.desk.read(lambda store: store.questions.open())
    assert question.line_ids == (1,)


async def test_a_request_id_is_for_one_body(shop: Shop) -> None:
    await shop.push([row()], key="msg_a")
    answer = await shop.push([row(quantity=9)], key="msg_a")
    assert (answer.status, answer.json) == (409, {"error": "id_used_for_another_body"})
    (line,) = await shop.desk.read(lambda store: store.lines.many([1]))
    assert line.quantity == 2


NOTHING = Answer(401, "")


async def test_who_is_not_authentic_gets_nothing_and_leaves_nothing(shop: Shop) -> None:
    await shop.push([row()], key="msg_a")
    before = await rows_of(shop)
    body = json.dumps([row("A-9")]).encode()
    now, impostor = shop.desk.clock(), Shop(shop.desk, shop.url, shop.http, secret="whsec_" + "QUFB" * 10)
    tries = [
        await impostor.push(body),
        await shop.push(body, at=now - LATE),
        await shop.push(body, at=now + LATE),
        await shop.push(body, given={"webhook-signature": "v1,"}),
        await shop.push(body, given={"webhook-signature": ""}),
        await shop.push(body, given={"webhook-timestamp": "soon"}),
        await shop.push(body, given={"webhook-timestamp": "9" * 30}),
        await shop.push(body, given={"webhook-id": "msg_other"}),
        await shop.push(body, given={"vykup-shop": "nobody"}),
        await shop.push(body, given={"vykup-shop": "x" * 5000}),
        await shop.push(body, key="evt_ours"),
        await shop.push(body, path="/shop/parcels", given={"webhook-signature": "v1,AAAA v1,BBBB " * 20}),
        await shop.ask("/shop/orders/A-1", given={"webhook-signature": "v1,AAAA"}),
        await impostor.ask("/shop/orders/A-1"),
    ]
    assert tries == [NOTHING] * len(tries)
    async with shop.http.post(shop.url + "/shop/orders", data=body) as answer:
        assert (answer.status, await answer.text()) == (401, "")
    assert await rows_of(shop) == before


async def test_a_signature_holds_for_its_body_and_path_only(shop: Shop) -> None:
    await shop.push([row()])
    taken = shop.signed("msg_x", None, b"/shop/orders/A-1")
    async with shop.http.get(shop.url + "/shop/orders/A-2", headers=taken) as other:
        assert other.status == 401
    async with shop.http.get(shop.url + "/shop/orders/A-1", headers=taken) as first:
        assert first.status == 200
    async with shop.http.get(shop.url + "/shop/orders/A-1", headers=taken) as replayed:
        assert (replayed.status, await replayed.text()) == (401, "")
    async with shop.http.post(shop.url + "/shop/orders", data=b"[]", headers=taken) as turned:
        assert turned.status == 401


async def test_it_is_off_until_the_owner_switches_it_on_and_a_new_secret_ends_the_old(shop: Shop) -> None:
    owner, now = await shop.desk.somebody(), shop.desk.clock()
    await shop.desk.write(lambda store: switch_intake(store, owner, 1, False, now))
    assert await shop.push([row()]) == NOTHING
    await shop.desk.write(lambda store: switch_intake(store, owner, 1, True, now))
    await shop.desk.write(lambda store: renew_secret(store, owner, 1, now))
    assert await shop.push([row()]) == NOTHING
    shop.secret = await current_secret(shop)
    assert (await shop.push([row()])).status == 200


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 422, "not_json"),
        (b"order;link;quantity\nA-1;x;1", 422, "not_json"),
        (b"PK\x03\x04", 422, "not_json"),
        (b"{", 200, "broken"),
        (b"[]", 200, "empty"),
        (b'[{"a": 1}]', 200, "no_order_file"),
        (b'[1, "x", null]', 200, "no_order_file"),
        (b'{"orders": {"order": "A-1"}}', 200, "no_order_file"),
        (b'[{"order": "A-1", "quantity": 1}]', 200, "columns_missing"),
        (b"[" + b'{"a":[' * 50_000 + b"]}" * 50_000 + b"]", 200, "broken"),
        (b'[{"parcel": "VYK0000001", "track": "RA123456789CN"}]', 200, "no_order_file"),
    ],
    ids=[
        "empty",
        "csv",
        "zip",
        "cut off",
        "no rows",
        "no columns",
        "no objects",
        "an object",
        "no item",
        "deep",
        "parcels",
    ],
)
async def test_hostile_bodies_are_refused_with_their_reason(shop: Shop, body: bytes, status: int, error: str) -> None:
    answer = await shop.push(body)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert await counts(shop) == {}


async def test_a_compressed_body_is_not_unpacked(shop: Shop) -> None:
    answer = await shop.push(gzip.compress(json.dumps([row()]).encode()), given={"content-encoding": "gzip"})
    assert (answer.status, answer.json) == (422, {"error": "not_json"})


async def test_a_body_that_is_too_big_is_not_read(shop: Shop) -> None:
    assert (await shop.push(b"[" + b" " * (1024 * 1024) + b"]")).status == 413
    assert await counts(shop) == {}


async def test_a_shop_that_asks_too_often_is_told_to_wait(shop: Shop) -> None:
    answers = [await shop.ask(f"/shop/orders/{n}") for n in range(125)]
    assert {answer.status for answer in answers} == {404, 429}
    assert answers[-1].json == {"error": "too_many_requests"}


async def test_a_push_may_be_asked_for_later(shop: Shop) -> None:
    await shop.push([row()], key="msg_a")
    found = await shop.ask("/shop/requests/msg_a")
    assert (found.status, found.json["status"], found.json["new"]) == (200, "done", 1)
    assert (await shop.ask("/shop/requests/other")).status == 404


async def test_pushes_side_by_side_double_nothing(shop: Shop) -> None:
    pushed = [row(f"A-{n % 3}", line=str(n)) for n in range(30)]
    answers = await asyncio.gather(*(shop.push(pushed) for _ in range(4)))
    assert sum(answer.json["new"] for answer in answers) == 30
    assert await counts(shop) == {LineStatus.READY: 30}


async def test_a_file_in_the_chat_and_a_push_are_about_the_same_order(shop: Shop) -> None:
    await shop.push([row()])
    content = json.dumps([row()]).encode()
    await shop.desk.owner.send_document("orders.json", content)
    await until(lambda: shop.desk.read(lambda s: not s.activities.page("running", 0, 1)[1]))
    assert await counts(shop) == {LineStatus.READY: 1}


def bought(store: Store, shop: Shop) -> None:
    """Order 1001 with everything on it that a customer may not see."""
    now = shop.desk.clock()
    ship(store, [CANARIES["domestic"]], now, quantities=(3, 2))
    parcel = store.parcels.add(1, Addressee(), "авиа", 1, now)
    store.parcels.put_item(parcel.id, 1, 3)


async def test_the_status_of_an_order_tells_nothing_that_a_customer_may_not_see(shop: Shop) -> None:
    await shop.desk.write(lambda store: bought(store, shop))
    answer = await shop.ask("/shop/orders/1001")
    assert answer.status == 200
    order = answer.json["order"]
    assert [status for _, status in statuses(order)] == ["shipped", "shipped"]
    assert [(p["number"], p["state"], p["lines"]) for p in order["parcels"]] == [
        ("VYK0000001", "open", [order["lines"][0]["line"]])
    ]
    for secret in (*CANARIES.values(), "圆通", "店", "nick", "39.9", "Улица"):
        assert secret not in answer.text
    assert (await shop.ask("/shop/orders/1002")).status == 404


async def test_one_shop_sees_nothing_of_another(shop: Shop) -> None:
    await shop.push([row()], key="msg_a")
    owner, now = await shop.desk.somebody(), shop.desk.clock()

    def second(store: Store) -> str:
        made = add_shop(store, owner, "second", now)
        switch_intake(store, owner, made.id, True, now)
        return store.shops.secret(made.id) or ""

    other = Shop(shop.desk, shop.url, shop.http, 2, "second", await shop.desk.write(second))
    assert (await other.ask("/shop/orders/A-1")).status == 404
    assert (await other.ask("/shop/requests/msg_a")).status == 404
    assert (await other.push([row(quantity=7)], key="msg_a")).json["new"] == 1, "its own order of this number"
    assert await counts(shop) == {LineStatus.READY: 2}
    (first,) = await shop.desk.read(lambda store: store.lines.many([1]))
    assert first.quantity == 2


async def test_parcels_come_in_by_their_number_or_order(shop: Shop) -> None:
    await shop.desk.write(lambda store: bought(store, shop))
    pushed = [
        {"parcel": "VYK0000001", "track": "RA123456789CN", "weight": 1240},
        {"parcel": "VYK0000009", "track": "RA123456780CN"},
        {"order": "1001", "track": CANARIES["domestic"]},
    ]
    answer = await shop.push({"parcels": pushed}, path="/shop/parcels")
    assert (answer.json["updated"], answer.json["refused"]) == (1, 2)
    assert [one["problems"][0]["rule"] for one in answer.json["rows"][1:]] == ["no_such_parcel", "domestic_track"]
    order = (await shop.ask("/shop/orders/1001")).json["order"]
    assert [(p["track"], p["weight"]) for p in order["parcels"]] == [("RA123456789CN", 1240)]


async def test_a_domestic_number_on_a_parcel_is_not_told(shop: Shop) -> None:
    def mistaken(store: Store) -> None:
        bought(store, shop)
        parcel = store.parcels.get(1)
        assert parcel
        store.parcels.save(replace(parcel, track=CANARIES["domestic"]))

    await shop.desk.write(mistaken)
    assert CANARIES["domestic"] not in (await shop.ask("/shop/orders/1001")).text


async def test_the_staff_without_rights_cannot_set_shops_up(shop: Shop) -> None:
    await shop.desk.person(2002, Role.BUYER)
    buyer = await shop.desk.somebody(2002)
    with pytest.raises(NotAllowed):
        await shop.desk.write(lambda store: renew_secret(store, buyer, 1, shop.desk.clock()))
    assert secrets.compare_digest(await current_secret(shop), shop.secret)


async def test_a_push_outlives_a_restart(data_dir: Path) -> None:
    """Stored before it is answered: what a life had only stored is worked off by the next."""
    async with open_shop(data_dir) as first:
        body, now = json.dumps([row()]).encode(), first.desk.clock()

        def left(store: Store) -> None:
            known = store.shops.get(1)
            assert known
            request = take_push(store, known, Pushed.ORDERS, "msg_left", body, now)
            activity = store.activities.get(request.activity_id)
            assert activity
            store.activities.save(replace(activity, not_before=now + timedelta(hours=1)))

        await first.desk.write(left)
    async with open_shop(data_dir) as second:
        assert await counts(second) == {}
        second.desk.clock.advance(timedelta(hours=2))
        await second.desk.write(lambda store: store.settings.put("test.nudge", "", None, second.desk.clock()))
        answer = await second.push([row()], key="msg_left")
        async with asyncio.timeout(20):
            while answer.status == 202:
                answer = await second.ask("/shop/requests/msg_left")
        assert (answer.status, answer.json["new"]) == (200, 1)
        assert await counts(second) == {LineStatus.READY: 1}


async def test_the_owner_sees_the_last_requests(shop: Shop) -> None:
    await shop.push([row(), row("A-2", quantity="две")], key="msg_a")
    await shop.push(b"[]", key="msg_b")
    owner = shop.desk.owner
    await owner.send("/settings")
    await owner.press("Shops")
    await owner.press(CODE)
    assert "orders: new 1, updated 0, unchanged 0, refused 1" in owner.screen.text
    assert "The file is empty" in owner.screen.text
    await owner.press("Last requests")
    await owner.press("msg_a")
    assert "row 2, column “quantity”" in owner.screen.text
