"""The two drawings of concentration: who brings how much, and how unequal it is."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.concentration import Concentration, lorenz_points
from kam.lib import formatting
from kam.lib.charting import NARROW, PERCENT, Chart, Frame, Measure, Table, inline, make_chart
from kam.lib.charts_portfolio import lorenz
from kam.lib.vega import Spec
from reports.portfolio_words import lorenz_title, pareto_title
from reports.queries.portfolio import Holder, Portfolio

COLUMNS = {False: 20, True: 10}
# Every twentieth of the accounts, so that the table beside the curve stays readable.
LORENZ_POINTS = 21


def pareto_chart(found: Concentration, top: Sequence[Holder], subtitle: str, currency: str) -> Chart:
    """Columns of the largest accounts and the cumulated share, both in percent of the total: one scale.

    The columns that together bring half of the revenue are in the accent colour.
    """
    money = Measure("money", currency)
    rows = [
        {
            "rank": holder.rank,
            "label": holder.name,
            "share": holder.share,
            "cumulated": holder.cumulated,
            "half": holder.rank <= (found.accounts_for_50 or 0),
            "reached": _reached(found, holder),
            "name": f"{holder.name}: {money.text(holder.revenue)}, {formatting.percent(holder.share)}, "
            f"{_('cumulated')} {formatting.percent(holder.cumulated)}",
        }
        for holder in top
    ]
    table = Table(
        [_("Name"), _("Revenue"), _("Share"), _("Cumulated share")],
        [
            [
                holder.name,
                money.exact(holder.revenue),
                formatting.percent(holder.share),
                formatting.percent(holder.cumulated),
            ]
            for holder in top
        ],
    )
    frame = Frame(pareto_title(found), subtitle, anchor="pareto")
    return make_chart(frame, lambda width: _pareto_spec(rows[: COLUMNS[width == NARROW]], width), table)


def _pareto_spec(rows: Sequence[Mapping[str, object]], width: int) -> Spec:
    names = {"title": None, "labelAngle": -40, "labelLimit": 90, "labelOverlap": False, "domain": True}
    x = {"field": "label", "type": "nominal", "sort": None, "axis": names}
    scale = {"type": "quantitative", "scale": {"domain": [0, _ceiling(rows)]}}
    axis = {"title": None, **PERCENT.axis([1]), "tickCount": 5}
    colour = {"condition": {"test": "datum.half", "value": "var(--accent)"}, "value": "var(--py)"}
    bars = {
        "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": "share", **scale, "axis": axis},
            "color": colour,
            "description": {"field": "name"},
        },
    }
    line = {
        "mark": {"type": "line", "color": "var(--text)", "strokeWidth": 1.5, "point": False, "aria": False},
        "encoding": {"y": {"field": "cumulated", **scale, "axis": axis}},
    }
    return {
        "width": width - 60,
        "height": 220,
        "data": inline([dict(row) for row in rows]),
        "encoding": {"x": x},
        "layer": [bars, line, *_half_point(scale)],
    }


def _half_point(scale: Spec) -> list[Spec]:
    """Mark where half of the revenue is reached, with a label above the line."""
    point = {"y": {"field": "cumulated", **scale}}
    only: Spec = {"transform": [{"filter": "datum.reached != ''"}]}
    dot = {"mark": {"type": "point", "color": "var(--text)", "size": 40, "aria": False}, "encoding": point}
    text = {
        "mark": {"type": "text", "dy": -12, "fontWeight": 600},
        "encoding": {**point, "text": {"field": "reached"}},
    }
    return [{**only, **dot}, {**only, **text}]


def _reached(found: Concentration, holder: Holder) -> str:
    """Return the label of the point where half of the revenue is reached, for all other points nothing."""
    if holder.rank != found.accounts_for_50:
        return ""
    return f"{formatting.number(holder.rank)}: {formatting.percent(holder.cumulated, 0)}"


def _ceiling(rows: Sequence[Mapping[str, object]]) -> float:
    """Return 1, or more where later reversals let the cumulated share pass the total."""
    return max([1.0, *(float(str(row["cumulated"] or 0)) for row in rows)])


def lorenz_chart(of: Portfolio, found: Concentration, subtitle: str) -> Chart:
    """The cumulated share of the accounts against that of the revenue, over accounts with positive revenue."""
    index = {"gini": formatting.number(Decimal(str(found.gini)), 2) if found.gini is not None else "–"}
    note = _("Gini %(gini)s: 0 is evenly spread, 1 is one account having it all") % index
    title = lorenz_title(lorenz_points(of.amounts, 1_001))
    frame = Frame(title, subtitle, note, anchor="lorenz")
    return lorenz(frame, lorenz_points(of.amounts, LORENZ_POINTS))
