"""Finds what the catalogues miss: run by lint as `python -m bot.locales_check`.

Russian must have every text of the code and nothing else; Chinese may have a part (warehouse, login and questions),
the rest is shown in English there. Placeholders must be the same in both languages.
"""

import re
import string
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from bot.texts import LOCALES, merged_catalogue

ROOT = Path(__file__).parent.parent
CODE = ("bot", "handlers")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"text": None, "lazy_text": None, "plural": (1, 2)}
COMPLETE, PARTIAL = ("ru",), ("zh_CN",)

MessageId = str | tuple[str, str]


def used(root: Path = ROOT) -> dict[MessageId, str]:
    """Every text that the code shows, with the file where it is first met."""
    found: dict[MessageId, str] = {}
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            for _line, message, _comments, _context in extract_from_file("python", path, keywords=KEYWORDS):
                found.setdefault(_id(message), str(path.relative_to(root)))
    found.pop("", None)
    return found


def _id(message: str | Sequence[str]) -> MessageId:
    return message if isinstance(message, str) else (message[0], message[1])


def problems(root: Path = ROOT) -> Iterator[str]:
    """One sentence for each thing that is wrong."""
    wanted = used(root)
    for language in COMPLETE + PARTIAL:
        catalogue = merged_catalogue(language)
        known = _translations(catalogue) if catalogue else {}
        if language in COMPLETE:
            yield from (f"{language}: missing {m!r} ({where})" for m, where in wanted.items() if m not in known)
        yield from (f"{language}: not used any more {m!r}" for m in known if m not in wanted)
        for message, translation in known.items():
            yield from _faults(language, message, translation)
    yield from _contradictions()


def _translations(catalogue: Catalog) -> dict[MessageId, tuple[str, ...]]:
    return {_id(m.id): (m.string,) if isinstance(m.string, str) else tuple(m.string or ()) for m in catalogue if m.id}


def _faults(language: str, message: MessageId, translation: tuple[str, ...]) -> Iterator[str]:
    originals = (message,) if isinstance(message, str) else message
    allowed = set().union(*map(_placeholders, originals))
    for form in translation:
        if not form.strip():
            yield f"{language}: untranslated {message!r}"
        elif _placeholders(form) != allowed and not (len(originals) == 2 and _placeholders(form) <= allowed):
            yield f"{language}: other placeholders in {form!r} than in {message!r}"
        elif _tags(form) != _tags(originals[-1]):
            yield f"{language}: other tags in {form!r} than in {message!r}"


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?[a-z]+", text))


def _contradictions() -> Iterator[str]:
    """A text that two areas translate differently would depend on the order of files."""
    for language in COMPLETE + PARTIAL:
        seen: dict[MessageId, tuple[object, str]] = {}
        for path in sorted((LOCALES / language).glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file, locale=language):
                    if not message.id:
                        continue
                    earlier, where = seen.setdefault(_id(message.id), (message.string, path.name))
                    if earlier != message.string:
                        yield f"{language}: {message.id!r} differs between {where} and {path.name}"


def main() -> int:
    found = list(problems())
    for problem in found:
        print(problem, file=sys.stderr)  # noqa: T201 - a command's output
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
