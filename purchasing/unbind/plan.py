"""The plan of an unbinding: all that a fresh process needs to go on with it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field

from purchasing.activities import Activity

State = Literal["look", "ask", "asked", "cancel", "refresh", "done"]


class Target(BaseModel):
    """One provider order and the lines whose ties to it are taken off.

    `kind` is the question that it waits for, `answers` what was said to it so far, by line; `tries` counts
    cancellations that the provider found too early."""

    order_id: int
    number: str
    line_ids: list[int]
    state: State = "look"
    kind: str = ""
    answers: dict[int, str] = Field(default_factory=dict)
    intent_id: int | None = None
    tries: int = 0

    def ask(self, kind: str) -> None:
        """A person must decide; asked together with all others of this kind."""
        self.state, self.kind, self.answers = "ask", kind, {}


class UnbindPlan(BaseModel):
    """`cancel`: whoever started it wants unpaid orders cancelled too, so that needs no question."""

    targets: list[Target]
    cancel: bool = False

    @classmethod
    def of(cls, activity: Activity) -> "UnbindPlan":
        return cls.model_validate_json(activity.plan)

    def on(self, activity: Activity) -> Activity:
        """The activity with this plan and the progress that it means."""
        done = sum(target.state == "done" for target in self.targets)
        return replace(activity, plan=self.model_dump_json(), percent=100 * done // max(1, len(self.targets)))

    def first(self, state: State) -> Target | None:
        return next(self.all(state), None)

    def all(self, state: State) -> Iterator[Target]:
        return (target for target in self.targets if target.state == state)

    def target(self, order_id: int) -> Target:
        return next(target for target in self.targets if target.order_id == order_id)

    def of_intent(self, intent_id: int) -> Target:
        return next(target for target in self.targets if target.intent_id == intent_id)

    @property
    def line_ids(self) -> set[int]:
        return {line_id for target in self.targets for line_id in target.line_ids}
