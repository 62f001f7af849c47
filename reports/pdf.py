"""A document as PDF: the house's paper, tagged, with bookmarks and page x of y."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from kam.lib.pdf import compile_pdf
from kam.lib.vega import for_paper
from reports.blocks import Section
from reports.document import Document, document

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"


def report_pdf(snapshot: dict[str, Any]) -> bytes:
    """Return the PDF of a snapshot; the same snapshot gives the same bytes, whenever it is asked for."""
    shown = document(snapshot)
    with override(shown.language):
        data = _data(shown)
    files = {
        f"{section.code}.svg": for_paper(section.chart.svg)
        for section in shown.sections
        if section.chart is not None
    }
    day = dt.datetime.combine(dt.date.fromisoformat(snapshot["as_of"]), dt.time(), dt.UTC)
    return compile_pdf(TEMPLATE, data, files=files, created_at=day)


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
