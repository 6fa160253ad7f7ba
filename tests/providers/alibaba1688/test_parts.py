"""The pure parts: dates, statuses, track numbers, the meaning of codes, and that no call pays."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import providers.alibaba1688
from providers.alibaba1688 import apis, dates, statuses
from providers.alibaba1688.apis import Api
from providers.alibaba1688.login import pasted
from providers.alibaba1688.logistics import track_numbers
from providers.alibaba1688.refusals import looks_temporary, meaning
from purchasing.refusals import Refusal
from purchasing.status_names import DEFAULTS
from purchasing.words import ProviderName, Stage

DOCUMENTED = [
    *("waitbuyerpay", "waitsellersend", "waitlogisticstakein", "waitbuyerreceive", "waitbuyersign", "signinsuccess"),
    *("confirm_goods", "success", "cancel", "terminated", "waitactivate", "waitsellerpush", "settlebill"),
    *("inactiveandcancel", "waitselleract", "waitbuyerconfirmaction"),
]


def test_the_calls_are_these_and_none_pays() -> None:
    names = {one.name for one in vars(apis).values() if isinstance(one, Api)}
    assert names == {
        "product.search.queryProductDetail",
        "alibaba.product.simple.get",
        "alibaba.createOrder.preview",
        "alibaba.trade.fastCreateOrder",
        "alibaba.trade.getBuyerOrderList",
        "alibaba.trade.get.buyerView",
        "alibaba.trade.cancel",
        "alibaba.trade.getLogisticsInfos.buyerView",
    }


def test_no_module_names_a_paying_call() -> None:
    modules = list(Path(providers.alibaba1688.__path__[0]).glob("*.py"))
    assert len(modules) > 10
    for module in modules:
        text = module.read_text().lower()
        assert not any(word in text for word in ("preparepay", "pay.url", "protocolpay", "payurl", "alipay.")), module


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20180802211113000+0800", datetime(2018, 8, 2, 13, 11, 13, tzinfo=UTC)),
        ("20180802061113120-0700", datetime(2018, 8, 2, 13, 11, 13, 120_000, tzinfo=UTC)),
        ("20270507120000+0800", datetime(2027, 5, 7, 4, tzinfo=UTC)),
        ("2018-07-24 21:55:33", datetime(2018, 7, 24, 13, 55, 33, tzinfo=UTC)),
        ("1723167864904", datetime(2024, 8, 9, 1, 44, 24, 904_000, tzinfo=UTC)),
        ("", None),
        ("tomorrow", None),
        ("20181302211113000+0800", None),
    ],
)
def test_dates_in_every_spelling(text: str, moment: datetime | None) -> None:
    assert dates.parse(text) == moment


def test_a_date_is_written_as_calls_take_it() -> None:
    moment = datetime(2018, 8, 2, 13, 11, 13, 999_999, tzinfo=UTC)
    assert dates.write(moment) == "20180802211113999+0800"


@pytest.mark.parametrize("raw", DOCUMENTED)
def test_every_documented_status_has_a_stage_and_names(raw: str) -> None:
    assert statuses.stage(raw, paid=False) is not None
    names = DEFAULTS[ProviderName.ALIBABA1688][raw]
    assert names.ru
    assert names.en


def test_a_closed_order_was_refunded_only_when_it_was_paid() -> None:
    assert statuses.stage("cancel", paid=False) is Stage.CLOSED_UNPAID
    assert statuses.stage("cancel", paid=True) is Stage.CLOSED_REFUNDED
    assert statuses.stage("something new", paid=True) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("YT1234567890123", ["YT1234567890123"]),
        ("JD001-1-1-; 773000111222", ["JD001-1-1-", "773000111222"]),
        ("无需物流", []),
        ("卖家自送 ", []),
        ("-", []),
        ("00000000", []),
        ("", []),
    ],
)
def test_only_real_track_numbers_are_taken(text: str, numbers: list[str]) -> None:
    assert track_numbers(text) == numbers


@pytest.mark.parametrize(
    ("code", "message", "offers", "refusal"),
    [
        ("500_001", "", {"1"}, Refusal.NOT_FOR_SALE_ONLINE),
        ("500_002", "", {"1", "2"}, Refusal.SEVERAL_SELLERS),
        ("500_002", "[1]", {"1"}, Refusal.CONFIGURATION_CHANGED),
        ("500_003", "[1_abc]", {"1", "2"}, Refusal.CONFIGURATION_CHANGED),
        ("500_004", "", {"1"}, Refusal.STOCK_SHORT),
        ("500_005", "", {"1"}, Refusal.BELOW_MINIMUM),
        ("500_006", "", {"1"}, Refusal.MIXED_BATCH),
        ("500_007", "", {"1"}, Refusal.NOT_FOR_SALE_ONLINE),
        ("500_008", "", {"1"}, Refusal.NOT_FOR_SALE_ONLINE),
        ("500_009", "", {"1"}, Refusal.BELOW_MINIMUM),
        ("400", "AddressId invalid:AddressId invalid", {"1"}, Refusal.ADDRESS_INVALID),
        ("400", "not support tradeType:【creditBuy】", {"1"}, Refusal.NO_ESCROW),
        ("CLOSE_ORDER_TOO_FAST", "", (), Refusal.TOO_SOON),
        ("ORDER_STATUS_ERROR", "", (), Refusal.ORDER_PAID),
        ("ORDER_NOT_EXIST", "", (), Refusal.ORDER_NOT_FOUND),
        ("400_3", "", (), Refusal.ORDER_NOT_FOUND),
        ("SOMETHING_NEW", "", {"1"}, Refusal.UNKNOWN),
    ],
)
def test_codes_of_the_business_layer(code: str, message: str, offers: set[str], refusal: Refusal) -> None:
    assert meaning(code, message, offers) is refusal


def test_a_failure_inside_1688_is_no_refusal() -> None:
    assert looks_temporary("500", "")
    assert looks_temporary("SYSTEM_ERROR", "")
    assert looks_temporary("", "系统繁忙")
    assert not looks_temporary("500_004", "")


@pytest.mark.parametrize(
    ("text", "code", "state"),
    [
        (" abc ", "abc", ""),
        ("http://localhost/?code=abc&state=xyz", "abc", "xyz"),
        ("localhost/?state=xyz&code=abc", "abc", "xyz"),
        ("f14da3b8-b0b1-4f73", "f14da3b8-b0b1-4f73", ""),
    ],
)
def test_a_code_is_taken_bare_or_within_its_address(text: str, code: str, state: str) -> None:
    given = pasted(text)
    assert (given.text, given.state) == (code, state)
