"""A line's data typed by hand, each field by its rule, with what it was; track numbers that no sync takes away."""

from dataclasses import replace
from decimal import Decimal

import pytest

from purchasing.import_keys import keyed
from purchasing.import_orders import import_rows
from purchasing.import_result import ImportResult
from purchasing.order_file import FileRow
from purchasing.orders import OrderLine
from purchasing.ports import Store
from purchasing.provider import ProviderOrderSeen, WaybillSeen
from purchasing.provider_orders import Waybill
from purchasing.see_order import see_order
from purchasing.words import ProviderName, Role, Stage
from tests.support.desk import Chatter, Desk
from tests.support.warehouse import ship

TRACK, TYPED, LATER = "YT2600000000011", "SF1234567890123", "YT2600000000099"
LONG = "я" * 4000
MARKS = "\u202eтёмный\u202c 🎁\u200f"


async def at_line(
    desk: Desk, *waybills: str, quantities: tuple[int, ...] = (3,), person: Chatter | None = None
) -> Chatter:
    now = desk.clock()
    await desk.write(lambda store: ship(store, waybills, now, quantities=quantities))
    person = person or desk.owner
    await person.send("1001")
    await person.press("Футболка")
    return person


async def line(desk: Desk, line_id: int = 1) -> OrderLine:
    found = await desk.read(lambda store: store.lines.get(line_id))
    assert found is not None
    return found


async def edit(person: Chatter, field: str, typed: str) -> None:
    await person.press(field)
    await person.send(typed)


async def test_each_field_is_typed_and_shown(desk: Desk) -> None:
    owner = await at_line(desk)
    await owner.press("Weight, prices")
    await edit(owner, "Weight", "1.24 kg")
    await edit(owner, "Purchase price", "¥ 12,505")
    await edit(owner, "Purchase delivery", "8")
    await edit(owner, "Comment", MARKS)
    found = await line(desk)
    assert (found.weight, found.purchase_price, found.purchase_shipping) == (1240, Decimal("12.505"), 800)
    assert found.comment == "тёмный 🎁", "direction marks are taken out"
    assert "weight: — → 1240" in owner.screen.text
    await owner.press("Back")
    assert "1240 g" in owner.screen.text
    assert "delivery ¥8.00" in owner.screen.text


@pytest.mark.parametrize(
    ("field", "typed", "rule"),
    [
        ("Weight", "0", "from 1 g to 1000 kg"),
        ("Weight", "-5", "from 1 g to 1000 kg"),
        ("Weight", "99999999", "from 1 g to 1000 kg"),
        ("Weight", "🎁", "from 1 g to 1000 kg"),
        ("Purchase price", "0", "above 0"),
        ("Purchase price", "-12", "above 0"),
        ("Purchase price", "1000001", "above 0"),
        ("Purchase price", "1.23456", "above 0"),
        ("Purchase price", "١٢", "above 0"),
        ("Purchase price", LONG, "above 0"),
        ("Purchase delivery", "-1", "from 0 to 1,000,000"),
        ("Purchase delivery", "1e3", "from 0 to 1,000,000"),
        ("Comment", LONG, "At most 500"),
    ],
)
async def test_what_breaks_a_rule_is_told_and_kept(desk: Desk, field: str, typed: str, rule: str) -> None:
    owner = await at_line(desk)
    before = await line(desk)
    await owner.press("Weight, prices")
    await edit(owner, field, typed)
    assert rule in owner.screen.text
    assert typed[:50] in owner.screen.text, "what was typed is still there"
    assert await line(desk) == before


async def test_the_last_change_is_put_back_and_everything_is_in_the_log(desk: Desk) -> None:
    owner = await at_line(desk)
    await owner.press("Weight, prices")
    await edit(owner, "Purchase price", "12")
    await edit(owner, "Purchase price", "13")
    await owner.press("Put back: purchase price")
    assert (await line(desk)).purchase_price == Decimal(12)
    entries, _ = await desk.read(lambda store: store.audit.page("line_purchase_price", 0, 10))
    assert [(e.subject, e.before, e.after) for e in reversed(entries)] == [
        ("line:1", "", "12"),
        ("line:1", "12", "13"),
        ("line:1", "13", "12"),
    ]
    await edit(owner, "Purchase price", "-")
    assert (await line(desk)).purchase_price is None


async def test_put_back_does_nothing_to_what_has_changed_since(desk: Desk) -> None:
    owner = await at_line(desk)
    await owner.press("Weight, prices")
    await edit(owner, "Weight", "100")
    stored = await line(desk)
    await desk.write(lambda store: store.lines.save(stored.id, replace(stored, weight=500)))
    await owner.press("Put back: weight")
    assert (await line(desk)).weight == 500
    assert "changed since" in owner.answer


async def test_the_warehouse_types_weights_only_and_a_viewer_nothing(desk: Desk) -> None:
    person = await at_line(desk, person=await desk.person(2002, Role.WAREHOUSE))
    await person.press("Weight, prices")
    assert not any("Purchase" in label or "Track" in label for label in person.screen.labels)
    await edit(person, "Weight", "850")
    assert (await line(desk)).weight == 850
    viewer = await desk.person(2003, Role.VIEWER)
    await viewer.send("1001")
    await viewer.press("Футболка")
    assert not any("Weight" in label for label in viewer.screen.labels)


# -- an imported file must not undo it


ROW = FileRow(2, "A-1", ProviderName.TAOBAO, "640000000001", 2, sku="s", title="T恤", price=Decimal("39.9"), weight=300)


async def test_the_same_file_again_undoes_nothing_and_a_newer_one_asks(desk: Desk) -> None:
    async def take(row: FileRow) -> ImportResult:
        return await desk.write(lambda store: import_rows(store, keyed([row]), None, desk.clock()))

    row = replace(ROW, status="paid", comment="как на фото", purchase_price=Decimal("30.00"))
    await take(row)
    await desk.owner.send("A-1")
    await desk.owner.press("T恤")
    await desk.owner.press("Weight, prices")
    await edit(desk.owner, "Weight", "450")
    await edit(desk.owner, "Purchase price", "31.5")
    typed = await line(desk)
    for _ in range(2):
        assert (await take(replace(row, purchase_price=Decimal(30)))).unchanged == 1
        assert await line(desk) == typed
    result = await take(replace(row, weight=500, price=Decimal(41)))
    assert [[(d.column, d.ours, d.theirs) for d in a.differences] for a in result.asked] == [[("weight", "450", "500")]]
    found = await line(desk)
    assert (found.weight, found.price) == (450, Decimal(41)), "what staff have not touched is the shop's to change"


# -- track numbers


async def numbers(desk: Desk) -> dict[str, Waybill]:
    (order,) = await desk.read(lambda store: store.provider_orders.many([1]))
    return {waybill.number: waybill for waybill in order.waybills}


async def sync(desk: Desk, *waybills: WaybillSeen, total: int = 9980) -> None:
    """The marketplace shows these and no others."""

    def unit(store: Store) -> None:
        account, (order,) = store.accounts.all()[0], store.provider_orders.many([1])
        seen = ProviderOrderSeen(order.number, "SHIPPED", Stage.UNPAID, total, 0, "店", None, (), waybills)
        see_order(store, account, seen, desk.clock())

    await desk.write(unit)


def current(found: dict[str, Waybill]) -> set[str]:
    return {number for number, waybill in found.items() if waybill.replaced_at is None}


async def test_a_typed_track_number_stays_whatever_a_sync_reads(desk: Desk) -> None:
    owner = await at_line(desk)
    await owner.press("Weight, prices")
    await edit(owner, "➕ Track number", " sf 1234 5678 90123 ")
    assert f"track number — → {TYPED}" in owner.screen.text
    await sync(desk)
    await sync(desk, WaybillSeen(TRACK))
    assert current(await numbers(desk)) == {TYPED, TRACK}
    await owner.send(TYPED)
    assert "Клиент 101" in owner.screen.text, "it is found like any other"


async def test_once_the_marketplace_shows_it_a_typed_number_is_the_marketplaces(desk: Desk) -> None:
    owner = await at_line(desk)
    await owner.press("Weight, prices")
    await edit(owner, "➕ Track number", TYPED)
    await sync(desk, WaybillSeen("sf1234567890123", "SF"))
    await sync(desk, WaybillSeen(TRACK))
    assert current(await numbers(desk)) == {TRACK}
    await owner.send(TYPED)
    assert "Клиент 101" in owner.screen.text


async def test_a_replaced_number_stays_findable_and_no_sync_brings_it_back(desk: Desk) -> None:
    owner = await at_line(desk, TRACK)
    await owner.press("Weight, prices")
    await owner.press(f"📮 {TRACK}")
    await edit(owner, "Another number instead", TYPED)
    assert f"{TRACK} → {TYPED}" in owner.screen.text
    for _ in range(2):
        await sync(desk, WaybillSeen(TRACK, "YTO"))
    assert current(await numbers(desk)) == {TYPED}
    await owner.press(f"✖️ {TRACK}")
    assert "still found" in owner.screen.text
    await owner.press("It is valid after all")
    assert current(await numbers(desk)) == {TYPED, TRACK}
    await owner.press("Not this order's number")
    await owner.send(TRACK)
    assert "Клиент 101" in owner.screen.text


async def test_a_number_typed_for_one_line_of_an_order_is_in_its_parcel_only(desk: Desk) -> None:
    owner = await at_line(desk, quantities=(3, 2))
    await owner.press("Weight, prices")
    await edit(owner, "➕ Track number", TYPED)
    await owner.send("1001")
    await owner.press("Брюки")
    assert TYPED not in owner.screen.text
    await owner.press("Weight, prices")
    await edit(owner, "➕ Track number", TYPED)
    assert (await numbers(desk))[TYPED].sub_numbers == ("5113222887354001001-0", "5113222887354001001-1")


@pytest.mark.parametrize(
    "typed", ["123", "LP00123456789012", "https://a.b/c", "🎁🎁🎁🎁🎁🎁🎁🎁", "VYK0000001", LONG, "暂无单号"]
)
async def test_what_is_no_track_number_is_refused(desk: Desk, typed: str) -> None:
    owner = await at_line(desk, TRACK)
    await owner.press("Weight, prices")
    await edit(owner, "➕ Track number", typed)
    assert "8 to 24" in owner.screen.text
    await owner.send(TRACK)
    assert "already" in owner.screen.text
    assert set(await numbers(desk)) == {TRACK}


async def test_a_typed_purchase_price_outlives_what_a_sync_learns(desk: Desk) -> None:
    owner = await at_line(desk)
    await sync(desk)
    learnt = await line(desk)
    assert learnt.purchase_price is not None
    await owner.press("Weight, prices")
    await edit(owner, "Purchase price", "44.5")
    await sync(desk, total=12000)
    assert (await line(desk)).purchase_price == Decimal("44.5")
    await owner.press("Put back: purchase price")
    await sync(desk, total=12000)
    assert (await line(desk)).purchase_price == Decimal(40), "once put back, it is learnt again"
