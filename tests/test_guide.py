"""The operators' guides name buttons and screens as they are called on screen, in both languages."""

import re
from pathlib import Path

import pytest

from bot.texts import merged_catalogue

DOCS = Path(__file__).parent.parent / "docs"


def labels(guide: str) -> list[str]:
    """What stands in single asterisks is a label."""
    text = (DOCS / guide).read_text(encoding="utf-8")
    return re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)


def texts() -> tuple[set[str], set[str]]:
    """English keys and Russian translations, without the signs before them."""
    catalogue = merged_catalogue("ru")
    assert catalogue is not None
    pairs = [(forms(message.id), forms(message.string)) for message in catalogue]
    return {plain(x) for english, _ in pairs for x in english}, {plain(x) for _, russian in pairs for x in russian}


def forms(texts: object) -> tuple[str, ...]:
    """A text has one form, or one a number."""
    return (texts,) if isinstance(texts, str) else tuple(map(str, texts)) if isinstance(texts, list | tuple) else ()


def plain(text: str) -> str:
    return re.sub(r"^\W+", "", text)


NAMES = ("Taobao", "1688")
"""Marketplaces are called the same in every language."""


@pytest.mark.parametrize(("guide", "known"), [("guide.en.md", 0), ("guide.ru.md", 1)])
def test_every_label_in_the_guide_is_on_a_screen(guide: str, known: int) -> None:
    found = labels(guide)
    assert len(found) > 20
    on_screens = (*texts()[known], *NAMES)
    assert [label for label in found if not any(text.startswith(plain(label)) for text in on_screens)] == []
