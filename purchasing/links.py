"""Product links: which provider, item and configuration an address names. Only parsed, never fetched."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from purchasing.words import ProviderName

URL = re.compile(r"https?://[^\s<>\"'，。；、]+", re.IGNORECASE)

_PROVIDERS = {
    "taobao.com": ProviderName.TAOBAO,
    "tmall.com": ProviderName.TAOBAO,
    "tmall.hk": ProviderName.TAOBAO,
    "1688.com": ProviderName.ALIBABA1688,
}
_TMALL = ("tmall.com", "tmall.hk")
_SHORT = ("tb.cn", "qr.1688.com")
"""Links of these name an item only after a redirect, so that we can't tell which."""
_ITEM_PARAMETERS = ("id", "itemId", "item_id", "itemid", "offerId", "offerid")
_SKU_PARAMETERS = ("skuId", "skuid", "sku_id")


@dataclass(frozen=True)
class ProductLink:
    """`sku` is "" when the link names no configuration; `tmall` goods are bought by hand."""

    provider: ProviderName
    item_id: str
    sku: str = ""
    tmall: bool = False

    @property
    def url(self) -> str:
        """The plain address of the item, without anybody's tracking."""
        if self.provider is ProviderName.ALIBABA1688:
            return f"https://detail.1688.com/offer/{self.item_id}.html"
        sku = f"&skuId={self.sku}" if self.sku else ""
        host = "detail.tmall.com" if self.tmall else "item.taobao.com"
        return f"https://{host}/item.htm?id={self.item_id}{sku}"


class NotAProduct(ValueError):
    """`rule`: short_link, unknown_provider (another site, or no address at all), or item_missing."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def parse_link(text: str) -> ProductLink:
    """Raises NotAProduct."""
    parts = _split(text)
    host = (parts.hostname or "").lower()
    if _under(host, _SHORT):
        raise NotAProduct("short_link")
    domain = next((domain for domain in _PROVIDERS if _under(host, (domain,))), "")
    if not domain:
        raise NotAProduct("unknown_provider")
    item_id = _item_id(parts)
    if not item_id:
        raise NotAProduct("item_missing")
    return ProductLink(_PROVIDERS[domain], item_id, _number(parts, _SKU_PARAMETERS), domain in _TMALL)


def find_links(text: str) -> list[ProductLink]:
    """Every product that a longer text links to, each once."""
    found: list[ProductLink] = []
    for match in URL.finditer(text):
        try:
            link = parse_link(match.group())
        except NotAProduct:
            continue
        if link not in found:
            found.append(link)
    return found


def _split(text: str) -> SplitResult:
    """The address without what may hide another host in it (user names, ports, look-alike letters)."""
    text = text.strip()
    if "://" not in text:
        text = "https://" + text.removeprefix("//")
    try:
        parts = urlsplit(text)
        odd = parts.port is not None or parts.username is not None
    except ValueError:
        raise NotAProduct("unknown_provider") from None
    if odd or parts.scheme.lower() not in ("http", "https") or not parts.netloc.isascii():
        raise NotAProduct("unknown_provider")
    return parts


def _under(host: str, domains: tuple[str, ...]) -> bool:
    """On label boundaries: `m.taobao.com` is under taobao.com, `eviltaobao.com` is not."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def _item_id(parts: SplitResult) -> str:
    in_path = re.search(r"/(?:offer|item)/(\d{6,20})(?:\.html?)?$", parts.path)
    return in_path.group(1) if in_path else _number(parts, _ITEM_PARAMETERS)


def _number(parts: SplitResult, names: tuple[str, ...]) -> str:
    """The first such parameter that is a number; pages of a single-page site keep theirs behind the `#`."""
    for query in (parts.query, parts.fragment.partition("?")[2]):
        values = parse_qs(query)
        for name in names:
            for value in values.get(name, ()):
                if re.fullmatch(r"[0-9]{6,20}", value):
                    return value
    return ""
