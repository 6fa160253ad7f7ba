"""Telegram's HTML subset to text and entities; must refuse whatever Telegram's own parser refuses, with its words.

Follows ``parse_html`` of TDLib as recalled. Offsets in errors are bytes, in entities UTF-16 units.
"""

import re
from dataclasses import dataclass, field
from html import unescape

from sandbox.telegram.model import Json
from sandbox.telegram.refusals import Refusal, Refused

ENTITY_OF_TAG = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
KNOWN_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});?")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    first_piece: int


@dataclass
class _Parser:
    source: str
    at: int = 0
    text: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            if self.source[self.at] != "<":
                self._character()
            elif self.source.startswith("</", self.at):
                self._close()
            else:
                self._open()
        if self.stack:
            raise _bad(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return "".join(self.text), self.entities

    def _character(self) -> None:
        reference = KNOWN_REFERENCE.match(self.source, self.at)
        piece = reference.group() if reference else self.source[self.at]
        self.at += len(piece)
        shown = unescape(piece) if reference else piece
        self.text.append(shown)
        self.length += utf16_length(shown)

    def _open(self) -> None:
        begin = self.at
        while self.at < len(self.source) and not (self._here().isspace() or self._here() == ">"):
            self.at += 1
        self._must_go_on(begin)
        tag = self.source[begin + 1 : self.at].lower()
        if tag not in ENTITY_OF_TAG:
            raise _bad(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _bad(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.stack.append(_Open(tag, attributes, self.length, len(self.text)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._skip_spaces()
            self._must_go_on(begin)
            if self._here() == ">":
                self.at += 1
                return found
            name_at = self.at
            while self._here() not in "=>" and not self._here().isspace():
                self.at += 1
                self._must_go_on(begin)
            name = self.source[name_at : self.at].lower()
            if not name:
                raise _bad(
                    f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}',
                )
            self._skip_spaces()
            self._must_go_on(begin)
            found[name] = self._value(begin) if self._here() == "=" else ""

    def _value(self, begin: int) -> str:
        self.at += 1
        self._skip_spaces()
        self._must_go_on(begin)
        quote = self._here()
        if quote in "'\"":
            end = self.source.find(quote, self.at + 1)
            self._must_go_on(begin, end >= 0)
            value = self.source[self.at + 1 : end]
            self.at = end + 1
            return KNOWN_REFERENCE.sub(lambda found: unescape(found.group()), value)
        token = NAME_TOKEN.match(self.source, self.at)
        token_at, value = self.at, token.group() if token else ""
        self.at += len(value)
        self._must_go_on(begin)
        if self._here() != ">" and not self._here().isspace():
            raise _bad(f"Unexpected end of name token at byte offset {self._byte(token_at)}")
        return value.lower()

    def _close(self) -> None:
        begin = self.at
        if not self.stack:
            raise _bad(f"Unexpected end tag at byte offset {self._byte(begin)}")
        end = self.source.find(">", begin)
        if end < 0:
            raise _bad(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at = end + 1
        tag = self.source[begin + 2 : end].rstrip().lower()
        opened = self.stack.pop()
        if tag and tag != opened.tag:
            raise _bad(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", found "</{tag}>"',
            )
        self._add_entity(opened)

    def _add_entity(self, opened: _Open) -> None:
        length = self.length - opened.offset
        if length == 0:
            return
        extra = _extra(opened, "".join(self.text[opened.first_piece :]))
        if extra is None:
            return
        entity = {"type": ENTITY_OF_TAG[opened.tag], "offset": opened.offset, "length": length, **extra}
        if _language_inside_pre(entity, opened, self.stack):
            self.stack[-1].attributes["class"] = opened.attributes["class"]
            return
        self.entities.append(entity)

    def _here(self) -> str:
        return self.source[self.at]

    def _skip_spaces(self) -> None:
        while self.at < len(self.source) and self._here().isspace():
            self.at += 1

    def _must_go_on(self, begin: int, found: bool = True) -> None:
        if not found or self.at >= len(self.source):
            raise _bad(f"Unclosed start tag at byte offset {self._byte(begin)}")

    def _byte(self, index: int) -> int:
        return len(self.source[:index].encode())


def _extra(opened: _Open, inner: str) -> Json | None:
    """What an entity carries beside its place; None when the tag makes no entity (a link that leads nowhere)."""
    attributes = opened.attributes
    match opened.tag:
        case "a":
            url = attributes.get("href") or inner
            return {"url": url} if looks_like_url(url) else None
        case "pre":
            language = attributes.get("class", "").removeprefix("language-")
            return {"language": language} if language else {}
        case "blockquote":
            return {"type": "expandable_blockquote"} if "expandable" in attributes else {}
        case "tg-emoji":
            emoji = attributes.get("emoji-id", "")
            return {"custom_emoji_id": emoji} if emoji.isdigit() else None
        case "tg-time":
            return _date_time(attributes)
    return {}


def _date_time(attributes: dict[str, str]) -> Json | None:
    unix = attributes.get("unix", "")
    if not unix.lstrip("-").isdigit():
        return None
    shape = attributes.get("format")
    return {"unix_time": int(unix), **({"date_time_format": shape} if shape else {})}


def _language_inside_pre(entity: Json, opened: _Open, stack: list[_Open]) -> bool:
    """``<pre><code class="language-x">`` is one entity with a language."""
    return bool(stack) and stack[-1].tag == "pre" and entity["type"] == "code" and "class" in opened.attributes


def _bad(why: str) -> Refused:
    return Refused(Refusal.CANT_PARSE, why=why)


URL = re.compile(
    r"(?:https?://)?(?:(?:[\w-]+\.)+[\w-]{1,}|\[[0-9a-f:]+\])(?::\d{1,5})?(?:[/?#]\S*)?"
    r"|(?:tg|ton|tonsite)://\S+|mailto:[^\s@]+@\S+",
    re.IGNORECASE,
)


def looks_like_url(url: str) -> bool:
    """A host needs a dot, as with Telegram: ``http://localhost`` is no link, an address of digits is."""
    return bool(URL.fullmatch(url))


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, tuple[Json, ...]]:
    """Text without outer white space and its entities in Telegram's order (by offset, longer first).

    Raises Refused (can't parse entities) where Telegram would.
    """
    text, entities = _Parser(source).run()
    return trimmed(text, entities)


def trimmed(text: str, entities: list[Json]) -> tuple[str, tuple[Json, ...]]:
    left = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    total = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - left)
        end = min(total, entity["offset"] + entity["length"] - left)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, tuple(sorted(kept, key=lambda entity: (entity["offset"], -entity["length"])))
