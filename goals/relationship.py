"""The health of relationships from what the accounts' own rows say, each input from 0 (bad) to 100 (good).

An input that is not known stays out of the score and lowers the completeness; both are shown. Everything is read
as of a day, for any number of accounts in the same queries.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from accounts.amounts import Units
from accounts.gaps import gap_statistics
from accounts.models import Account, AccountMonth, Activity, SalesOrder
from accounts.windows import months_before
from goals.health import Health, Input, health
from goals.models import Goal, Promise
from goals.status import goal_status

FRESH_DAYS, SILENT_DAYS = 14, 120
OVERDUE_SCORE = 20.0
LABELS: dict[str, tuple[Lazy, Lazy]] = {
    "rhythm": (_("Rhythm of orders"), _("100 while the next order is not overdue, 20 when it is.")),
    "trend": (
        _("Trend of revenue"),
        _("The last 12 full months against the 12 before: 50 at no change, one point for each percent."),
    ),
    "contact": (_("Contact"), _("100 up to 14 days since the last logged contact, 0 from 120 days on.")),
    "promises": (_("Promises kept"), _("Kept promises as a part of those that are closed.")),
    "goals": (_("Goals on track"), _("Open goals on track as a part of those with data.")),
}
Values = dict[UUID, float]


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One input as the page shows it; ``value`` is None while it is not known."""

    label: Lazy
    how: Lazy
    value: float | None


@dataclass(frozen=True, slots=True)
class Relationship:
    health: Health
    rows: list[HealthRow]

    @property
    def tone(self) -> str:
        return tone_of(self.health.colour)


def tone_of(colour: str | None) -> str:
    """Return the tone of a badge for a colour of health."""
    return {"red": "neg", "amber": "warn", "green": "pos"}.get(colour or "", "out")


def relationship(account: Account, as_of: date) -> Relationship:
    """Return the health of one account as of a day, in six queries."""
    values = health_inputs([account.pk], as_of)[account.pk]
    rows = [HealthRow(*LABELS[name], values[name]) for name in LABELS]
    return Relationship(health_of(values), rows)


def health_of(values: Mapping[str, float | None]) -> Health:
    """Return the health that the inputs make, all of the same weight."""
    return health(Input(name, value) for name, value in values.items())


def health_inputs(accounts: Collection[UUID], as_of: date) -> dict[UUID, dict[str, float | None]]:
    """Return the inputs of each account as they were known on a day, in six queries for any number."""
    read: dict[str, Callable[[list[UUID], date], Values]] = {
        "rhythm": _rhythm,
        "trend": _trend,
        "contact": _contact,
        "promises": _promises,
        "goals": _goals,
    }
    keys = list(accounts)
    known = {name: find(keys, as_of) for name, find in read.items()}
    return {pk: {name: known[name].get(pk) for name in LABELS} for pk in keys}


def _rhythm(accounts: list[UUID], as_of: date) -> Values:
    orders = SalesOrder.objects.filter(account__in=accounts, ordered_on__lte=as_of, lines__gt=0)
    days: dict[UUID, list[date]] = defaultdict(list)
    for pk, day in orders.order_by().values_list("account", "ordered_on").distinct():
        days[pk].append(day)
    found = {pk: gap_statistics(each, as_of).overdue for pk, each in days.items()}
    return {pk: OVERDUE_SCORE if late else 100.0 for pk, late in found.items() if late is not None}


def _trend(accounts: list[UUID], as_of: date) -> Values:
    end = (as_of + timedelta(days=1)).replace(day=1)
    middle, start = months_before(end, 12), months_before(end, 24)
    rows = (
        AccountMonth.objects.filter(account__in=accounts, month__gte=start, month__lt=end)
        .order_by()
        .values("account")
        .annotate(
            now=Sum(Units(F("net")), filter=Q(month__gte=middle), default=0),
            before=Sum(Units(F("net")), filter=Q(month__lt=middle), default=0),
        )
        .values_list("account", "now", "before")
    )
    return {pk: _clamp(50 + 100 * float((now - before) / before)) for pk, now, before in rows if before > 0}


def _contact(accounts: list[UUID], as_of: date) -> Values:
    touches = Activity.objects.touches().filter(account__in=accounts, occurred_at__lt=_end(as_of))
    rows = touches.order_by().values("account").annotate(last=Max("occurred_at"))
    days = {row["account"]: (as_of - timezone.localtime(row["last"]).date()).days for row in rows}
    return {
        pk: _clamp(100 * (SILENT_DAYS - since) / (SILENT_DAYS - FRESH_DAYS)) for pk, since in days.items()
    }


def _promises(accounts: list[UUID], as_of: date) -> Values:
    closed = Promise.objects.filter(account__in=accounts, closed_on__lte=as_of)
    rows = closed.order_by().values("account")
    counted = rows.annotate(kept=Count("pk", filter=Q(state="kept")), all=Count("pk"))
    return {row["account"]: 100 * row["kept"] / row["all"] for row in counted}


def _goals(accounts: list[UUID], as_of: date) -> Values:
    open_then = Q(closed_at__isnull=True) | Q(closed_at__gte=_end(as_of))
    goals = Goal.objects.filter(open_then, account__in=accounts, start_on__lte=as_of).for_list(as_of)
    states: dict[UUID, list[str]] = defaultdict(list)
    for goal in goals:
        _take_back(goal, as_of)
        states[goal.account_id].append(goal_status(goal, as_of).state)
    known = {pk: [s for s in each if s not in ("no_data", "not_started")] for pk, each in states.items()}
    return {
        pk: 100 * sum(state in ("on_track", "achieved") for state in each) / len(each)
        for pk, each in known.items()
        if each
    }


def _take_back(goal: Goal, as_of: date) -> None:
    """Forget, in memory, what was said about a goal after the day."""
    goal.closed_at, goal.outcome = None, ""
    if goal.checked_in_at and goal.checked_in_at >= _end(as_of):
        goal.verdict = ""
    for step in goal.milestones.all():
        if step.done_at and step.done_at >= _end(as_of):
            step.done_at = None


def _end(day: date) -> datetime:
    """Return the moment at which a day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _clamp(value: float) -> float:
    return max(0.0, min(100.0, value))
