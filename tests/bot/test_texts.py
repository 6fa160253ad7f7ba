"""Words: escaping, plural forms, money, dates, and complete catalogues."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot import locales_check, texts
from bot.texts import Html, Reader, bold, esc, lines, link, plain

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
RU = Reader("ru", "Europe/Moscow", NOW)
EN = Reader("en", "Asia/Shanghai", NOW)


def test_parameters_are_escaped_unless_they_are_markup() -> None:
    assert EN.text("{holder} is at this right now. Nothing was changed.", holder='<a href="x">&').startswith(
        '&lt;a href="x"&gt;&amp; is at'
    )
    assert EN.text("{a}", a=Html("<b>x</b>")) == "<b>x</b>"
    assert esc(esc("<")) == "&lt;"
    assert bold("<") == "<b>&lt;</b>"
    assert link("<", 'http://x/"') == '<a href="http://x/&quot;">&lt;</a>'
    assert lines("<", None, Html("<i>y</i>")) == "&lt;\n<i>y</i>"


def test_labels_show_what_was_meant() -> None:
    assert plain(EN.text("{name}", name="A & B <C>")) == "A & B <C>"


@pytest.mark.parametrize(("n", "expected"), [(1, "1 вопрос ждёт"), (3, "3 вопроса ждут"), (5, "5 вопросов ждут")])
def test_plural_forms(n: int, expected: str) -> None:
    one, many = "❓ {n} question is open", "❓ {n} questions are open"
    assert expected in RU.plural(one, many, n)
    assert EN.plural(one, many, 1) == "❓ 1 question is open"


def test_a_text_without_translation_is_english() -> None:
    assert RU.text("Nobody translated {this}.", this=1) == "Nobody translated 1."
    assert Reader("zh_CN").text("A Chinese postal code has 6 digits, like 510000.").startswith("A Chinese")
    assert Reader("zh_CN").plural("❓ {n} question is open", "❓ {n} questions are open", 5) == "❓ 5 个问题待回复"


def test_money() -> None:
    assert EN.yuan(123450) == "¥1,234.50"
    assert RU.yuan(123450).replace("\xa0", " ") == "1 234,50 ¥"
    assert EN.money(Decimal("0.0035"), "CNY") == "¥0.0035"
    assert EN.money(Decimal(5), "points") == "5 points"
    assert RU.converted(1000, Decimal("13.333"), "RUB").replace("\xa0", " ") == "133,33 ₽"
    assert RU.converted(1000, None, "RUB") == ""


def test_times_are_in_the_readers_zone() -> None:
    assert RU.when(datetime(2026, 11, 24, 6, 5, tzinfo=UTC)) == "09:05"
    assert EN.when(datetime(2026, 11, 23, 17, 0, tzinfo=UTC)) == "01:00"
    assert EN.when(datetime(2026, 10, 1, 0, 0, tzinfo=UTC)) == "1 Oct, 08:00"
    assert EN.when(datetime(2025, 10, 1, 0, 0, tzinfo=UTC)) == "1 Oct 2025, 08:00"
    assert EN.when(None) == "—"


def test_the_catalogues_are_complete() -> None:
    assert list(locales_check.problems()) == []


CODE = 'def f(r):\n    r.text("Hello {name}", name=1)\n    r.plural("{n} x", "{n} xs", 2)\n'
GOOD = 'msgid "Hello {name}"\nmsgstr "Привет, {name}"\n\nmsgid "{n} x"\nmsgid_plural "{n} xs"\nmsgstr[0] "{n} а"\n'
GOOD += 'msgstr[1] "{n} б"\nmsgstr[2] "{n} в"\n'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("Hello {name}", "Hallo {name}"), ["missing 'Hello {name}'", "not used any more 'Hallo {name}'"]),
        (("Привет, {name}", "Привет"), ["other placeholders"]),
        (("Привет, {name}", "<b>Привет</b>, {name}"), ["other tags"]),
        (("Привет, {name}", ""), ["untranslated"]),
        (("{n} в", "{m} в"), ["other placeholders"]),
    ],
)
def test_the_check_finds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: tuple[str, str], said: list[str]
) -> None:
    for path, text in {"bot/a.py": CODE, "handlers/b.py": "", "locales/ru/a.po": GOOD.replace(*change)}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.setattr(texts, "LOCALES", tmp_path / "locales")
    monkeypatch.setattr(locales_check, "LOCALES", tmp_path / "locales")
    found = list(locales_check.problems(tmp_path))
    assert all(any(one in problem for problem in found) for one in said), found
    assert len(found) == len(said)


def test_two_areas_may_not_contradict_each_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ru").mkdir()
    for area, word in itertools.product(("a", "b"), ("x",)):
        text = f'msgid "{word}"\nmsgstr "{area}"\n'
        (tmp_path / "ru" / f"{area}.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(texts, "LOCALES", tmp_path)
    monkeypatch.setattr(locales_check, "LOCALES", tmp_path)
    assert any("differs between a.po and b.po" in problem for problem in locales_check.problems(tmp_path))
