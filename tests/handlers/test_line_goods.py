"""A line's goods changed by hand: replaced, split, put together, noted; pressed through, and imported once more."""

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import pytest

from purchasing.answer import answer_all
from purchasing.import_keys import keyed
from purchasing.import_orders import import_rows
from purchasing.import_result import ImportResult
from purchasing.options import set_defaults
from purchasing.order_file import FileRow
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.refusals import Refusal
from purchasing.words import LineStatus, ProviderName, Role
from tests.handlers.gateway import BLUE, RED, WAREHOUSE, Gateway
from tests.support.desk import Chatter, Desk

OLD, NEW = "640000000001", "640000000002"
ROW = FileRow(
    2, "A-1", ProviderName.TAOBAO, OLD, 5, sku="красный", title="Кружка", price=Decimal(12), shipping=700, status="paid"
)
OTHER = "https://item.taobao.com/item.htm?id=640000000002&spm=a1z10"
OFFER = "https://detail.1688.com/offer/730000000008.html"
TMALL = "https://detail.tmall.com/item.htm?id=640000000003&skuId=5400000000031"


async def take(desk: Desk, *rows: FileRow) -> ImportResult:
    return await desk.write(lambda store: import_rows(store, keyed(rows), None, desk.clock()))


async def lines_of(desk: Desk, number: str = "A-1") -> list[OrderLine]:
    def read(store: Store) -> list[OrderLine]:
        order = store.orders.by_number(number)
        return store.lines.of_order(order.id) if order else []

    return await desk.read(read)


async def at_goods(desk: Desk, *rows: FileRow, person: Chatter | None = None) -> Chatter:
    """At what may be changed of the goods of a line that a file brought."""
    await take(desk, *(rows or (ROW,)))
    person = person or desk.owner
    await person.send("A-1")
    await person.press("Кружка")
    await person.press("Replace, split")
    return person


async def typed(person: Chatter, button: str, text: str) -> None:
    await person.press(button)
    await person.send(text)


def changes(result: ImportResult) -> tuple[int, int, int, int]:
    return result.taken, result.updated, result.unchanged, len(result.asked)


# -- another product


async def test_a_product_is_replaced_after_a_look_at_what_it_means(desk: Desk) -> None:
    owner = await at_goods(desk)
    await typed(owner, "Another product", OFFER)
    assert "another marketplace" in owner.screen.text
    assert "“красный” is looked for" in owner.screen.text
    (line,) = await lines_of(desk)
    assert line.item_id == OLD, "nothing is changed before the press"
    await owner.press("Buy this one instead")
    (line,) = await lines_of(desk)
    assert (line.provider, line.item_id, line.sku) == (ProviderName.ALIBABA1688, "730000000008", "красный")
    assert line.status is LineStatus.READY
    assert f"the order says: Taobao {OLD}" in owner.screen.text
    await owner.press("Weight, prices")
    assert f"product: Taobao {OLD} красный → 1688 730000000008" in owner.screen.text


async def test_the_same_file_again_brings_the_old_product_not_back(desk: Desk) -> None:
    owner = await at_goods(desk)
    await typed(owner, "Another product", OTHER)
    await owner.press("Buy this one instead")
    replaced = await lines_of(desk)
    assert changes(await take(desk, ROW)) == (0, 0, 1, 0)
    assert await lines_of(desk) == replaced
    assert changes(await take(desk, replace(ROW, title="Mug", price=Decimal(13)))) == (0, 1, 0, 0)
    (line,) = await lines_of(desk)
    assert (line.item_id, line.price) == (NEW, Decimal(13)), "the rest is still the shop's to change"


async def test_a_shop_that_follows_the_replacement_makes_no_second_line(desk: Desk) -> None:
    owner = await at_goods(desk)
    await typed(owner, "Another product", OTHER)
    await owner.press("Buy this one instead")
    assert changes(await take(desk, replace(ROW, item_id=NEW))) == (0, 0, 1, 0)
    assert len(await lines_of(desk)) == 1


async def test_a_line_replaced_and_another_of_the_new_goods_stay_two(desk: Desk) -> None:
    other = replace(ROW, row=3, item_id=NEW, title="Blue", quantity=1)
    owner = await at_goods(desk, ROW, other)
    await typed(owner, "Another product", OTHER)
    await owner.press("Buy this one instead")
    before = await lines_of(desk)
    for rows in ((ROW, other), (other, ROW)):
        assert changes(await take(desk, *rows)) == (0, 0, 2, 0)
    assert await lines_of(desk) == before


async def test_a_tmall_product_is_bought_by_hand_and_comes_back_with_another(desk: Desk) -> None:
    owner = await at_goods(desk)
    await typed(owner, "Another product", TMALL)
    assert "bought by hand" in owner.screen.text
    await owner.press("Buy this one instead")
    (line,) = await lines_of(desk)
    assert (line.status, line.why, line.sku) == (LineStatus.BY_HAND, Refusal.TMALL, "5400000000031")
    await owner.press("Replace, split")
    await typed(owner, "Another product", OTHER)
    await owner.press("Buy this one instead")
    (line,) = await lines_of(desk)
    assert (line.status, line.why, line.sku) == (LineStatus.BY_HAND, "", "")


@pytest.mark.parametrize(
    ("link", "rule"),
    [
        ("https://m.tb.cn/h.5abc", "short link"),
        ("https://evil-taobao.com/item.htm?id=640000000002", "Send the address"),
        ("https://www.taobao.com/", "names no product"),
        ("🎁" * 2000, "Send the address"),
    ],
)
async def test_what_is_no_product_is_refused(desk: Desk, link: str, rule: str) -> None:
    owner = await at_goods(desk)
    before = await lines_of(desk)
    await typed(owner, "Another product", link)
    assert rule in owner.screen.text
    assert await lines_of(desk) == before


async def test_the_same_product_is_no_replacement(desk: Desk) -> None:
    owner = await at_goods(desk)
    await typed(owner, "Another product", f"https://item.taobao.com/item.htm?id={OLD}")
    await owner.press("Buy this one instead")
    assert "already" in owner.answer


# -- another configuration


async def test_a_configuration_is_chosen_anew_and_put_back(desk: Desk) -> None:
    owner = await at_goods(desk)
    await desk.write(lambda store: store.lines.set_status([1], LineStatus.READY, Refusal.CONFIGURATION_CHANGED))
    await typed(owner, "Another configuration", "  синий;\u202e XL ")
    (line,) = await lines_of(desk)
    assert (line.sku, line.why) == ("синий; XL", "")
    assert "the order says: красный" in owner.screen.text
    assert changes(await take(desk, ROW)) == (0, 0, 1, 0)
    result = await take(desk, replace(ROW, sku="зелёный"))
    assert len(await lines_of(desk)) == 2, "a choice that is new in the file is a line of its own"
    assert [note.rule for note in result.notes] == ["other_choice"], "but a person must say that both are wanted"
    await owner.press("Weight, prices")
    await owner.press("Put back: configuration")
    assert (await lines_of(desk))[0].sku == "красный"


async def test_a_file_with_line_ids_that_changes_the_choice_asks(desk: Desk) -> None:
    row = replace(ROW, line="17")
    owner = await at_goods(desk, row)
    await typed(owner, "Another configuration", "синий")
    assert changes(await take(desk, row)) == (0, 0, 1, 0)
    (asked,) = (await take(desk, replace(row, sku="зелёный"))).asked
    assert [(d.column, d.ours, d.theirs) for d in asked.differences] == [("sku", "синий", "зелёный")]


# -- pieces


async def split(person: Chatter, pieces: str) -> None:
    await typed(person, "Split the pieces", pieces)


def pieces(lines: list[OrderLine]) -> list[tuple[int, int]]:
    return [(line.quantity, line.shipping) for line in lines]


async def test_pieces_become_a_line_of_their_own_and_come_back(desk: Desk) -> None:
    owner = await at_goods(desk)
    await split(owner, "2")
    assert pieces(await lines_of(desk)) == [(3, 420), (2, 280)], "freight is shared to the fen"
    assert "split off by hand" in owner.screen.text
    await owner.press("Replace, split")
    await owner.press("Put 2 pieces back together")
    whole, part = await lines_of(desk)
    assert (whole.quantity, whole.shipping, whole.told) == (5, 700, ())
    assert (part.quantity, part.status) == (0, LineStatus.CANCELLED)
    assert changes(await take(desk, ROW)) == (0, 0, 1, 0)


@pytest.mark.parametrize("wrong", ["0", "5", "-1", "1.5", "🎁", "٢", "999999999", "я" * 4000])
async def test_more_or_less_than_there_is_cannot_be_split_off(desk: Desk, wrong: str) -> None:
    owner = await at_goods(desk)
    await split(owner, wrong)
    assert "at least 1 and less" in owner.screen.text
    assert pieces(await lines_of(desk)) == [(5, 700)]


async def test_a_file_imported_again_leaves_the_parts_as_they_are(desk: Desk) -> None:
    twin = replace(ROW, row=3, quantity=4)
    owner = await at_goods(desk, ROW, twin)
    await split(owner, "2")
    await owner.press("Replace, split")
    await split(owner, "1")
    before = await lines_of(desk)
    assert [line.quantity for line in before] == [3, 4, 1, 1]
    for rows in ((ROW, twin), (replace(ROW, line="a"), replace(twin, line="b"))):
        assert changes(await take(desk, *rows)) == (0, 0, 2, 0) or rows[0].line
        assert [(line.quantity, line.status) for line in await lines_of(desk)] == [
            (line.quantity, line.status) for line in before
        ]


async def test_what_the_shop_changes_goes_for_every_part(desk: Desk) -> None:
    owner = await at_goods(desk)
    await split(owner, "2")
    assert changes(await take(desk, replace(ROW, price=Decimal(15)))) == (0, 1, 0, 0)
    assert [line.price for line in await lines_of(desk)] == [Decimal(15), Decimal(15)]
    await take(desk, replace(ROW, price=Decimal(15), status="cancelled"))
    assert {line.status for line in await lines_of(desk)} == {LineStatus.CANCELLED}


async def test_another_quantity_for_a_split_line_asks_and_the_answer_keeps_the_sum(desk: Desk) -> None:
    owner = await at_goods(desk)
    await split(owner, "2")
    csv = "order,provider,item_id,sku,title,quantity,price,shipping,status\n"
    row = f"A-1,taobao,{OLD},красный,Кружка,{{}},12,7,paid\n"
    await owner.send_document("a.csv", (csv + row.format(8)).encode())
    await rest(desk)
    (question,) = await desk.read(lambda store: store.questions.open())
    assert pieces(await lines_of(desk)) == [(3, 420), (2, 280)]
    person = await desk.somebody()
    await desk.write(lambda store: answer_all(store, person, question.id, "take", desk.clock()))
    await rest(desk)
    assert pieces(await lines_of(desk)) == [(6, 420), (2, 280)], "eight together, as the file says"
    await owner.send_document("a.csv", (csv + row.format(8)).encode())
    await rest(desk)
    assert await desk.read(lambda store: store.questions.open()) == [], "decided: it isn't asked again"
    result = await take(desk, replace(ROW, quantity=1))
    assert [note.rule for note in result.notes] == ["split_too_few"]
    assert [line.quantity for line in await lines_of(desk)] == [6, 2]


async def rest(desk: Desk) -> None:
    while await desk.read(lambda s: s.activities.page("running", 0, 1)[1]):
        await desk.owner.look()
    await desk.owner.look()


# -- who, and when


async def test_what_is_in_a_preview_or_bought_is_not_changed(desk: Desk) -> None:
    owner = await at_goods(desk)
    other = await desk.person(2002, Role.BUYER)
    holder = await desk.somebody(2002)
    await owner.press("Another configuration")
    await desk.write(lambda store: store.lines.hold([1], holder.id, desk.clock().replace(year=2099)))
    await owner.send("синий")
    assert "Person 2002 is at this right now" in owner.screen.text
    await other.send("A-1")
    await other.press("Кружка")
    await other.press("Replace, split")
    assert "Person 2002 has it in a preview" in other.screen.text
    await desk.write(lambda store: store.lines.set_status([1], LineStatus.RESERVED))
    await other.press("Back")
    assert not any("Replace" in label for label in other.screen.labels)
    assert (await lines_of(desk))[0].sku == "красный"


async def test_a_viewer_changes_nothing(desk: Desk) -> None:
    await take(desk, ROW)
    viewer = await desk.person(2003, Role.VIEWER)
    await viewer.send("A-1")
    await viewer.press("Кружка")
    assert not any("Replace" in label for label in viewer.screen.labels)
    await viewer.press("Notes")
    assert not any("➕" in label or "✉️" in label for label in viewer.screen.labels)


# -- notes


async def test_staff_leave_notes_and_remove_their_own(desk: Desk) -> None:
    await take(desk, ROW)
    buyer = await desk.person(2002, Role.BUYER)
    await buyer.send("A-1")
    await buyer.press("Кружка")
    await buyer.press("Notes")
    await typed(buyer, "Note for staff", "спросить про <b>размер</b> 🎁")
    assert "Person 2002: спросить про <b>размер</b> 🎁" in buyer.screen.text
    await typed(buyer, "Note for staff", "я" * 501)
    assert "1 to 500" in buyer.screen.text
    await buyer.press("Back")
    await desk.owner.send("A-1")
    await desk.owner.press("Кружка")
    assert "🗒 спросить про" in desk.owner.screen.text
    await desk.owner.press("Notes · 1")
    await typed(desk.owner, "Note for staff", "второй")
    await buyer.send("A-1")
    await buyer.press("Кружка")
    await buyer.press("Notes · 2")
    assert sum("Remove" in label for label in buyer.screen.labels) == 1, "only one's own"
    await buyer.press("Remove")
    assert "второй" in buyer.screen.text
    entries, _ = await desk.read(lambda store: store.audit.page("line_note", 0, 10))
    assert [bool(entry.after) for entry in entries] == [False, True, True]


async def two_lines(gateway: Gateway) -> list[OrderLine]:
    """Of one seller, with a recipient that they can go to."""
    recipient = {f"alibaba1688.recipient.{field}": value for field, value in asdict(WAREHOUSE).items()}
    await gateway.desk.write(lambda store: set_defaults(store, recipient, gateway.desk.clock()))
    return await gateway.lines((*RED, 5), (*BLUE, 5))


async def noted(gateway: Gateway, line: OrderLine, note: str) -> None:
    owner = gateway.desk.owner
    await owner.send("1001")
    await owner.press(line.title)
    await owner.press("Notes")
    await typed(owner, "Note to the seller", note)


async def remarks(gateway: Gateway) -> list[Any]:
    async with gateway.http.get(f"{gateway.url}/_truth/orders") as response:
        return [order["remark"] for order in (await response.json())["orders"]]


async def test_notes_of_an_orders_lines_reach_the_seller_as_one(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    first, second = await two_lines(gateway)
    await noted(gateway, first, "请包好")
    await noted(gateway, second, "要新款")
    await owner.send("/orders")
    await owner.press("1001")
    await owner.press("All")
    await owner.press("Preview · 2")
    await gateway.rest()
    assert "✉️ 请包好" in owner.screen.text
    await owner.press("Reserve 2 lines")
    await gateway.rest()
    (remark,) = await remarks(gateway)
    assert "请包好" in remark
    assert "要新款" in remark
    assert remark.count(": ") == 2, "each behind its configuration"


async def test_notes_too_long_together_wait_in_the_preview(gateway: Gateway) -> None:
    owner = gateway.desk.owner
    first, second = await two_lines(gateway)
    await noted(gateway, first, "好" * 500)
    await noted(gateway, second, "快" * 300)
    await noted(gateway, second, "快" * 501)
    assert "at most 500" in owner.screen.text
    await owner.press("Back")
    await owner.send("/orders")
    await owner.press("1001")
    await owner.press("All")
    await owner.press("Preview · 2")
    await gateway.rest()
    assert "too long together (at most 500)" in owner.screen.text
    assert await remarks(gateway) == []
