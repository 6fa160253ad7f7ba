"""Finding rows by any part of their words: through an index where there are enough letters for one, never wrongly."""

from typing import Any

from sqlalchemy import ColumnElement, Table, false, insert, select

from storage.repositories.base import Repository
from storage.tables.words import TERMS, WORDS

GRAM = 3
"""Letters by which the indices go."""
MOST_TERMS = 500
"""Two letters with which more trigrams begin are in so many texts that reading all of them is no slower."""


def search_text(*parts: str) -> str:
    """What is searched: SQLite folds the case of ASCII only, so we fold it ourselves."""
    return "\n".join(part for part in parts if part).casefold()


class SearchedRepository(Repository):
    """Of a table with a column `search`."""

    def _put_words(self, source: Table, row_id: int, search: str) -> None:
        """To be called whenever `search` was written. Ends with what no text holds, so that each pair of letters begins
        a trigram."""
        if self._connection.dialect.name == "sqlite":
            values = {"rowid": row_id, "search": f"{search}\n\n"}
            self._run(insert(WORDS[source.name]).prefix_with("OR REPLACE").values(values))

    def _containing(self, source: Table, text: str) -> ColumnElement[bool]:
        """Rows in whose `search` `text` is; `%` and `_` in it mean themselves."""
        plain = text.strip().casefold()
        if self._connection.dialect.name != "sqlite" or len(plain) < GRAM - 1:
            return source.c.search.contains(plain, autoescape=True)
        wanted = [plain] if len(plain) >= GRAM else self._terms(source, plain)
        if len(wanted) > MOST_TERMS:
            return source.c.search.contains(plain, autoescape=True)
        return source.c.id.in_(_matching(source, wanted)) if wanted else false()

    def _terms(self, source: Table, start: str) -> list[str]:
        term = TERMS[source.name].c.term
        known = select(term).where(term.between(start, f"{start}\U0010ffff")).limit(MOST_TERMS + 1)
        return list(self._column(known))


def _matching(source: Table, wanted: list[str]) -> Any:
    words = WORDS[source.name]
    quoted = " OR ".join('"' + one.replace('"', '""') + '"' for one in wanted)
    return select(words.c.rowid).where(words.c.search.op("MATCH")(quoted))
