"""Parses one order file in a process of its own that can do little else: no files, no network, bounded time and memory.

Protocol: the file's bytes on standard input, one JSON object on standard output: {"file": OrderFile} or
{"rule": code, "value": text} for a file that is refused as a whole."""

import codecs
import csv
import json
import resource
import sys

from pydantic import TypeAdapter

from purchasing.order_file import FileRow, OrderFile, RowProblem
from shops.files.delimited import read_delimited
from shops.files.objects import is_json, read_json
from shops.files.rows import read_row
from shops.files.table import BadFile, Records
from shops.files.workbook import is_workbook, read_workbook

CPU_SECONDS = 30
MEMORY = 512 * 1024 * 1024
FILE = TypeAdapter(OrderFile)
_ENCODINGS = ("cp1251", "gb18030", "utf_16", "utf_16_le", "utf_16_be", "utf_8_sig", "cp437", "ascii")


def read_records(content: bytes) -> Records:
    """Raises BadFile."""
    if is_workbook(content):
        return read_workbook(content)
    return read_json(content) if is_json(content) else read_delimited(content)


def parse(content: bytes) -> OrderFile:
    """Good rows and bad cells. Raises BadFile for a file that is none."""
    records = read_records(content)
    rows: list[FileRow] = []
    problems: list[RowProblem] = []
    lines: set[tuple[str, str]] = set()
    for record in records.records:
        found = read_row(record.row, record.cells)
        if isinstance(found, list):
            problems += found
        elif found.line and (found.order, found.line) in lines:
            problems.append(RowProblem(found.row, "line", "duplicate", found.line))
        else:
            lines.add((found.order, found.line))
            rows.append(found)
    return OrderFile(tuple(rows), tuple(problems), records.skipped_sheets)


def _restrict() -> None:
    for name in _ENCODINGS:
        codecs.lookup(name)  # loaded while modules can still be
    csv.field_size_limit(100_000)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # nothing more can be opened: neither file nor socket


def main() -> None:
    content = sys.stdin.buffer.read()
    _restrict()
    try:
        answer = FILE.dump_json(parse(content))
        sys.stdout.buffer.write(b'{"file": ' + answer + b"}")
    except BadFile as bad:
        sys.stdout.buffer.write(json.dumps({"rule": bad.rule, "value": bad.value}).encode())
    except MemoryError:
        sys.stdout.buffer.write(b'{"rule": "too_heavy", "value": ""}')


if __name__ == "__main__":
    main()
