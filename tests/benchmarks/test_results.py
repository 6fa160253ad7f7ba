"""The benchmarks' table and file; no benchmark is run here."""

import json
from pathlib import Path

import pytest

from benchmarks.readme import README, figures, filled
from benchmarks.results import Result, percentile, save, table

FAST = Result("press p95", 12.5, "ms", "a peer", 10.0, 2.0)
SLOW = Result("press p50", 30.0, "ms", "a peer", 10.0, 2.0)
ALONE = Result("start", 1.5, "s")


def test_the_table_shows_what_was_measured_beside_what_and_what_was_missed() -> None:
    _head, fast, slow, alone = table([FAST, SLOW, ALONE]).splitlines()
    assert fast.split() == ["press", "p95", "12.5", "ms", "10", "ms", "a", "peer", "1.25", "(at", "most", "2)"]
    assert slow.endswith("3.00 (at most 2, MISSED)")
    assert alone.split() == ["start", "1.5", "s"]


def test_a_value_above_its_limit_is_a_miss_whatever_the_peer_does() -> None:
    wrong = Result("labels wrong answers", 1, "", "a peer", 7, limit=0)
    assert wrong.missed
    assert table([wrong]).endswith("(at most 0, MISSED)")
    assert not Result("labels mean", 79.5, "ms", limit=80).missed


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


def test_the_readme_has_a_place_for_the_figures(tmp_path: Path) -> None:
    path = tmp_path / "latest.json"
    save(
        [FAST, ALONE, Result("labels not found, dark", 0, "%"), Result("labels not found, 2,000 photos", 0.1, "%")],
        path,
    )
    table_ = figures(json.loads(path.read_text(encoding="utf-8")))
    assert "| press p95 | 12.5 ms | 10 ms | a peer |" in table_
    assert "2,000 photos" in table_
    assert "dark" not in table_
    text = filled(README.read_text(encoding="utf-8"), table_)
    assert filled(text, table_) == text
    assert "| start | 1.5 s | | |" in text
