"""Where the goods go: the warehouse's address per provider, validated field by field as the provider demands."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields

from purchasing.errors import BadInput
from purchasing.words import ProviderName

_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class TaobaoRecipient:
    """`name` empty: the customer's transliterated name is used. `region` is the number of the region picker."""

    name: str = ""
    mobile: str = ""
    region: str = ""
    zip: str = ""
    address: str = ""


@dataclass(frozen=True)
class Alibaba1688Recipient:
    name: str = ""
    mobile: str = ""
    phone: str = ""
    zip: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""


Recipient = TaobaoRecipient | Alibaba1688Recipient

Rule = tuple[str, Callable[[str], bool]]


def _digits(*lengths: int) -> Callable[[str], bool]:
    return lambda v: v.isascii() and v.isdigit() and len(v) in lengths


def _chinese(limit: int) -> Callable[[str], bool]:
    return lambda v: bool(_CHINESE.search(v)) and len(v) <= limit


_MOBILE: Rule = ("mobile_11_digits", lambda v: _digits(11)(v) and v.startswith("1"))
_ZIP: Rule = ("zip_6_digits", _digits(6))

RULES: dict[ProviderName, dict[str, Rule]] = {
    ProviderName.TAOBAO: {
        "name": ("name_2_14_or_empty", lambda v: v == "" or 2 <= len(v) <= 14),
        "mobile": _MOBILE,
        "region": ("region_code_6_digits", _digits(6)),
        "zip": _ZIP,
        "address": ("address_1_200", lambda v: 1 <= len(v) <= 200),
    },
    ProviderName.ALIBABA1688: {
        "name": ("chinese_required", _chinese(50)),
        "mobile": _MOBILE,
        "phone": ("phone_digits", lambda v: bool(re.fullmatch(r"\d{3,4}-?\d{7,8}|1\d{10}", v))),
        "zip": _ZIP,
        "province": ("chinese_required", _chinese(50)),
        "city": ("chinese_required", _chinese(50)),
        "district": ("chinese_required", _chinese(50)),
        "address": ("chinese_required", _chinese(200)),
    },
}

_KINDS: dict[ProviderName, type[TaobaoRecipient] | type[Alibaba1688Recipient]] = {
    ProviderName.TAOBAO: TaobaoRecipient,
    ProviderName.ALIBABA1688: Alibaba1688Recipient,
}


def check_field(provider: ProviderName, field: str, value: str) -> str:
    """The value as it is stored. Raises BadInput with the field and the broken rule."""
    value = value.strip()
    rule, holds = RULES[provider][field]
    if not holds(value):
        raise BadInput(field, rule, value)
    return value


def broken_rules(provider: ProviderName, values: dict[str, str]) -> dict[str, str]:
    """Field → the rule that its value breaks; empty when the recipient is complete."""
    return {field: rule for field, (rule, holds) in RULES[provider].items() if not holds(values.get(field, ""))}


def build(provider: ProviderName, values: dict[str, str]) -> Recipient:
    """A complete recipient. Raises BadInput for the first field that breaks its rule."""
    kind = _KINDS[provider]
    return kind(**{f.name: check_field(provider, f.name, values.get(f.name, "")) for f in fields(kind)})
