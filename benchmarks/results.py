"""What a benchmark found, as a table for people and as JSON. Never says on whose machine."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

import psutil

LATEST = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True)
class Result:
    """`name` is "<benchmark> <what>"; `peer` is what it is compared with, "" for nothing; `target` the greatest ratio
    that is fine, `limit` the greatest value."""

    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    target: float | None = None
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.peer_value, 2) if self.peer_value else None

    @property
    def missed(self) -> bool:
        too_slow = self.target is not None and self.ratio is not None and self.ratio > self.target
        return too_slow or (self.limit is not None and self.value > self.limit)

    @property
    def allowed(self) -> str:
        """In words, and whether it was kept to; "" where nothing is set."""
        limits = (
            f"{self.target:g}" if self.target else "",
            f"{self.limit:g} {self.unit}" if self.limit is not None else "",
        )
        most = " and ".join(filter(None, limits)).strip()
        return f"at most {most}{', MISSED' if self.missed else ''}" if most else ""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values don't exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * share) - 1)]


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {platform.machine()}"


def table(results: Sequence[Result]) -> str:
    rows = [("what", "Vykup", "peer", "", "ratio")]
    for one in results:
        peer = "" if one.peer_value is None else f"{one.peer_value:g} {one.unit}"
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        allowed = f"({one.allowed})" if one.allowed else ""
        rows.append((one.name, f"{one.value:g} {one.unit}", peer, one.peer, f"{ratio} {allowed}".strip()))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def save(results: Sequence[Result], path: Path = LATEST) -> None:
    """Replaces the results of the benchmarks that were run and keeps those of the others."""
    ran = {_benchmark(one.name) for one in results}
    kept = [one for one in _load(path) if _benchmark(str(one["name"])) not in ran]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = [_without_limits(asdict(one)) | {"ratio": one.ratio, "machine": machine(), "date": now} for one in results]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([*kept, *new], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _load(path: Path) -> list[dict[str, object]]:
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def _without_limits(one: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in one.items() if key not in ("target", "limit")}


def _benchmark(name: str) -> str:
    return name.partition(" ")[0]
