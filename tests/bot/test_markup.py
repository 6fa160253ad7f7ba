"""Clipped texts stay valid HTML of the length that Telegram allows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markup import clip, shown_length
from bot.texts import bold, code, folded, lines
from sandbox.telegram.html import parse_html


def test_length_counts_what_is_shown() -> None:
    assert shown_length("<b>a&amp;b</b>") == 3
    assert shown_length("😀") == 2


def test_short_texts_stay() -> None:
    assert clip("<b>x</b>", 1) == "<b>x</b>"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5), st.integers(min_value=2, max_value=40))
def test_any_clipped_text_is_accepted(parts: list[str], limit: int) -> None:
    text = lines(bold(parts[0]), folded(lines(*map(code, parts))), *parts)
    clipped = clip(text, limit)
    assert shown_length(clipped) <= limit
    parse_html(clipped)
