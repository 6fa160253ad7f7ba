"""Whole files, read the way the bot reads them."""

import io
import json
import struct
import zipfile
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from purchasing.errors import BadInput
from purchasing.order_file import FileRow, OrderFile
from purchasing.words import ProviderName
from shops.files.read import read_shop_file
from shops.files.table import BadFile
from shops.files.worker import parse
from tests.shops.files import HEADERS, TAOBAO, csv, ods, workbook, xlsx

GOOD = ("A-1", TAOBAO, 2, 39.9)


def only(file: OrderFile) -> FileRow:
    assert file.refused == ()
    (row,) = file.rows
    return row


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(BadFile) as refused:
        parse(content)
    return refused.value.rule, refused.value.value


async def read_orders(name: str, content: bytes) -> OrderFile:
    file = await read_shop_file(name, content)
    assert isinstance(file, OrderFile)
    return file


async def test_the_worker_reads_a_workbook() -> None:
    file = await read_orders("orders.xlsx", xlsx(HEADERS, GOOD, ("A-2", TAOBAO, "две", 39.9)))
    assert [(row.row, row.order, row.item_id, row.sku) for row in file.rows] == [
        (2, "A-1", "640000000001", "5400000000011")
    ]
    assert file.rows[0].price == Decimal("39.9")
    assert [(p.row, p.column, p.rule, p.value) for p in file.refused] == [(3, "quantity", "not_a_number", "две")]


@pytest.mark.parametrize(
    "content",
    [
        ods(HEADERS, ("A-1", TAOBAO, "2", "39,9")),
        csv(HEADERS, ("A-1", TAOBAO, "2", "39,9"), encoding="cp1251"),
        csv(HEADERS, ("A-1", TAOBAO, "2", "39.9"), separator=",", encoding="utf-16"),
        csv(("订单号", "商品链接", "数量", "单价"), ("A-1", TAOBAO, 2, "¥39.9"), encoding="gb18030"),
        json.dumps([{"order": "A-1", "item_url": TAOBAO, "quantity": 2, "price": 39.9}]).encode(),
    ],
    ids=["ods", "cp1251", "utf-16", "gb18030", "json"],
)
async def test_the_worker_reads_every_kind_of_file(content: bytes) -> None:
    row = only(await read_orders("orders", content))
    assert (row.order, row.quantity, row.price) == ("A-1", 2, Decimal("39.9"))


async def test_a_refused_file_is_bad_input_with_its_rule() -> None:
    with pytest.raises(BadInput) as bad:
        await read_shop_file("notes.csv", b"hello, world\nbye, world\n")
    assert (bad.value.field, bad.value.rule, bad.value.value) == ("file", "no_order_file", "notes.csv")


async def test_too_big_a_file_is_refused_unread() -> None:
    with pytest.raises(BadInput) as bad:
        await read_shop_file("a.csv", b"0" * (5 * 1024 * 1024 + 1))
    assert bad.value.rule == "too_big"


async def test_a_file_that_eats_memory_ends_its_reader_only() -> None:
    nested = b"[" + b'{"a":[' * 400_000 + b"0" + b"]}" * 400_000 + b"]"
    with pytest.raises(BadInput) as bad:
        await read_shop_file("a.json", nested)
    assert bad.value.rule in {"broken", "too_heavy"}


async def test_one_far_cell_that_would_need_gigabytes_ends_the_reader_only() -> None:
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(BadInput) as bad:
        await read_shop_file("a.xlsx", out.getvalue())
    assert bad.value.rule == "too_heavy"


def test_headers_in_any_order_case_and_language() -> None:
    headers = ("  КОЛ-ВО, шт.", "ITEM_ID", "№ заказа", "Цвет/Размер", "Цена, ¥", "Вес (кг)", "Площадка", "Неизвестное")
    row = only(parse(xlsx(headers, (3, 640000000001, 1001, "黑色 L", "1 200,50", "0,35", "ТаоБао", "x"))))
    assert (row.order, row.item_id, row.quantity, row.sku) == ("1001", "640000000001", 3, "黑色 L")
    assert (row.price, row.weight, row.provider) == (Decimal("1200.50"), 350, ProviderName.TAOBAO)


def test_every_column_of_the_contract_is_read() -> None:
    cells = {
        "order": "A-1",
        "line": "7",
        "customer": "Клиент 101",
        "provider": "taobao",
        "item_url": TAOBAO,
        "item_id": "640000000001",
        "sku": "5400000000011",
        "title": "T恤",
        "image": "https://example.com/1.jpg",
        "seller": "店",
        "quantity": "2",
        "price": "39.90",
        "shipping": "6",
        "customer_price": "600",
        "currency": "руб.",
        "rate": "13,5",
        "purchase_price": "38.5",
        "purchase_shipping": "5.5",
        "weight": "350",
        "status": "Оплачен",
        "comment": "=cmd|' /C calc'!A0",
        "recipient": "Получатель 1",
        "phone": "+7 900 000-00-00",
        "address": "Адрес 1",
        "passport": "0000 000000",
        "tax_number": "000000000000",
        "delivery_mode": "EMS",
    }
    row = only(parse(xlsx(tuple(cells), tuple(cells.values()))))
    assert (row.line, row.customer, row.title, row.seller, row.status) == ("7", "Клиент 101", "T恤", "店", "Оплачен")
    assert (row.shipping, row.purchase_price, row.purchase_shipping) == (600, Decimal("38.5"), 550)
    assert (row.customer_price, row.currency, row.rate) == (Decimal(600), "RUB", Decimal("13.5"))
    assert row.comment == "=cmd|' /C calc'!A0"
    assert (row.parcel.recipient, row.parcel.passport, row.parcel.delivery_mode) == (
        "Получатель 1",
        "0000 000000",
        "EMS",
    )


def test_titles_blanks_repeated_headers_and_totals_are_no_rows() -> None:
    file = parse(
        xlsx(
            ("Заказы за неделю",),
            (),
            HEADERS,
            GOOD,
            (),
            HEADERS,
            ("A-2", TAOBAO, 1, 10),
            ("Итого:", "", 3, 89.8),
            ("", "", 3, 89.8),
        )
    )
    assert [(row.row, row.order) for row in file.rows] == [(4, "A-1"), (7, "A-2")]
    assert file.refused == ()


def test_a_cell_merged_over_rows_belongs_to_each_of_them() -> None:
    rows = (HEADERS, ("", TAOBAO, 1, 10), ("", TAOBAO, 2, 10), ("A-2", TAOBAO, 3, 10))
    file = parse(xlsx(*rows, merged=[(1, 0, 2, 0, "A-1")]))
    assert [(row.order, row.quantity) for row in file.rows] == [("A-1", 1), ("A-1", 2), ("A-2", 3)]


def test_a_second_list_in_the_workbook_is_named_and_not_read() -> None:
    file = parse(workbook({"Все": (HEADERS, GOOD), "Прочее": (("a",),), "Только таобао": (HEADERS, GOOD)}))
    assert len(file.rows) == 1
    assert file.skipped_sheets == ("Только таобао",)


@pytest.mark.parametrize(
    ("changed", "column", "rule"),
    [
        ({"Заказ": ""}, "order", "missing"),
        ({"Заказ": 5.113222887354003e18}, "order", "number_rounded"),
        ({"Количество": ""}, "quantity", "missing"),
        ({"Количество": 0}, "quantity", "too_small"),
        ({"Количество": 1.5}, "quantity", "not_whole"),
        ({"Количество": 10**7}, "quantity", "too_large"),
        ({"Цена": -1}, "price", "negative"),
        ({"Цена": ""}, "price", "missing"),
        ({"Цена": "500 руб"}, "price", "not_yuan"),
        ({"Цена": 10**9}, "price", "too_large"),
        ({"Ссылка": ""}, "provider", "provider_missing"),
        ({"Ссылка": "https://example.com/1"}, "item_url", "unknown_provider"),
        ({"Ссылка": "https://m.tb.cn/h.x"}, "item_url", "short_link"),
        ({"Ссылка": f"{TAOBAO} https://item.taobao.com/item.htm?id=640000000002"}, "item_url", "several_items"),
        ({"Площадка": "Pinduoduo"}, "provider", "unknown_provider"),
        ({"Площадка": "1688"}, "provider", "provider_differs"),
        ({"ID товара": 640000000002}, "item_id", "item_differs"),
        ({"SKU": "5400000000012"}, "sku", "sku_differs"),
        ({"Валюта": "XQX"}, "currency", "currency"),
        ({"Курс": 0}, "rate", "too_small"),
        ({"Вес": "много"}, "weight", "not_a_number"),
    ],
)
def test_a_bad_cell_is_named_with_row_column_and_reason(changed: dict[str, object], column: str, rule: str) -> None:
    row: dict[str, object] = {**dict(zip(HEADERS, GOOD, strict=True)), **changed}
    file = parse(xlsx(("title",), tuple(row), tuple(row.values()), tuple({**row, **_good(row)}.values())))
    assert (3, column, rule) in [(p.row, p.column, p.rule) for p in file.refused]
    assert [good.row for good in file.rows] == [4]


def _good(row: dict[str, object]) -> dict[str, object]:
    return {**dict.fromkeys(row, ""), **dict(zip(HEADERS, GOOD, strict=True))}


def test_tmall_is_told_by_the_link_or_by_name() -> None:
    headers = (*HEADERS, "Площадка")
    by_link = only(parse(xlsx(headers, ("A-1", "https://detail.tmall.com/item.htm?id=640000000004", 1, 9, ""))))
    by_name = only(parse(xlsx(headers, ("A-1", TAOBAO, 1, 9, "Тмолл"))))
    assert by_link.tmall
    assert by_name.tmall
    assert by_link.provider is ProviderName.TAOBAO


def test_two_rows_with_one_line_id_are_not_two_lines() -> None:
    headers = (*HEADERS, "Строка")
    file = parse(xlsx(headers, (*GOOD, 1), (*GOOD, 2), (*GOOD, 1)))
    assert [row.line for row in file.rows] == ["1", "2"]
    assert [(p.row, p.column, p.rule) for p in file.refused] == [(4, "line", "duplicate")]


def test_quoted_separators_and_newlines_in_csv() -> None:
    content = f'order,item_url,quantity,price,title\nA-1,{TAOBAO},2,"39,9","a; ""b"",\nc"\n'.encode("utf-8-sig")
    row = only(parse(content))
    assert row.price == Decimal("39.9")
    assert row.title == 'a; "b", c'


def test_json_keeps_long_numbers_exact_and_orders_may_hold_lines() -> None:
    line = {"item_url": TAOBAO, "quantity": 1, "price": 0.008}
    content = {"orders": [{"order": 5113222887354003142, "customer": "Клиент 101", "lines": [line, line]}]}
    file = parse(json.dumps(content).encode())
    assert [(row.row, row.order, row.customer) for row in file.rows] == [
        (1, "5113222887354003142", "Клиент 101"),
        (2, "5113222887354003142", "Клиент 101"),
    ]
    assert file.rows[0].price == Decimal("0.008")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"   \n", "empty"),
        (xlsx(HEADERS), "empty"),
        (b"[]", "empty"),
        (b"hello", "no_order_file"),
        (b"order;item_url;quantity\n\x98;\xff\xff\xff;1\n", "encoding"),
        (b'[{"order": "\xff"}]', "encoding"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no_order_file"),
        (xlsx(("a", "b"), (1, 2)), "no_order_file"),
        (b'{"a": 1}', "no_order_file"),
        (b"{oops", "broken"),
        (b"PK\x03\x04" + b"0" * 100, "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken"),
        (csv(HEADERS, *[GOOD] * 5001), "too_many_rows"),
        (xlsx(HEADERS, GOOD, *[()] * 20_000, GOOD), "too_many_rows"),
    ],
)
def test_what_is_no_order_file_is_refused_whole(content: bytes, rule: str) -> None:
    assert refusal(content)[0] == rule


def test_missing_columns_are_named() -> None:
    assert refusal(xlsx(("Заказ", "Цена"), ("A-1", 5))) == ("columns_missing", "item_url, quantity")
    assert refusal(b'[{"order": "A-1", "price": 5}]') == ("columns_missing", "item_url, quantity")


def test_a_zip_bomb_is_measured_and_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 20_000_000)
    assert refusal(out.getvalue())[0] == "zip_bomb"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(201):
            archive.writestr(f"{number}.xml", "")
    assert refusal(out.getvalue())[0] == "zip_bomb"


def test_an_old_excel_workbook() -> None:
    row = only(parse(_xls(HEADERS, ("A-1", TAOBAO, "2", "39,9"))))
    assert (row.order, row.item_id, row.price) == ("A-1", "640000000001", Decimal("39.9"))


def _xls(*rows: tuple[str, ...]) -> bytes:
    """The least that BIFF8 in a compound file asks for: labels in one sheet."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    labels = b"".join(
        record(0x0204, struct.pack("<HHHHB", r, c, 0, len(value), 1) + value.encode("utf-16-le"))
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
    )
    begin, end = struct.pack("<HHHHII", 0x0600, 0, 0, 0, 0, 0), record(0x0A, b"")
    sheet = record(0x0809, begin[:2] + struct.pack("<H", 0x10) + begin[4:]) + labels + end
    head = record(0x0809, begin[:2] + struct.pack("<H", 0x05) + begin[4:])
    bound = record(0x85, struct.pack("<IBB", len(head) + 4 + 10 + len(end), 0, 0) + b"\x02\x00AB"[:1] + b"\x00AB")
    book = head + bound + end + sheet
    return _compound("Workbook", book.ljust(4096, b"\0"))


def _compound(name: str, stream: bytes) -> bytes:
    """A compound file (MS-CFB, version 3) with one stream of at least 4,096 bytes."""
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    table = [fat_mark, end, *[i + 3 for i in range(sectors - 1)], end]
    fat = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    entries = _entry("Root Entry", 5, 1, end, 0) + _entry(name, 2, free, 2, len(stream)) + bytes(256)
    return header + fat + entries + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    free = 0xFFFFFFFF
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, free, free, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
