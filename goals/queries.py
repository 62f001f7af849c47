"""What the goal pages show, read in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from goals.filters import GoalFilters
from goals.models import Goal, Measurement
from goals.status import STATES, GoalRow, GoalStatus, goal_rows, goal_status, target_lines
from goals.values import value_text
from goals.work import linkable
from kam.lib import charts

PER_PAGE = 50
MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class GoalListing:
    """One page of goals, what wants attention first, and how many there are of each state."""

    page: Page[GoalRow]
    counts: dict[str, int]
    state: str
    filters: GoalFilters


def goal_listing(user: Any, query: Mapping[str, str], request: Any, today: date) -> GoalListing:
    """Return the goals that ``user`` sees, filtered by the query; open ones unless it says otherwise."""
    asked = {"open": "true"} | {name: query[name] for name in query}
    filters = GoalFilters(asked, queryset=Goal.objects.visible_to(user), request=request)
    found = filters.qs if filters.is_valid() else Goal.objects.none()
    rows = goal_rows(found.for_list(today), today)
    counts = dict.fromkeys(STATES, 0)
    for row in rows:
        counts[row.status.state] += 1
    state = query.get("state", "")
    if state in STATES:
        rows = [row for row in rows if row.status.state == state]
    return GoalListing(Paginator(rows, PER_PAGE).get_page(query.get("page")), counts, state, filters)


@dataclass(frozen=True, slots=True)
class GoalSheet:
    """Everything on the page of one goal."""

    goal: Goal
    status: GoalStatus
    measurements: list[Measurement]
    targets: list[Any]
    children: list[GoalRow]
    work: list[Any]
    linkable: list[Any]
    chart: charts.Chart | None


def goal_sheet(goal: Goal, today: date, currency: str) -> GoalSheet:
    """Return the page of a goal loaded by ``for_list``."""
    status = goal_status(goal, today)
    measurements: list[Measurement] = []
    if goal.metric:
        measurements = list(
            goal.metric.measurements.select_related("created_by").order_by("-measured_on")[:MOST_POINTS]
        )
    work = goal.work.select_related("activity", "activity__actor").order_by("-activity__occurred_at")[:20]
    return GoalSheet(
        goal=goal,
        status=status,
        measurements=measurements,
        targets=target_lines(goal, status.current),
        children=goal_rows(goal.children.for_list(today), today),
        work=list(work),
        linkable=linkable(goal) if goal.closed_at is None else [],
        chart=_course(goal, measurements, currency) if len(measurements) > 1 else None,
    )


def _course(goal: Goal, measurements: list[Measurement], currency: str) -> charts.Chart:
    values: list[tuple[date, charts.Number]] = [
        (row.measured_on, row.value) for row in reversed(measurements)
    ]
    series: dict[str, Sequence[tuple[date, charts.Number]]] = {_("Measured"): values}
    if goal.start_value is not None and goal.target_value is not None:
        series[_("Target")] = [(goal.start_on, goal.start_value), (goal.due_on, goal.target_value)]
    last, target = (value_text(value, goal.metric, currency) for value in (values[-1][1], goal.target_value))
    title = _("%(value)s measured, %(target)s wanted") % {"value": last, "target": target}
    frame = charts.Frame(title, str(goal.metric))
    return charts.line(frame, series, charts.Measure(decimals=1), from_zero=False)
