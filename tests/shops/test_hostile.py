"""Whatever stands in a cell or a file, it is read or refused by a rule: nothing else ever comes out."""

import contextlib
import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from purchasing.order_file import FileRow
from shops.files.cells import Cell
from shops.files.headers import HEADERS, KILOGRAMS
from shops.files.rows import read_row
from shops.files.table import BadFile
from shops.files.worker import parse

numberlike = st.from_regex(r"[-+ ]?[\d., '\u00a0]{1,12}( ?(¥|руб|кг|шт))?", fullmatch=True)
cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(max_size=30),
    numberlike,
    st.integers(),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.datetimes(),
    st.timedeltas(max_value=timedelta(days=9)),
)
columns = st.sampled_from([*HEADERS, KILOGRAMS])
scalars = st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=8), st.integers())
keys = st.sampled_from(["order", "orders", "lines", "item_url", "quantity", "price", "x"])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(columns, cells, max_size=12))
def test_any_cells_make_a_row_or_problems_of_their_columns(row: dict[str, Cell]) -> None:
    found = read_row(7, row)
    if isinstance(found, FileRow):
        assert found.quantity >= 1
        assert found.order
    else:
        assert found
        assert all(problem.row == 7 and problem.column in HEADERS for problem in found)


@settings(max_examples=200, deadline=None)
@given(st.recursive(scalars, lambda c: st.lists(c, max_size=4) | st.dictionaries(keys, c, max_size=5)))
def test_any_json_is_read_or_refused(value: object) -> None:
    with contextlib.suppress(BadFile):
        parse(json.dumps(value).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(BadFile):
        parse(content)
