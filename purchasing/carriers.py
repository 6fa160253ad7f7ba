"""Track numbers of China's carriers: how they look, what isn't one. A pattern only supports, it never proves a number.

Patterns are from public code; numeric ones overlap, so that the carrier told by the marketplace wins over a guess."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Carrier:
    """`lettered` numbers name their carrier; `numeric` ones may be another's or no track number at all."""

    code: str
    ru: str
    en: str
    zh: str
    lettered: str = ""
    numeric: str = ""

    def name(self, language: str) -> str:
        return {"ru": self.ru, "zh_CN": self.zh}.get(language, self.en)


CARRIERS = (
    Carrier("sf", "SF Express", "SF Express", "顺丰速运", r"SF\d{12,15}", r"\d{12}"),
    Carrier("yto", "YTO Express", "YTO Express", "圆通速递", r"YT\d{13}"),
    Carrier("yunexpress", "YunExpress", "YunExpress", "云途物流", r"YT\d{16}"),
    Carrier("zto", "ZTO Express", "ZTO Express", "中通快递", "", r"7[35689]\d{12}"),
    Carrier("sto", "STO Express", "STO Express", "申通快递", r"STO\d{10}", r"77\d{13}|[2-9]68\d{9,10}|588\d{9,10}"),
    Carrier("yunda", "Yunda Express", "Yunda Express", "韵达快递", "", r"[34]\d{14}"),
    Carrier(
        "ems", "EMS (Почта Китая)", "EMS (China Post)", "中国邮政", r"[A-Z]{2}\d{9}[A-Z]{2}", r"(?:9|1[012])\d{11,12}"
    ),
    Carrier("jd", "JD Logistics", "JD Logistics", "京东物流", r"JD[0-9A-Z]{11,18}|V[AC]\d{11}"),
    Carrier("jt", "J&T Express", "J&T Express", "极兔速递", r"JT\d{13}"),
    Carrier("deppon", "Deppon", "Deppon", "德邦快递", r"DP[KL]\d{12}"),
    Carrier("cainiao", "Cainiao", "Cainiao", "菜鸟", r"CNS?\d{12,14}"),
)
BY_CODE = {carrier.code: carrier for carrier in CARRIERS}

NUMBER = re.compile(r"[A-Z0-9]{8,24}")
"""What can be a track number at all."""
LOGISTICS_ORDER = re.compile(r"LP\d{14,17}")
"""The marketplace's own number of a shipment, not the carrier's."""

_BOX = re.compile(r"(.*[A-Z0-9]{8,})-(\d{1,3})-(\d{1,3})-?")
_PICK_UP = re.compile(r"(?:取[件货]码[:：]?\s*)?[0-9A-Z]{1,4}(?:-[0-9A-Z]{1,4}){1,3}")
_NONE = frozenset(
    {"", "-", "—", "--", "暂无单号", "暂无", "无", "无需物流", "虚拟发货", "无需快递", "NONE", "N/A", "0"}
)
_LETTERED = re.compile("|".join(f"(?:{carrier.lettered})" for carrier in CARRIERS if carrier.lettered))
_INSIDE = re.compile(rf"(?<![A-Z0-9])(?:{_LETTERED.pattern})(?![A-Z0-9])")


def is_placeholder(text: str) -> bool:
    """What marketplaces show where there is no track number (yet)."""
    return " ".join(text.split()).upper() in _NONE


def normalise(text: str) -> str:
    """Upper case without spaces and dashes; a box's number (…-1-1-) becomes its parent's. "" for a placeholder."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if is_placeholder(plain):
        return ""
    box = _BOX.fullmatch(plain)
    return re.sub(r"[-‐‑–—]", "", box.group(1) if box else plain)


def plain_number(number: str) -> str:
    """As a track number is looked up; for a placeholder, too."""
    return normalise(number) or "".join(number.split()).upper()


def box_of(text: str) -> tuple[int, int] | None:
    """(which box, of how many) of a number like JD…-1-3-; None for any other. The order of the two is inferred."""
    box = _BOX.fullmatch("".join(unicodedata.normalize("NFKC", text).upper().split()))
    which, of = (int(box.group(2)), int(box.group(3))) if box else (0, 0)
    return (which, of) if 1 <= which <= of else None


def carriers_of(number: str) -> list[Carrier]:
    """Those whose pattern fits a normalised number; one with letters of its own comes alone."""
    named = [c for c in CARRIERS if c.lettered and re.fullmatch(c.lettered, number)]
    return named or [c for c in CARRIERS if c.numeric and re.fullmatch(c.numeric, number)]


def carrier_code(number: str) -> str:
    """The carrier's code when the number fits exactly one of them, else ""."""
    found = carriers_of(number)
    return found[0].code if len(found) == 1 else ""


def kind_of(text: str) -> str:
    """What a code or a piece of text is: waybill (may be one), url, pickup_code, logistics_order, none or other."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if is_placeholder(plain):
        return "none"
    if re.match(r"(?:HTTPS?://|WWW\.)", plain):
        return "url"
    number = normalise(plain)
    if LOGISTICS_ORDER.fullmatch(number):
        return "logistics_order"
    if carriers_of(number):
        return "waybill"
    if _PICK_UP.fullmatch(plain):
        return "pickup_code"
    return "waybill" if NUMBER.fullmatch(number) and re.search(r"\d{6}", number) else "other"


def waybills_in(text: str) -> list[str]:
    """Numbers with a carrier's own letters that a longer text (a QR code's) holds, normalised, each once."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return list(dict.fromkeys(match.group() for match in _INSIDE.finditer(plain)))
