"""Where the goods go: the warehouse's address per provider, validated field by field as the provider demands."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields

from anyascii import anyascii

from purchasing.errors import BadInput
from purchasing.words import ProviderName

SHORTEST_NAME, LONGEST_NAME = 2, 14
"""Characters that Taobao takes as a recipient's name."""
READ = 200
"""Characters of a customer's name that are looked at: some are pasted texts."""

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
        "name": ("name_2_14_or_empty", lambda v: v == "" or SHORTEST_NAME <= len(v) <= LONGEST_NAME),
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


def latin_name(customer: str, order_number: str) -> str:
    """The customer's name in Latin letters as Taobao takes it: 2 to 14 letters, digits and spaces, the same each time.

    What fits stands whole, later words shrink to their first letter. Nothing readable in it: the order's number."""
    for text in (customer, f"N {order_number}"):
        name = _shortened(_latin_words(text))
        if len(name) >= SHORTEST_NAME:
            return name
    return f"N {sum(order_number.encode())}"


def _latin_words(text: str) -> list[str]:
    """Emoji, direction marks and punctuation part words and are nothing else."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text[:READ].replace("'", ""))
    return re.sub(r"[^A-Za-z0-9 ]", "", anyascii(kept)).split()


def _shortened(words: list[str]) -> str:
    name = words[0][:LONGEST_NAME] if words else ""
    for word in words[1:]:
        room = LONGEST_NAME - len(name) - 1
        if room < 1:
            break
        name += f" {word if len(word) <= room else word[0]}"
    return name
