"""What the documents say of tests is true: each one that is named there exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`((?:[\w/]+\.py)?)(?:::(test_\w+))?`")


def named(document: str) -> Iterator[tuple[str, str]]:
    """File (below tests/) and function; `::test_…` alone belongs to the file named before it."""
    text = (ROOT / document).read_text(encoding="utf-8")
    file = ""
    for path, function in NAMED.findall(text):
        file = path.removeprefix("tests/") or file
        if function or (path and Path(path).name.startswith("test_")):
            yield file, function


@pytest.mark.parametrize("document", ["SECURITY.md", "docs/features.md", "docs/reliability.md"])
def test_every_test_that_is_named_exists(document: str) -> None:
    found = list(named(document))
    assert found
    for file, function in found:
        assert (ROOT / "tests" / file).is_file(), file
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert not function or f"def {function}(" in source, f"{file}::{function}"
