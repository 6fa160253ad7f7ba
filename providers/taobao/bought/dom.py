"""The list as a person sees it: the last resort when no data was caught. Lines known by their links and texts."""

import re
from dataclasses import dataclass
from decimal import Decimal

from providers.taobao.bought.page import BoughtPage
from providers.taobao.statuses import CLOSED_TEXT, STAGES, stage_of
from providers.taobao.texts import moment, price, price_fen
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen

_NUMBER = re.compile(r"订单号\s*[:：]?\s*(\d{15,20})")
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?")
"""Only a full time will do: a day alone would look like midnight."""
_QUANTITY = re.compile(r"^[x×]\s*(\d+)$", re.IGNORECASE)
_ITEM_ID = re.compile(r"[?&]id=(\d+)")
_SKU_ID = re.compile(r"[?&]skuId=(\d+)")
_TOTAL = re.compile(r"实付款?|应付款?|合计|总价")
_SNAPSHOT = "[交易快照]"
_STATUS_TEXTS = (*(text for text in STAGES if not text.isascii()), CLOSED_TEXT)


@dataclass(frozen=True)
class Card:
    """One order's card: its visible text and the addresses of its links."""

    text: str
    links: tuple[str, ...] = ()


def read_cards(cards: tuple[Card, ...]) -> BoughtPage:
    return BoughtPage(tuple(order for card in cards if (order := _order(card))))


def _order(card: Card) -> ProviderOrderSeen | None:
    number = _NUMBER.search(card.text)
    if not number:
        return None
    rows = [row.strip() for row in card.text.splitlines() if row.strip()]
    raw = next((row for row in rows if row in _STATUS_TEXTS), "")
    return ProviderOrderSeen(
        number=number[1],
        raw_status=raw,
        stage=stage_of(raw),
        total=_amount_after(rows, _TOTAL) or 0,
        freight=_amount_after(rows, re.compile("运费")) or 0,
        seller=rows[rows.index(raw) - 1] if raw and rows.index(raw) else "",
        created_at=moment(stamp[0]) if (stamp := _STAMP.search(card.text)) else None,
        lines=_lines(number[1], rows, card.links),
        tmall=any("detail.tmall.com" in link or "trade.tmall.com" in link for link in card.links),
    )


def _amount_after(rows: list[str], label: re.Pattern[str]) -> int | None:
    """The sum in the row of a label, or in the next one."""
    for index, row in enumerate(rows):
        if label.search(row):
            return price_fen(row) or (price_fen(rows[index + 1]) if index + 1 < len(rows) else None)
    return None


def _lines(number: str, rows: list[str], links: tuple[str, ...]) -> tuple[ProviderLineSeen, ...]:
    """A line begins with the title that ends with the snapshot mark; item ids come from the links, in order."""
    starts = [index for index, row in enumerate(rows) if row.endswith(_SNAPSHOT)]
    items = _item_links(links)
    lines = []
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(rows)
        link = items[place] if len(items) == len(starts) else ""
        lines.append(_line(number if len(starts) == 1 else "", rows[start:end], link))
    return tuple(lines)


def _item_links(links: tuple[str, ...]) -> list[str]:
    """One link per run of the same item: picture and title both lead there."""
    kept: list[str] = []
    for link in links:
        if "item.htm" in link and _ITEM_ID.search(link) and (not kept or kept[-1] != link):
            kept.append(link)
    return kept


def _line(sub: str, rows: list[str], link: str) -> ProviderLineSeen:
    quantity = next((int(found[1]) for row in rows if (found := _QUANTITY.match(row))), 1)
    item, sku = _ITEM_ID.search(link), _SKU_ID.search(link)
    after = rows[1] if len(rows) > 1 else ""
    return ProviderLineSeen(
        sub_number=sub,
        item_id=item[1] if item else "",
        sku_id=sku[1] if sku else "",
        choice="" if price(after) is not None and after[:1] in "¥￥" else after,
        title=rows[0].removesuffix(_SNAPSHOT).strip(),
        quantity=quantity,
        unit_price=next((p for row in rows[1:] if row[:1] in "¥￥" and (p := price(row)) is not None), Decimal(0)),
    )
