"""Currencies beside the one that amounts are kept in: a sum over them is no sum."""

from django.db.models import Q

from accounts.models import Account, SalesLine
from goals.periods import Period


def foreign_currencies(account: Account, periods: tuple[Period, Period], currency: str) -> list[str]:
    """Return the other currencies in which lines of the periods are stated.

    The import refuses such lines. There are some when the reporting currency was changed, or in lines from before.
    """
    within = [Q(ordered_on__gte=period.start, ordered_on__lt=period.end) for period in periods]
    lines = SalesLine.objects.filter(within[0] | within[1], account=account).exclude(currency=currency)
    return sorted(lines.order_by().values_list("currency", flat=True).distinct())
