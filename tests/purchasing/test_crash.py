"""Crash points: each is named once in the code, explained in the docs, and does nothing outside a drill."""

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from purchasing import crash
from purchasing.crash import POINTS, STEPS, UNITS

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "purchasing", "providers", "shops", "scheduler", "storage")
A_STEP = re.compile(r'\bcrash_point\(\s*"([\w.]+)"')
NAMELESS = re.compile(r"\b(?:db|_db)\.write\(")
A_UNIT = re.compile(r'\bwrite\(\s*[\w.]+,\s*"([\w.]+)"')
HERE = "from purchasing import crash; crash.arm(__import__('os').environ); crash.crash_point({point!r}); print('alive')"


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    crash.arm({})


def named(pattern: re.Pattern[str]) -> Counter[str]:
    return Counter(name for file in files() for name in pattern.findall(file.read_text(encoding="utf-8")))


def reach(point: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    code = HERE.format(point=point)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def files() -> Iterator[Path]:
    """Of the product, without the module that writes for all others."""
    found = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return (file for file in found if file.relative_to(ROOT) != Path("purchasing/crash.py"))


def test_every_transaction_has_a_name() -> None:
    nameless = [str(file.relative_to(ROOT)) for file in files() if NAMELESS.search(file.read_text(encoding="utf-8"))]
    assert not nameless, (
        'A unit of work has a name, at which a drill may kill: write(db, "area.what", fn) of purchasing/crash.py '
        "instead of db.write(fn), and the name with its words in UNITS there."
    )


def test_every_point_stands_once_in_the_code() -> None:
    for table, pattern in ((STEPS, A_STEP), (UNITS, A_UNIT)):
        found = named(pattern)
        assert not found.keys() - table.keys(), "say in purchasing/crash.py what these are"
        assert not table.keys() - found.keys(), "take these out of purchasing/crash.py: no code reaches them"
        assert not [name for name, times in found.items() if times > 1], "a name is for one place"


def test_the_docs_tell_of_every_point_in_the_same_words() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = [f"| `{name}` | {what} |" for name, what in (*STEPS.items(), *UNITS.items())]
    assert not [row for row in rows if row not in text], "add these rows to the tables of docs/reliability.md"
    told = re.findall(r"^\| `([a-z_0-9]+\.[a-z_]+)` \|", text, re.MULTILINE)
    assert not [name for name in told if name not in STEPS | UNITS], "take these out of docs/reliability.md"


def test_a_point_kills_only_in_a_drill() -> None:
    point = "effect.gate.committed"
    drill = {"VYKUP_DRILL": "yes", "VYKUP_CRASH_AT": point}
    assert reach(point, drill).returncode == -signal.SIGKILL
    assert reach("effect.gate.written", drill).stdout == "alive\n"
    assert reach(point, {"VYKUP_CRASH_AT": point}).stdout == "alive\n"
    assert reach(point, {"VYKUP_DRILL": "yes"}).stdout == "alive\n"


def test_the_nth_time_counts_and_an_error_may_stand_for_the_death() -> None:
    crash.arm({"VYKUP_DRILL": "yes", "VYKUP_CRASH_AT": "sync.read:2:raise,inbox.offset:1:raise"})
    crash.crash_point("sync.read")
    with pytest.raises(crash.CrashRequested, match=r"sync\.read"):
        crash.crash_point("sync.read")
    crash.crash_point("sync.read")
    with pytest.raises(crash.CrashRequested):
        crash.crash_point("inbox.offset")


@pytest.mark.parametrize("named_point", ["nowhere", "sync.read:x", "sync.read:1:explode"])
def test_a_wrong_name_is_refused(named_point: str) -> None:
    with pytest.raises(ValueError, match="VYKUP_CRASH_AT"):
        crash.arm({"VYKUP_DRILL": "yes", "VYKUP_CRASH_AT": named_point})


def test_no_name_is_used_twice() -> None:
    assert len(set(POINTS)) == len(POINTS)
