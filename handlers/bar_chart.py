"""A chart of bars as a PNG picture. It takes tenths of a second: only screens rendered in a thread may draw one."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from reportlab.graphics import renderPDF
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor

from handlers.packing_list import fonts

WIDTH, HEIGHT = 900, 560
SCALE = 1.4
COLOURS = (0x9AA7B4, 0x2F80ED)
LONGEST_NAME = 14

_one_at_a_time = Lock()  # PDFium isn't made for threads


@dataclass(frozen=True)
class Bars:
    """One value of each series for every name; all texts are in the reader's language."""

    title: str
    names: Sequence[str]
    series: Sequence[tuple[str, Sequence[float]]]


def bar_chart(bars: Bars) -> bytes:
    import pypdfium2

    with _one_at_a_time:
        document = pypdfium2.PdfDocument(renderPDF.drawToString(_drawing(bars)))
        picture = document[0].render(scale=SCALE).to_pil()
        document.close()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def _drawing(bars: Bars) -> Drawing:
    font, _ = fonts()
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.add(String(WIDTH / 2, HEIGHT - 34, bars.title, fontName=font, fontSize=18, textAnchor="middle"))
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 90, 110, WIDTH - 130, HEIGHT - 210
    chart.data = [tuple(values) for _, values in bars.series]
    chart.categoryAxis.categoryNames = [_short(name) for name in bars.names]
    for axis in (chart.categoryAxis, chart.valueAxis):
        axis.labels.fontName, axis.labels.fontSize = font, 11
    chart.categoryAxis.labels.angle, chart.categoryAxis.labels.boxAnchor = 30, "ne"
    chart.valueAxis.valueMin = min(0.0, *(min(values) for _, values in bars.series))
    chart.valueAxis.labelTextFormat = "%.0f"
    chart.groupSpacing, chart.barSpacing = 12, 1
    for number, colour in enumerate(COLOURS[: len(bars.series)]):
        chart.bars[number].fillColor, chart.bars[number].strokeColor = HexColor(colour), None
    drawing.add(chart)
    _legend(drawing, bars, font)
    return drawing


def _legend(drawing: Drawing, bars: Bars, font: str) -> None:
    for number, ((name, _), colour) in enumerate(zip(bars.series, COLOURS, strict=False)):
        x, y = 90 + number * 320, HEIGHT - 74
        drawing.add(Rect(x, y, 14, 14, fillColor=HexColor(colour), strokeColor=None))
        drawing.add(String(x + 22, y + 2, name, fontName=font, fontSize=13))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
