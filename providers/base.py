"""What every driver shares: comparing the text of a choice, and the time left for an effect; no marketplace in here."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from purchasing.errors import SendingStopped

_SEPARATORS = re.compile(r"[;:,/|、>\n]")
_SEPARATORS_AND_SPACE = re.compile(r"[;:,/|、>\s]")


def same_choice(wanted: str, attributes: Iterable[tuple[str, str]]) -> bool:
    """Whether `wanted` names exactly these (name, value) pairs, with or without the names, in any order or spacing."""
    pairs = list(attributes)
    values = ";".join(value for _, value in pairs)
    named = ";".join(f"{name}:{value}" for name, value in pairs)
    return bool(_readings(wanted) & (_readings(values) | _readings(named)))


def part_of_choice(wanted: str, attributes: Iterable[tuple[str, str]]) -> bool:
    """Whether every word of `wanted` occurs in the choice: not enough to buy it, enough to ask which one is meant."""
    words = _words(wanted, _SEPARATORS_AND_SPACE)
    named = ";".join(f"{name}:{value}" for name, value in attributes)
    return bool(words) and set(words) <= set(_words(named, _SEPARATORS_AND_SPACE))


def seconds_left(deadline: datetime) -> float:
    """Time that an effect may still take. Raises SendingStopped("deadline") when none is left: nothing was sent."""
    left = (deadline - datetime.now(UTC)).total_seconds()
    if left <= 0:
        raise SendingStopped("deadline")
    return left


def _readings(text: str) -> set[tuple[str, ...]]:
    """A choice written with separators may have spaces inside its values; one written without is split at them."""
    return {tuple(sorted(_words(text, split))) for split in (_SEPARATORS, _SEPARATORS_AND_SPACE)} - {()}


def _words(text: str, split: re.Pattern[str]) -> list[str]:
    parts = split.split(unicodedata.normalize("NFKC", text).casefold())
    return [word for part in parts if (word := re.sub(r"\s+", "", part))]
