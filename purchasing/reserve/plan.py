"""The plan of a reservation: all that a fresh process needs to go on with it."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from purchasing.activities import Activity

Phase = Literal["quote", "price", "confirm", "place"]


class PlannedCheckout(BaseModel):
    """One future provider order; `total` and `freight` in fen as shown to the person who consented. `recipient` is the
    name that it goes to on Taobao; with `new_address` the account's address book must get that entry first, by the
    intent `address_id`."""

    number: int
    seller: str = ""
    seller_id: str = ""
    line_ids: list[int]
    priced: bool = False
    total: int = 0
    freight: int = 0
    recipient: str = ""
    new_address: bool = False
    address_id: int | None = None
    intent_id: int | None = None
    done: bool = False


class ReservePlan(BaseModel):
    """`accepted`: unit prices that a person agreed to, by line. `resend`: intents that a person lets be sent again;
    `found`: provider order numbers by intent, where a person said which it is. `not_before`: until then it can be taken
    back, and as long as it stands there nothing may be sent. `settings`: those that it began with, by key."""

    preview_id: int
    line_ids: list[int]
    phase: Phase = "quote"
    checkouts: list[PlannedCheckout] = Field(default_factory=list)
    accepted: dict[int, Decimal] = Field(default_factory=dict)
    quoted: list[int] = Field(default_factory=list)
    resend: list[int] = Field(default_factory=list)
    found: dict[int, str] = Field(default_factory=dict)
    stopped: bool = False
    not_before: datetime | None = None
    settings: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def of(cls, activity: Activity) -> "ReservePlan":
        return cls.model_validate_json(activity.plan)

    def on(self, activity: Activity) -> Activity:
        """The activity with this plan and the progress that it means."""
        work = len(self.checkouts)
        percent = 100 * sum(c.done for c in self.checkouts) // work if work and self.phase == "place" else 0
        return replace(activity, plan=self.model_dump_json(), percent=percent, lines_found=len(self.line_ids))

    def checkout(self, number: int) -> PlannedCheckout:
        return next(c for c in self.checkouts if c.number == number)

    def unquoted(self) -> list[int]:
        return [line_id for line_id in self.line_ids if line_id not in self.quoted]

    def unpriced(self) -> PlannedCheckout | None:
        return next((c for c in self.checkouts if not c.priced and not c.done), None)

    def next_checkout(self) -> PlannedCheckout | None:
        return None if self.stopped else next((c for c in self.checkouts if not c.done), None)

    def take_out(self, line_ids: list[int]) -> None:
        """Lines that this reservation no longer places."""
        for checkout in self.checkouts:
            checkout.line_ids = [i for i in checkout.line_ids if i not in line_ids]
            checkout.done = checkout.done or not checkout.line_ids

    def close(self, intent_id: int) -> None:
        """The intent has its outcome: its checkout is done."""
        for checkout in self.checkouts:
            checkout.done = checkout.done or checkout.intent_id == intent_id
