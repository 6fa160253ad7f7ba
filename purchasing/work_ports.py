"""What use cases ask of storage about work: the ledger, activities, questions, previews, schedules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from purchasing.activities import EVERYTHING, Activity, ActivityFilter, Question, Step
from purchasing.ledger import Intent, LineOutcome
from purchasing.previews import Preview, PreviewGroup, PreviewLine
from purchasing.words import (
    ActivityKind,
    IntentState,
)


class Ledger(Protocol):
    def prepare(self, draft: Intent, now: datetime) -> Intent:
        """`draft` has id 0. Raises Conflict when a line is in another live intent (a unique index says so)."""
        ...

    def get(self, intent_id: int) -> Intent | None: ...
    def of_activity(self, activity_id: int) -> list[Intent]: ...
    def live(self, account_id: int | None = None) -> list[Intent]: ...
    def take_over(self, intent_id: int) -> Intent:
        """Raises the fence, so that an older hand is refused at the gate."""
        ...

    def mark_sending(self, intent_id: int, fence: int, deadline: datetime, evidence: str, now: datetime) -> bool:
        """False when it isn't `prepared` with that fence any more."""
        ...

    def rearm(self, intent_id: int) -> Intent:
        """Makes an intent with an unknown outcome `prepared` again, fence raised: a person lets it be sent again."""
        ...

    def looked(self, intent_id: int) -> None:
        """Counts one more look for an intent whose outcome is not known."""
        ...

    def finish(
        self,
        intent_id: int,
        state: IntentState,
        outcomes: Mapping[int, LineOutcome],
        provider_orders: Sequence[str],
        evidence: str,
        now: datetime,
    ) -> None: ...
    def forget_evidence(self, ended_before: datetime) -> int:
        """Erases what was sent and seen (addresses, sums) of intents that ended before then; their outcomes stay."""
        ...

    def spent_since(self, account_id: int | None, since: datetime) -> tuple[int, int]:
        """(orders sent, fen sent) since then, for the limits."""
        ...


class Activities(Protocol):
    def add(self, draft: Activity, now: datetime) -> Activity:
        """`draft` has id 0; it comes back with its id and `created_at`."""
        ...

    def get(self, activity_id: int) -> Activity | None: ...
    def claim(self, owner: str, until: datetime, now: datetime) -> Activity | None:
        """Takes the next piece of work by priority and age and leases it and its account; None when nothing is due.
        Due: queued, `not_before` passed, no other live lease on its account. A lease that ran out counts as free."""
        ...

    def renew(self, activity_id: int, owner: str, until: datetime) -> bool: ...
    def release(self, activity_id: int, owner: str) -> None:
        """Gives the lease back; a running activity becomes queued again unless it was saved as something else."""
        ...

    def next_due(self, now: datetime) -> datetime | None:
        """When the next queued one may start (or a lease on it runs out)."""
        ...

    def save(self, activity: Activity) -> None:
        """Writes state, plan, counters, percent, attempts, not_before, title, failure and ended_at."""
        ...

    def page(
        self, which: str, offset: int, limit: int, where: ActivityFilter = EVERYTHING
    ) -> tuple[list[Activity], int]:
        """`which`: running (queued too), waiting, past. Newest first. Lookups are not listed,
        nor are syncs that nobody started and that went well."""
        ...

    def unfinished(self, kind: ActivityKind, account_id: int | None) -> list[Activity]: ...
    def newest(self, kind: ActivityKind, account_id: int) -> Activity | None:
        """The one started last, over or not."""
        ...

    def add_step(self, step: Step) -> None: ...
    def steps(self, activity_id: int, level: str = "", limit: int = 200) -> list[Step]: ...
    def purge(self, ended_before: datetime, keep: int, limit: int) -> int:
        """Removes old ended ones, at most `limit`; the newest `keep` and those with open questions or intents stay."""
        ...


class Questions(Protocol):
    def ask(
        self,
        activity_id: int,
        kind: str,
        answers: Sequence[str],
        params: Mapping[str, str],
        line_ids: Sequence[int],
        now: datetime,
    ) -> Question: ...
    def get(self, question_id: int) -> Question | None: ...
    def of_activity(self, activity_id: int) -> list[Question]: ...
    def open(self) -> list[Question]: ...
    def answer(self, question_id: int, answer: str, by: int, now: datetime) -> bool:
        """The first answer wins: False when it was answered or withdrawn before."""
        ...

    def add_lines(self, question_id: int, line_ids: Sequence[int]) -> None:
        """More lines for an open question: questions of one kind in one activity stay one card."""
        ...

    def answer_line(self, question_id: int, line_id: int, answer: str) -> bool: ...
    def withdraw(self, activity_id: int, now: datetime) -> list[int]:
        """The ids of those that were open until now."""
        ...


class Previews(Protocol):
    def add(self, person_id: int, lines: Sequence[PreviewLine], now: datetime) -> Preview: ...
    def get(self, preview_id: int) -> Preview | None: ...
    def attach(self, preview_id: int, activity_id: int) -> None: ...
    def save_lines(self, preview_id: int, lines: Sequence[PreviewLine]) -> None: ...
    def save_groups(self, preview_id: int, account_id: int, groups: Sequence[PreviewGroup]) -> None:
        """Replaces the account's groups."""
        ...

    def confirm(self, preview_id: int, now: datetime) -> bool:
        """False when it was confirmed or dropped before."""
        ...

    def drop(self, preview_id: int, now: datetime) -> bool: ...
    def open_since(self, before: datetime, limit: int) -> list[int]:
        """Those made before then that were neither confirmed nor dropped, oldest first."""
        ...


@dataclass(frozen=True)
class Schedule:
    """Something that recurs: `action` and `subject` (e.g. sync, account id), every `every_seconds`."""

    id: int
    action: str
    subject: str
    every_seconds: int
    next_due_at: datetime
    enabled: bool = True


class Schedules(Protocol):
    def ensure(self, action: str, subject: str, every_seconds: int, first_due: datetime, enabled: bool) -> Schedule:
        """Adds it, or changes interval and switch of the one there (its next due time stays)."""
        ...

    def all(self) -> list[Schedule]: ...
    def due(self, now: datetime) -> list[Schedule]: ...
    def take_slot(self, schedule_id: int, slot: str, next_due: datetime, now: datetime) -> bool:
        """False when that slot was taken before (by whomever); otherwise moves the schedule on."""
        ...
