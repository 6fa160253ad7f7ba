import pytest

from purchasing.recognise import Asked, recognise
from purchasing.words import ProviderName


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("SF1234567890123", ["SF1234567890123"]),
        ("что за посылка yt2600000000011?", ["YT2600000000011"]),
        ("sf 1234 5678 90123", ["SF1234567890123"]),
        ("SF-1234-5678-90123", ["SF1234567890123"]),
        ("where is sf 1234567890123 please", ["SF1234567890123"]),
        ("78912345678901 78912345678902", ["78912345678901", "78912345678902"]),
        ("78912345678901\n7891 2345 6789 02, jt5012345678901", ["78912345678901", "78912345678902", "JT5012345678901"]),
        ("SF1234567890123,YT7412345678901;78912345678901", ["SF1234567890123", "YT7412345678901", "78912345678901"]),
        ("SF1234567890123 и ещё раз SF1234567890123", ["SF1234567890123"]),
        ("JD0123456789012-1-1-", ["JD0123456789012"]),
        ("ＹＴ７４１２３４５６７８９０１", ["YT7412345678901"]),
        ("5113222887354003142", ["5113222887354003142"]),
        ("YT1234567890123 2 шт", ["YT1234567890123"]),
    ],
)
def test_numbers_however_they_are_typed(text: str, numbers: list[str]) -> None:
    assert recognise(text) == [Asked("number", number) for number in numbers]


def test_many_numbers_at_once_have_an_end() -> None:
    assert len(recognise("\n".join(f"SF{n:013d}" for n in range(400)))) == 300


def test_links_and_numbers_side_by_side() -> None:
    text = "https://detail.1688.com/offer/730000000001.html SF1234567890123"
    product = Asked("product", "730000000001", ProviderName.ALIBABA1688)
    assert recognise(text) == [product, Asked("number", "SF1234567890123")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1001", "1001"),
        ("Заказ №1001", "1001"),
        ("# A-15", "A-15"),
        ("Клиент 101", "Клиент 101"),
        ("  футболка \n хлопок ", "футболка хлопок"),
    ],
)
def test_everything_else_is_words(text: str, words: str) -> None:
    assert recognise(text) == [Asked("words", words)]


@pytest.mark.parametrize("text", ["", "  ", "—", "暂无单号", "a"])
def test_nothing_is_nothing(text: str) -> None:
    assert recognise(text) == []


def test_an_order_number_keeps_its_dashes() -> None:
    (asked,) = recognise("order ord-2026-00015")
    assert (asked.text, asked.typed) == ("ORD202600015", "ord-2026-00015")
