"""A document as PDF: the house's paper, tagged, with bookmarks and page x of y."""

import datetime as dt
from collections.abc import Collection
from math import sqrt
from pathlib import Path
from typing import Any

import structlog
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from django.utils.translation import override

from kam.lib.charting import Chart
from kam.lib.pdf import compile_pdf
from kam.lib.vega import PAPER, for_paper, width_of
from reports.blocks import Grid, Section
from reports.document import Document, document
from reports.models import Report

log = structlog.get_logger(__name__)
# Of drawings the texts, 12 pixels high, are set at ten points.
POINTS_A_PIXEL = 0.83
# A column whose cells are at most so long is as wide as they are; the others share what is left.
SHORT, LONG = 18, 60
MARKS = {"fac": "ac", "fpy": "py", "fo": "c-other"} | {f"f{place}": f"c{place}" for place in range(1, 7)}
TEMPLATE = Path(__file__).parent / "typst" / "report.typ"


def report_pdf(snapshot: dict[str, Any], *, exactly: Collection[str] = ()) -> bytes:
    """Return the PDF of a snapshot; the same snapshot gives the same bytes, whenever it is asked for.

    Raises UnprintableError when the PDF has no letters for one of the texts in ``exactly``.
    """
    shown = document(snapshot)
    with override(shown.language):
        data = _data(shown)
    files = {
        f"{section.code}.svg": for_paper(section.chart.svg)
        for section in shown.sections
        if section.chart is not None
    }
    day = dt.datetime.combine(dt.date.fromisoformat(snapshot["as_of"]), dt.time(), dt.UTC)
    return compile_pdf(TEMPLATE, data, files=files, created_at=day, exactly=exactly)


def opened_pdf(report: Report) -> "File[bytes]":
    """Return the PDF of a built report; one whose file has gone is set anew from the snapshot and filed again."""
    try:
        opened: File[bytes] = report.pdf.open()
        return opened
    except FileNotFoundError:
        log.warning("report_file_was_gone", report=str(report.pk))
        pdf, files = report_pdf(report.snapshot or {}), report.pdf.storage
        if not files.exists(report.pdf.name):
            files.save(report.pdf.name, ContentFile(pdf))
        return ContentFile(pdf, name=report.pdf.name)


def _data(shown: Document) -> dict[str, Any]:
    return {
        "title": shown.title,
        "author": shown.company,
        "language": shown.language,
        "footer": f"{shown.company} · {shown.kind} · {shown.as_of} · {shown.confidential}",
        "page_word": _("Page"),
        "of_word": _("of"),
        "over": f"{shown.company} · {shown.kind}",
        "frozen": _("As of %(day)s · %(class)s") % {"day": shown.as_of, "class": shown.confidential},
        "lead": shown.lead,
        "messages": shown.messages,
        "goal-header": [_("Goal"), _("Progress"), _("Actual / target"), _("State")],
        "signatures": shown.signatures,
        "sections": [_section(section) for section in shown.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    grid = section.grid
    width = len(grid.header) if grid else 0
    return {
        "title": section.title,
        "measure": section.measure,
        "figures": [{"label": f.label, "value": f.value, "note": f.note} for f in section.figures],
        "chart": f"{section.code}.svg" if section.chart else "",
        "chart-width": width_of(section.chart.svg) * POINTS_A_PIXEL if section.chart else 0,
        "legend": _legend(section.chart),
        "columns": _columns(grid),
        "header": grid.header if grid else [],
        "rows": grid.rows if grid else [],
        "aligns": ["left" if grid and column <= grid.texts else "right" for column in range(width)],
        "goals": [
            {
                "title": g.title, "note": g.note, "value": g.value, "actual": g.actual, "plan": g.plan,
                "state": g.state, "tone": g.tone,
            }
            for g in section.goals
        ],
        "note": section.note,
        "origin": section.origin,
        "therefore": section.therefore,
    }  # fmt: skip


def _legend(chart: Chart | None) -> list[dict[str, str]]:
    return [{"colour": PAPER[MARKS[mark]], "label": label} for mark, label in (chart.legend if chart else [])]


def _columns(grid: Grid | None) -> list[int]:
    """Return of each column the share it has of the width, or 0 where it is as wide as its cells need.

    No column of texts is squeezed by the others: one of four times the text is twice as wide, and twice as high.
    """
    columns = list(zip(grid.header, *grid.rows, strict=True)) if grid else []
    longest = [max(map(len, cells)) for cells in columns]
    texts = grid.texts if grid else 0
    return [
        round(10 * sqrt(min(LONG, max(SHORT, long))))
        if place == 0 or (long > SHORT and place <= texts)
        else 0
        for place, long in enumerate(longest)
    ]
