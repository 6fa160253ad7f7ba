"""Every raw status that a driver knows has a name, and every name can be reached by a button."""

import pytest

from handlers.forms import Ask
from handlers.status_names import ResetName
from providers.taobao import statuses
from purchasing.status_names import DEFAULTS
from purchasing.words import ProviderName

EVERY = [(provider, raw) for provider, names in DEFAULTS.items() for raw in names]


def test_a_status_that_taobao_knows_has_a_name() -> None:
    assert {*statuses.STAGES, statuses.CLOSED_TEXT} <= set(DEFAULTS[ProviderName.TAOBAO])


@pytest.mark.parametrize(("provider", "raw"), EVERY)
def test_a_name_is_complete_and_its_buttons_hold_it(provider: ProviderName, raw: str) -> None:
    assert all(DEFAULTS[provider][raw])
    assert len(Ask.of("status_name", provider, raw).pack().encode()) <= 64
    assert len(ResetName(provider=provider, raw=raw).pack().encode()) <= 64
