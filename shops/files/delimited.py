"""CSV in whatever encoding and with whatever separator a program exported it."""

import csv
import io
from collections.abc import Iterator

from charset_normalizer import from_bytes

from shops.files.cells import Cell
from shops.files.table import BadFile, Header, Records, find_header, records_below
from shops.files.vocabulary import Vocabulary

SEPARATORS = ";,\t|"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LEGACY = ("cp1251", "gb18030", "utf_16_le", "utf_16_be")
"""What Windows, Chinese programs write when it isn't UTF-8."""

Rows = list[list[Cell]]


def read_delimited(content: bytes, kind: Vocabulary) -> Records:
    """Raises BadFile."""
    if not content.strip():
        raise BadFile("empty")
    texts = list(_texts(content))
    if not texts:
        raise BadFile(kind.refusal if b"\0" in content else "encoding")
    readings = [(rows, find_header(rows, kind)) for text in texts for rows in _tables(text)]
    lists = [(rows, header) for rows, header in readings if header]
    if not lists:
        raise BadFile(kind.refusal)
    rows, header = max(lists, key=_columns)
    return Records(records_below(rows, header))


def _columns(one: tuple[Rows, Header]) -> int:
    """The right encoding and separator are those under which most headers are known."""
    return len(one[1].columns)


def _texts(content: bytes) -> Iterator[str]:
    """The content in each encoding that it may be in, likeliest first."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            yield from _decoded(content, encoding)
            return
    found = list(_decoded(content, "utf-8"))
    if found and "\0" not in found[0]:
        yield found[0]
        return
    for match in from_bytes(content, cp_isolation=list(_LEGACY), enable_fallback=False):
        yield str(match)


def _decoded(content: bytes, encoding: str) -> Iterator[str]:
    try:
        yield content.decode(encoding)
    except UnicodeDecodeError:
        return


def _tables(text: str) -> Iterator[Rows]:
    for separator in SEPARATORS:
        if separator in text:
            try:
                yield [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
            except csv.Error:
                continue
