"""Tasks whose reason is gone: the measuring closes what it opened itself, and the timeline says why."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from accounts.actions.next_steps import keep_task, settle_task
from accounts.models import Task
from goals.alerts import PREFIX, REASONS, goal_key, metric_key, standing
from goals.models import Goal, Metric
from kam.lib.errors import Conflict

BATCH = 500
WELL = {"off_track": "on_track", "missed": "not_missed", "stale": "measured", "band": "in_band"}


def settle_alerts(today: date) -> int:
    """Close the open tasks of all active accounts whose reason is gone; return how many. Idempotent."""
    tasks = Task.objects.open().filter(key__startswith=PREFIX).exclude(account__status="inactive")
    found = list(tasks.select_related("account").order_by("pk"))
    return sum(_settle(found[at : at + BATCH], today) for at in range(0, len(found), BATCH))


def settle_metric(metric: Metric) -> int:
    """Close the tasks about a metric whose reason is gone as of today."""
    return _settle_keys([metric_key(metric, reason) for reason in REASONS])


def settle_goal(goal: Goal) -> int:
    """Close the tasks about a goal whose reason is gone as of today."""
    return _settle_keys([goal_key(goal, reason) for reason in REASONS])


def _settle_keys(keys: Iterable[str]) -> int:
    tasks = Task.objects.open().filter(key__in=keys).select_related("account")
    return _settle(list(tasks), timezone.localdate())


def _settle(tasks: list[Task], today: date) -> int:
    """Close what its own reason has left, and leave what a person has changed: her work must not vanish."""
    if not tasks:
        return 0
    stand, asked = standing(tasks, today)
    settled = 0
    for task in tasks:
        key = task.key or ""
        if key in stand:
            continue
        reason = key.rsplit(":", 1)[1]
        because = WELL[reason] if key in asked else "gone"
        if task.version > 1:
            keep_task(task)
            continue
        try:
            settle_task(task, because=because)
        except Conflict:
            # Somebody changed it this very moment: it is hers now.
            continue
        settled += 1
    return settled
