"""Which product a row means: link, item id, choice and provider must all say the same, or the row is refused."""

import re
from dataclasses import dataclass

from purchasing.links import URL, NotAProduct, ProductLink, find_links, parse_link
from purchasing.words import ProviderName
from shops.files.cells import BadCell, Cell, identifier, limited, text
from shops.files.headers import plain

_PROVIDERS = {
    ProviderName.TAOBAO: ("taobao", "taobao com", "таобао", "淘宝", "淘宝网"),
    ProviderName.ALIBABA1688: (
        "1688", "1688 com", "alibaba1688", "alibaba 1688", "алибаба 1688", "阿里巴巴", "阿里巴巴1688",
    ),
}  # fmt: skip
_TMALL = frozenset({"tmall", "tmall com", "тмол", "тмолл", "天猫"})
_BY_NAME = {name: provider for provider, names in _PROVIDERS.items() for name in names}
_SKU_ID = re.compile(r"[0-9]{8,20}")


@dataclass(frozen=True)
class NamedProvider:
    provider: ProviderName
    tmall: bool = False


NOWHERE = NamedProvider(ProviderName.TAOBAO)
"""Stands in a row that is refused anyway."""


def provider_named(cell: Cell) -> NamedProvider:
    """Raises BadCell("unknown_provider")."""
    name = plain(text(cell))
    if name in _TMALL:
        return NamedProvider(ProviderName.TAOBAO, tmall=True)
    if name not in _BY_NAME:
        raise BadCell("unknown_provider")
    return NamedProvider(_BY_NAME[name])


def link_in(cell: Cell) -> ProductLink:
    """The one product that a cell links to, words around it or not. Raises BadCell."""
    written = limited(cell, 2000)
    found = find_links(written)
    if len(found) > 1:
        raise BadCell("several_items")
    if found:
        return found[0]
    url = URL.search(written)
    try:
        return parse_link(url.group() if url else written)
    except NotAProduct as reason:
        raise BadCell(reason.rule) from None


def item_id(cell: Cell) -> str:
    """Raises BadCell: not_an_id and those of `identifier`."""
    found = identifier(cell)
    if not re.fullmatch(r"[0-9]{6,20}", found):
        raise BadCell("not_an_id")
    return found


def choice(cell: Cell) -> str:
    """A sku id or the text of a choice: a size may be 36.5, but a long number must be exact. Raises BadCell."""
    return limited(cell, 300) if isinstance(cell, float) and abs(cell) < 1000 else identifier(cell, 300)


def same_item(link: ProductLink | None, item: str | None) -> str:
    """The item's id. Raises BadCell: item_missing, item_differs."""
    if link and item and link.item_id != item:
        raise BadCell("item_differs")
    found = item or (link.item_id if link else "")
    if not found:
        raise BadCell("item_missing")
    return found


def same_provider(link: ProductLink | None, named: NamedProvider | None) -> NamedProvider:
    """What link and column say together. Raises BadCell: provider_missing, provider_differs."""
    if link and named and link.provider is not named.provider:
        raise BadCell("provider_differs")
    told = link or named
    if told is None:
        raise BadCell("provider_missing")
    return NamedProvider(told.provider, any(one.tmall for one in (link, named) if one))


def same_sku(link: ProductLink | None, written: str) -> str:
    """The choice: what the column says, else the link's. Raises BadCell("sku_differs") for two different ids."""
    if link and link.sku and _SKU_ID.fullmatch(written) and link.sku != written:
        raise BadCell("sku_differs")
    return written or (link.sku if link else "")
