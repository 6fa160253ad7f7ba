"""What one cell says: text, number, id. What the spreadsheet has spoilt is refused with a rule, never repaired."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

Cell = str | int | float | Decimal | bool | date | datetime | time | timedelta | None

SHOWN = 60
"""How much of a bad cell is shown back."""

_YUAN = re.compile(r"[¥￥元]|юан(?:ь|я|ей|и)|\b(?:cny|rmb)\b", re.IGNORECASE)
_OTHER_MONEY = re.compile(
    r"[₽$€₸₴£]|\bруб(?:л(?:ь|я|ей))?\b\.?|\bр\.|\b(?:rub|usd|eur|kzt|byn|тг|тенге|сом)\b\.?", re.IGNORECASE
)
_PLAIN_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_LAST_EXACT = 10**15
"""Excel keeps 15 digits of a number: a longer id kept as a number has lost its last ones."""


class BadCell(ValueError):
    """`rule` is a code of the texts."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def text(cell: Cell) -> str:
    """As a person reads it: no control characters, single spaces, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | Decimal):
        return _number_text(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") else c for c in str(cell))
    return " ".join("".join(c for c in shown if unicodedata.category(c) != "Cf").split())


def _number_text(number: float | Decimal) -> str:
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    if not exact.is_finite() or abs(exact.adjusted()) > 30:
        return str(number)
    return str(int(exact)) if exact == exact.to_integral_value() else f"{exact.normalize():f}"


def short(cell: Cell) -> str:
    return text(cell)[:SHOWN]


def limited(cell: Cell, longest: int) -> str:
    """Raises BadCell("too_long")."""
    found = text(cell)
    if len(found) > longest:
        raise BadCell("too_long")
    return found


def identifier(cell: Cell, longest: int = 64) -> str:
    """An id or number that must be exact. Raises BadCell: number_rounded, became_date, not_an_id, too_long."""
    if isinstance(cell, datetime | date | time | timedelta):
        raise BadCell("became_date")
    if isinstance(cell, bool):
        raise BadCell("not_an_id")
    if isinstance(cell, float) and not (abs(cell) < _LAST_EXACT and cell.is_integer()):
        raise BadCell("number_rounded")
    if isinstance(cell, Decimal) and "E" in str(cell):
        raise BadCell("number_rounded")
    found = limited(cell, longest)
    if _SCIENTIFIC.fullmatch(found):
        raise BadCell("number_rounded")
    return found.removeprefix("'")


def money(cell: Cell, *, yuan: bool) -> Decimal:
    """A sum; with `yuan` only the sign of yuan may stand beside it. Raises BadCell: not_yuan and those of `number`."""
    if not isinstance(cell, str):
        return number(cell)
    if yuan and _OTHER_MONEY.search(cell):
        raise BadCell("not_yuan")
    return number(_OTHER_MONEY.sub("", _YUAN.sub("", cell)))


def grams(cell: Cell, *, kilograms: bool) -> Decimal:
    """A weight; "1,2 кг" says its unit itself. Raises BadCell as `number` does."""
    if isinstance(cell, str):
        said = re.fullmatch(r"(.*?)\s*(кг|kg|г|гр|g)\.?", cell.strip(), re.IGNORECASE)
        if said:
            cell, kilograms = said.group(1), said.group(2).lower() in ("кг", "kg")
        cell = cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
    return number(cell) * (1000 if kilograms else 1)


def number(cell: Cell) -> Decimal:
    """A number as people write it: 1 234,56, 1,234.56, 39.9. Raises BadCell: not_a_number, ambiguous_number,
    became_date."""
    if isinstance(cell, datetime | date | time | timedelta):
        raise BadCell("became_date")
    if isinstance(cell, bool) or cell is None:
        raise BadCell("not_a_number")
    written = _number_text(cell) if isinstance(cell, float) else _one_point(str(cell))
    if not _PLAIN_NUMBER.fullmatch(written):
        raise BadCell("not_a_number")
    try:
        found = Decimal(written)
    except InvalidOperation:
        raise BadCell("not_a_number") from None
    if found and not -12 <= found.adjusted() <= 15:
        raise BadCell("not_a_number")
    return round(found, 6).normalize() + 0 if isinstance(cell, float) else found


def _one_point(written: str) -> str:
    """The number with a point for its decimals and nothing between its thousands."""
    written = re.sub(r"[\s'’_]", "", unicodedata.normalize("NFKC", written)).replace("−", "-")
    if "," not in written:
        return written if written.count(".") < 2 else _without_thousands(written, ".")
    if "." in written:
        decimal = max(",.", key=written.rfind)
        return _without_thousands(written, "," if decimal == "." else ".").replace(",", ".")
    if written.count(",") > 1:
        return _without_thousands(written, ",")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", written):
        raise BadCell("ambiguous_number")
    return written.replace(",", ".")


def _without_thousands(written: str, mark: str) -> str:
    """Raises BadCell when the marks don't stand between groups of three digits."""
    whole = written.partition("," if mark == "." else ".")[0]
    if not re.fullmatch(rf"[-+]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", whole):
        raise BadCell("not_a_number")
    return written.replace(mark, "")
