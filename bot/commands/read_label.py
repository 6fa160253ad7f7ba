"""`vykup read-label FILE…`: what the bot would read from these pictures, one JSON line a file."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from purchasing.errors import BadInput


def read_label(files: Sequence[Path]) -> bool:
    """Prints {"file", "found": [{"text", "kind", "carrier", "accepted", "how"}], "ms"} for each, and "error" with a
    code where a file can't be read; False when there was such a one. Needs no settings and no database."""
    readable = [_one(file) for file in files]
    return all(readable)


def _one(file: Path) -> bool:
    from labels.read import read_codes

    started = time.perf_counter()
    line: dict[str, object] = {"file": str(file), "found": []}
    try:
        line["found"] = [asdict(code) for code in read_codes(file.read_bytes(), lambda _number: False)]
    except BadInput as bad:
        line["error"] = bad.rule
    except OSError as error:
        line["error"] = type(error).__name__
    line["ms"] = round((time.perf_counter() - started) * 1000)
    typer.echo(json.dumps(line, ensure_ascii=False))
    return "error" not in line
