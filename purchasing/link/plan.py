"""The plan of a linking: all that a fresh process needs to go on with it."""

from dataclasses import replace

from pydantic import BaseModel

from purchasing.activities import Activity


class LinkPlan(BaseModel):
    """`numbers` of provider orders of one account, taken one after another; `at` counts those that are through.

    With `order_id` the lines of that customer's order are looked at, and what is doubtful is asked. Without one
    (nobody chose an order) all lines that could be bought are, and only what is certain is linked."""

    numbers: list[str]
    order_id: int | None = None
    at: int = 0

    @classmethod
    def of(cls, activity: Activity) -> "LinkPlan":
        return cls.model_validate_json(activity.plan)

    def on(self, activity: Activity) -> Activity:
        percent = 100 * self.at // max(1, len(self.numbers))
        return replace(activity, plan=self.model_dump_json(), percent=percent)

    @property
    def automatic(self) -> bool:
        return self.order_id is None

    @property
    def number(self) -> str | None:
        """The next one to look at."""
        return self.numbers[self.at] if self.at < len(self.numbers) else None
