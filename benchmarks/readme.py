"""`python -m benchmarks.readme`: writes the newest figures of `make bench` into the README, with machine and date."""

import json
from pathlib import Path
from typing import Any

from benchmarks.results import LATEST

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
DETAIL = "labels not found, "
"""How names of results begin that are too many for a README, unless a number of photos follows."""


def figures(results: list[dict[str, Any]]) -> str:
    """A table of Markdown, and below it where and when it was measured."""
    rows = [_row(one) for one in results if not _is_detail(one["name"])]
    dates = sorted({one["date"][:10] for one in results})
    when = f"on {dates[0]}" if len(dates) == 1 else f"from {dates[0]} to {dates[-1]}"
    machines = " and ".join(sorted({one["machine"] for one in results}))
    head = ["| what | Vykup | beside | |", "|---|--:|--:|---|"]
    return "\n".join([*head, *rows, "", f"Measured by `make bench` {when}: {machines}."])


def filled(text: str, table: str) -> str:
    """The README with the table between its marks. Raises ValueError where there are none."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _is_detail(name: str) -> bool:
    return name.startswith(DETAIL) and not name[len(DETAIL)].isdigit()


def _row(one: dict[str, Any]) -> str:
    beside = "" if one["peer_value"] is None else f"{one['peer_value']:g} {one['unit']}"
    return f"| {one['name']} | {one['value']:g} {one['unit']} | {beside} | {one['peer']} |".replace("  ", " ")


def main() -> None:
    results = json.loads(LATEST.read_text(encoding="utf-8"))
    README.write_text(filled(README.read_text(encoding="utf-8"), figures(results)), encoding="utf-8")


if __name__ == "__main__":
    main()
