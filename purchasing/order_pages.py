"""Addresses of the marketplaces' own pages, for a person to open. They are only shown; nothing here is ever fetched.

Defaults from the environment may name others (`taobao.page.order`, with `{number}` and `{account}` in it)."""

from collections.abc import Sequence
from urllib.parse import quote

from purchasing.options import option
from purchasing.ports import Store
from purchasing.words import ProviderName

PAGES: dict[str, str] = {
    "taobao.page.order": "https://trade.taobao.com/trade/detail/trade_order_detail.htm?biz_order_id={number}",
    "taobao.page.unpaid": "https://buyertrade.taobao.com/trade/itemlist/list_bought_items.htm",
    # the cashier is documented for `alibaba.alipay.url.get`; that the order's own page has this address is inferred
    "alibaba1688.page.order": "https://trade.1688.com/order/new_step_order_detail.htm?orderId={number}",
    "alibaba1688.page.unpaid": "https://trade.1688.com/order/cashier.htm?orderId={number}",
}


def order_page(store: Store, provider: ProviderName, nick: str, number: str) -> str:
    """The order as its buyer sees it, logged in as `nick`."""
    return _filled(store, f"{provider}.page.order", nick, number)


def unpaid_page(store: Store, provider: ProviderName, nick: str, numbers: Sequence[str]) -> str:
    """Where these orders are paid by hand: 1688's cashier takes up to 30 in every case, Taobao has a list."""
    return _filled(store, f"{provider}.page.unpaid", nick, ";".join(numbers[:30]))


def _filled(store: Store, key: str, nick: str, number: str) -> str:
    template = option(store, key) or PAGES[key]
    return template.replace("{number}", quote(number, safe=";")).replace("{account}", quote(nick, safe=""))
