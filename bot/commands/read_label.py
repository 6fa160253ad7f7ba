"""`vykup read-label FILE…`: what the bot would read from these pictures, one JSON line a file."""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from purchasing.errors import BadInput

if TYPE_CHECKING:
    from labels.reader import LabelReader

FIELDS = ("text", "kind", "carrier", "accepted", "how")


def read_label(files: Sequence[Path]) -> bool:
    """Prints {"file", "found": [{"text", "kind", "carrier", "accepted", "how"}], "ms"} for each, and "error" with a
    code where a file can't be read; False when there was such a one. Needs no settings and no database."""
    return asyncio.run(_all(files))


async def _all(files: Sequence[Path]) -> bool:
    import labels.read  # noqa: F401  # "ms" is for reading, not for loading what reads
    from labels.reader import LabelReader

    reader = LabelReader()
    try:
        readable = [await _one(reader, file) for file in files]
    finally:
        await reader.close()
    return all(readable)


async def _one(reader: "LabelReader", file: Path) -> bool:
    started = time.perf_counter()
    line: dict[str, object] = {"file": str(file), "found": []}
    try:
        codes = await reader.read(await asyncio.to_thread(file.read_bytes), lambda _number: False)
        line["found"] = [{name: getattr(code, name) for name in FIELDS} for code in codes]
    except BadInput as bad:
        line["error"] = bad.rule
    except OSError as error:
        line["error"] = type(error).__name__
    line["ms"] = round((time.perf_counter() - started) * 1000)
    typer.echo(json.dumps(line, ensure_ascii=False))
    return "error" not in line
