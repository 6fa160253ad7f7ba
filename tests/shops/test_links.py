import pytest

from purchasing.links import NotAProduct, ProductLink, find_links, parse_link
from purchasing.words import ProviderName

TAOBAO, WHOLESALE = ProviderName.TAOBAO, ProviderName.ALIBABA1688


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://item.taobao.com/item.htm?id=640000000001", ProductLink(TAOBAO, "640000000001")),
        (
            "http://item.taobao.com/item.htm?spm=a1z.2&id=640000000001&skuId=5400000000011#detail",
            ProductLink(TAOBAO, "640000000001", "5400000000011"),
        ),
        ("item.taobao.com/item.htm?id=640000000001", ProductLink(TAOBAO, "640000000001")),
        ("https://h5.m.taobao.com/awp/core/detail.htm?id=640000000001", ProductLink(TAOBAO, "640000000001")),
        ("https://m.intl.taobao.com/detail/detail.html?itemId=640000000001", ProductLink(TAOBAO, "640000000001")),
        ("https://world.taobao.com/item/640000000001.htm", ProductLink(TAOBAO, "640000000001")),
        ("https://detail.tmall.com/item.htm?id=640000000004", ProductLink(TAOBAO, "640000000004", tmall=True)),
        ("https://chaoshi.detail.tmall.com/item.htm?id=640000000004", ProductLink(TAOBAO, "640000000004", tmall=True)),
        ("https://detail.1688.com/offer/730000000001.html?spm=x", ProductLink(WHOLESALE, "730000000001")),
        ("https://m.1688.com/offer/730000000001.html", ProductLink(WHOLESALE, "730000000001")),
        ("https://detail.m.1688.com/page/index.html?offerId=730000000001", ProductLink(WHOLESALE, "730000000001")),
    ],
)
def test_a_link_names_its_product(url: str, expected: ProductLink) -> None:
    assert parse_link(url) == expected


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://eviltaobao.com/item.htm?id=640000000001", "unknown_provider"),
        ("https://item.taobao.com.evil.example/item.htm?id=640000000001", "unknown_provider"),
        ("https://item.taobao.com@evil.example/item.htm?id=640000000001", "unknown_provider"),
        ("https://item.taobao.com:8443/item.htm?id=640000000001", "unknown_provider"),
        ("https://item.tаobao.com/item.htm?id=640000000001", "unknown_provider"),  # Cyrillic а
        ("ftp://item.taobao.com/item.htm?id=640000000001", "unknown_provider"),
        ("https://[broken/item", "unknown_provider"),
        ("https://mobile.yangkeduo.com/goods.html?goods_id=640000000001", "unknown_provider"),
        ("https://m.tb.cn/h.gAbCdEf", "short_link"),
        ("https://qr.1688.com/s/AbCdEf", "short_link"),
        ("https://shop1.taobao.com/", "item_missing"),
        ("https://item.taobao.com/item.htm?id=abc", "item_missing"),
    ],
)
def test_what_is_no_product_is_refused_with_its_reason(url: str, rule: str) -> None:
    with pytest.raises(NotAProduct) as refused:
        parse_link(url)
    assert refused.value.rule == rule


def test_links_are_found_inside_a_text_once_each() -> None:
    text = (
        "【淘宝】https://item.taobao.com/item.htm?id=640000000001，и ещё https://detail.1688.com/offer/730000000001.html\n"
        "https://item.taobao.com/item.htm?id=640000000001 https://example.com/"
    )
    assert [link.item_id for link in find_links(text)] == ["640000000001", "730000000001"]


def test_a_links_own_address_leads_to_the_same_product() -> None:
    for link in (ProductLink(TAOBAO, "640000000001", "5400000000011"), ProductLink(TAOBAO, "640000000004", tmall=True)):
        assert parse_link(link.url) == link
