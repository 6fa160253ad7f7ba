"""Recipients: a customer's name as Taobao takes it, and which settings a reservation keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.recipient import check_field, latin_name
from purchasing.words import ProviderName


@pytest.mark.parametrize(
    ("customer", "name"),
    [
        ("Иванов Иван", "Ivanov Ivan"),
        ("Иванов Иван Иванович", "Ivanov Ivan I"),
        ("Щербакова-Александровская Анна", "Shcherbakova A"),
        ("Александровская-Воскресенская", "Aleksandrovska"),
        ("Соловьёва Мария", "Soloveva M"),
        ("王小明", "WangXiaoMing"),
        ("O'Neill, Pat", "ONeill Pat"),
        ("👩‍🚀 Анна 🚀", "Anna"),
        ("\u202eАнна\u200f", "Anna"),
        ("Я" * 4000, "YaYaYaYaYaYaYa"),
        ("", "N 1001"),
        ("🚀", "N 1001"),
        ("Я", "Ya"),
        ("I", "N 1001"),
    ],
)
def test_a_customers_name_in_latin_letters(customer: str, name: str) -> None:
    assert latin_name(customer, "1001") == name


@given(st.text(), st.text())
def test_whatever_the_customer_is_called_taobao_takes_the_name(customer: str, number: str) -> None:
    name = latin_name(customer, number)
    assert check_field(ProviderName.TAOBAO, "name", name) == name != ""
    assert name.isascii()
    assert name == latin_name(customer, number)
