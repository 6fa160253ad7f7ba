"""`python -m benchmarks [name]`: runs all benchmarks or one, prints a table and keeps the figures."""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

from benchmarks.results import Result, machine, save, table

Benchmark = Callable[[Path], Coroutine[None, None, list[Result]]]


def benchmarks() -> dict[str, Benchmark]:
    from benchmarks.labels import read_label
    from benchmarks.lists import lists
    from benchmarks.memory import memory
    from benchmarks.press import press
    from benchmarks.start import start

    return {one.__name__: one for one in (press, memory, start, lists, read_label)}


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
            results = asyncio.run(known[name](Path(directory)))
        print(f"\n{table(results)}", flush=True)
        save(results)
        missed = missed or any(one.missed for one in results)
    if missed:
        sys.exit("A target was missed.")


if __name__ == "__main__":
    main()
