"""Where the figures of a section come from: in words on paper, as links to the rows on the page."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kam.lib import formatting
from reports.blocks import Data, Section

SALES = gettext_lazy("Sales lines, net of reversals")
PLAN = gettext_lazy("Plan of the account")
GOALS = gettext_lazy("Goals and their measured values")
PROMISES = gettext_lazy("Register of promises")
ORIGINS: dict[str, Promise] = {
    "promises": PROMISES,
    "summary": SALES,
    "revenue": SALES,
    "change": SALES,
    "offerings": SALES,
    "relationship": gettext_lazy("Health kept at the end of each month"),
    "goals": GOALS,
    "score": gettext_lazy("Latest score run up to the day"),
    "steps": gettext_lazy("Open tasks, and milestones of goals"),
    "quarter": gettext_lazy("Sales lines, net of reversals, and the plan by year"),
    "kept": PROMISES,
    "projects": PLAN,
    "challenges": PLAN,
    "values": PLAN,
    "choices": gettext_lazy("Goals and expectations of the plan"),
    "ahead": gettext_lazy("Promises, goals, tasks and projects with a day"),
    "purpose": PLAN,
    "team": gettext_lazy("Team and contacts of the account"),
    "expectations": PLAN,
    "procedures": PLAN,
    "concentration": SALES,
    "retention": SALES,
    "contribution": gettext_lazy("Sales lines with their costs, logged hours, imported costs"),
    "movers": SALES,
    "coverage": gettext_lazy("Key accounts and who looks after them"),
    "warnings": gettext_lazy("Health kept at the end of each month, sales lines after it"),
    "risks": GOALS,
    "decisions": gettext_lazy("Register of decisions"),
}


def origin_of(code: str, snapshot: Data) -> str:
    """Return what a section was read from, as of when and where, in the report's language."""
    if code not in ORIGINS:
        return ""
    day = formatting.date(date.fromisoformat(snapshot["as_of"]))
    words = {"what": ORIGINS[code], "day": day, "company": snapshot["company"]}
    return _("%(what)s; as of %(day)s; from the records of %(company)s") % words


def with_sources(section: Section, data: Data) -> Section:
    """Let every key figure, goal and row lead to where it comes from; a customer's data hold no addresses."""
    source = section.source or str(data.get("source") or "")
    figures = [replace(figure, source=figure.source or source) for figure in section.figures]
    rows: list[Any] = data.get("rows") or []
    goals = [
        replace(line, source=str(row.get("source") or ""))
        for line, row in zip(section.goals, rows, strict=False)
    ]
    return replace(section, source=source, figures=figures, goals=goals or section.goals)
