"""The shop's own words for a line's state. A word that isn't known never makes a line ready to be bought."""

import re
from enum import Enum, auto


class ShopStatus(Enum):
    PAID = auto()
    UNPAID = auto()
    CANCELLED = auto()
    UNTOLD = auto()
    UNKNOWN = auto()


_WORDS = {
    ShopStatus.PAID: (
        "paid", "paid for", "ready", "ready for purchase", "ready to buy", "оплачен", "оплачено", "оплачена",
        "готов к выкупу", "готово к выкупу", "готов к закупке", "к выкупу", "к закупке", "на выкуп", "已付款", "已支付",
    ),
    ShopStatus.UNPAID: (
        "new", "unpaid", "not paid", "awaiting payment", "waiting for payment", "pending", "новый", "новая", "новое",
        "не оплачен", "не оплачено", "не оплачена", "неоплачен", "неоплачено", "ожидает оплаты", "ждет оплаты",
        "создан", "в обработке", "待付款", "未付款",
    ),
    ShopStatus.CANCELLED: (
        "cancelled", "canceled", "отменен", "отменено", "отменена", "отмена", "аннулирован", "аннулировано", "已取消",
    ),
}  # fmt: skip
_BY_WORD = {word: status for status, words in _WORDS.items() for word in words}


def shop_status(written: str) -> ShopStatus:
    """UNTOLD for an empty cell; UNKNOWN for a word that nobody has told us."""
    word = " ".join(re.findall(r"[^\W_]+", written.lower().replace("ё", "е")))
    return _BY_WORD.get(word, ShopStatus.UNKNOWN) if word else ShopStatus.UNTOLD
