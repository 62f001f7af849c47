"""A report as a PowerPoint file: native charts and tables, a message as title, source and day on every slide."""

import io
from collections.abc import Callable
from datetime import date
from math import ceil
from typing import Any

from django.utils.translation import override
from pptx.util import Pt

from reports.blocks import Data, Grid
from reports.slides.charts import add_chart
from reports.slides.deck import Deck, Slide, deck
from reports.slides.house import (
    BODY,
    FOOT,
    INNER,
    MARGIN,
    SMALL,
    TITLE,
    blank,
    new_slide,
    plain,
    speak,
    text_box,
    write,
)
from reports.slides.stable import stable_package
from reports.slides.tables import add_goals, add_rectangle, add_table

TOP, TITLE_LINE, PER_LINE = 36, 32, 64  # points, points, characters
LARGE, PER_LARGE = 36, 44
HANG = 30


def report_pptx(snapshot: Data) -> bytes:
    """Return the slides of a snapshot; the same snapshot gives the same bytes, whenever it is asked for."""
    shown = deck(snapshot)
    show = blank(shown.title, shown.company, shown.language, date.fromisoformat(snapshot["as_of"]))
    with override(shown.language):
        for slide in shown.slides:
            _draw(show, slide, shown)
    speak(show, shown.language)
    target = io.BytesIO()
    show.save(target)
    return stable_package(target.getvalue())


def _draw(show: Any, slide: Slide, shown: Deck) -> None:
    page = new_slide(show, slide.title, shown.source)
    if slide.kind in ("title", "statement"):
        _large(page, slide)
    else:
        top = _head(page, slide)
        bottom = _foot(page, slide)
        _BODIES[slide.kind](page, slide, top, bottom)
    if slide.notes:
        page.notes_slide.notes_text_frame.text = "\n".join(map(plain, slide.notes))


def _large(page: Any, slide: Slide) -> None:
    """A slide of words alone: its message in the middle."""
    size = LARGE if len(slide.title) <= PER_LARGE * 2 else TITLE
    lines = ceil(len(slide.title) * size / LARGE / PER_LARGE)
    below = 190 + lines * size * 1.25
    _place(page, (MARGIN, 190, INNER, below - 190), size)
    if slide.kind == "title":
        add_rectangle(page, (MARGIN, 132, 56, 4), "accent")
        write(text_box(page, (MARGIN, 150, INNER, 24)).paragraphs[0], slide.measure, BODY, "muted")
    words = text_box(page, (MARGIN, below + 14, INNER, 80))
    write(words.paragraphs[0], slide.lead or slide.measure, BODY + 2, "muted")
    if slide.therefore:
        words.paragraphs[0].space_after = Pt(18)
        _so(words.add_paragraph(), slide.therefore)


def _place(page: Any, box: tuple[float, float, float, float], size: float) -> None:
    title = page.shapes.title
    title.left, title.top, title.width, title.height = map(Pt, box)
    title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)


def _head(page: Any, slide: Slide) -> float:
    """Set title and measure and return where the content begins."""
    size = TITLE if len(slide.title) <= 2 * PER_LINE else 20
    lines = ceil(len(slide.title) * size / TITLE / PER_LINE)
    _place(page, (MARGIN, TOP, INNER, lines * TITLE_LINE), size)
    top = TOP + lines * TITLE_LINE + 4
    measure = " · ".join(filter(None, [slide.measure, slide.part]))
    if not measure:
        return top + 16
    write(text_box(page, (MARGIN, top, INNER, 22)).paragraphs[0], measure, SMALL, "muted")
    return top + 22 * ceil(len(measure) / 105) + 14


def _foot(page: Any, slide: Slide) -> float:
    """Set what follows and the note above source and day, and return where the content ends."""
    bottom = FOOT - 14.0
    if slide.note and slide.kind != "statement":
        bottom -= 22
        write(text_box(page, (MARGIN, bottom, INNER, 20)).paragraphs[0], slide.note, SMALL, "muted")
    if slide.therefore:
        bottom -= 26
        _so(text_box(page, (MARGIN, bottom, INNER, 24)).paragraphs[0], slide.therefore)
    return bottom - 8


def _so(paragraph: Any, text: str) -> None:
    write(paragraph, "→ ", BODY, "accent", bold=True)
    write(paragraph, text, BODY, bold=True)


def _messages(page: Any, slide: Slide, top: float, bottom: float) -> None:
    frame = text_box(page, (MARGIN, top + 10, INNER, bottom - top))
    for place, message in enumerate(slide.messages, 1):
        paragraph = frame.paragraphs[0] if place == 1 else frame.add_paragraph()
        paragraph.space_after = Pt(22)
        hanging = {"marL": str(Pt(HANG)), "indent": str(-Pt(HANG))}
        paragraph._p.get_or_add_pPr().attrib.update(hanging)
        write(paragraph, f"{place}\t", 22, "accent", bold=True)
        write(paragraph, message, 22)


def _figures(page: Any, slide: Slide, top: float, bottom: float) -> None:
    width = INNER / len(slide.figures)
    head = top + (0 if slide.grid else 50)
    for place, figure in enumerate(slide.figures):
        frame = text_box(page, (MARGIN + place * width, head, width - 20, 110))
        write(frame.paragraphs[0], figure.label, BODY, "muted")
        write(frame.add_paragraph(), figure.value, 32, figure.tone or "text", bold=True)
        write(frame.add_paragraph(), figure.note, SMALL, "muted")
    if slide.grid:
        add_table(page, slide.grid, top + 124)


def _strip(page: Any, slide: Slide, top: float) -> float:
    """Set the figures above a chart, and return where the chart begins."""
    width = INNER / max(1, len(slide.figures))
    for place, figure in enumerate(slide.figures):
        frame = text_box(page, (MARGIN + place * width, top, width - 20, 66))
        write(frame.paragraphs[0], figure.label, SMALL, "muted")
        write(frame.add_paragraph(), figure.value, 22, figure.tone or "text", bold=True)
        write(frame.add_paragraph(), figure.note, SMALL, "muted")
    return top + (80 if slide.figures else 0)


def _chart(page: Any, slide: Slide, top: float, bottom: float) -> None:
    chart = slide.chart
    top = _strip(page, slide, top)
    words = f"{slide.title}. {slide.measure}"
    if chart is not None and chart.plot is not None:
        add_chart(page, chart.plot, (MARGIN, top, INNER, bottom - top), words)
    elif slide.table is not None:
        add_table(page, slide.table, top)


def _table(page: Any, slide: Slide, top: float, bottom: float) -> None:
    add_table(page, slide.grid or Grid([], []), top)


def _goals(page: Any, slide: Slide, top: float, bottom: float) -> None:
    add_goals(page, slide.goals, top)


_BODIES: dict[str, Callable[[Any, Slide, float, float], None]] = {
    "messages": _messages,
    "figures": _figures,
    "chart": _chart,
    "table": _table,
    "goals": _goals,
}
