"""The preview of a whole day's lines: no page of it outgrows a message, and nothing of it is left out."""

from datetime import UTC, datetime
from decimal import Decimal

from bot.markup import shown_length
from bot.screens import MAX_TEXT, Screen
from bot.texts import Reader
from handlers.preview_state import PreviewState
from handlers.reserve import preview_screen
from purchasing.activities import Activity
from purchasing.orders import OrderLine
from purchasing.previews import Preview, PreviewGroup, PreviewLine
from purchasing.reserve.plan import PlannedCheckout, ReservePlan
from purchasing.words import ActivityKind, ActivityState, Priority, ProviderName

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SELLERS, REFUSED = 90, 40
TITLE = "Куртка зимняя с капюшоном, очень длинное название"


def line(number: int) -> OrderLine:
    return OrderLine(
        key=str(number),
        provider=ProviderName.TAOBAO,
        item_id=str(640000000000 + number),
        item_url="",
        quantity=2,
        title=TITLE,
        price=Decimal("39.90"),
        id=number,
        order_number=f"10{number:04}",
    )


def shown(page: int) -> Screen:
    sellers = range(1, SELLERS + 1)
    good = [PreviewLine(i, 1, i, "seller", unit_price=Decimal("39.90")) for i in sellers]
    bad = [
        PreviewLine(SELLERS + i, 1, refusal="configuration_changed", detail="颜色:蓝色 | " * 50)
        for i in range(1, REFUSED)
    ]
    groups = tuple(PreviewGroup(i, 1, f"店铺{i}号", 7980, 600, 0, 8580) for i in sellers)
    preview = Preview(1, 1, NOW, lines=(*good, *bad), groups=groups, activity_ids=(1,))
    plan = ReservePlan(preview_id=1, line_ids=[row.line_id for row in preview.lines], phase="confirm")
    activity = Activity(1, ActivityKind.RESERVE, ActivityState.WAITING, "{}", Priority.RESERVE, account_id=1)
    lines = {row.line_id: line(row.line_id) for row in preview.lines}
    return preview_screen(
        PreviewState(preview, True, True, page, [activity], [plan], lines, {1: "vykup_buyer_01"}, [], {}),
        Reader("ru"),
    )


def test_every_page_of_a_long_preview_fits_a_message() -> None:
    first = shown(0)
    pager = next(row for row in first.rows if any("/" in button.label for button in row))
    count = int(pager[1].label.split("/")[1])
    pages = [shown(page) for page in range(count)]
    assert all(shown_length(page.text) <= MAX_TEXT for page in pages)
    whole = "".join(page.text for page in pages)
    assert all(f"<b>店铺{number}号</b>" in whole for number in range(1, SELLERS + 1))
    assert all("Всего" in page.text and any("Забронировать" in row[0].label for row in page.rows) for page in pages)


def test_the_preview_tells_whose_name_goods_go_to_and_what_the_address_book_gets() -> None:
    rows = (PreviewLine(1, 1, 0, "seller", unit_price=Decimal("39.90")),)
    preview = Preview(
        1, 1, NOW, lines=rows, groups=(PreviewGroup(0, 1, "店铺", 7980, 600, 0, 8580),), activity_ids=(1,)
    )
    planned = PlannedCheckout(number=0, line_ids=[1], recipient="Ivanov Ivan", new_address=True)
    plan = ReservePlan(preview_id=1, line_ids=[1], phase="confirm", checkouts=[planned])
    activity = Activity(1, ActivityKind.RESERVE, ActivityState.WAITING, "{}", Priority.RESERVE, account_id=1)
    state = PreviewState(preview, True, True, 0, [activity], [plan], {1: line(1)}, {1: "vykup_buyer_01"}, [], {})
    text = preview_screen(state, Reader("ru")).text
    assert "получатель: Ivanov Ivan" in text
    assert "Сначала в адресную книгу vykup_buyer_01 добавится 1 запись: Ivanov Ivan" in text
