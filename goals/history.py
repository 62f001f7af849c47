"""What is known of an account's revenue month by month, its plans by year, and the units it bought."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import F, Min, Sum

from accounts.amounts import Units, from_units
from accounts.models import Account, AccountMonth
from accounts.windows import months_before
from goals.months_chart import Months
from goals.periods import Period

HISTORY_MONTHS = 48


def months_of(account: Account, today: date) -> tuple[Months, Decimal]:
    """Return net revenue of each full month from the first order on, those without orders too, and of this one."""
    end = today.replace(day=1)
    start = months_before(end, HISTORY_MONTHS)
    rows = AccountMonth.objects.filter(account=account, month__gte=start, month__lte=end)
    found = {row.month: row.net for row in rows.order_by("month")}
    running = found.pop(end, Decimal(0))
    months: Months = []
    month = min(found) if found else end
    while month < end:
        months.append((month, found.get(month, Decimal(0))))
        month = months_before(month, -1)
    return months, running


def quantities_of(account: Account, period: Period, compare: Period) -> tuple[Decimal, Decimal]:
    """Return the units bought in ``compare`` and in ``period``."""

    def total(each: Period) -> Decimal:
        lines = account.sales_lines.between(each.start, each.end)  # type: ignore[attr-defined]  # the manager knows between()
        return from_units(lines.aggregate(n=Sum(Units(F("quantity")), default=0))["n"])

    return total(compare), total(period)


def plans_of(account: Account) -> dict[int, Decimal]:
    """Return the planned revenue of each year that has one."""
    years = account.years.filter(planned_revenue__isnull=False)
    return dict(years.values_list("year", "planned_revenue"))


def planned(plans: Mapping[int, Decimal], period: Period) -> Decimal | None:
    """Return the plan of the period's months, a twelfth of the year each; None while a year has no plan."""
    total, month = Decimal(0), period.start.replace(day=1)
    while month < period.end:
        if (year := plans.get(month.year)) is None:
            return None
        total += year / 12
        month = months_before(month, -1)
    return total


def first_order_of(account: Account) -> date | None:
    """Return the day of the first order, None without any."""
    found: date | None = account.orders.filter(lines__gt=0).aggregate(day=Min("ordered_on"))["day"]
    return found
