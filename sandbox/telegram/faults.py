"""Faults that tests order for named calls; a fault that nobody ordered must never happen."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sandbox.telegram.model import Json

FaultName = Literal[
    "http_500", "http_502", "http_429", "drop_connection", "slow", "timeout_before", "timeout_after", "blocked",
    "bad_request", "bad_json", "duplicate_updates", "reorder_updates", "late_updates",
]  # fmt: skip
FAULT_NAMES: tuple[str, ...] = get_args(FaultName)
ANY_CALL = "*"


@dataclass
class Fault:
    """``times`` are left; ``seconds`` is how long slow, timeouts and late_updates take."""

    at: str
    fault: FaultName
    times: int = 1
    retry_after: int = 1
    seconds: float = 1.0
    chat_id: int | None = None


class Faults:
    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, entry: Json) -> None:
        """Raises ValueError with a sentence when the entry is no fault."""
        self._ordered.append(_parsed(entry))

    def clear(self) -> None:
        self._ordered.clear()

    def take(self, at: str, *names: FaultName, chat_id: int | None = None) -> Fault | None:
        """The first fault ordered for this call, counted as used."""
        fault = self.armed(at, *names, chat_id=chat_id)
        if fault is None:
            return None
        fault.times -= 1
        if fault.times <= 0:
            self._ordered.remove(fault)
        return fault

    def armed(self, at: str, *names: FaultName, chat_id: int | None = None) -> Fault | None:
        for fault in self._ordered:
            here = fault.at in (ANY_CALL, at.lower()) and fault.chat_id in (None, chat_id)
            if here and fault.fault in names:
                return fault
        return None

    def left(self) -> list[Json]:
        return [{"at": fault.at, "fault": fault.fault, "times": fault.times} for fault in self._ordered]


def _parsed(entry: dict[str, Any]) -> Fault:
    name = entry.get("fault")
    if name not in FAULT_NAMES:
        raise ValueError(f"unknown fault {name!r}; known: {', '.join(FAULT_NAMES)}")
    chat_id = entry.get("chat_id")
    return Fault(
        at=str(entry.get("at", ANY_CALL)).lower(),
        fault=name,
        times=int(entry.get("times", 1)),
        retry_after=int(entry.get("retry_after", 1)),
        seconds=float(entry.get("seconds", 1.0)),
        chat_id=None if chat_id is None else int(chat_id),
    )
