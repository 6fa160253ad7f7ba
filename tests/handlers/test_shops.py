"""The owner sets shops up in the chat; the secret is shown once and to who made it; statuses leave as a file."""

import csv
import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from purchasing.parcels import Addressee
from purchasing.ports import Store
from purchasing.signing import authentic, headers
from purchasing.words import Role
from tests.support.desk import OWNER_ID, Chatter, Desk
from tests.support.warehouse import ship

NAME = "main-shop"


@pytest.fixture
async def owner(desk: Desk) -> Chatter:
    """At the list of shops."""
    await desk.owner.send("/settings")
    await desk.owner.press("Shops")
    return desk.owner


async def secret(desk: Desk) -> str:
    return await desk.read(lambda store: store.shops.secret(1) or "")


async def test_an_empty_list_says_what_to_do(owner: Chatter) -> None:
    assert "Press “Add a shop”" in owner.screen.text
    assert "docs/shop-api.md" in owner.screen.text


async def test_a_shop_is_added_its_secret_shown_once_and_its_intake_switched_on(desk: Desk, owner: Chatter) -> None:
    await owner.press("Add a shop")
    await owner.send("Мой магазин")
    assert "small Latin letters" in owner.screen.text
    assert "You typed: Мой магазин" in owner.screen.text
    await owner.send(NAME)
    shown = await secret(desk)
    assert shown in owner.screen.text
    button = owner.screen.button("Copy the secret")
    assert button
    assert button["copy_text"]["text"] == shown
    await owner.press("I have it")
    assert "Orders over HTTP: ▫️ off" in owner.screen.text
    assert "Order files sent to the chat are this shop's too" in owner.screen.text
    await owner.press("Switch orders over HTTP on")
    assert "Orders over HTTP: ✅ on" in owner.screen.text
    assert "The web server isn't set up" in owner.screen.text
    chat = "\n".join(message.text for message in await owner.messages() if message.from_bot)
    assert shown not in chat, "its message shows it no more"
    entries, _ = await desk.read(lambda store: store.audit.page("shop.", 0, 9))
    assert {(entry.action, entry.before, entry.after) for entry in entries} == {
        ("shop.add", "", NAME),
        ("shop.secret", "", ""),
        ("shop.intake", "off", "on"),
    }


async def test_a_secret_goes_off_the_screen_by_itself(desk: Desk, owner: Chatter) -> None:
    await owner.press("Add a shop")
    await owner.send(NAME)
    other = await desk.person(2002, Role.OWNER)
    await other.send("/start")
    await other.press_stale(other.screen.id, "go|shop_secret:1")
    assert (await secret(desk)) not in other.screen.text, "only who made it sees it"
    desk.clock.advance(timedelta(minutes=11))
    await owner.press_stale(owner.screen.id, "go|shop_secret:1")
    assert "It isn't shown any more" in owner.screen.text


async def test_a_new_secret_is_confirmed_and_ends_the_old(desk: Desk, owner: Chatter) -> None:
    await owner.press("Add a shop")
    await owner.send(NAME)
    old, now = await secret(desk), desk.clock()
    await owner.press("I have it")
    await owner.press("New secret")
    assert "stops working at once" in owner.screen.text
    await owner.press("No")
    assert await secret(desk) == old
    await owner.press("New secret")
    await owner.press("Yes, make a new one")
    new = await secret(desk)
    assert new in owner.screen.text
    signed = headers(old, "msg_1", now, b"{}")
    assert authentic(old, signed, b"{}", now)
    assert not authentic(new, signed, b"{}", now)


async def test_names_are_unique_and_the_second_shop_has_orders_of_its_own(desk: Desk, owner: Chatter) -> None:
    for name in (NAME, "second"):
        await owner.send("/settings")
        await owner.press("Shops")
        await owner.press("Add a shop")
        await owner.send(name)
    await owner.press("I have it")
    assert "Order files sent to the chat" not in owner.screen.text
    await owner.press("Back")
    await owner.press("Add a shop")
    await owner.send(NAME.upper())
    assert "There is a shop of this name already" in owner.screen.text
    shops = await desk.read(lambda store: store.shops.all())
    assert [(shop.code, shop.source) for shop in shops] == [(NAME, "files"), ("second", "second")]


@pytest.mark.parametrize(
    "wrong",
    [
        "http://shop.example.org/hook",
        "ftp://shop.example.org",
        "https://user:password@shop.example.org/",
        "https://",
        "javascript:alert(1)",
        "https://магазин.example/",
        "https://shop.example.org/" + "x" * 600,
        "https://shop.example.org:99999/",
        "hello",
    ],
)
async def test_an_address_for_callbacks_is_checked_and_a_bad_one_kept(owner: Chatter, wrong: str) -> None:
    await owner.press("Add a shop")
    await owner.send(NAME)
    await owner.press("I have it")
    await owner.press("Address for callbacks")
    await owner.send(wrong)
    assert "An address that begins with https://" in owner.screen.text
    assert wrong[:200] in owner.screen.text
    await owner.send("https://shop.example.org/hook")
    assert "Told of changes at: https://shop.example.org/hook" in owner.screen.text
    assert "Send a test" in owner.screen.labels


async def test_statuses_leave_as_a_file_for_the_shop(desk: Desk) -> None:
    def world(store: Store) -> None:
        titles = ("=cmd|'/c calc'!A0", "Брюки")
        ship(store, ["YT2600000000011"], desk.clock(), quantities=(3, 2), titles=titles)
        person = store.people.by_telegram(OWNER_ID)
        assert person
        parcel = store.parcels.add(1, Addressee(), "авиа", person.id, desk.clock())
        store.parcels.put_item(parcel.id, 1, 3)

    await desk.write(world)
    owner = desk.owner
    await owner.send("/orders")
    await owner.press("Tables")
    await owner.press("Statuses for the shop's import")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(await owner.download(owner.screen))).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[0] == HEADER
    assert [(row[0], row[4], row[6], row[10]) for row in rows[1:]] == [
        ("1001", "=cmd|'/c calc'!A0", "shipped", "VYK0000001"),
        ("1001", "Брюки", "shipped", ""),
    ]
    await owner.send("/orders")
    await owner.press("Tables")
    await owner.press("CSV")
    content = await owner.download(owner.screen)
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert (read[0], read[1][4]) == (HEADER, "'=cmd|'/c calc'!A0")
    for secret_ in ("YT2600000000011", "店", "nick", "39.9", "Получатель"):
        assert secret_ not in content.decode()


HEADER = [
    *("order", "line", "item_id", "choice", "title", "quantity", "status", "received", "packed", "sent"),
    *("parcel", "track", "delivery_mode"),
]
