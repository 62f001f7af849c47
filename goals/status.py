"""Where a goal stands today: its numbers through goals.progress, or a person's judgement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from goals import progress
from goals.models import Goal
from kam.lib.prepared import prepared

State = Literal["off_track", "missed", "at_risk", "no_data", "on_track", "not_started", "achieved", "dropped"]
# In the order in which they want attention.
STATES: dict[str, Lazy] = {
    "off_track": _("Off track"),
    "missed": _("Missed"),
    "at_risk": _("At risk"),
    "no_data": _("No data"),
    "on_track": _("On track"),
    "not_started": _("Not started"),
    "achieved": _("Achieved"),
    "dropped": _("Dropped"),
}
TONES = {"off_track": "neg", "missed": "neg", "at_risk": "warn", "no_data": "warn", "on_track": "pos"}
TONES |= {"achieved": "pos", "not_started": "out", "dropped": "out"}


@dataclass(frozen=True, slots=True)
class GoalStatus:
    """Progress (1 is the target), the elapsed part of the time, their gap, the state in words.

    ``current`` is the latest value up to the day and ``measured_on`` its day; without data progress and gap
    are None. ``stale`` says that the metric is no longer delivered as often as it should be.
    """

    progress: float | None
    elapsed: float
    planned: float | None
    pace_gap: float | None
    state: State
    current: Decimal | None
    measured_on: date | None
    stale: bool

    @property
    def label(self) -> Lazy:
        return STATES[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal beside its status, as lists and reports show it."""

    goal: Goal
    status: GoalStatus


def goal_status(goal: Goal, today: date) -> GoalStatus:
    """Return how far a goal is as of ``today`` and whether that is fast enough.

    Load many goals with ``GoalQuerySet.with_status(today)`` first: then this asks the database nothing.
    A closed goal has the state it was closed with; a qualitative goal goes by its milestones unless a person
    has judged it.
    """
    value, measured_on = latest_value(goal, today)
    found = _by_steps(goal, today) if goal.metric_id is None else _by_metric(goal, value, today)
    state = cast(State, goal.outcome or found.state)
    return GoalStatus(
        progress=found.progress,
        elapsed=found.elapsed,
        planned=found.planned,
        pace_gap=found.pace_gap,
        state=state,
        current=value,
        measured_on=measured_on,
        stale=_is_stale(goal, measured_on, today),
    )


def latest_value(goal: Goal, today: date) -> tuple[Decimal | None, date | None]:
    """Return the metric's latest value up to the day, and its day."""
    if goal.metric is None:
        return None, None
    if hasattr(goal, "current_value"):
        return goal.current_value, getattr(goal, "current_on", None)
    latest = goal.metric.measurements.until(today).order_by("-measured_on").first()
    return (latest.value, latest.measured_on) if latest else (None, None)


def goal_rows(goals: Iterable[Goal], today: date) -> list[GoalRow]:
    """Return goals with their status, what wants attention first, then by due day."""
    order = list(STATES)
    rows = [GoalRow(goal, goal_status(goal, today)) for goal in goals]
    return sorted(rows, key=lambda row: (order.index(row.status.state), row.goal.due_on, str(row.goal.pk)))


def account_goals(account: Account, today: date) -> list[GoalRow]:
    """Return an account's open goals, in four queries at most; for templates/goals/_account_goals.html."""
    return goal_rows(_open_goals(account.pk, today), today)


@prepared
def _open_goals(account_id: UUID, today: date) -> QuerySet[Goal, Any]:
    return Goal.objects.filter(account=account_id).open().for_list(today)


def target_lines(goal: Goal, current: Decimal | None) -> list[tuple[Any, float | None]]:
    """Return every earlier target of a goal with the progress it would have now, oldest first."""
    lines = []
    for earlier in goal.earlier_targets.all():
        start, target = goal.start_value, earlier.target_value
        done = None
        if start is not None and target is not None and current is not None:
            done = progress.fraction_done(start, target, current)
        lines.append((earlier, done))
    return lines


def _by_metric(goal: Goal, value: Decimal | None, today: date) -> progress.Progress:
    assert goal.metric is not None  # noqa: S101 - tells the type checker what the caller has checked
    steps = [
        progress.Milestone(step.due_on, step.value)
        for step in goal.milestones.all()
        if step.value is not None
    ]
    course = progress.Course(
        goal.start_on,
        goal.due_on,
        goal.start_value,
        goal.target_value,
        steps,
        cast(progress.Direction, goal.metric.direction),
    )
    return progress.measure_progress(course, value, today)


def _by_steps(goal: Goal, today: date) -> progress.Progress:
    ticks = [step.done_at is not None for step in goal.milestones.all()]
    verdict = cast(progress.State, goal.verdict) if goal.verdict else None
    return progress.assess_steps(goal.start_on, goal.due_on, ticks, today, verdict)


def _is_stale(goal: Goal, measured_on: date | None, today: date) -> bool:
    if goal.metric is None or goal.closed_at or today <= goal.start_on:
        return False
    since = max(measured_on, goal.start_on) if measured_on else goal.start_on
    return (today - since).days > goal.metric.due_every_days
