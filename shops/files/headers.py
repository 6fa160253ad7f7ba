"""Which column a header names, however people write it. A header that isn't known is ignored, never guessed at."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

HEADERS: dict[str, tuple[str, ...]] = {
    "order": (
        "order", "order number", "order no", "order id", "order nr", "заказ", "номер заказа", "id заказа",
        "код заказа", "订单", "订单号",
    ),
    "line": (
        "line", "line id", "line number", "line no", "order line", "строка", "номер строки", "id строки", "позиция",
        "номер позиции", "id позиции", "строка заказа",
    ),
    "customer": (
        "customer", "client", "buyer", "customer name", "клиент", "покупатель", "заказчик", "имя клиента",
        "фио клиента",
    ),
    "provider": (
        "provider", "marketplace", "platform", "площадка", "маркетплейс", "провайдер", "поставщик площадка",
        "сайт", "平台",
    ),
    "item_url": (
        "item url", "url", "link", "item link", "product link", "product url", "ссылка", "ссылка на товар",
        "адрес товара", "ссылка товара", "链接", "商品链接",
    ),
    "item_id": (
        "item id", "product id", "offer id", "goods id", "id товара", "номер товара", "ид товара",
        "商品id",
    ),
    "sku": (
        "sku", "sku id", "choice", "configuration", "config", "variant", "option", "options", "конфигурация",
        "комплектация", "вариант", "характеристики", "параметры", "опции", "выбор", "цвет размер", "размер цвет",
        "规格", "颜色尺码",
    ),
    "title": (
        "title", "name", "item name", "product", "product name", "item title", "название", "наименование", "товар",
        "название товара", "наименование товара", "商品名称",
    ),
    "image": (
        "image", "picture", "photo", "image url", "picture url", "фото", "картинка", "изображение", "ссылка на фото",
        "ссылка на картинку",
    ),
    "seller": (
        "seller", "vendor", "supplier", "shop name", "продавец", "поставщик", "магазин", "магазин продавец", "卖家",
    ),
    "quantity": (
        "quantity", "qty", "count", "pcs", "количество", "кол во", "колво", "кол", "количество товара", "к во",
        "数量",
    ),
    "price": (
        "price", "unit price", "price per unit", "item price", "цена", "цена за штуку", "цена за единицу",
        "цена товара",
        "цена за 1", "цена за ед", "价格", "单价",
    ),
    "shipping": (
        "shipping", "delivery", "freight", "domestic shipping", "domestic delivery", "доставка", "доставка по китаю",
        "внутренняя доставка", "стоимость доставки", "运费",
    ),
    "customer_price": (
        "customer price", "client price", "sale price", "цена клиента", "цена для клиента", "цена продажи",
        "цена покупателя", "цена руб", "цена рублей", "цена рублях", "цена в руб", "цена в рублях", "price rub",
    ),
    "currency": ("currency", "валюта", "валюта заказа", "валюта клиента"),
    "rate": ("rate", "exchange rate", "курс", "курс юаня", "курс валюты", "курс обмена"),
    "purchase_price": ("purchase price", "buying price", "закупочная цена", "цена закупки", "цена выкупа"),
    "purchase_shipping": (
        "purchase shipping", "purchase delivery", "закупочная доставка", "доставка закупки", "доставка при закупке",
        "доставка выкупа",
    ),
    "weight": ("weight", "item weight", "вес", "вес товара", "масса", "重量"),
    "status": ("status", "line status", "order status", "статус", "статус строки", "статус заказа", "состояние"),
    "comment": (
        "comment", "note", "remark", "comments", "notes", "комментарий", "примечание", "комментарии", "пометка",
        "заметка", "комментарий клиента", "备注",
    ),
    "recipient": ("recipient", "recipient name", "получатель", "фио получателя", "имя получателя"),
    "phone": ("phone", "recipient phone", "mobile", "телефон", "телефон получателя", "номер телефона"),
    "address": ("address", "delivery address", "recipient address", "адрес", "адрес доставки", "адрес получателя"),
    "passport": (
        "passport", "passport number", "паспорт", "номер паспорта", "паспортные данные",
        "серия и номер паспорта",
    ),
    "tax_number": ("tax number", "tax id", "inn", "инн", "инн получателя", "налоговый номер"),
    "delivery_mode": (
        "delivery mode", "delivery method", "delivery type", "способ доставки", "тип доставки", "вид доставки",
    ),
}  # fmt: skip

COLUMNS = frozenset(HEADERS)
KILOGRAMS = "weight_kg"
"""A weight column whose header says kilograms."""

_YUAN = frozenset({"юань", "юани", "юаней", "юанях", "cny", "rmb", "yuan", "元"})
_GRAMS = frozenset({"г", "гр", "грамм", "граммы", "граммах", "g", "gr", "grams"})
_KILOGRAMS = frozenset({"кг", "kg", "килограмм", "килограммах"})
_PIECES = frozenset({"шт", "штук", "pcs", "ед"})
_UNITS = _YUAN | _GRAMS | _KILOGRAMS | _PIECES | {"в", "in"}


def plain(header: str) -> str:
    """Lower case, ё as е, words of letters and digits with one space between them; № is spoken."""
    text = unicodedata.normalize("NFKC", header.replace("№", " номер ")).lower().replace("ё", "е")
    return " ".join(re.findall(r"[^\W_]+", text))


def column_of(header: object, by_name: Mapping[str, str]) -> str | None:
    """The column that a header cell names, `weight_kg` for a weight in kilograms, else None."""
    if not isinstance(header, str):
        return None
    words = plain(header[:80]).split()
    found = by_name.get(" ".join(words)) or by_name.get(" ".join(_without_units(words)))
    return KILOGRAMS if found == "weight" and _KILOGRAMS & set(words) else found


def _without_units(words: Sequence[str]) -> list[str]:
    """Without what is said of units behind the name: "цена, юань", "вес (кг)", "кол-во, шт."."""
    end = len(words)
    while end > 1 and words[end - 1] in _UNITS:
        end -= 1
    return list(words[:end])


def columns_of(row: Sequence[object], by_name: Mapping[str, str]) -> dict[int, str]:
    """Position → column for a row of headers; of two headers with one meaning the first counts."""
    found: dict[int, str] = {}
    for position, cell in enumerate(row):
        column = column_of(cell, by_name)
        if column and _base(column) not in map(_base, found.values()):
            found[position] = column
    return found


def _base(column: str) -> str:
    return "weight" if column == KILOGRAMS else column
