"""How Taobao writes data: charsets, data inside scripts, sums and times. Pure functions; nothing here guesses."""

import json
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from purchasing.money import fen

SHANGHAI = ZoneInfo("Asia/Shanghai")
_AMOUNT = re.compile(r"[-−]?\s*[¥￥]?\s*(\d[\d,]*(?:\.\d+)?)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def decode(body: bytes) -> str:
    """UTF-8, else GB18030: old pages still answer in it, whatever their header says."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def script_data(html: str, name: str = "data") -> object:
    """What a page's script gives `var name`: `JSON.parse('…')` or a plain object; None when there is none."""
    quoted = re.search(rf"\bvar\s+{name}\s*=\s*JSON\.parse\(\s*'((?:[^'\\]|\\.)*)'", html, re.DOTALL)
    if quoted:
        return _loads(_unescape(quoted[1]))
    plain = re.search(rf"\bvar\s+{name}\s*=\s*(?=[{{\[])", html)
    return _loads(html[plain.end() :]) if plain else None


def _loads(text: str) -> object:
    try:
        return json.JSONDecoder().raw_decode(text.lstrip())[0]
    except ValueError:
        return None


def _unescape(text: str) -> str:
    """Undoes the escapes of a JavaScript string, with surrogate pairs joined."""

    def one(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _PLAIN.get(code, code)

    return _ESCAPE.sub(one, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


BEYOND_PRICES = Decimal(10**12)
"""What has more digits is no price, whatever it is, and no sum could be made of it."""


def price(text: object) -> Decimal | None:
    """The first amount in a text in yuan ("￥1,234.50" → 1234.50), None when there is none."""
    found = _AMOUNT.search(str(text)) if text is not None else None
    try:
        amount = Decimal(found[1].replace(",", "")) if found else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount < BEYOND_PRICES else None


def price_fen(text: object) -> int | None:
    """The same in fen."""
    amount = price(text)
    return None if amount is None else fen(amount)


def moment(text: object) -> datetime | None:
    """ "YYYY-MM-DD[ HH:mm[:ss]]" as the site means it: Beijing time."""
    found = re.search(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?", str(text or ""))
    if not found:
        return None
    try:
        return datetime.fromisoformat(found[0]).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def pairs_of(choice: str) -> list[tuple[str, str]]:
    """ "颜色:黑色;尺码:L" as (name, value) pairs; a part without a name has an empty one."""
    parts = [re.split("[:：]", part, maxsplit=1) for part in re.split("[;；]", choice) if part.strip()]
    return [(part[0] if len(part) > 1 else "", part[-1]) for part in parts]
