"""What came of taking rows in: counts, and what a person has to know or decide."""

from dataclasses import dataclass, field, fields

from purchasing.order_file import RowProblem
from purchasing.orders import LineData


@dataclass(frozen=True)
class Difference:
    column: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class AskedLine:
    """A line that is being bought or was, or that staff have changed, of which the file says something else.
    `proposed` is the file's version; `told` what its row says in these columns (`OrderLine.told`)."""

    line_id: int
    row: int
    differences: tuple[Difference, ...]
    proposed: LineData
    told: tuple[tuple[str, str], ...] = ()


@dataclass
class ImportResult:
    """How many rows became lines, changed one, changed nothing; and what a person has to know or decide.

    `notes` are about rows that were taken (an unknown status word), `refused` about rows that were not. `matched` are
    the lines that rows were found to be about."""

    taken: int = 0
    unchanged: int = 0
    updated: int = 0
    asked: list[AskedLine] = field(default_factory=list)
    refused: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)
    matched: list[int] = field(default_factory=list)

    def __iadd__(self, other: "ImportResult") -> "ImportResult":
        for name in (f.name for f in fields(self)):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self
