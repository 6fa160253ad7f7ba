"""What a person who typed or pasted a text is asking for. Says only how it looks; what it is, the books decide."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from purchasing.carriers import LOGISTICS_ORDER, NUMBER, carriers_of, is_placeholder, normalise
from purchasing.links import URL, find_links
from purchasing.words import ProviderName

MOST = 300
"""Things looked up from one text; more than a message of Telegram holds."""

_RUN = re.compile(
    r"(?<![A-Z0-9])(?:[A-Z]{1,4}[ \t-]?)?[A-Z0-9]*\d[A-Z0-9]*(?:[ \t-]+[A-Z0-9]*\d[A-Z0-9]*)*-?(?![A-Z])", re.IGNORECASE
)
"""A number with its groups parted by spaces or dashes, and the letters before it."""
_TITLE = re.compile(r"^\s*(?:заказ[а-я]*|трек(?:-?номер)?|номер|order|track(?:ing)?|no\.?|№|#)[\s:№#]*", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """`kind`: number (a track number, an order's, a provider order's or an item's), product (a link), or words.

    `text` is a number in one spelling, or the words; `typed` is the number as written (orders' have dashes)."""

    kind: str
    text: str
    provider: ProviderName | None = None
    typed: str = field(default="", compare=False)


def recognise(text: str) -> list[Asked]:
    """Each thing once, in the order of the text; [] for nothing that could be looked for."""
    links = [Asked("product", link.item_id, link.provider) for link in find_links(text)]
    rest = URL.sub(" ", text)
    found = list(dict.fromkeys([*links, *_numbers(rest)]))
    if not found:
        words = " ".join(_TITLE.sub("", rest).split())[:100]
        return [Asked("words", words)] if len(words) > 1 and not is_placeholder(words) else []
    return found[:MOST]


def _numbers(text: str) -> Iterator[Asked]:
    for line in unicodedata.normalize("NFKC", text).splitlines():
        for run in _RUN.finditer(line):
            yield from _of_run(run.group().strip())


def _of_run(run: str) -> list[Asked]:
    """One number written in groups, or several numbers side by side."""
    whole = normalise(run)
    if carriers_of(whole) or LOGISTICS_ORDER.fullmatch(whole):
        return [_number(run)]
    parts = run.split()
    if len(parts) > 1 and parts[0].isalpha() and carriers_of(normalise(parts[0] + parts[1])):
        return [_number(parts[0] + parts[1]), *_of_run(" ".join(parts[2:]))]
    alone = [_number(part) for part in parts if _is_number(normalise(part))]
    return alone or ([_number(run)] if _is_number(whole) else [])


def _number(typed: str) -> Asked:
    return Asked("number", normalise(typed), typed=typed)


def _is_number(text: str) -> bool:
    """Long enough to be nothing else: short ones (an order 1001) are words."""
    return bool(NUMBER.fullmatch(text)) and len(re.findall(r"\d", text)) >= 6
