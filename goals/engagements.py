"""What was done together beyond buying and selling, over twelve months and beside revenue."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from accounts.amounts import Units, from_units
from accounts.models import Account, Activity, Engagement, SalesOrder

# One a month is the full half of the index that counts how often; the other half counts how many kinds.
OFTEN = 12
HALF = 50
SHOWN = 50
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class EngagementYear:
    """Engagements of the last 365 days (the latest first) and their index, beside the year before and revenue."""

    rows: list[Activity]
    kinds: list[tuple[str, int, int]]
    index: int
    index_before: int
    revenue: Decimal
    revenue_before: Decimal

    @property
    def count(self) -> int:
        return sum(now for _label, now, _before in self.kinds)

    @property
    def count_before(self) -> int:
        return sum(before for _label, _now, before in self.kinds)


def engagement_index(verbs: Iterable[str]) -> int:
    """Return 0 to 100: half for how often (12 in a year are full), half for how many of the five kinds."""
    found = list(verbs)
    often = min(1.0, len(found) / OFTEN)
    broad = len(set(found)) / len(Engagement)
    return round(HALF * often + HALF * broad)


def engagement_year(account: Account, today: date) -> EngagementYear:
    """Return the engagements of an account up to and including ``today``, in two queries."""
    start, before = _moment(today - YEAR), _moment(today - 2 * YEAR)
    logged = Activity.objects.filter(account=account).engagements()
    rows = list(
        logged.filter(occurred_at__gte=before, occurred_at__lt=_moment(today))
        .select_related("actor", "contact")
        .order_by("-occurred_at", "-id")
    )
    now = [row for row in rows if row.occurred_at >= start]
    counts = Counter(row.verb for row in now)
    earlier = Counter(row.verb for row in rows if row.occurred_at < start)
    revenue, revenue_before = _revenue(account, today)
    return EngagementYear(
        rows=now[:SHOWN],
        kinds=[(str(kind.label), counts[kind.value], earlier[kind.value]) for kind in Engagement],
        index=engagement_index(counts.elements()),
        index_before=engagement_index(earlier.elements()),
        revenue=revenue,
        revenue_before=revenue_before,
    )


def _moment(day: date) -> datetime:
    """Return the end of a day in the installation's time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _revenue(account: Account, today: date) -> tuple[Decimal, Decimal]:
    """Return net revenue of the same 365 days and of those before."""
    start = today - YEAR
    this, last = Q(ordered_on__gt=start), Q(ordered_on__lte=start)
    orders: Any = SalesOrder.objects.filter(
        account=account, ordered_on__gt=today - 2 * YEAR, ordered_on__lte=today
    )
    sums = orders.aggregate(now=Sum(Units("net"), filter=this), before=Sum(Units("net"), filter=last))
    return from_units(sums["now"]), from_units(sums["before"])
