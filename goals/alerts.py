"""Why a goal or a metric needs somebody, and the key under which one reason opens one task."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Task
from goals.bands import outside
from goals.library import is_stale
from goals.models import Goal, Metric
from goals.status import GoalStatus, goal_status

PREFIX = "goal:"
# Where a task stands until all is well: a goal at the edge of a state would open a new one every other week.
STANDS_WHILE = {"off_track": ("off_track", "at_risk", "no_data"), "missed": ("missed", "no_data")}
REASONS = ("off_track", "missed", "stale", "band")


def reasons(goal: Goal, status: GoalStatus) -> list[str]:
    """Return why a goal needs somebody: off_track, missed, stale."""
    found = [status.state] if status.state in ("off_track", "missed") else []
    return found + (["stale"] if status.stale and not (goal.metric and goal.metric.fact) else [])


def goal_key(goal: Goal, reason: str) -> str:
    """Return the key of a reason of a goal: goals of the same metric share it."""
    about = f"metric:{goal.metric_id}" if goal.metric_id else f"goal:{goal.pk}"
    return f"{PREFIX}{goal.account_id}:{about}:{reason}"[:160]


def metric_key(metric: Metric, reason: str) -> str:
    """Return the key of a reason of a metric."""
    return f"{PREFIX}{metric.account_id}:metric:{metric.pk}:{reason}"[:160]


def standing(tasks: Iterable[Task], today: date) -> tuple[set[str], set[str]]:
    """Return the keys whose reason stands as of a day, and the keys that are still asked about.

    A key that no open goal, band or value asks about has no good news to tell. Three queries for any number of tasks.
    """
    ids: dict[str, set[UUID]] = {"goal": set(), "metric": set()}
    for task in tasks:
        _prefix, _account, kind, pk, _reason = (task.key or "").split(":")
        ids[kind].add(UUID(pk))
    stand, asked = set(), set()
    about = Q(pk__in=ids["goal"]) | Q(metric__in=ids["metric"])
    for goal in Goal.objects.open().filter(about).for_list(today):
        status = goal_status(goal, today)
        asked |= {goal_key(goal, reason) for reason in REASONS}
        stand |= {goal_key(goal, reason) for reason in reasons(goal, status)}
        stand |= {goal_key(goal, name) for name, states in STANDS_WHILE.items() if status.state in states}
    metrics: Any = Metric.objects.filter(pk__in=ids["metric"]).with_latest(today)
    for metric in metrics:
        if metric.band_low is not None or metric.band_high is not None:
            asked.add(metric_key(metric, "band"))
        if metric.latest_on:
            asked.add(metric_key(metric, "stale"))
        if outside(metric, metric.latest_value):
            stand.add(metric_key(metric, "band"))
        if not metric.fact and is_stale(metric, metric.latest_on, today):
            stand.add(metric_key(metric, "stale"))
    return stand, asked
