"""A list of lines with boxes to tick, as large as Vykup's To buy; shared by the peers, so that they send as much."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

ROWS = 8


@dataclass(frozen=True)
class Row:
    id: int
    order: str
    title: str
    quantity: int
    price: str


def text(total: int, ticked: int, whole: str) -> str:
    return f"<b>To buy</b>\n{total} lines are ready\n{ticked} lines are ticked · {whole} ¥"


def keyboard(rows: Sequence[Row], ticked: Collection[int]) -> InlineKeyboardMarkup:
    lines = [[_button(_label(row, row.id in ticked), f"tick:{row.id}:0")] for row in rows]
    more = [
        [_button("‹ Previous", "page:0"), _button("1/25", "none"), _button("Next ›", "page:1")],
        [_button("☑ All", "buy:all"), _button("☐ None", "buy:none")],
        [_button("Marketplace: all", "buy:provider"), _button("🔍 Search", "buy:search")],
        [_button(f"Preview · {len(ticked)}", "buy:preview")],
        [_button("⌂ Home", "go|home")],
    ]
    return InlineKeyboardMarkup(inline_keyboard=lines + more)


def _label(row: Row, is_ticked: bool) -> str:
    return f"{'☑' if is_ticked else '☐'} {row.order} · {row.title[:24]} ×{row.quantity} · {row.price} ¥"


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data)
