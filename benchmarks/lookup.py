"""Whose goods are these: what a person types is looked up among a million waybills, beside one bare statement that
fetches the same rows through the same driver and the same threads. The database is SQLite on disk, read before."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import bots
from benchmarks.results import Result, percentile
from purchasing.find_goods import find
from purchasing.recognise import recognise
from storage.engine import SqlDatabase, open_database
from storage.migrate import upgrade
from storage.repositories.words import search_text
from storage.vault import Vault

MANY, FEW = 1_000_000, 20_000
TIMES = 200
LINES_OF_ORDER = 5
NOW = "2026-01-01 00:00:00.000000"

_RUSSIAN = ("чашка", "крышка", "кружка", "термос", "рюкзак", "сумка", "футболка", "носки", "куртка", "лампа", "мяч")
_CHINESE = ("保温杯", "双肩包", "男士", "女士", "运动鞋", "台灯", "地垫", "镜子", "收纳盒", "手机壳", "儿童", "夏季")

_GOODS = """SELECT l.*, o.number, o.customer FROM order_line l JOIN customer_order o ON o.id = l.order_id"""
_WAYBILL = """SELECT w.*, p.*, q.*, b.*, l.*, o.number, o.customer FROM waybill w
    JOIN provider_order p ON p.id = w.provider_order_id JOIN provider_line q ON q.provider_order_id = p.id
    JOIN binding b ON b.provider_line_id = q.id JOIN order_line l ON l.id = b.line_id
    JOIN customer_order o ON o.id = l.order_id WHERE w."""
_WORDS = f"""{_GOODS} WHERE l.id IN (SELECT rowid FROM order_line_words WHERE search MATCH ?)
    ORDER BY l.order_id, l.id LIMIT 50"""  # noqa: S608 - a constant


async def lookup(directory: Path, *, whole: bool = True) -> list[Result]:
    count = MANY if whole else FEW
    await asyncio.to_thread(_fill, directory / "vykup.db", count)
    db = await open_database(bots.database(directory), Vault([bots.KEY]))
    dice = random.Random(1)  # noqa: S311 - no secrets
    wanted = [dice.randrange(count) for _ in range(TIMES)]
    results = [await _compared(db, name, texts, bare) for name, texts, bare in _questions(wanted)]
    await db.close()
    return [_of(one, count) for one in results]


def _questions(wanted: Sequence[int]) -> Iterator[tuple[str, list[str], Callable[[str], tuple[str, tuple[str, ...]]]]]:
    """What is asked, as people type it, and the bare statement for each text."""
    yield "full number", [_number(n) for n in wanted], lambda text: (f"{_WAYBILL}plain_number = ?", (text,))
    yield (
        "last digits",
        [_number(n)[-8:] for n in wanted],
        lambda text: (
            f"{_WAYBILL}reversed BETWEEN ? AND ?",
            (text[::-1], f"{text[::-1]}Z"),
        ),
    )
    yield "part of a Russian title", [_russian(n)[3:-1] for n in wanted], lambda text: (_WORDS, (f'"{text}"',))
    yield "part of a Chinese title", [_chinese(n)[1:-1] for n in wanted], lambda text: (_WORDS, (f'"{text}"',))


async def _compared(
    db: SqlDatabase, name: str, texts: list[str], bare: Callable[[str], tuple[str, tuple[str, ...]]]
) -> Result:
    """In turns, so that a busy machine hits both alike; each text once before, so that both find it in memory."""
    ours: list[float] = []
    theirs: list[float] = []
    for text in texts:
        statement = bare(text)

        async def asked(text: str = text) -> int:
            return len(await db.read(lambda store: find(store, recognise(text))))

        async def plain(statement: tuple[str, tuple[str, ...]] = statement) -> int:
            return await db.inspect(lambda connection: len(connection.exec_driver_sql(*statement).fetchall()))

        for once, kept in ((asked, None), (plain, None), (asked, ours), (plain, theirs)):
            took = await _milliseconds(once)
            if kept is not None:
                kept.append(took)
    values = (round(percentile(one, 0.95), 2) for one in (ours, theirs))
    return Result(f"lookup {name}, p95", next(values), "ms", "one bare statement", next(values), 2)


async def _milliseconds(ask: Callable[[], Awaitable[int]]) -> float:
    began = time.perf_counter()
    if not await ask():
        raise RuntimeError("the benchmark's own goods aren't found")
    return (time.perf_counter() - began) * 1000


def _of(result: Result, count: int) -> Result:
    return Result(f"{result.name} of {count:,}", result.value, "ms", result.peer, result.peer_value, result.target)


def _number(n: int) -> str:
    return f"YT{8_000_000_000_000 + n * 7_919}"


def _russian(n: int) -> str:
    words = [_RUSSIAN[n // len(_RUSSIAN) ** at % len(_RUSSIAN)] for at in range(3)]
    return f"{' '.join(words)} модель {n}"


def _chinese(n: int) -> str:
    words = [_CHINESE[n // len(_CHINESE) ** at % len(_CHINESE)] for at in range(3)]
    return "".join(words) + "".join(chr(0x4E00 + n // 900**at % 900) for at in range(3)) + "款"


def _fill(path: Path, count: int) -> None:
    """A waybill, a provider order, one line of it and one of ours, tied together, so many times over."""
    path.parent.mkdir(exist_ok=True)
    upgrade(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        account = (
            "INSERT INTO account (id, provider, nick, session, created_at) VALUES (1, 'taobao', 'nick', 'active', ?)"
        )
        connection.execute(account, (NOW,))
        for table, columns, row in _TABLES:
            names = columns.split()
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
            step = LINES_OF_ORDER if table == "customer_order" else 1
            connection.executemany(statement, (row(n) for n in range(0, count, step)))
        connection.execute(
            "INSERT INTO order_line_words (rowid, search) SELECT id, search || char(10, 10) FROM order_line"
        )
        connection.execute(
            "INSERT INTO customer_order_words (rowid, search) SELECT id, search || char(10, 10) FROM customer_order"
        )
        connection.execute("ANALYZE")


Row = tuple[object, ...]


def _order(n: int) -> Row:
    return n // LINES_OF_ORDER + 1, f"A-{n}", "files", f"Клиент {n}", NOW, search_text(f"A-{n}", f"Клиент {n}")


def _line(n: int) -> Row:
    title, item_id = f"{_russian(n)} {_chinese(n)}", str(600_000_000_000 + n)
    order_id, search = n // LINES_OF_ORDER + 1, search_text(title, item_id, "red")
    return n + 1, order_id, str(n), "taobao", item_id, "red", title, 2, "12.5", "shipped", search


_TABLES: tuple[tuple[str, str, Callable[[int], Row]], ...] = (
    ("customer_order", "id number shop customer created_at search", _order),
    ("order_line", "id order_id key provider item_id sku title quantity price status search", _line),
    (
        "provider_order",
        "id account_id provider number raw_status stage first_seen_at seen_at",
        lambda n: (n + 1, 1, "taobao", str(5_000_000_000_000_000_000 + n), "SHIPPED", "shipped", NOW, NOW),
    ),
    (
        "provider_line",
        "id provider_order_id sub_number item_id quantity unit_price",
        lambda n: (n + 1, n + 1, str(n), str(600_000_000_000 + n), 2, "12.5"),
    ),
    (
        "waybill",
        "id provider_order_id number plain_number reversed carrier carrier_name first_seen_at",
        lambda n: (n + 1, n + 1, _number(n), _number(n), _number(n)[::-1], "YTO", "圆通速递", NOW),
    ),
    ("binding", "id line_id provider_line_id quantity received bound_at", lambda n: (n + 1, n + 1, n + 1, 2, 0, NOW)),
)
