"""What an import remembers between its pieces."""

from dataclasses import replace

from pydantic import BaseModel, Field

from purchasing.activities import Activity
from purchasing.import_result import ImportResult
from purchasing.shops import FILES, Pushed


class ImportPlan(BaseModel):
    """`blob` is the file once read (sealed: it holds passports), `next` the row to go on with. `result` grows with
    every part; `rule` and `value` say why the whole file was refused.

    `sent` is the blob of what a shop pushed, instead of a file at Telegram; it must be of `wanted`'s kind then, and is
    about orders of `shop`. `kind` is what the file turned out to be, `read` how many rows it has, bad ones too."""

    file_id: str
    name: str
    chat: int = 0
    sent: int | None = None
    wanted: Pushed | None = None
    shop: str = FILES
    kind: Pushed = Pushed.ORDERS
    read: int = 0
    blob: int | None = None
    next: int = 0
    rows: int = 0
    skipped_sheets: tuple[str, ...] = ()
    result: ImportResult = Field(default_factory=ImportResult)
    rule: str = ""
    value: str = ""

    @property
    def taken_in(self) -> bool:
        return 0 < self.rows <= self.next

    @classmethod
    def of(cls, activity: Activity) -> "ImportPlan":
        return cls.model_validate_json(activity.plan)

    def on(self, activity: Activity) -> Activity:
        """The activity with this plan and the progress that it means."""
        return replace(
            activity,
            plan=self.model_dump_json(),
            percent=100 * self.next // self.rows if self.rows else activity.percent,
            lines_found=self.next,
            errors=len({problem.row for problem in self.result.refused}),
        )
