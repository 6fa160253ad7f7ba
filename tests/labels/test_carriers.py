import pytest

from purchasing.carriers import BY_CODE, CARRIERS, carrier_code, is_placeholder, kind_of, normalise, waybills_in


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("SF1234567890123", "sf"),
        ("YT7412345678901", "yto"),
        ("YT2612345678901234", "yunexpress"),
        ("78912345678901", "zto"),
        ("773312345678901", "sto"),
        ("STO1234567890", "sto"),
        ("436738060691307", "yunda"),
        ("JDVB12345678901", "jd"),
        ("JD0123456789012", "jd"),
        ("JT5012345678901", "jt"),
        ("DPK123456789012", "deppon"),
        ("EA123456789CN", "ems"),
        ("9812345678901", "ems"),
        ("912345678901", ""),  # an old SF number or China Post's: two fit
        ("ABCDEFGH", ""),
    ],
)
def test_a_number_names_its_carrier_when_only_one_fits(number: str, carrier: str) -> None:
    assert carrier_code(number) == carrier


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("sf 1234 5678 90123", "SF1234567890123"),
        ("SF-1234-5678-90123", "SF1234567890123"),
        ("ＹＴ７４１２３４５６７８９０１", "YT7412345678901"),
        ("JD0123456789012-1-1-", "JD0123456789012"),
        ("JDVB12345678901-2-3", "JDVB12345678901"),
        ("7891-2345-6789-01", "78912345678901"),
        ("暂无单号", ""),
        ("—", ""),
        ("  ", ""),
    ],
)
def test_numbers_are_compared_in_one_spelling(written: str, number: str) -> None:
    assert normalise(written) == number


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SF1234567890123", "waybill"),
        ("78912345678901", "waybill"),
        ("https://example.com/SF1234567890123", "url"),
        ("取件码：12-3-4567", "pickup_code"),
        ("8-2-3021", "pickup_code"),
        ("LP00123456789012", "logistics_order"),
        ("无需物流", "none"),
        ("hello", "other"),
    ],
)
def test_other_codes_are_told_apart(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_numbers_inside_a_longer_text() -> None:
    text = "MMM={'k1':'755','k2':'SF1234567890123','k3':'x'} https://x.example/?no=yt7412345678901&n=78912345678901"
    assert waybills_in(text) == ["SF1234567890123", "YT7412345678901"]


def test_every_carrier_has_a_name_in_three_languages() -> None:
    assert all(c.name(language) for c in CARRIERS for language in ("ru", "en", "zh_CN"))
    assert BY_CODE["zto"].name("zh_CN") == "中通快递"
    assert is_placeholder(" 暂无单号 ")
