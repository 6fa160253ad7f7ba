"""The example that everybody begins with must be read as the documentation says."""

from pathlib import Path

from purchasing.import_keys import consistent
from purchasing.words import ProviderName
from shops.files.worker import parse

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "orders.xlsx"


def test_the_example_file_is_read_but_for_its_one_bad_row() -> None:
    file = parse(EXAMPLE.read_bytes())
    good, contradictions = consistent(file.rows)
    assert len(good) >= 22
    assert contradictions == []
    assert [(p.column, p.rule, p.value) for p in file.refused] == [("quantity", "not_a_number", "две")]
    assert len({row.order for row in good}) >= 6
    assert {row.provider for row in good} == set(ProviderName)
    assert sum(row.tmall for row in good) == 1
