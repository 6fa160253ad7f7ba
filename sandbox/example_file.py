"""Writes docs/examples/orders.xlsx, the file that the demo and the tour begin with: `python -m sandbox.example_file`.

Its rows name goods of `sandbox.market.goods`; each trouble that an import or a reservation can meet is in it once."""

import io
from pathlib import Path

from xlsxwriter import Workbook

PATH = Path(__file__).resolve().parent.parent / "docs" / "examples" / "orders.xlsx"

HEAD = (
    "Заказ", "Клиент", "Ссылка на товар", "Конфигурация", "Название", "Количество", "Цена, ¥", "Доставка, ¥",
    "Цена для клиента", "Валюта", "Курс", "Вес, г", "Статус", "Комментарий",
)  # fmt: skip
RATE = 12.6
PAID, UNPAID = "Оплачен", "Новый"

Row = tuple[str, str, str, str, str, int | str, float, float, int, str, str]
"""order, customer, link, choice, title, quantity, price, delivery, grams, status, comment"""


def _taobao(number: int) -> str:
    return f"https://item.taobao.com/item.htm?id={640000000000 + number}"


def _wholesale(number: int) -> str:
    return f"https://detail.1688.com/offer/{730000000000 + number}.html"


ROWS: tuple[Row, ...] = (
    # two goods of one Taobao seller in one order become one provider order
    ("1001", "Клиент 101", _taobao(1), "颜色:黑色;尺码:L", "Футболка хлопковая", 2, 39.90, 6.00, 220, PAID, ""),
    ("1001", "Клиент 101", _taobao(2), "颜色:黑色;尺码:L", "Брюки карго", 1, 89.00, 0, 520, PAID, ""),
    ("1001", "Клиент 101", _taobao(3), "", "Термос 500 мл", 1, 59.00, 8.00, 340, PAID, "проверить крышку"),
    ("1001", "Клиент 101", "https://detail.tmall.com/item.htm?id=640000000004", "颜色:黑色", "Наушники (Tmall)", 1,
     199.00, 0, 180, PAID, ""),
    ("1002", "Клиент 102", _taobao(5), "颜色:黑色", "Рюкзак холщовый", 1, 79.00, 10.00, 700, PAID, ""),  # sold out
    ("1002", "Клиент 102", _taobao(5), "颜色:白色", "Рюкзак холщовый, белый", 1, 79.00, 10.00, 700, PAID, ""),
    ("1002", "Клиент 102", _taobao(6), "颜色:米色;尺码:M", "Кардиган", 1, 68.00, 0, 420, PAID, ""),  # 88.00 by now
    ("1002", "Клиент 102", _taobao(8), "型号:通用", "Чехол для телефона", 3, 15.80, 5.00, 60, PAID, ""),
    ("1003", "Клиент 103", _taobao(7), "颜色:蓝色;尺码:28", "Кроссовки детские", 1, 69.00, 5.00, 450, PAID, ""),  # gone
    ("1003", "Клиент 103", _taobao(9), "", "Лампа настольная", 1, 128.00, 12.00, 1500, PAID, ""),
    ("1003", "Клиент 103", _wholesale(8), "颜色:红色", "Игрушка для кошки", 10, 2.60, 5.00, 40, PAID, ""),
    ("1004", "Клиент 104", _wholesale(1), "颜色:黑色;尺码:M", "Футболка опт", 20, 18.00, 8.00, 200, PAID, ""),
    ("1004", "Клиент 104", _wholesale(2), "长度:6mm", "Винты М3", 5000, 0.008, 6.00, 1, PAID, "цена меньше фэня"),
    ("1004", "Клиент 104", _wholesale(3), "规格:3*100", "Стяжки нейлоновые", 1000, 0.035, 0, 2, PAID, ""),
    # fewer than the seller's minimum of ten, together with nobody
    ("1004", "Клиент 104", _wholesale(4), "", "Пакеты пузырчатые", 10, 0.45, 12.00, 8, PAID, "меньше минимума"),
    # the same 1688 goods for two customers
    ("1005", "Клиент 105", _wholesale(8), "颜色:红色", "Игрушка для кошки", 15, 2.60, 5.00, 40, PAID, ""),
    ("1005", "Клиент 105", _wholesale(5), "颜色:灰色", "Набор кухонный", 2, 32.50, 10.00, 900, PAID, ""),
    ("1005", "Клиент 105", _wholesale(6), "颜色:黑色", "Колонка", 1, 46.00, 10.00, 600, PAID, ""),  # sold out
    ("1005", "Клиент 105", _wholesale(10), "", "Кран для кухни", 2, 28.90, 9.00, 800, PAID, ""),
    ("1006", "Клиент 106", _taobao(10), "颜色:红色", "Кружки парные", 2, 45.00, 9.00, 380, PAID, ""),
    ("1006", "Клиент 106", _taobao(11), "长度:3.6米", "Удилище", 1, 238.00, 0, 650, UNPAID, ""),
    ("1006", "Клиент 106", _taobao(1), "颜色:白色;尺码:M", "Футболка хлопковая", "две", 39.90, 6.00, 220, PAID, ""),
    ("1007", "Клиент 107", _wholesale(7), "颜色:黑色", "Леггинсы утеплённые", 5, 12.80, 0, 260, PAID, ""),
    ("1007", "Клиент 107", _taobao(8), "型号:P60", "Чехол P60", 1, 15.80, 5.00, 60, PAID, ""),
)  # fmt: skip


def workbook(rows: tuple[Row, ...] = ROWS) -> bytes:
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Заказы")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, HEAD, bold)
        for number, row in enumerate(rows, 1):
            order, customer, link, choice, title, quantity, price, delivery, grams, status, comment = row
            customers = round(price * RATE * 1.1, 2)
            cells = (order, customer, link, choice, title, quantity, price, delivery, customers, "RUB", RATE, grams)
            sheet.write_row(number, 0, (*cells, status, comment))
        sheet.set_column(0, len(HEAD) - 1, 16)
        sheet.set_column(2, 2, 48)
    return buffer.getvalue()


def main() -> None:
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_bytes(workbook())


if __name__ == "__main__":
    main()
