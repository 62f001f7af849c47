"""Costs that no sales line states: imported ones by year, and discounts given above the policy."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from accounts.models import Account, SalesLine
from goals.models import AccountYear, CostRates
from goals.periods import Period
from goals.profitability import Concession, Leakage, discount_leakage

CENT = Decimal("0.01")


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
    """Return what discounts an account was given in a period, and what of it the policy does not allow."""
    allowed = CostRates.current().allowed_discount / 100
    lines = SalesLine.objects.filter(
        account=account, ordered_on__gte=period.start, ordered_on__lt=period.end, discount_amount__gt=0
    )
    rows = lines.order_by().values_list("amount", "discount_amount")
    return discount_leakage(Concession(amount + given, given, allowed) for amount, given in rows.iterator())


def _part(year: int, period: Period) -> Decimal:
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = (min(after, period.end) - max(first, period.start)).days
    return Decimal(days) / (after - first).days
