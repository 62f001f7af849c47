"""How the relationship went beside the revenue: the health kept at the end of each month. Never for a customer."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from goals.health import colour
from goals.models import HealthMonth
from goals.relationship import LABELS
from kam.lib import formatting
from kam.lib.charts import Frame, line
from reports.blocks import Context, Data, Grid, Section
from reports.links import url
from reports.source import Source

MONTHS = 12


def figures(source: Source) -> Data:
    """Return the months that were kept up to the day, oldest first."""
    kept = HealthMonth.objects.filter(account=source.account, as_of__lte=source.as_of).order_by("-as_of")
    return {
        "rows": [
            {
                "as_of": row.as_of.isoformat(),
                "score": row.score,
                "completeness": row.completeness,
                "inputs": {name: row.inputs.get(name) for name in LABELS},
            }
            for row in reversed(kept[:MONTHS])
        ],
        "source": url("goals:growth", pk=source.account.pk),
    }


def message(parts: dict[str, Data], currency: str) -> str:
    known = [row for row in parts["relationship"]["rows"] if row["score"] is not None]
    if not known:
        return _("The health of the relationship is not known yet")
    now, first = known[-1], known[0]
    words = {
        "now": formatting.number(now["score"], 0),
        "before": formatting.number(first["score"], 0),
        "month": formatting.month(date.fromisoformat(first["as_of"])),
    }
    if len(known) == 1:
        return _("The health of the relationship is %(now)s of 100") % words
    if round(now["score"]) < round(first["score"]):
        return _("The health of the relationship fell from %(before)s in %(month)s to %(now)s") % words
    if round(now["score"]) > round(first["score"]):
        return _("The health of the relationship rose from %(before)s in %(month)s to %(now)s") % words
    return _("The health of the relationship is %(now)s, as in %(month)s") % words


def therefore(data: Data) -> str:
    """Return what follows while the last month is red: what pulls it down most."""
    rows = [row for row in data["rows"] if row["score"] is not None]
    if not rows or colour(rows[-1]["score"]) != "red":
        return ""
    known = {name: value for name, value in rows[-1]["inputs"].items() if value is not None}
    weakest = min(known, key=lambda name: known[name])
    return _("Begin with what pulls it down most: %(name)s.") % {"name": LABELS[weakest][0]}


def section(data: Data, context: Context) -> Section:
    """The course as lines beside the inputs of the last month."""
    measure = _("Health of the relationship at the end of each month, 0 to 100, and how much of it is known")
    known = [row for row in data["rows"] if row["score"] is not None]
    if not known:
        return Section("relationship", context.message, measure)
    days = [(date.fromisoformat(row["as_of"]), row) for row in known]
    series: dict[str, Any] = {
        _("Health"): [(day, row["score"]) for day, row in days],
        _("Complete to (%)"): [(day, round(100 * row["completeness"], 1)) for day, row in days],
    }
    frame = Frame(context.message, measure, anchor="report-relationship")
    chart = line(frame, series) if len(known) > 1 else None
    rows = [
        [str(LABELS[name][0]), formatting.number(value, 0)]
        for name, value in known[-1]["inputs"].items()
        if name in LABELS
    ]
    grid = Grid([_("Input"), _("Value")], rows)
    return Section("relationship", context.message, measure, chart=chart, grid=grid)
