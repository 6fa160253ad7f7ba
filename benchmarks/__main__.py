"""`python -m benchmarks [name]`: runs all benchmarks or one, prints a table and keeps the figures.

Named ones are run on their whole; when all are run, those that take long do with a part."""

import asyncio
import inspect
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

from benchmarks.results import Result, machine, save, table

Benchmark = Callable[..., Coroutine[None, None, list[Result]]]


def benchmarks() -> dict[str, Benchmark]:
    from benchmarks.labels import labels
    from benchmarks.lists import lists
    from benchmarks.lookup import lookup
    from benchmarks.memory import memory
    from benchmarks.press import press
    from benchmarks.receiving import receiving
    from benchmarks.start import start

    return {one.__name__: one for one in (press, memory, start, lists, labels, lookup, receiving)}


def main() -> None:
    known = benchmarks()
    names = sys.argv[1:] or list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; known: {', '.join(known)}")
    print(machine(), flush=True)
    missed = False
    for name in names:
        with tempfile.TemporaryDirectory(prefix="vykup-bench-") as directory:
            results = asyncio.run(_run(known[name], Path(directory), whole=name in sys.argv))
        print(f"\n{table(results)}", flush=True)
        save(results)
        missed = missed or any(one.missed for one in results)
    if missed:
        sys.exit("A target was missed.")


async def _run(benchmark: Benchmark, directory: Path, *, whole: bool) -> list[Result]:
    sized = "whole" in inspect.signature(benchmark).parameters
    return await (benchmark(directory, whole=whole) if sized else benchmark(directory))


if __name__ == "__main__":
    main()
