"""What a confirm page shows, read from what a person would see: rows, sums, address, labels. Pure functions.

Both page shapes are read alike: a row is what surrounds an item's link, a sum is what stands behind its label."""

import re
from dataclasses import dataclass
from decimal import Decimal

from providers.taobao.item import NO_SKU
from providers.taobao.lenient import Lenient
from providers.taobao.site import ConfirmPage, Site
from providers.taobao.texts import price, price_fen
from purchasing.money import goods_total


class RawRow(Lenient):
    """One item link with its surroundings; `quantity` is the stepper's value, "" where there is none."""

    link: str = ""
    text: str = ""
    quantity: str = ""


class RawAddress(Lenient):
    text: str = ""
    selected: bool = False


class RawPage(Lenient):
    url: str = ""
    text: str = ""
    shops: int = 0
    rows: tuple[RawRow, ...] = ()
    addresses: tuple[RawAddress, ...] = ()


RAW = """([link, note, address, selected]) => {
  const shown = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
  const visible = (root, selector) => [...root.querySelectorAll(selector)].filter(shown);
  const links = visible(document, link);
  const key = (node) => {
    const query = new URL(node.href).searchParams;
    return query.get("id") + " " + (query.get("skuId") ?? "");
  };
  const complete = (node) => /[¥￥]\\s*\\d/.test(node.innerText) &&
    (/[×xX]\\s*\\d/.test(node.innerText) || visible(node, "input").some((one) => /^\\d+$/.test(one.value)));
  const rowOf = (node) => {
    let about = null;
    for (let at = node; at && at !== document.body; at = at.parentElement) {
      if (links.some((other) => at.contains(other) && key(other) !== key(node))) break;
      if (complete(at)) return at;
      if (!about && at.innerText.trim().length > node.innerText.trim().length) about = at;
      if (at.querySelector(note)) break;
    }
    return about ?? node;
  };
  const rows = [...new Set(links.map(rowOf))];
  return {
    url: location.href,
    text: document.body.innerText,
    shops: visible(document, note).length,
    rows: rows.map((row) => ({
      link: row.matches(link) ? row.href : visible(row, link)[0].href,
      text: row.innerText,
      quantity: visible(row, "input").map((one) => one.value).find((value) => /^\\d+$/.test(value)) ?? "",
    })),
    addresses: visible(document, address).map((node) => ({
      text: node.innerText, selected: node.matches(selected),
    })),
  };
}"""
"""Hidden duplicates of rows exist: only what is visible counts. A row without a price or a quantity is one that is
not going to be ordered; what stands beside its link says why."""


@dataclass(frozen=True)
class ConfirmRow:
    """`unit_price` None: the row is not going to be ordered."""

    item_id: str
    sku_id: str
    quantity: int
    unit_price: Decimal | None
    text: str


@dataclass(frozen=True)
class ConfirmSeen:
    """Sums in fen; None where the page does not tell."""

    rows: tuple[ConfirmRow, ...]
    shops: int
    goods: int | None
    freight: int | None
    discount: int
    payable: int | None
    pieces: int | None
    addresses: tuple[RawAddress, ...]
    text: str

    @property
    def figures(self) -> tuple[object, ...]:
        """What must stand still before a press: all but the texts, in which a clock may run."""
        rows = tuple((row.item_id, row.sku_id, row.quantity, row.unit_price) for row in self.rows)
        sums = (self.goods, self.freight, self.discount, self.payable, self.pieces)
        return (rows, self.shops, sums, self.addresses)

    @property
    def ordered(self) -> tuple[ConfirmRow, ...]:
        return tuple(row for row in self.rows if row.unit_price is not None)

    @property
    def rows_total(self) -> int:
        return sum(goods_total(row.unit_price, row.quantity) for row in self.ordered if row.unit_price is not None)


def read_confirm(site: Site, raw: RawPage) -> ConfirmSeen:
    words = site.confirm
    details = _after(raw.text, words.details_headings)
    pieces = re.search(words.pieces, details)
    goods, freight = _sum(words.goods, details), _freight(words, details)
    payable = _sum(words.payable, details)
    return ConfirmSeen(
        rows=tuple(_row(one) for one in raw.rows),
        shops=raw.shops,
        goods=goods,
        freight=freight,
        discount=sum(_amounts(words.discounts, details)),
        payable=payable,
        pieces=int(pieces[1]) if pieces else None,
        addresses=tuple(raw.addresses),
        text=raw.text,
    )


def _after(text: str, headings: tuple[str, ...]) -> str:
    """From the last heading of the sums on: above it each shop repeats its own."""
    starts = [text.rfind(heading) for heading in headings]
    return text[max([0, *starts]) :]


def _row(raw: RawRow) -> ConfirmRow:
    item, sku = re.search(r"[?&]id=(\d+)", raw.link), re.search(r"[?&]skuId=(\d+)", raw.link)
    times = re.search(r"[×xX]\s*(\d+)", raw.text)
    quantity = raw.quantity or (times[1] if times else "")
    amount = re.search(r"[¥￥]\s*\d[\d,.]*", raw.text)
    return ConfirmRow(
        item_id=item[1] if item else "",
        sku_id=sku[1] if sku and sku[1] != NO_SKU else "",
        quantity=int(quantity) if quantity else 0,
        unit_price=price(amount[0]) if amount and quantity else None,
        text=raw.text,
    )


def _amounts(labels: tuple[str, ...], text: str) -> list[int]:
    """Sums behind each label, in the order of the text; a label's words may go on before the sum."""
    label = "|".join(map(re.escape, labels))
    found = re.findall(rf"(?:{label})[^\d¥￥\n]{{0,12}}\s*[-−]?\s*([¥￥]\s*\d[\d,.]*)", text)
    return [price_fen(one) or 0 for one in found]


def _sum(labels: tuple[str, ...], text: str) -> int | None:
    """The last sum of the first label that has one."""
    for label in labels:
        found = _amounts((label,), text)
        if found:
            return found[-1]
    return None


def _freight(words: ConfirmPage, text: str) -> int | None:
    told = _sum(words.freight, text)
    if told is not None:
        return told
    label, free = ("|".join(map(re.escape, one)) for one in (words.freight, words.free))
    return 0 if re.search(rf"(?:{label})[^\d¥￥\n]{{0,12}}\s*(?:{free})|(?:{free})", text) else None
