"""The driver's rules without a browser: site file, signs, addresses, choices, matching, sums of a confirm page."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from providers.taobao.address import fits
from providers.taobao.chromium import ChromiumMissing, find_chromium
from providers.taobao.confirm import check_confirm, quote_of
from providers.taobao.confirm_read import RawAddress, RawPage, RawRow, read_confirm
from providers.taobao.fence import is_private
from providers.taobao.item import choose, read_item
from providers.taobao.match import may_be, with_skus
from providers.taobao.signs import SHORT_PAGE, Look, judge, judge_answer
from providers.taobao.site import SiteFileWrong, load_site
from providers.taobao.statuses import CLOSED_TEXT, STAGES, stage_of
from purchasing.errors import NeedsHuman, Refused, SessionExpired, Transient
from purchasing.provider import ProviderLineSeen, ProviderOrderSeen
from purchasing.refusals import Refusal
from purchasing.status_names import DEFAULTS
from purchasing.words import ProviderName, Stage
from tests.providers.taobao.conftest import SHIRT, WAREHOUSE, checkout

SITE = load_site()


# The site file


def test_an_override_is_laid_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "site.json"
    file.write_text(json.dumps({"hosts": {"cart.taobao.com": "http://127.0.0.1:5/cart.taobao.com"}}))
    site = load_site(file)
    assert site.url("cart") == "http://127.0.0.1:5/cart.taobao.com/cart.htm"
    assert site.place("http://127.0.0.1:5/cart.taobao.com/cart.htm?x=1") == "cart.taobao.com/cart.htm?x=1"
    assert site.url("item_sku", item="1", sku="a&b") == "https://item.taobao.com/item.htm?id=1&skuId=a%26b"


@pytest.mark.parametrize(
    "text", ["", "[]", '{"hosst": {}}', '{"pace": {"looks": "many"}}', '{"refusals": [["x","y"]]}']
)
def test_a_wrong_override_names_itself(tmp_path: Path, text: str) -> None:
    file = tmp_path / "site.json"
    file.write_text(text)
    with pytest.raises(SiteFileWrong, match=r"site\.json"):
        load_site(file)


@pytest.mark.parametrize(
    ("url", "foreign"),
    [
        ("https://www.taobao.com/", False),
        ("https://img.alicdn.com/x.js?a=1", False),
        ("https://cashierstm.alipay.com:443/x", False),
        ("https://evil.example/www.taobao.com/", True),
        ("https://taobao.com.evil.example/", True),
        ("https://nottaobao.com/", True),
        ("https://www.taobao.com@evil.example/", True),
        ("http://127.0.0.1:8080/", True),
    ],
)
def test_hosts_beside_the_site_are_foreign(url: str, *, foreign: bool) -> None:
    assert bool(SITE.foreign().search(url)) is foreign


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("169.254.169.254", True),
        ("::1", True),
        ("localhost", True),
        ("localhost.", True),
        ("nas.local.", True),
        ("printer", True),
        ("nas.local", True),
        ("8.8.8.8", False),
        ("mmstat.com", False),
    ],
)
def test_private_hosts(host: str, *, private: bool) -> None:
    assert is_private(host) is private


# Signs


@pytest.mark.parametrize(
    ("look", "error", "kind"),
    [
        (Look("https://login.taobao.com/havanaone/login/login.htm?x"), SessionExpired, ""),
        (Look("https://login.tmall.com/"), SessionExpired, ""),
        (Look("https://x.taobao.com/member/login.jhtml"), SessionExpired, ""),
        (Look("https://login.taobao.com/member/login_unusual.htm?st=1"), NeedsHuman, "identity"),
        (Look("https://passport.taobao.com/iv/identity_verify.htm"), NeedsHuman, "identity"),
        (Look("https://cart.taobao.com/_____tmd_____/punish?x5step=2"), NeedsHuman, "punish"),
        (Look("https://sec.taobao.com/query.htm"), NeedsHuman, "punish"),
        (Look("https://item.taobao.com/item.htm?id=1", slider=True), NeedsHuman, "slider"),
        (Look("https://item.taobao.com/", text="请按住滑块，拖动到最右边"), NeedsHuman, "slider"),
        (Look("https://item.taobao.com/", dialog="访问太频繁，请稍后再试"), Transient, ""),
        (Look("https://www.tmall.com/home/wait.php"), Transient, ""),
        (Look("https://cart.taobao.com/", text="系统繁忙"), Transient, ""),
    ],
)
def test_what_stands_in_the_way_is_told(look: Look, error: type[Exception], kind: str) -> None:
    found = judge(SITE, look)
    assert isinstance(found, error)
    assert getattr(found, "kind", "") == kind


def test_goods_may_be_titled_with_anything() -> None:
    text = "滑动验证器 系统繁忙 稍后再试" + "x" * SHORT_PAGE
    assert judge(SITE, Look("https://item.taobao.com/item.htm?id=1", text=text)) is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"rgv587_flag": "sm", "url": "//x"}, NeedsHuman),
        ({"ret": ["FAIL_SYS_USER_VALIDATE", "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试"]}, NeedsHuman),
        ({"ret": ["FAIL_SYS_SESSION_EXPIRED::Session过期"]}, SessionExpired),
        ({"ret": ["FAIL_SYS_TOKEN_EXOIRED::令牌过期"]}, Transient),
        ({"ret": ["SUCCESS::调用成功"], "data": {"title": "RGV587"}}, type(None)),
        ([1], type(None)),
    ],
)
def test_answers_are_judged_by_what_they_return(answer: object, error: type[object]) -> None:
    assert isinstance(judge_answer(answer), error)


def test_every_known_status_has_a_name() -> None:
    assert {*STAGES, CLOSED_TEXT} <= set(DEFAULTS[ProviderName.TAOBAO])
    assert (stage_of("TRADE_CLOSED_BY_TAOBAO"), stage_of("TRADE_CLOSED"), stage_of("?")) == (
        Stage.CLOSED_UNPAID,
        Stage.CLOSED_REFUNDED,
        None,
    )


# Addresses


@pytest.mark.parametrize(
    ("shown", "fit"),
    [
        ("广东省 广州市 白云区 大源北路1号仓库（收货仓库 收） 13800138001", True),
        ("收货仓库\t广东省 白云区\t大源北路１号仓库\t510540\t138****8001", True),
        ("收货仓库 大源北路1号仓库 000000 13800138001", True),
        ("收货仓库 大源北路1号仓库 510541 13800138001", False),
        ("收货仓库 大源北路2号仓库 13800138001", False),
        ("收货仓库 大源北路1号仓库 13800138002", False),
        ("收货仓库 大源北路1号仓库 138****8002", False),
        ("备用 大源北路1号仓库 13800138001", False),
        ("", False),
    ],
)
def test_an_address_is_the_recipients_or_not(shown: str, *, fit: bool) -> None:
    assert fits(WAREHOUSE, shown) is fit


def test_a_recipient_without_a_name_fits_any_name() -> None:
    assert fits(replace(WAREHOUSE, name=""), "谁 大源北路1号仓库 13800138001")


# Items


def item_data(**over: Any) -> dict[str, Any]:
    return {
        "item": {"itemId": "640000000001", "title": "T恤"},
        "seller": {"shopName": "街头", "sellerNick": "潮流", "sellerId": 22},
        "skuBase": {
            "props": [
                {
                    "pid": "1",
                    "name": "颜色",
                    "values": [{"vid": "11", "name": "黑色"}, {"vid": "12", "name": "黑色加厚"}],
                },
                {"pid": 2, "name": "尺码", "values": [{"vid": 21, "name": "L"}]},
            ],
            "skus": [{"skuId": "5", "propPath": "1:11;2:21"}, {"skuId": 6, "propPath": "1:12;2:21"}],
        },
        "skuCore": {
            "sku2info": {
                "0": {"quantity": "9"},
                "5": {"price": {"priceText": "49.9", "priceMoney": "4990"}, "quantity": "7", "quantityText": "有货"},
                "6": {
                    "price": {"priceMoney": "4990"},
                    "subPrice": {"priceText": "45.5"},
                    "quantityText": "缺货",
                },
            }
        },
    } | over


def test_an_items_skus_are_read() -> None:
    item = read_item(item_data())
    assert item is not None
    assert (item.title, item.seller, item.seller_id) == ("T恤", "潮流", "22")
    assert [(one.id, one.text, one.unit_price, one.available) for one in item.skus] == [
        ("5", "颜色:黑色;尺码:L", Decimal("49.9"), 7),
        ("6", "颜色:黑色加厚;尺码:L", Decimal("45.5"), 0),
    ]


@pytest.mark.parametrize(
    ("wanted", "sku", "refusal"),
    [
        ("5", "5", None),
        ("颜色：黑色；尺码：L", "5", None),
        ("黑色加厚, l", "6", None),
        ("黑色", None, Refusal.CONFIGURATION_UNCLEAR),
        ("L", None, Refusal.CONFIGURATION_UNCLEAR),
        ("", None, Refusal.CONFIGURATION_UNCLEAR),
        ("白色 L", None, Refusal.CONFIGURATION_CHANGED),
        ("7", None, Refusal.CONFIGURATION_CHANGED),
    ],
)
def test_a_choice_is_one_sku_or_none(wanted: str, sku: str | None, refusal: Refusal | None) -> None:
    item = read_item(item_data())
    assert item is not None
    found, why = choose(wanted, item.skus)
    assert (found.id if found else None, why) == (sku, refusal)


def test_goods_without_variants_need_no_choice() -> None:
    item = read_item(item_data(skuBase={}, skuCore={"sku2info": {"0": {"price": {"priceMoney": 100}, "quantity": 3}}}))
    assert item is not None
    assert choose("", item.skus) == choose("0", item.skus) == (item.skus[0], None)
    assert choose("红色", item.skus)[1] is Refusal.CONFIGURATION_CHANGED


def test_withdrawn_goods_have_no_data() -> None:
    assert read_item({"item": {"itemId": "1", "title": ""}, "trade": {"buyEnable": "false"}}) is None


# Matching

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def seen(*lines: ProviderLineSeen, at: datetime = NOW, total: int = 8580) -> ProviderOrderSeen:
    return ProviderOrderSeen("1", "WAIT_BUYER_PAY", Stage.UNPAID, total, 0, "", at, lines)


def line(quantity: int = 2, sku: str = SHIRT.sku_id, choice: str = SHIRT.choice) -> ProviderLineSeen:
    return ProviderLineSeen("1", SHIRT.item_id, sku, choice, "", quantity, Decimal(1))


@pytest.mark.parametrize(
    ("order", "match"),
    [
        (seen(line()), True),
        (seen(line(sku="", choice="藏青 L")), True),
        (seen(line(sku="", choice="")), True),
        (seen(line(), at=NOW - timedelta(seconds=59)), True),
        (seen(line(), at=NOW - timedelta(seconds=61)), False),
        (seen(line(), total=8581), False),
        (seen(line(quantity=1)), False),
        (seen(line(sku="5400000000017")), False),
        (seen(line(sku="", choice="藏青 XL")), False),
        (seen(line(), line()), False),
        (seen(), False),
        (replace(seen(line()), created_at=None), False),
    ],
)
def test_an_order_matches_a_checkout_or_not(order: ProviderOrderSeen, *, match: bool) -> None:
    assert may_be(order, checkout(SHIRT), NOW, 8580) is match


def test_lines_of_one_configuration_count_together() -> None:
    twice = checkout(replace(SHIRT, quantity=1), replace(SHIRT, line_id=9, quantity=1))
    order = seen(line(sku="", choice="藏青 L"))
    assert may_be(order, twice, NOW)
    assert [one.sku_id for one in with_skus(order, twice).lines] == [SHIRT.sku_id]


# The confirm page

PAID = """确认订单信息
店铺优惠
-￥5.00
付款详情
共2件商品
商品总价
￥79.80
运费
￥6.00
店铺优惠
-￥5.00
红包 -¥0.80
合计
￥80.00
提交订单"""


def raw_page(**over: Any) -> RawPage:
    base = RawPage(
        text=PAID,
        shops=1,
        rows=(
            RawRow(
                link=f"https://item.taobao.com/item.htm?id={SHIRT.item_id}&skuId={SHIRT.sku_id}",
                text="T恤 2026款\n藏青 L\n￥39.90",
                quantity="2",
            ),
        ),
        addresses=(
            RawAddress(text="大源北路1号仓库 收货仓库 13800138001", selected=True),
            RawAddress(text="夏茅东街6号 备用仓库 13800138001"),
        ),
    )
    return base.model_copy(update=over)


def test_the_sums_of_a_confirm_page_are_read_once() -> None:
    page = read_confirm(SITE, raw_page())
    assert (page.goods, page.freight, page.discount, page.payable, page.pieces) == (7980, 600, 580, 8000, 2)
    check_confirm(SITE, checkout(SHIRT, total=8000), page)
    quote = quote_of(SITE, checkout(SHIRT), page)
    assert (quote.goods, quote.freight, quote.discount, quote.total, quote.refusals) == (7980, 600, 580, 8000, ())


@pytest.mark.parametrize("words", ["运费 包邮", "运费\n免运费", "配送服务 快递 包邮"])
def test_free_freight(words: str) -> None:
    text = PAID.replace("运费\n￥6.00", words).replace("￥80.00", "￥74.00")
    assert read_confirm(SITE, raw_page(text=text)).freight == 0


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"shops": 2}, Refusal.SEVERAL_SELLERS),
        ({"text": PAID.replace("￥80.00", "￥81.00")}, Refusal.TOTAL_DIFFERS),
        ({"text": PAID.replace("共2件", "共3件")}, Refusal.TOTAL_DIFFERS),
        ({"addresses": (RawAddress(text="夏茅东街6号 13800138001", selected=True),)}, Refusal.ADDRESS_DIFFERS),
        ({"addresses": ()}, Refusal.ADDRESS_DIFFERS),
        ({"rows": ()}, Refusal.ITEM_GONE),
        ({"rows": (*raw_page().rows, RawRow(link="?id=1", text="x ￥0.00", quantity="1"))}, Refusal.MIXED_BATCH),
        ({"rows": (raw_page().rows[0].model_copy(update={"quantity": "1"}),)}, Refusal.STOCK_SHORT),
        ({"rows": (RawRow(link=raw_page().rows[0].link, text="T恤 缺货"),)}, Refusal.SOLD_OUT),
    ],
)
def test_a_page_that_shows_something_else_is_refused(over: dict[str, Any], code: Refusal) -> None:
    page = read_confirm(SITE, raw_page(**over))
    with pytest.raises(Refused) as caught:
        check_confirm(SITE, checkout(SHIRT, total=8000), page)
    assert caught.value.code == code


@pytest.mark.parametrize(("expected", "tolerance", "fine"), [(7999, 0, False), (7999, 1, True), (9000, 0, True)])
def test_the_total_may_be_lower_or_a_little_higher(expected: int, tolerance: int, *, fine: bool) -> None:
    wanted = checkout(SHIRT, total=expected, tolerance=tolerance)
    page = read_confirm(SITE, raw_page())
    if fine:
        check_confirm(SITE, wanted, page)
    else:
        with pytest.raises(Refused, match="¥80 instead of"):
            check_confirm(SITE, wanted, page)


def test_two_addresses_without_a_choice_are_no_choice() -> None:
    addresses = tuple(one.model_copy(update={"selected": False}) for one in raw_page().addresses)
    with pytest.raises(Refused) as caught:
        check_confirm(SITE, checkout(SHIRT), read_confirm(SITE, raw_page(addresses=addresses)))
    assert caught.value.code == Refusal.ADDRESS_DIFFERS


# Chromium


def test_a_missing_browser_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChromiumMissing, match="CHROMIUM_PATH"):
        find_chromium()
    with pytest.raises(ChromiumMissing):
        find_chromium(str(tmp_path / "nothing"))
    own = tmp_path / "chrome"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert find_chromium("", str(own)) == str(own)
    (tmp_path / "google-chrome").symlink_to(own)
    assert find_chromium() == str(tmp_path / "google-chrome")


def test_importing_the_driver_does_not_load_playwright() -> None:
    code = "import sys, providers.taobao.driver; sys.exit(any(m.startswith('playwright') for m in sys.modules))"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
