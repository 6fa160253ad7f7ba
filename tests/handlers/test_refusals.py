"""The catalogue of refusals is whole: every code says what happened and what to do, and has a button to do it."""

import pytest

from bot.screens import screen_names
from bot.texts import Reader
from handlers import refusals, remedies
from purchasing.people import Person
from purchasing.refusals import Refusal
from purchasing.words import ProviderName, Role

ABOUT = remedies.About(ProviderName.TAOBAO, account_id=1, line_id=2)
OWNER = Person(1, 1001, "Owner", Role.OWNER, "ru", "UTC")
WAREHOUSE = Person(2, 1002, "Packer", Role.WAREHOUSE, "ru", "UTC")
EVERY = sorted({*Refusal, *remedies.PLACES})


@pytest.mark.parametrize("code", EVERY)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_code_has_what_happened_what_to_do_and_a_button(code: str, language: str) -> None:
    reader = Reader(language)
    assert code in refusals.HAPPENED
    assert refusals.remedy(reader, code)
    button = remedies.button(reader, code, ABOUT, OWNER)
    assert button is not None
    assert getattr(button.action, "screen", "") in screen_names()


def test_a_button_that_a_person_may_not_use_is_not_offered() -> None:
    reader = Reader("en")
    hidden = [code for code in EVERY if remedies.button(reader, code, ABOUT, WAREHOUSE) is None]
    assert Refusal.RECIPIENT_MISSING in hidden
    assert Refusal.PAYS_AT_ONCE in hidden


def test_several_refusals_with_one_cure_have_one_button() -> None:
    refused = [(Refusal.RECIPIENT_MISSING, ABOUT), (Refusal.ADDRESS_INVALID, ABOUT), (Refusal.TMALL, ABOUT)]
    assert [row[0].label for row in remedies.rows(Reader("en"), refused, OWNER)] == ["Set the recipient", "By hand"]
