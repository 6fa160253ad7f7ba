"""Finding rows by any part of their words: through an index where there are enough letters for one, never wrongly."""

from sqlalchemy import ColumnElement, Table, bindparam, false, insert, select

from storage.repositories.base import Repository
from storage.tables.words import TERMS, WORDS

GRAM = 3
"""Letters by which the indices go."""
MOST_TERMS = 500
"""Two letters with which more trigrams begin are in so many texts that reading all of them is no slower."""
PART, WORD, NOWHERE = "part", "word", "nowhere"
"""How a text is looked for: in each row's `search`, by the trigrams of SQLite, or not at all: no row can have it."""


def search_text(*parts: str) -> str:
    """What is searched: SQLite folds the case of ASCII only, so we fold it ourselves."""
    return "\n".join(part for part in parts if part).casefold()


def containing(source: Table, how: str) -> ColumnElement[bool]:
    """Rows in whose `search` a text is; what `SearchedRepository._sought` tells fills it in."""
    value: ColumnElement[str] = bindparam(_named(source))
    if how == PART:
        return source.c.search.contains(value, escape="/")
    if how == NOWHERE:
        return false()
    words = WORDS[source.name]
    return source.c.id.in_(select(words.c.rowid).where(words.c.search.op("MATCH")(value)))


def _named(source: Table) -> str:
    return f"{source.name}_text"


class SearchedRepository(Repository):
    """Of a table with a column `search`."""

    def _put_words(self, source: Table, row_id: int, search: str) -> None:
        """To be called whenever `search` was written. Ends with what no text holds, so that each pair of letters begins
        a trigram."""
        if self._connection.dialect.name == "sqlite":
            values = {"rowid": row_id, "search": f"{search}\n\n"}
            self._run(insert(WORDS[source.name]).prefix_with("OR REPLACE").values(values))

    def _sought(self, source: Table, text: str) -> tuple[str, dict[str, str]]:
        """How `containing` goes about this text, and its parameter; `%` and `_` in it mean themselves."""
        plain = text.strip().casefold()
        if self._connection.dialect.name == "sqlite" and len(plain) >= GRAM - 1:
            wanted = [plain] if len(plain) >= GRAM else self._terms(source, plain)
            if len(wanted) <= MOST_TERMS:
                return (WORD, {_named(source): _either(wanted)}) if wanted else (NOWHERE, {})
        return PART, {_named(source): _escaped(plain)}

    def _terms(self, source: Table, start: str) -> list[str]:
        term = TERMS[source.name].c.term
        known = select(term).where(term.between(start, f"{start}\U0010ffff")).limit(MOST_TERMS + 1)
        return list(self._column(known))


def _either(wanted: list[str]) -> str:
    return " OR ".join('"' + one.replace('"', '""') + '"' for one in wanted)


def _escaped(plain: str) -> str:
    return plain.replace("/", "//").replace("%", "/%").replace("_", "/_")
