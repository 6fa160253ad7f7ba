"""The plan of a check's questions: one activity for each provider order that differs from what was agreed to."""

from pydantic import BaseModel, Field

from purchasing.activities import Activity
from purchasing.ports import Store
from purchasing.provider_orders import ProviderOrder
from purchasing.words import ActivityKind


class CheckPlan(BaseModel):
    """`details`: what is shown beside each line, by the question's kind."""

    order_id: int
    number: str
    details: dict[str, dict[int, str]] = Field(default_factory=dict)

    @classmethod
    def of(cls, activity: Activity) -> "CheckPlan":
        return cls.model_validate_json(activity.plan)


def check_of(store: Store, order: ProviderOrder) -> Activity | None:
    """The unfinished one of this provider order."""
    unfinished = store.activities.unfinished(ActivityKind.REPRICE, order.account_id)
    return next((activity for activity in unfinished if CheckPlan.of(activity).order_id == order.id), None)
