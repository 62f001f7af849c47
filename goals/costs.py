"""Costs that no sales line states: hours of service, imported ones by year, discounts above the policy."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from accounts.models import Account, Activity, SalesLine
from goals.models import AccountYear, CostRates
from goals.periods import Period
from goals.profitability import Concession, Leakage, discount_leakage

CENT = Decimal("0.01")


def minutes_of(period: Period, accounts: Iterable[UUID] | None) -> dict[UUID, int]:
    """Return the minutes logged for each account in a period."""
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (period.start, period.end))
    rows = Activity.objects.filter(occurred_at__gte=start, occurred_at__lt=end, minutes__isnull=False)
    rows = rows.filter(account__isnull=False) if accounts is None else rows.filter(account__in=list(accounts))
    return dict(
        rows.order_by().values("account").annotate(total=Sum("minutes")).values_list("account", "total")
    )


def cost_of_minutes(minutes: int, rate: Decimal) -> Decimal:
    """Return what so many minutes cost at the rate of an hour, to the cent."""
    return (rate * minutes / 60).quantize(CENT)


def service_costs(period: Period, accounts: Iterable[UUID] | None) -> dict[UUID, Decimal]:
    """Return what the logged hours of a period cost, by account."""
    rate = CostRates.current().hourly_rate
    return {pk: cost_of_minutes(minutes, rate) for pk, minutes in minutes_of(period, accounts).items()}


def other_costs(period: Period, accounts: Iterable[UUID] | None) -> dict[UUID, Decimal]:
    """Return the imported costs of a period by account: of each year the part of its days that lie in it."""
    last = period.end.toordinal() - 1
    years = AccountYear.objects.filter(
        other_cost__gt=0, year__gte=period.start.year, year__lte=date.fromordinal(last).year
    )
    if accounts is not None:
        years = years.filter(account__in=list(accounts))
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    for pk, year, cost in years.values_list("account", "year", "other_cost"):
        found[pk] += (cost * _part(year, period)).quantize(CENT)
    return dict(found)


def leakage_of(account: Account, period: Period) -> Leakage:
    """Return what discounts an account was given in a period, and what of it the policy does not allow.

    Net of reversals, as all revenue: what was granted is the discounts of the contribution.
    """
    allowed = CostRates.current().allowed_discount / 100
    lines = SalesLine.objects.filter(
        account=account,
        ordered_on__gte=period.start,
        ordered_on__lt=period.end,
        discount_amount__isnull=False,
    ).exclude(discount_amount=0)
    rows = lines.order_by().values_list("amount", "discount_amount")
    return discount_leakage(Concession(amount + given, given, allowed) for amount, given in rows.iterator())


def _part(year: int, period: Period) -> Decimal:
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = (min(after, period.end) - max(first, period.start)).days
    return Decimal(days) / (after - first).days
