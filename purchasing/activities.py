"""Background work that staff can watch, its steps, and the questions that it asks."""

from dataclasses import dataclass
from datetime import datetime

from purchasing.words import ActivityKind, ActivityState, Priority, ProviderName, QuestionState


@dataclass(frozen=True)
class Activity:
    """`plan` is the kind's own JSON: all that is needed to go on after a kill. `percent` 0-100."""

    id: int
    kind: ActivityKind
    state: ActivityState
    plan: str
    priority: Priority
    account_id: int | None = None
    provider: ProviderName | None = None
    started_by: int | None = None
    title: str = ""
    lines_found: int = 0
    orders_found: int = 0
    errors: int = 0
    percent: int = 0
    attempts: int = 0
    not_before: datetime | None = None
    created_at: datetime | None = None
    ended_at: datetime | None = None
    failure: str = ""
    """Code of why it failed, "" otherwise."""

    @property
    def over(self) -> bool:
        return self.state in (ActivityState.DONE, ActivityState.FAILED, ActivityState.CANCELLED)

    @property
    def put_off(self) -> bool:
        """It met a trouble and waits for its next try."""
        return self.state is ActivityState.QUEUED and bool(self.attempts) and self.not_before is not None


@dataclass(frozen=True)
class ActivityFilter:
    """Empty fields don't filter."""

    kind: ActivityKind | None = None
    account_id: int | None = None
    started_by: int | None = None
    errors: bool = False
    """Only those that met errors or failed."""


EVERYTHING = ActivityFilter()


@dataclass(frozen=True)
class Step:
    """`level` is ok, info or error; `code` and `params` are turned into words in the reader's language."""

    activity_id: int
    at: datetime
    level: str
    code: str
    params: tuple[tuple[str, str], ...] = ()
    line_id: int | None = None


@dataclass(frozen=True)
class Question:
    """`kind` names the text and the answers offered (`answers`: codes in the order of the buttons).

    `one_by_one` gives per-line answers; `answer` is the one for all lines that have none of their own."""

    id: int
    activity_id: int
    kind: str
    answers: tuple[str, ...]
    params: tuple[tuple[str, str], ...] = ()
    line_ids: tuple[int, ...] = ()
    state: QuestionState = QuestionState.OPEN
    answer: str = ""
    line_answers: tuple[tuple[int, str], ...] = ()
    asked_at: datetime | None = None
    answered_by: int | None = None
    answered_at: datetime | None = None
