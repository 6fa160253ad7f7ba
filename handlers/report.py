"""Purchase cost against the orders' price: by order, person and month, as a list, a chart and a table to take away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import Router

from bot.screens import Button, Row, Screen, back_row, pages, screen
from bot.texts import Html, Reader, bold, esc, lazy_text, lines
from handlers.exports import Export
from purchasing.cards import Address
from purchasing.money import yuan
from purchasing.people import Person, Right, check, has
from purchasing.ports import Store
from purchasing.report import BY, Sums, report, together

router = Router(name="report")

PAGE = 8
BARS = 12
"""Groups that one chart shows: the newest, or the greatest."""
NAMES: Mapping[str, str] = {
    "order": lazy_text("by order"),
    "person": lazy_text("by person"),
    "month": lazy_text("by month"),
}


@dataclass(frozen=True)
class Report:
    """`profits`: the viewer may see what is earned."""

    by: str
    rows: list[Sums]
    page: int
    profits: bool


def load_report(store: Store, address: Address, viewer: Person, _now: datetime) -> Report:
    check(viewer, Right.SEE)
    by = address.args[0] if address.args and address.args[0] in BY else "month"
    page = int(address.args[1]) if len(address.args) > 1 else 0
    return Report(by, report(store, by, viewer.zone), page, has(viewer, Right.MANAGE))


@screen("report", load=load_report)
def report_screen(state: Report, reader: Reader) -> Screen:
    return Screen(lines(*_text(state, reader)), tuple(_rows(state, reader)))


def _text(state: Report, reader: Reader) -> Iterator[object]:
    yield bold(reader.text("Cost against the orders' price"))
    if not state.rows:
        yield reader.text("Nothing is bought yet: what lines really cost is learnt from placed and paid orders.")
        return
    whole = together(state.rows)
    yield from _sums(reader.text("All together"), whole, state.profits, reader)
    if whole.unknown:
        yield reader.plural(
            "{n} bought line whose cost isn't known is in no sum",
            "{n} bought lines whose cost isn't known are in no sum",
            whole.unknown,
        )
    yield ""
    for row in state.rows[state.page * PAGE : (state.page + 1) * PAGE]:
        yield from _sums(row.label, row, state.profits, reader)


def _sums(label: str, row: Sums, profits: bool, reader: Reader) -> Iterator[Html]:
    sign = "🟢" if row.saved >= 0 else "🔴"
    yield Html(f"{sign} {bold(esc(label))} · {reader.plural('{n} line', '{n} lines', row.lines)}")
    cost = reader.text(
        "orders {ordered}, cost {cost}, left {left}",
        ordered=reader.yuan(row.ordered),
        cost=reader.yuan(row.cost),
        left=reader.yuan(row.saved),
    )
    yield Html(f"   {cost}")
    if profits and row.profit is not None:
        earned = reader.text(
            "customers pay {income}, profit {profit}, margin {margin} %",
            income=reader.yuan(row.income),
            profit=reader.yuan(row.profit),
            margin=reader.number(row.margin) if row.margin is not None else "—",
        )
        yield Html(f"   {earned}")


def _rows(state: Report, reader: Reader) -> Iterator[Row]:
    yield tuple(
        Button(reader.text(NAMES[by]), Address.of("report", by), "primary" if by == state.by else None) for by in BY
    )
    if state.rows:
        kind = "profit" if state.profits else "cost"
        chart = Button(reader.text("📊 Chart"), Address.of("report_chart", state.by))
        yield chart, Button(reader.text("As a table"), Export(what=f"{kind}_{state.by}"))
    yield from pages(reader, lambda n: Address.of("report", state.by, n), state.page, len(state.rows), PAGE)
    yield back_row(reader, Address.of("exports"))


@screen("report_chart", load=load_report, heavy=True)
def chart_screen(state: Report, reader: Reader) -> Screen:
    from handlers.bar_chart import Bars, bar_chart  # what draws is loaded with the first chart

    back = back_row(reader, Address.of("report", state.by))
    title = reader.text("Cost against the orders' price, ¥, {by}", by=reader.text(NAMES[state.by]))
    if not state.rows:
        return Screen(title, (back,))
    shown = state.rows[:BARS]
    if state.by != "person":
        shown = shown[::-1]  # time goes to the right
    series = [
        (str(reader.text("orders' price")), [float(yuan(row.ordered)) for row in shown]),
        (str(reader.text("cost")), [float(yuan(row.cost)) for row in shown]),
    ]
    picture = bar_chart(Bars(title, [row.label for row in shown], series))
    return Screen(title, (back,), photo=picture)
