"""What the page of one metric shows: its course, its values with where they come from, and when it was silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from goals.bands import band_text, outside_text
from goals.gaps import Silence, silences
from goals.models import Goal, Measurement, Metric
from goals.values import value_text
from kam.lib import charts

MOST_VALUES = 120


@dataclass(frozen=True, slots=True)
class MetricSheet:
    metric: Metric
    values: list[Measurement]
    silences: list[Silence]
    goals: list[Goal]
    chart: charts.Chart | None
    band: str
    outside: str

    @property
    def stopped(self) -> Silence | None:
        """The silence that goes on."""
        return self.silences[0] if self.silences and self.silences[0].until is None else None

    @property
    def latest(self) -> Measurement | None:
        return self.values[0] if self.values else None


def metric_sheet(metric: Metric, today: date, currency: str) -> MetricSheet:
    """Return the page of a metric: its latest values, in three queries."""
    values = list(metric.measurements.select_related("created_by").order_by("-measured_on")[:MOST_VALUES])
    silent = silences((row.measured_on for row in values), metric.due_every_days, today)
    goals: Any = metric.goals.open().order_by("due_on")  # type: ignore[attr-defined]  # the manager's own read
    latest = values[0].value if values else None
    return MetricSheet(
        metric=metric,
        values=values,
        silences=silent,
        goals=list(goals),
        chart=_course(metric, values, silent, currency),
        band=band_text(metric, currency),
        outside=outside_text(metric, latest, currency),
    )


def _course(
    metric: Metric, values: Sequence[Measurement], silent: Sequence[Silence], currency: str
) -> charts.Chart | None:
    """Draw the values; where the metric was silent there is no line."""
    if len(values) < 2:
        return None
    points: list[tuple[date, charts.Number | None]] = [(row.measured_on, row.value) for row in values]
    points += [(_middle(each), None) for each in silent if each.until is not None]
    first, last = values[-1], values[0]
    title = _("%(now)s now, %(before)s at first") % {
        "now": value_text(last.value, metric, currency),
        "before": value_text(first.value, metric, currency),
    }
    subtitle = _("%(name)s; no line where no value came for more than %(days)s days") % {
        "name": metric.name,
        "days": metric.due_every_days,
    }
    frame = charts.Frame(title, subtitle if any(each.until for each in silent) else metric.name)
    return charts.line(
        frame, {metric.name: sorted(points, key=_day)}, charts.Measure(decimals=1), from_zero=False
    )


def _middle(silence: Silence) -> date:
    end = silence.until or silence.since
    return date.fromordinal((silence.since.toordinal() + end.toordinal()) // 2)


def _day(point: tuple[date, charts.Number | None]) -> date:
    return point[0]
