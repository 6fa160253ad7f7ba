"""What people send and press by mistake: each gets one clear sentence with what to do, and nothing is lost."""

from datetime import timedelta

import pytest

from purchasing.activities import Activity
from purchasing.errors import NotInstalled, Transient
from purchasing.ports import Store
from purchasing.run_activities import RunActivities
from purchasing.words import ActivityKind, ActivityState, Priority
from sandbox.pictures import label
from tests.shops.files import xlsx
from tests.support.desk import Desk

HEADERS = ("order", "item_url", "quantity")
LINK = "https://item.taobao.com/item.htm?id=640000000001"
TEN_MEGABYTES = b"order,item_url,quantity\n" + f"1,{LINK},2\n".encode() * 170_000


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", b"just a text", "This isn't an order file"),
        ("empty.csv", b"order,item_url,quantity\n", "there isn't a single order row"),
        ("odd.csv", b"order;item_url;quantity\n\x98;\xff\xff\xff;1\n", "Save it as"),
        ("broken.xlsx", b"PK\x03\x04 nonsense", "The file is broken"),
        ("big.csv", TEN_MEGABYTES, "Send it in parts"),
    ],
)
async def test_a_file_that_cannot_be_taken(desk: Desk, name: str, content: bytes, sentence: str) -> None:
    await desk.owner.send_document(name, content)
    card = await desk.owner.wait_for(sentence)
    assert card.text.count("\n\n") == 1
    assert card.labels == ["⌂ Home"]


async def test_a_formula_is_no_number_and_the_good_row_is_taken(desk: Desk) -> None:
    rows = ("F1", LINK, "=1+1"), ("F1", LINK.replace("0001", "0002"), 2), ("F1", "somewhere", 2)
    await desk.owner.send_document("orders.xlsx", xlsx(HEADERS, *rows))
    card = await desk.owner.wait_for("new: 1")
    assert "column “quantity”: “=1+1” is a formula: put its value there" in card.text
    assert "column “product link”: “somewhere” isn't a link to a product" in card.text
    assert "send it again" in card.text


async def test_a_photo_without_a_code_and_an_unknown_number(desk: Desk) -> None:
    await desk.owner.send_photo(label("", "EXPRESS"))
    await desk.owner.wait_for("No code was found in the picture. Go closer")
    await desk.owner.send("YT9999999999999")
    card = await desk.owner.wait_for("Nobody knows this number")
    assert any("Sync" in one for one in card.labels)


async def test_a_press_from_yesterday_says_what_is_gone(desk: Desk) -> None:
    await desk.owner.send("/buy")
    card = desk.owner.screen
    await desk.owner.press_stale(card.id, "buy:preview")
    assert desk.owner.answer.startswith("No ready line is ticked. Tick at least one")
    await desk.owner.press_stale(card.id, "ans:99:0:0:1")
    assert desk.owner.answer.startswith("This question is no longer there")
    await desk.owner.press_stale(card.id, "from-an-older-version:1")
    assert "older version" in desk.owner.answer
    assert desk.owner.screen.text == card.text


async def test_a_stranger_gets_nothing(desk: Desk) -> None:
    stranger = await desk.person(999, None)
    await stranger.start()
    await desk.settle()
    assert [message for message in await stranger.messages() if message.from_bot] == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotInstalled("browser_missing", "none"), "there is no Chromium where the bot runs: install it"),
        (Transient("no answer", timedelta(hours=1)), "no answer from the marketplace; the next try is at"),
    ],
)
async def test_a_trouble_with_the_marketplace_is_told_on_the_card(desk: Desk, error: Exception, sentence: str) -> None:
    later = desk.clock() + timedelta(days=1)  # so that the bot leaves it to this test

    def add(store: Store) -> Activity:
        draft = Activity(0, ActivityKind.SYNC, ActivityState.QUEUED, "{}", Priority.PERSON, not_before=later)
        return store.activities.add(draft, desk.clock())

    added = await desk.write(add)
    await RunActivities(desk.app.db, desk.clock, {ActivityKind.SYNC: Failing(error)}).advance(added)
    await desk.owner.send("/activities")
    await desk.owner.press_stale(desk.owner.screen.id, f"go|activity:{added.id}")
    assert sentence in desk.owner.screen.text


class Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def advance(self, activity: Activity) -> None:
        raise self.error

    def give_up(self, store: Store, activity: Activity, now: object) -> None:
        """Nothing is held."""
