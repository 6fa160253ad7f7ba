import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.telegram.html import parse_html, utf16_length
from sandbox.telegram.refusals import Refused


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>b</b> <strong>s</strong>", "b s", [("bold", 0, 1), ("bold", 2, 1)]),
        (
            "<i>i</i><u>u</u><s>s</s><del>d</del>",
            "iusd",
            [("italic", 0, 1), ("underline", 1, 1), ("strikethrough", 2, 1), ("strikethrough", 3, 1)],
        ),
        ("<b>x<i>y</i></b>", "xy", [("bold", 0, 2), ("italic", 1, 1)]),
        ("📦<b>x</b>", "📦x", [("bold", 2, 1)]),
        ("<tg-spoiler>x</tg-spoiler><span class='tg-spoiler'>y</span>", "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote>q</blockquote>", "q", [("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("&lt;b&gt; &amp; &quot;&#33;&#x21;", '<b> & "!!', []),
        ("Q&A &nbsp; &unknown;", "Q&A &nbsp; &unknown;", []),
        ("<b>x</>", "x", [("bold", 0, 1)]),
        ("<a href='not a link'>x</a>", "x", []),
        ("📦📦<a>📦</a>", "📦📦📦", []),
    ],
)
def test_parses_as_telegram(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    parsed, found = parse_html(source)
    assert parsed == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == entities


@pytest.mark.parametrize(
    ("source", "extra"),
    [
        ('<a href="https://taobao.com/?a=1&amp;b=2">x</a>', {"url": "https://taobao.com/?a=1&b=2"}),
        ("<a>https://taobao.com</a>", {"url": "https://taobao.com"}),
        ('<pre><code class="language-python">x</code></pre>', {"language": "python"}),
        ("<tg-time unix=\"1700000000\" format='r'>x</tg-time>", {"unix_time": 1700000000, "date_time_format": "r"}),
        ('<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>', {"custom_emoji_id": "5368324170671202286"}),
    ],
)
def test_keeps_what_an_entity_carries(source: str, extra: dict[str, object]) -> None:
    _, [entity] = parse_html(source)
    assert {key: entity[key] for key in extra} == extra


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("ё<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=a/b>y</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span class='red'>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
    ],
)
def test_refuses_as_telegram(source: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    parsed, entities = parse_html(html.escape(text))
    assert parsed == text.strip()
    assert entities == ()


@settings(deadline=None)
@given(st.text(alphabet="<>/ab=\"' &;x📦\n"))
def test_any_text_is_parsed_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except Refused:
        return
    assert all(entity["offset"] + entity["length"] <= utf16_length(text) for entity in entities)
