"""The nightly round: measure what facts say; raise what is off track, outside its band or not delivered, once each."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.actions.next_steps import create_task
from accounts.models import Task
from goals.actions.contracts import renew_contracts
from goals.actions.metrics import measure_facts
from goals.actions.settling import settle_alerts
from goals.alerts import goal_key, metric_key, reasons
from goals.bands import outside, outside_text
from goals.library import is_stale
from goals.models import Goal, Metric
from goals.status import GoalStatus, goal_status
from kam.lib import formatting
from kam.users.models import Organisation

# Somebody who ticked the alert off is not asked again the next morning.
QUIET_DAYS = 30
Report = Callable[[float, str], None]
Words = Callable[[], tuple[str, str]]


def measure_all(as_of: date, report: Report = lambda percent, text: None) -> dict[str, Any]:
    """Measure every computed metric, close and open alerts, move contracts that renewed; returns the counts.

    Idempotent: what is open stays one task, what is closed stays closed.
    """
    measured = measure_facts(as_of, lambda share: report(share * 60, ""))
    settled = settle_alerts(as_of)
    alerts = raise_alerts(as_of)
    renewed = renew_contracts(as_of)
    counts = {"measured": measured, "settled": settled, "alerts": alerts, "renewed": renewed}
    return {"as_of": as_of.isoformat()} | counts


def raise_alerts(today: date) -> int:
    """Open at most one task per (account, metric, reason) for goals and metrics; return how many."""
    opened = 0
    goals = Goal.objects.open().exclude(account__status="inactive").for_list(today).order_by("pk")
    for goal in goals.iterator(chunk_size=500):
        for reason in reasons(goal, goal_status(goal, today)):
            opened += _open_alert(goal, reason, today)
    return opened + _ask_for_metrics(today) + _name_outside_bands(today)


def _ask_for_metrics(today: date) -> int:
    """Ask for the values of metrics that have stopped and that no goal waits for; goals ask for their own."""
    metrics: Any = Metric.objects.delivered().exclude(account__status="inactive").with_latest(today)
    stopped = metrics.filter(latest_on__isnull=False).exclude(
        pk__in=Goal.objects.open().filter(metric__isnull=False).order_by().values("metric")
    )
    opened = 0
    for metric in stopped.select_related("account__kam", "account__owner").order_by("pk").iterator(500):
        if is_stale(metric, metric.latest_on, today):
            opened += _ask_for(metric, today)
    return opened


def _name_outside_bands(today: date) -> int:
    """Ask what happened to metrics whose latest value lies outside their band."""
    metrics: Any = Metric.objects.banded().exclude(account__status="inactive").with_latest(today)
    opened, currency = 0, Organisation.current().currency
    for metric in metrics.select_related("account__kam", "account__owner").order_by("pk").iterator(500):
        if outside(metric, metric.latest_value):
            opened += _open_for(metric, "band", partial(_band_words, metric, currency), today)
    return opened


def _band_words(metric: Any, currency: str) -> tuple[str, str]:
    title = gettext("Look into: %(metric)s") % {"metric": metric.name}
    return title, outside_text(metric, metric.latest_value, currency)


def _ask_for(metric: Any, today: date) -> int:
    return _open_for(metric, "stale", partial(_stale_words, metric), today)


def _stale_words(metric: Any) -> tuple[str, str]:
    title = gettext("Measure again: %(goal)s") % {"goal": metric.name}
    return title, gettext("No value since %(day)s.") % {"day": formatting.date(metric.latest_on)}


def _open_for(metric: Any, reason: str, words: Words, today: date) -> int:
    """Open a task about a metric for whoever answers for the account, in her language."""
    key = metric_key(metric, reason)
    if _is_quiet(key):
        return 0
    person = metric.account.kam or metric.account.owner
    with translation.override((person.language if person else "") or settings.LANGUAGE_CODE):
        title, why = words()
    active = person if person and person.is_active else None
    values = {"title": title[:200], "reason": why[:300], "due_on": today, "assignee": active}
    create_task(metric.account, values=values, by=None, key=key)
    return 1


def _is_quiet(key: str) -> bool:
    """Say whether a task of this reason is open, or was ticked off lately by somebody.

    What closed by itself keeps nothing quiet: when its reason comes back, it is a new one.
    """
    recently = timezone.now() - timedelta(days=QUIET_DAYS)
    by_somebody = Q(done_at__gte=recently, done_by__isnull=False)
    return bool(Task.objects.filter(Q(done_at__isnull=True) | by_somebody, key=key).exists())


def _open_alert(goal: Goal, reason: str, today: date) -> int:
    key = goal_key(goal, reason)
    if _is_quiet(key):
        return 0
    status = goal_status(goal, today)
    language = (goal.owner.language if goal.owner else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        title, why = _words(goal, status, reason)
    active = goal.owner if goal.owner and goal.owner.is_active else None
    values = {"title": title[:200], "reason": why[:300], "due_on": today, "assignee": active}
    create_task(goal.account, values=values, by=None, key=key)
    return 1


def _words(goal: Goal, status: GoalStatus, reason: str) -> tuple[str, str]:
    if reason == "stale":
        title = gettext("Measure again: %(goal)s") % {"goal": goal.title}
        return title, gettext("No value since %(day)s.") % {
            "day": formatting.date(status.measured_on or goal.start_on)
        }
    if reason == "missed":
        title = gettext("Decide about the missed goal: %(goal)s") % {"goal": goal.title}
        return title, gettext("It was due on %(day)s and %(progress)s of the way is done.") % {
            "day": formatting.date(goal.due_on),
            "progress": formatting.percent(status.progress, 0),
        }
    title = gettext("Bring back on track: %(goal)s") % {"goal": goal.title}
    return title, gettext("%(progress)s done, %(elapsed)s of the time gone.") % {
        "progress": formatting.percent(status.progress, 0),
        "elapsed": formatting.percent(status.elapsed, 0),
    }
