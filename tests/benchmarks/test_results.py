"""The benchmarks' table and file; no benchmark is run here."""

import json
from pathlib import Path

import pytest

from benchmarks.results import Result, percentile, save, table

FAST = Result("press p95", 12.5, "ms", "a peer", 10.0, 2.0)
SLOW = Result("press p50", 30.0, "ms", "a peer", 10.0, 2.0)
ALONE = Result("start", 1.5, "s")


def test_the_table_shows_what_was_measured_beside_what_and_what_was_missed() -> None:
    _head, fast, slow, alone = table([FAST, SLOW, ALONE]).splitlines()
    assert fast.split() == ["press", "p95", "12.5", "ms", "10", "ms", "a", "peer", "1.25", "(at", "most", "2)"]
    assert slow.endswith("3.00 (at most 2, MISSED)")
    assert alone.split() == ["start", "1.5", "s"]


def test_the_file_keeps_the_benchmarks_that_were_not_run(tmp_path: Path) -> None:
    path = tmp_path / "results" / "latest.json"
    save([FAST, ALONE], path)
    save([SLOW], path)
    alone, slow = json.loads(path.read_text(encoding="utf-8"))
    assert (alone["name"], alone["peer"], alone["peer_value"], alone["ratio"]) == ("start", "", None, None)
    assert (slow["name"], slow["value"], slow["unit"], slow["ratio"]) == ("press p50", 30.0, "ms", 3.0)
    assert slow.keys() == {"name", "value", "unit", "peer", "peer_value", "ratio", "machine", "date"}
    assert "cores" in slow["machine"]


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.95, 4), (0.25, 1), (0.0, 1)])
def test_percentiles(share: float, value: int) -> None:
    assert percentile([4, 2, 1, 3], share) == value
