"""Every raw status that a driver knows has a name, and every name can be reached by a button."""

import pytest

from handlers.forms import Ask
from handlers.status_names import ResetName
from providers.taobao import statuses
from purchasing.status_names import DEFAULTS
from purchasing.words import ProviderName

EVERY = [(provider, raw) for provider, names in DEFAULTS.items() for raw in names]

DOCUMENTED = {
    ProviderName.TAOBAO: (
        "WAIT_BUYER_PAY WAIT_SELLER_SEND_GOODS SELLER_CONSIGNED_PART WAIT_BUYER_CONFIRM_GOODS TRADE_BUYER_SIGNED "
        "TRADE_FINISHED TRADE_CLOSED TRADE_CLOSED_BY_TAOBAO TRADE_NO_CREATE_PAY PAY_PENDING PAID_FORBID_CONSIGN "
        "WAIT_PRE_AUTH_CONFIRM"
    ),
    ProviderName.ALIBABA1688: (
        "waitbuyerpay waitsellersend waitlogisticstakein waitbuyerreceive waitbuyersign signinsuccess confirm_goods "
        "success cancel terminated paid_but_not_fund confirm_goods_but_not_fund confirm_goods_and_has_subsidy "
        "send_goods_but_not_fund waitsellerconfirm waitbuyerconfirm waitselleract waitbuyerconfirmaction "
        "waitsellerpush signinfailed waitselleragree waitbuyermodify waitbuyersend waitsellerreceive refundsuccess "
        "refundclose"
    ),
}
"""Raw statuses that the marketplaces document, or that were seen live."""


@pytest.mark.parametrize("provider", DOCUMENTED)
def test_a_documented_status_has_a_name_in_both_languages(provider: ProviderName) -> None:
    missing = [raw for raw in DOCUMENTED[provider].split() if raw not in DEFAULTS[provider]]
    assert not missing


def test_a_status_that_taobao_knows_has_a_name() -> None:
    assert {*statuses.STAGES, statuses.CLOSED_TEXT} <= set(DEFAULTS[ProviderName.TAOBAO])


@pytest.mark.parametrize(("provider", "raw"), EVERY)
def test_a_name_is_complete_and_its_buttons_hold_it(provider: ProviderName, raw: str) -> None:
    assert all(DEFAULTS[provider][raw])
    assert len(Ask.of("status_name", provider, raw).pack().encode()) <= 64
    assert len(ResetName(provider=provider, raw=raw).pack().encode()) <= 64
