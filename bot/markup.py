"""Measures and clips Telegram's HTML, so that no text is too long to be sent; must never leave a tag open."""

import html
import re

_PIECE = re.compile(r"<[^>]*>|&[^;\s]{1,8};|[^<&]|[<&]", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-z-]+)[^>]*>")


def shown_length(text: str) -> int:
    """Characters as Telegram counts them: UTF-16 units after the markup is taken out."""
    return _units(html.unescape(re.sub(r"<[^>]*>", "", text)))


def clip(text: str, limit: int) -> str:
    """The text, or as much of it as fits with an ellipsis; tags that were open are closed."""
    if shown_length(text) <= limit:
        return text
    kept: list[str] = []
    still_open: list[str] = []
    left = limit - 1
    for piece in _PIECE.findall(text):
        if tag := _TAG.fullmatch(piece):
            still_open.pop() if tag[1] else still_open.append(tag[2])
        else:
            left -= _units(html.unescape(piece))
            if left < 0:
                break
        kept.append(piece)
    return "".join(kept) + "…" + "".join(f"</{name}>" for name in reversed(still_open))


def first_lines(text: str, count: int) -> str:
    """The first lines that aren't empty; tags that were open are closed."""
    kept = "\n".join([line for line in text.split("\n") if line.strip()][:count])
    still_open: list[str] = []
    for tag in _TAG.finditer(kept):
        still_open.pop() if tag[1] else still_open.append(tag[2])
    return kept + "".join(f"</{name}>" for name in reversed(still_open))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
