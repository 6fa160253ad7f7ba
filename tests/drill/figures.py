"""What a drill counts. Promises are the counters that must stay zero; every breach of one also has a sentence."""

import os
import sys
from collections import Counter
from dataclasses import dataclass, field

SLOW = float(os.environ.get("DRILL_SLOW", "1"))
"""By how much longer everything is waited for, on a machine that is busy with other things."""

COUNTED = ("kills", "intents", "updates", "notifications", "faults")
PROMISES = (
    "duplicate_orders",
    "lost_lines",
    "stuck_activities",
    "updates_lost",
    "updates_applied_twice",
    "notifications_lost",
    "intruder_effects",
    "secrets_leaked",
    "paid_by_the_bot",
    "points_not_reached",
    "other_breaches",
)


@dataclass
class Figures:
    """`nemeses` counts what was done to the bot by name; `points` are the crash points at which a life ended."""

    counts: Counter[str] = field(default_factory=Counter)
    nemeses: Counter[str] = field(default_factory=Counter)
    points: set[str] = field(default_factory=set)
    breaches: list[str] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)

    def breach(self, promise: str, sentence: str, count: int = 1) -> None:
        assert promise in PROMISES
        self.counts[promise] += count
        self.breaches.append(f"{promise}: {sentence}")
        say(f"BREACH {promise}: {sentence}")

    def fault(self, name: str, times: int = 1) -> None:
        self.counts["faults"] += times
        self.nemeses[name] += times

    def line(self, seed: int, seconds: float) -> dict[str, object]:
        """The contract's JSON object, and a little more."""
        numbers = {name: self.counts[name] for name in (*COUNTED, *PROMISES)}
        return numbers | {
            "fault_kinds": len(self.nemeses),
            "crash_points": len(self.points),
            "endings": dict(self.endings),
            "seconds": round(seconds),
            "seed": seed,
        }

    @property
    def held(self) -> bool:
        return not self.breaches


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
