"""A parcel's packing list and label as one PDF page. It goes with the parcel: nothing of where goods were bought."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.graphics.barcode import code128, qr
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from bot.texts import esc

FONT = Path(__file__).parent.parent / "bot" / "fonts" / "DejaVuSans.ttf"
"""DejaVu Sans, free to bundle: Latin and Cyrillic, embedded."""
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]+")


@dataclass(frozen=True)
class PackingList:
    """All texts as they are to be printed, in the reader's language. `facts`: (name, value)."""

    title: str
    number: str
    facts: Sequence[tuple[str, str]]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@cache
def fonts() -> tuple[str, str]:
    """Chinese is printed with the font that viewers have for it (STSong, by name): embedding one takes megabytes."""
    pdfmetrics.registerFont(TTFont("DejaVu", FONT))
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "DejaVu", "STSong-Light"


def packing_list(parcel: PackingList) -> bytes:
    out = io.BytesIO()
    margin = 15 * mm
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin,
        bottomMargin=margin,
        title=parcel.number,
    )
    page.build(list(_parts(parcel)))
    return out.getvalue()


def _parts(parcel: PackingList) -> Iterator[Flowable]:
    yield _text(parcel.title, 16)
    yield Spacer(0, 4 * mm)
    bars = code128.Code128(parcel.number, barHeight=22 * mm, barWidth=0.5 * mm, quiet=True, lquiet=6 * mm)
    yield Table([[bars, _qr(parcel.number)], [_text(parcel.number, 14), ""]], hAlign="LEFT")
    yield Spacer(0, 4 * mm)
    facts = [[_text(name, 9), _text(value, 10)] for name, value in parcel.facts if value]
    if facts:
        yield Table(facts, colWidths=[45 * mm, 130 * mm], hAlign="LEFT")
        yield Spacer(0, 4 * mm)
    rows = [[_text(cell, 9) for cell in row] for row in (parcel.head, *parcel.rows)]
    widths = [10 * mm, 35 * mm, 75 * mm, 40 * mm, 15 * mm]
    grid = [("GRID", (0, 0), (-1, -1), 0.3, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    yield Table(rows, colWidths=widths, repeatRows=1, style=grid, hAlign="LEFT")


def _qr(number: str) -> Drawing:
    side = 28 * mm
    code = qr.QrCodeWidget(number, barLevel="M", barWidth=side, barHeight=side)
    drawing = Drawing(side, side)
    drawing.add(code)
    return drawing


def _text(text: str, size: int) -> Paragraph:
    main, chinese = fonts()
    marked = _CHINESE.sub(lambda run: f'<font name="{chinese}">{run.group()}</font>', esc(text))
    return Paragraph(marked, ParagraphStyle("own", fontName=main, fontSize=size, leading=size * 1.25))
