"""What every part of the sandbox is started with. Never holds anything that changes while a part runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartOptions:
    """`latency_ms` is added to every page and call; all that is random follows from `seed` (times don't)."""

    latency_ms: int = 0
    seed: int = 1
