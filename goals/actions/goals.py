"""Goals: set, change with a trace, close, take back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actions.activities import log_activity
from accounts.actions.timeline import differences, record
from accounts.models import Account, Activity
from accounts.querysets import LOGGED
from accounts.tidy import tidy_text, tidy_values
from goals.actions.metrics import checked_value, fact_value, touch
from goals.actions.settling import settle_goal, settle_metric
from goals.models import Goal, GoalActivity, GoalTarget, Milestone
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.versions import check_version, save_changes
from kam.users.models import User

EDITABLE = (
    "title",
    "why",
    "how",
    "what",
    "side",
    "visibility",
    "metric",
    "start_value",
    "target_value",
    "start_on",
    "due_on",
    "owner",
    "parent",
    "verdict",
    "cause",
    "confidence",
    "status_text",
)
DEEPEST = 8


@transaction.atomic
def create_goal(account: Account, *, values: dict[str, Any], by: User | None, key: str | None = None) -> Goal:
    """Set a goal. Without a start day it starts today; a computed metric fills in a missing start value.

    ``key`` names what raised it: an open goal with that key is returned instead.
    Raises InvalidInput for a goal without title, due before it starts, or half of start and target.
    """
    if key is not None and (standing := Goal.objects.open().filter(key=key).first()):
        return standing
    clean = _clean(values)
    goal = Goal(account=account, key=key, **({"start_on": timezone.localdate()} | clean))
    if goal.start_value is None and goal.metric and goal.metric.fact:
        goal.start_value = fact_value(goal.metric, min(goal.start_on, timezone.localdate()))
    _check(goal)
    goal.save(force_insert=True)
    record("goal.created", by=by, account=account, subject=goal, after=clean)
    return goal


@transaction.atomic
def update_goal(
    goal: Goal,
    *,
    values: dict[str, Any],
    by: User | None,
    reason: str = "",
    expected_version: int | None = None,
) -> Goal:
    """Change a goal. A moved target or due day keeps the earlier one with the ``reason``.

    Raises Conflict on another version and DomainError for a closed goal.
    """
    check_version(goal, expected_version)
    if goal.closed_at:
        raise DomainError("goal_closed", gettext_noop("The goal is closed. Reopen it first."))
    clean = _clean(values)
    changed = differences(goal, clean)
    if not changed:
        return goal
    earlier = GoalTarget(goal=goal, target_value=goal.target_value, due_on=goal.due_on, changed_by=by)
    measured_by = goal.metric
    new = {name: clean[name] for name in changed["after"]}
    for name, value in new.items():
        setattr(goal, name, value)
    _check(goal)
    if {"target_value", "due_on"} & set(new):
        earlier.reason = tidy_text(reason)[:200]
        earlier.save(force_insert=True)
    save_changes(goal, new | {"worked_at": timezone.now()}, expected_version=expected_version)
    details = changed | ({"reason": earlier.reason} if earlier.reason else {})
    record("goal.updated", by=by, account=goal.account, subject=goal, **details)
    settle_goal(goal)
    if measured_by and measured_by != goal.metric:
        settle_metric(measured_by)
    return goal


@transaction.atomic
def close_goal(
    goal: Goal, *, outcome: str, by: User | None, note: str = "", expected_version: int | None = None
) -> Goal:
    """Close a goal as achieved, missed or dropped; closing it the same way again changes nothing."""
    check_version(goal, expected_version)
    if outcome not in (Goal.Outcome.ACHIEVED, Goal.Outcome.MISSED, Goal.Outcome.DROPPED):
        raise InvalidInput(
            "bad_outcome", gettext_noop("A goal is closed as achieved, missed or dropped."), field="outcome"
        )
    if goal.closed_at and goal.outcome == outcome:
        return goal
    values = {"outcome": outcome, "closed_at": timezone.now(), "worked_at": timezone.now()}
    save_changes(goal, values, expected_version=None)
    record(
        "goal.closed", by=by, account=goal.account, subject=goal, outcome=outcome, note=tidy_text(note)[:300]
    )
    settle_goal(goal)
    return goal


@transaction.atomic
def reopen_goal(goal: Goal, *, by: User | None, expected_version: int | None = None) -> Goal:
    """Take the closing back (undo)."""
    check_version(goal, expected_version)
    if goal.closed_at is None:
        return goal
    try:
        with transaction.atomic():
            save_changes(
                goal, {"outcome": "", "closed_at": None, "worked_at": timezone.now()}, expected_version=None
            )
    except IntegrityError as error:
        raise DomainError(
            "same_goal_open", gettext_noop("The same goal has been set again meanwhile.")
        ) from error
    record("goal.reopened", by=by, account=goal.account, subject=goal)
    return goal


@transaction.atomic
def log_work(goal: Goal, *, values: dict[str, Any], by: User) -> Activity:
    """Log an activity that was done for a goal."""
    activity = log_activity(goal.account, values=values, by=by)
    GoalActivity.objects.create(goal=goal, activity=activity)
    touch(goal)
    return activity


@transaction.atomic
def link_activity(goal: Goal, activity: Activity, *, by: User | None) -> GoalActivity:
    """Say that an entry of the timeline was done for a goal; a second link moves it."""
    if activity.account_id != goal.account_id:
        raise InvalidInput("other_account", gettext_noop("Goal and activity belong to different accounts."))
    if activity.verb not in LOGGED:
        raise InvalidInput("no_work", gettext_noop("Only what people logged is work for a goal."))
    standing = GoalActivity.objects.filter(activity=activity).select_related("goal").first()
    if standing is not None and standing.goal_id == goal.pk:
        return standing
    link, _made = GoalActivity.objects.update_or_create(activity=activity, defaults={"goal": goal})
    touch(goal)
    record("goal.work_linked", by=by, account=goal.account, subject=goal, note=activity.body[:120])
    return link


@transaction.atomic
def unlink_activity(activity: Activity, *, by: User | None) -> None:
    """Say that an entry was done for no goal (undo); without a link nothing changes."""
    link = GoalActivity.objects.filter(activity=activity).select_related("goal__account").first()
    if link is not None:
        goal = link.goal
        link.delete()
        record("goal.work_unlinked", by=by, account=goal.account, subject=goal, note=activity.body[:120])


@transaction.atomic
def add_milestone(goal: Goal, *, values: dict[str, Any], by: User | None) -> Milestone:
    """Add a step on the way; with a value it bends the planned line of a quantitative goal."""
    step = Milestone(goal=goal, **tidy_values(Milestone, values))
    if not step.title:
        raise InvalidInput("no_title", gettext_noop("Say what the milestone is."), field="title")
    if not goal.start_on <= step.due_on <= goal.due_on:
        raise InvalidInput(
            "milestone_outside",
            gettext_noop("A milestone lies between the goal's start and due day."),
            field="due_on",
        )
    step.save(force_insert=True)
    record("goal.milestone_added", by=by, account=goal.account, subject=goal, after={"milestone": step.title})
    touch(goal)
    return step


@transaction.atomic
def tick_milestone(step: Milestone, *, done: bool, by: User | None) -> Milestone:
    """Tick a milestone off, or take that back; as it already is, it stays."""
    if (step.done_at is not None) == done:
        return step
    save_changes(step, {"done_at": timezone.now() if done else None}, expected_version=None)
    verb = "goal.milestone_reached" if done else "goal.milestone_reopened"
    record(verb, by=by, account=step.goal.account, subject=step.goal, after={"milestone": step.title})
    touch(step.goal)
    settle_goal(step.goal)
    return step


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )
    clean = tidy_values(Goal, values)
    for name in ("start_value", "target_value"):
        if clean.get(name) is not None:
            clean[name] = checked_value(clean[name])
    return clean


def _check(goal: Goal) -> None:
    if not goal.title:
        raise InvalidInput("no_title", gettext_noop("Say what is to be reached."), field="title")
    if goal.due_on is None:
        raise InvalidInput(
            "no_due_day", gettext_noop("Say by when the goal is to be reached."), field="due_on"
        )
    if goal.due_on <= goal.start_on:
        raise InvalidInput("due_before_start", gettext_noop("A goal is due after it starts."), field="due_on")
    if goal.owner is not None and not goal.owner.is_active:
        raise InvalidInput(
            "inactive_colleague", gettext_noop("%(name)s is not active."), {"name": str(goal.owner)}, "owner"
        )
    _check_metric(goal)
    _check_parent(goal)


def _check_metric(goal: Goal) -> None:
    if goal.metric is None:
        if goal.target_value is not None or goal.start_value is not None:
            raise InvalidInput(
                "no_metric", gettext_noop("A target needs a metric that measures it."), field="metric"
            )
        return
    if goal.metric.account_id != goal.account_id:
        raise InvalidInput(
            "foreign_metric", gettext_noop("The metric belongs to another account."), field="metric"
        )
    if goal.target_value is None:
        raise InvalidInput(
            "no_target", gettext_noop("Say which value is to be reached."), field="target_value"
        )


def _check_parent(goal: Goal) -> None:
    parent, depth = goal.parent, 0
    while parent is not None:
        if parent.account_id != goal.account_id:
            raise InvalidInput(
                "foreign_parent", gettext_noop("The higher goal belongs to another account."), field="parent"
            )
        depth += 1
        if parent.pk == goal.pk or depth > DEEPEST:
            raise InvalidInput(
                "goal_circle", gettext_noop("A goal cannot stand below itself."), field="parent"
            )
        parent = parent.parent
