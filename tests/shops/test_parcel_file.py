"""A shop's list of parcels, read as the bot reads it; what it is, its headers say."""

import json

import pytest

from purchasing.errors import BadInput
from purchasing.order_file import OrderFile
from purchasing.parcel_file import ParcelFile, ParcelRow
from shops.files.read import read_shop_file
from shops.files.table import BadFile
from shops.files.worker import parse_any
from tests.shops.files import HEADERS, TAOBAO, csv, xlsx

TRACK = "LP123456789CN"


def parcels(content: bytes) -> ParcelFile:
    file = parse_any(content)
    assert isinstance(file, ParcelFile)
    return file


def only(content: bytes) -> ParcelRow:
    file = parcels(content)
    assert file.refused == ()
    (row,) = file.rows
    return row


async def test_the_worker_tells_parcels_from_orders() -> None:
    shop_parcels = await read_shop_file("a.xlsx", xlsx(("Посылка", "Трек-номер"), ("VYK0000001", TRACK)))
    assert isinstance(shop_parcels, ParcelFile)
    assert shop_parcels.rows == (ParcelRow(2, "VYK0000001", "", (("track", TRACK),)),)
    assert isinstance(await read_shop_file("b.xlsx", xlsx(HEADERS, ("A-1", TAOBAO, 1, 39.9))), OrderFile)


@pytest.mark.parametrize(
    "content",
    [
        xlsx(("№ заказа", "Международный трек-номер", "Вес (кг)"), (1001, TRACK, "1,24")),
        csv(("order number", "Tracking Number", "weight, g"), ("1001", TRACK, 1240), separator=","),
        csv(("заказ", "трекинг номер", "вес кг"), ("1001", TRACK, "1,24"), encoding="cp1251"),
        json.dumps({"parcels": [{"order": 1001, "track": TRACK, "weight": 1240}]}).encode(),
        json.dumps([{"order": "1001", "track": TRACK, "weight": "1.24 kg"}]).encode(),
    ],
    ids=["xlsx", "csv", "cp1251", "json", "list"],
)
def test_headers_in_every_kind_of_file(content: bytes) -> None:
    row = only(content)
    assert (row.order, row.told) == ("1001", {"track": TRACK, "weight": "1240"})


def test_every_field_is_read_and_empty_cells_say_nothing() -> None:
    cells = {
        "Номер посылки": "VYK0000001",
        "Заказ": "1001",
        "Внешний номер": "77",
        "Трек": TRACK,
        "Способ доставки": "авиа",
        "Вес": 850,
        "Габариты": "30x20x15",
        "Стоимость доставки": "12,50",
        "Получатель": "Получатель",
        "Телефон": "+7 900 000-00-00",
        "Страна": "Россия",
        "Регион": "Область",
        "Город": "Город",
        "Индекс": "101000",
        "Адрес": "Улица, 1",
        "Паспорт": "",
        "Адрес регистрации": None,
        "ИНН": "770000000000",
        "Комментарий": "хрупкое",
    }
    told = only(xlsx(tuple(cells), tuple(cells.values()))).told
    assert told == {
        "external_id": "77",
        "track": TRACK,
        "delivery_mode": "авиа",
        "weight": "850",
        "size": "30x20x15",
        "price": "12,50",
        "recipient": "Получатель",
        "phone": "+7 900 000-00-00",
        "country": "Россия",
        "region": "Область",
        "city": "Город",
        "zip": "101000",
        "address": "Улица, 1",
        "tax_number": "770000000000",
        "info": "хрупкое",
    }


def test_bad_cells_are_named_and_personal_ones_not_shown() -> None:
    header = ("Посылка", "Трек-номер", "Вес", "Паспорт")
    rows = (("VYK0000001", 1234567890123456789.0, "тяжёлая", "4510 998877" * 60), ("", TRACK, 5, ""))
    file = parcels(xlsx(header, *rows))
    assert file.rows == ()
    assert [(p.row, p.column, p.rule) for p in file.refused] == [
        (2, "track", "number_rounded"),
        (2, "weight", "not_a_number"),
        (2, "passport", "too_long"),
        (3, "parcel", "missing"),
    ]
    assert "4510" not in str(file.refused)


@pytest.mark.parametrize(
    ("content", "rule", "value"),
    [
        (xlsx(("Заказ", "Ссылка", "Трек"), ("A-1", TAOBAO, TRACK)), "columns_missing", "quantity"),
        (xlsx(("Заказ", "Вес"), ("A-1", 5)), "columns_missing", "item_url, quantity"),
        (xlsx(("Посылка", "Трек")), "empty", ""),
        (csv(("a", "b"), ("1", "2")), "no_order_file", ""),
    ],
    ids=["goods", "no track", "empty", "neither"],
)
def test_what_is_no_parcel_file_is_refused(content: bytes, rule: str, value: str) -> None:
    with pytest.raises(BadFile) as refused:
        parse_any(content)
    assert (refused.value.rule, refused.value.value) == (rule, value)


async def test_a_locked_up_reader_is_a_refusal() -> None:
    nested = b'{"parcels":' + b'[{"parcel":' * 200_000
    with pytest.raises(BadInput) as bad:
        await read_shop_file("a.json", nested)
    assert bad.value.rule in {"broken", "too_heavy"}
