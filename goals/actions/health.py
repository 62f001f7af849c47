"""Keep what health said at the end of each month, and write beside it what became of the revenue.

A month's health is written once and never changed, however the rows behind it move later: otherwise a back-test
would judge a forecast that nobody had. What came after is a fact and follows the sales lines.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_noop

from accounts.amounts import Units, from_units
from accounts.models import Account, AccountMonth
from accounts.windows import month_ends, months_before
from goals.models import HealthMonth
from goals.relationship import health_inputs, health_of
from kam.integrations.jobs import enqueue
from kam.integrations.models import Job
from kam.users.models import User

# Twelve months that can be judged, and the three whose end is still to come.
MONTHS, AFTER = 15, 3
CUSTOMER_MONTHS = 24
BATCH = 500
KIND = "goals.health"
MONTH_OF = gettext_noop("Month %(done)s of %(all)s")
Report = Callable[..., None]


def start_health(*, by: User | None) -> Job:
    """Order the record of the months that are missing; one job at a time."""
    return enqueue(KIND, {}, by=by, key=KIND)


def record_health(today: date, report: Report = lambda percent, text, **values: None) -> dict[str, Any]:
    """Write the health of the last months where it is missing, and what became of it; returns the counts.

    Idempotent: what stands is left alone, so a run that was killed goes on where it was.
    """
    written = judged = 0
    days = month_ends(today, MONTHS)
    for done, as_of in enumerate(days):
        report(100 * done / len(days), MONTH_OF, done=done + 1, all=len(days))
        written += _record(as_of)
        if months_before(today.replace(day=1), AFTER) > as_of:
            judged += _judge(as_of)
    return {"as_of": days[-1].isoformat(), "written": written, "judged": judged}


def _record(as_of: date) -> int:
    """Write the month of every customer that has none yet: who bought in two years, and every key account."""
    start = months_before(as_of + timedelta(days=1), CUSTOMER_MONTHS)
    bought = AccountMonth.objects.filter(month__gte=start, month__lte=as_of).order_by().values("account")
    customers = Account.objects.filter(Q(pk__in=bought) | Q(key_since__lte=as_of))
    standing = HealthMonth.objects.filter(as_of=as_of).order_by().values("account")
    missing = customers.exclude(pk__in=standing).order_by("pk").values_list("pk", flat=True)
    written = 0
    for keys in _chunks(list(missing)):
        known = health_inputs(keys, as_of)
        rows = [_row(pk, as_of, values) for pk, values in known.items()]
        HealthMonth.objects.bulk_create(rows, ignore_conflicts=True)
        written += len(rows)
    return written


def _row(account: UUID, as_of: date, values: dict[str, float | None]) -> HealthMonth:
    found = health_of(values)
    return HealthMonth(
        account_id=account,
        as_of=as_of,
        score=None if found.score is None else round(found.score, 1),
        completeness=round(found.completeness, 4),
        inputs={name: None if value is None else round(value, 1) for name, value in values.items()},
    )


def _judge(as_of: date) -> int:
    """Write the revenue of the three months after, beside that of the same months a year earlier."""
    changed = 0
    rows = HealthMonth.objects.filter(as_of=as_of).order_by("pk")
    for chunk in _chunks(list(rows.values_list("pk", "account", "revenue_before", "revenue_after"))):
        sums = _revenues([account for _pk, account, *_ in chunk], as_of + timedelta(days=1))
        due = []
        for pk, account, *stands in chunk:
            before, after = sums.get(account, (Decimal(0), Decimal(0)))
            if stands != [before, after]:
                due.append(HealthMonth(pk=pk, revenue_before=before, revenue_after=after))
        HealthMonth.objects.bulk_update(due, ["revenue_before", "revenue_after"])
        changed += len(due)
    return changed


def _revenues(accounts: list[UUID], start: date) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Return net revenue (a year earlier, now) of the three months that begin with ``start``."""
    now = Q(month__gte=start, month__lt=months_before(start, -AFTER))
    before = Q(month__gte=months_before(start, 12), month__lt=months_before(start, 12 - AFTER))
    rows = (
        AccountMonth.objects.filter(now | before, account__in=accounts)
        .order_by()
        .values("account")
        .annotate(
            before=Sum(Units(F("net")), filter=before, default=0),
            after=Sum(Units(F("net")), filter=now, default=0),
        )
        .values_list("account", "before", "after")
    )
    return {pk: (from_units(before), from_units(after)) for pk, before, after in rows}


def _chunks(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
