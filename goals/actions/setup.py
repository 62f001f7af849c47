"""A goal together with what measures it, in one step, as people fill in one form."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Account
from goals.actions.goals import create_goal, update_goal
from goals.actions.metrics import create_metric, metric_for_fact
from goals.models import Goal, Metric
from kam.users.models import User


@dataclass(frozen=True, slots=True)
class MeasuredBy:
    """What measures a goal: nothing, a metric of the account, a fact, or a new metric with name and unit."""

    metric: UUID | None = None
    fact: str = ""
    name: str = ""
    unit: str = ""
    direction: str = Metric.Direction.UP


@transaction.atomic
def set_goal(account: Account, *, values: dict[str, Any], measured_by: MeasuredBy, by: User) -> Goal:
    """Create a goal and, where needed, its metric."""
    metric = resolve(account, measured_by, by=by)
    return create_goal(account, values=values | {"metric": metric}, by=by)


@transaction.atomic
def change_goal(
    goal: Goal,
    *,
    values: dict[str, Any],
    measured_by: MeasuredBy,
    by: User,
    reason: str = "",
    expected_version: int | None = None,
) -> Goal:
    """Change a goal and, where needed, what measures it."""
    metric = resolve(goal.account, measured_by, by=by)
    return update_goal(
        goal, values=values | {"metric": metric}, by=by, reason=reason, expected_version=expected_version
    )


def resolve(account: Account, measured_by: MeasuredBy, *, by: User) -> Metric | None:
    """Return the metric that is meant, made when it is new."""
    if measured_by.metric:
        return account.metrics.get(pk=measured_by.metric)
    if measured_by.fact:
        return metric_for_fact(account, measured_by.fact, by=by)
    if measured_by.name:
        values = {"name": measured_by.name, "unit": measured_by.unit, "direction": measured_by.direction}
        return create_metric(account, values=values, by=by)
    return None
