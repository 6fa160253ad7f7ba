"""Words in the reader's language, zone and money; text from outside must never get into a message unescaped.

The English text itself is the key of the catalogues, `bot/locales/<language>/<area>.po`. What is missing in a language
is shown in English; `python -m bot.locales_check` tells what is missing.
"""

import gettext
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from purchasing.money import yuan

LANGUAGES = ("ru", "en", "zh_CN")
LONGEST_HEAD, LONGEST_PARAMETER = 200, 500
"""Characters of a plain text in a headline and in a sentence; what must be shown whole is given as Html."""
LOCALES = Path(__file__).parent / "locales"


_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Direction marks: within somebody's name they would turn around the words that follow it."""


class Html(str):
    """Markup that is safe to send as it is."""

    __slots__ = ()


def esc(value: object) -> Html:
    """Any value as markup; what is Html already stays."""
    return value if isinstance(value, Html) else Html(html.escape(_TURNING.sub("", str(value)), quote=False))


def plain(text: str) -> str:
    """What a label or a notice shows: those know no markup, so `&lt;` made by `text` becomes `<` again."""
    return _TURNING.sub("", html.unescape(text))


def bold(value: object) -> Html:
    return Html(f"<b>{esc(_shortened(value, LONGEST_HEAD))}</b>")


def _shortened(value: object, most: int) -> object:
    """A name from outside may be a pasted text of thousands of characters: it must leave room for the rest."""
    if isinstance(value, Html) or not isinstance(value, str) or len(value) <= most:
        return value
    return f"{value[: most - 1]}…"


def code(value: object) -> Html:
    """Something that people copy by tapping on it."""
    return Html(f"<code>{esc(value)}</code>")


def link(label: object, url: str) -> Html:
    return Html(f'<a href="{html.escape(url)}">{esc(label)}</a>')


def folded(value: object) -> Html:
    """A long text that opens when tapped."""
    return Html(f"<blockquote expandable>{esc(value)}</blockquote>")


def lines(*parts: object) -> Html:
    """One under the other; None is left out, "" is an empty line."""
    return Html("\n".join(esc(part) for part in parts if part is not None))


def lazy_text(message: str) -> str:
    """Marks a text that is translated later: `NAMES = {…: lazy_text("Paid")}`, then `reader.text(NAMES[x])`."""
    return message


RULES: dict[str, str] = {}
"""Why a typed value is refused, by the rule's code (`purchasing.errors.BadInput.rule`)."""


def add_rules(texts: Mapping[str, str]) -> None:
    """Texts (lazy_text) for rules, beside the form that they belong to. A text may use {value} and {field}."""
    RULES.update(texts)


@dataclass(frozen=True)
class Reader:
    """Who reads: `language` one of LANGUAGES, `zone` an IANA name, `now` aware. All results are Html."""

    language: str = "en"
    zone: str = "UTC"
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def text(self, message: str, **params: object) -> Html:
        """The translation with its `{placeholders}` filled; parameters are escaped unless they are Html."""
        return _filled(_catalogue(self.language).gettext(message), params)

    def plural(self, one: str, many: str, n: int, **params: object) -> Html:
        """The form that fits `n`, which is also the parameter `{n}`."""
        return _filled(_catalogue(self.language).ngettext(one, many, n), {"n": n, **params})

    def yuan(self, fen: int) -> Html:
        """¥1,234.50 of a sum in fen."""
        return self.money(yuan(fen), "CNY")

    def money(self, amount: Decimal, currency: str) -> Html:
        """An amount in whole units of a currency (ISO code); an unknown code is shown behind the number.

        More than two decimals stay: 1688 has prices below a fen."""
        exact = amount if -int(amount.as_tuple().exponent) > 2 else round(amount, 2)
        if len(currency) != 3 or not currency.isalpha():
            return esc(f"{self.number(exact)} {currency}".strip())
        shown = format_currency(exact, currency.upper(), locale=self._locale, decimal_quantization=False)
        return esc(shown.replace("CN¥", "¥"))

    def converted(self, fen: int, rate: Decimal | None, currency: str) -> Html:
        """A sum in fen in the customer's currency at the order's frozen rate (units per yuan); "" without a rate."""
        return self.money(round(yuan(fen) * rate, 2), currency) if rate is not None and currency else Html("")

    def number(self, value: Decimal | int) -> Html:
        return esc(format_decimal(value, locale=self._locale, decimal_quantization=False))

    def when(self, moment: datetime | None) -> Html:
        """Time of day today, with the date otherwise, with the year in another year; "—" for None."""
        if moment is None:
            return Html("—")
        local, today = moment.astimezone(self._zone), self.now.astimezone(self._zone)
        if local.date() == today.date():
            return esc(format_time(local, "HH:mm", locale=self._locale))
        pattern = "d MMM, HH:mm" if local.year == today.year else "d MMM y, HH:mm"
        return esc(format_datetime(local, pattern, tzinfo=self._zone, locale=self._locale))

    def second(self, moment: datetime) -> Html:
        """Time of day to the second, for what is about to happen."""
        return esc(format_time(moment.astimezone(self._zone), "HH:mm:ss", locale=self._locale))

    def date(self, moment: datetime) -> Html:
        return esc(format_date(moment.astimezone(self._zone).date(), "medium", locale=self._locale))

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)


def _filled(message: str, params: Mapping[str, object]) -> Html:
    shown = {name: esc(_shortened(value, LONGEST_PARAMETER)) for name, value in params.items()}
    return Html(message.format_map(shown) if params else message)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    catalogue = merged_catalogue(language)
    if catalogue is None:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def merged_catalogue(language: str) -> Catalog | None:
    """All areas of a language as one catalogue; None when it has none (English)."""
    areas = sorted((LOCALES / language).glob("*.po"))
    if not areas:
        return None
    whole = Catalog(locale=language)
    for area in areas:
        with area.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    whole.add(message.id, message.string)
    return whole
