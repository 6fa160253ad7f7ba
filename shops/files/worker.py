"""Parses one file of a shop in a process of its own that can do little else: no files, no network, bounded time and
memory.

Protocol: the file's bytes on standard input, one JSON object on standard output: {"orders": OrderFile},
{"parcels": ParcelFile} or {"rule": code, "value": text} for a file that is refused as a whole."""

import codecs
import csv
import json
import resource
import sys

from pydantic import TypeAdapter

from purchasing.order_file import FileRow, OrderFile, RowProblem
from purchasing.parcel_file import ParcelFile, ParcelRow
from shops.files.delimited import read_delimited
from shops.files.objects import is_json, read_json
from shops.files.parcel_rows import read_parcel_row
from shops.files.rows import read_row
from shops.files.table import BadFile, Records
from shops.files.vocabulary import ORDERS, PARCELS, Vocabulary
from shops.files.workbook import is_workbook, read_workbook

CPU_SECONDS = 30
MEMORY = 512 * 1024 * 1024
ORDER_FILE: TypeAdapter[OrderFile | ParcelFile] = TypeAdapter(OrderFile)
PARCEL_FILE: TypeAdapter[OrderFile | ParcelFile] = TypeAdapter(ParcelFile)
ITEMS = {"item_url", "item_id"}
"""A file that names goods is an order file, a broken one perhaps."""
_ENCODINGS = ("cp1251", "gb18030", "utf_16", "utf_16_le", "utf_16_be", "utf_8_sig", "cp437", "ascii")


def read_records(content: bytes, kind: Vocabulary) -> Records:
    """Raises BadFile."""
    if is_workbook(content):
        return read_workbook(content, kind)
    return read_json(content, kind) if is_json(content) else read_delimited(content, kind)


def parse_any(content: bytes) -> OrderFile | ParcelFile:
    """Its headers tell what it is. Raises BadFile for a file that is neither."""
    try:
        return parse(content)
    except BadFile as refused:
        if refused.rule not in ("no_order_file", "columns_missing") or ITEMS & set(refused.named):
            raise
        try:
            return _parcels(read_records(content, PARCELS))
        except BadFile as neither:
            raise (refused if neither.rule in ("no_parcel_file", "columns_missing") else neither) from None


def parse(content: bytes) -> OrderFile:
    """Good rows and bad cells of an order file. Raises BadFile for a file that is none."""
    records = read_records(content, ORDERS)
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


def _parcels(records: Records) -> ParcelFile:
    found = [read_parcel_row(record.row, record.cells) for record in records.records]
    rows = tuple(row for row in found if isinstance(row, ParcelRow))
    problems = tuple(problem for row in found if isinstance(row, list) for problem in row)
    return ParcelFile(rows, problems, records.skipped_sheets)


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
        file = parse_any(content)
        kind, adapter = ("orders", ORDER_FILE) if isinstance(file, OrderFile) else ("parcels", PARCEL_FILE)
        sys.stdout.buffer.write(f'{{"{kind}": '.encode() + adapter.dump_json(file) + b"}")
    except BadFile as bad:
        sys.stdout.buffer.write(json.dumps({"rule": bad.rule, "value": bad.value}).encode())
    except MemoryError:
        sys.stdout.buffer.write(b'{"rule": "too_heavy", "value": ""}')


if __name__ == "__main__":
    main()
