"""Facts of an account as of a day: what was sold, how often, how large, since when, how regularly.

Every figure comes from the orders' roll-up and the lines; nothing is typed in. ``as_of`` counts everything
up to and including that day. Gross is the sum of positive lines, net the sum of all lines with reversals
negative. An order counts when it has a positive line; reversals alone never make an order. The first and the
last order, tenure and recency look at the whole history up to ``as_of``, everything else at the window.

``account_facts`` computes one account from its orders, ``facts_table`` all of them in SQL; both agree.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.facts_table import FactsTable, facts_table
from accounts.gaps import gap_statistics
from accounts.models import Account, SalesLine, SalesOrder
from accounts.windows import Span, Window, parse_basis, parse_window
from kam.lib.prepared import prepared

__all__ = ["FACTS", "AccountFacts", "FactDefinition", "FactsTable", "Window", "account_facts", "facts_table"]
__all__ += ["parse_window"]


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """What a fact is called, measured in and computed by.

    ``unit`` is money, count, days, km, percent (a share, 0.1 is ten percent) or number;
    ``uses_window`` says whether the window matters.
    """

    code: str
    label: Promise
    unit: str
    how: Promise
    higher_is_better: bool = True
    uses_window: bool = True


_DEFINITIONS = (
    FactDefinition(
        "revenue",
        _("Revenue"),
        "money",
        _("Sum of the amounts of all sales lines in the window; net counts reversals negatively."),
    ),
    FactDefinition(
        "orders", _("Orders"), "count", _("Number of orders in the window with at least one positive line.")
    ),
    FactDefinition(
        "lines",
        _("Sales lines"),
        "count",
        _("Number of positive sales lines in the window; reversals do not count."),
    ),
    FactDefinition(
        "average_transaction_size",
        _("Average transaction size"),
        "money",
        _("Revenue in the window divided by its number of orders."),
    ),
    FactDefinition(
        "median_transaction_size",
        _("Median transaction size"),
        "money",
        _("The middle order by amount: half of the orders in the window are larger, half smaller."),
    ),
    FactDefinition(
        "tenure_days",
        _("Tenure"),
        "days",
        _("Days from the first order to the day of reckoning; the window does not matter."),
        uses_window=False,
    ),
    FactDefinition(
        "recency_days",
        _("Recency"),
        "days",
        _("Days from the last order to the day of reckoning; the window does not matter."),
        higher_is_better=False,
        uses_window=False,
    ),
    FactDefinition(
        "growth",
        _("Growth"),
        "percent",
        _("Revenue in the window against the revenue in the window of the same length before it."),
    ),
    FactDefinition(
        "distinct_offerings",
        _("Distinct offerings"),
        "count",
        _("Number of different offerings on positive sales lines in the window."),
    ),
    FactDefinition(
        "median_gap_days",
        _("Median gap between orders"),
        "days",
        _("The middle number of days between two days with orders in the window."),
        higher_is_better=False,
    ),
)
FACTS: dict[str, FactDefinition] = {fact.code: fact for fact in _DEFINITIONS}


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The facts of one account. Amounts are unrounded Decimals; what cannot be said is None.

    ``span`` holds the window's days; ``growth`` is a share; the gap fields tell the rhythm of orders in the
    window: median and median absolute deviation in days, the day the next order is expected, and whether it
    is overdue (None with fewer than three gaps).
    """

    as_of: date
    window: str
    basis: str
    span: Span
    revenue: Decimal
    orders: int
    lines: int
    average_transaction_size: Decimal | None
    median_transaction_size: Decimal | None
    first_order_on: date | None
    last_order_on: date | None
    tenure_days: int | None
    recency_days: int | None
    growth: float | None
    distinct_offerings: int
    median_gap_days: float | None
    mad_gap_days: float | None
    next_order_expected_on: date | None
    overdue: bool | None


def account_facts(account: Account, *, as_of: date, window: str = "all", basis: str = "net") -> AccountFacts:
    """Return the facts of one account, in two queries.

    Raises InvalidInput for an unknown window or basis.
    """
    looked_at, column = parse_window(window), parse_basis(basis)
    span = looked_at.span(as_of)
    history = _orders(account.pk, span.end, column=column)
    now = [row for row in history if span.start is None or row[1] >= span.start]
    order_days = [day for _number, day, _amount, lines in history if lines]
    sizes = _order_sizes(now)
    revenue = sum((amount for _number, _day, amount, _lines in now), Decimal(0))
    rhythm = gap_statistics((day for _number, day, _amount, lines in now if lines), as_of)
    return AccountFacts(
        as_of=as_of,
        window=looked_at.name,
        basis=column,
        span=span,
        revenue=revenue,
        orders=len(sizes),
        lines=sum(lines for _number, _day, _amount, lines in now),
        average_transaction_size=revenue / len(sizes) if sizes else None,
        median_transaction_size=median(sizes) if sizes else None,
        first_order_on=min(order_days, default=None),
        last_order_on=max(order_days, default=None),
        tenure_days=(as_of - min(order_days)).days if order_days else None,
        recency_days=(as_of - max(order_days)).days if order_days else None,
        growth=_growth(history, revenue, looked_at.previous(as_of)),
        distinct_offerings=sum(_distinct_offerings(account.pk, span.start, span.end)),
        median_gap_days=rhythm.median,
        mad_gap_days=rhythm.mad,
        next_order_expected_on=rhythm.expected_on,
        overdue=rhythm.overdue,
    )


@prepared
def _orders(account_id: UUID, end: date, *, column: str) -> QuerySet[SalesOrder, Any]:
    found = SalesOrder.objects.filter(account=account_id, ordered_on__lt=end)
    return found.values_list("order_no", "ordered_on", column, "lines")


def _order_sizes(rows: Iterable[tuple[str, date, Decimal, int]]) -> list[Decimal]:
    """Return the amount of each order that has a positive line; one order may lie on several days."""
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    positive = set()
    for number, _day, amount, lines in rows:
        amounts[number] += amount
        if lines:
            positive.add(number)
    return [amounts[number] for number in positive]


def _growth(history: Iterable[Any], revenue: Decimal, before: Span | None) -> float | None:
    if before is None or before.start is None:
        return None
    previous = sum((row[2] for row in history if before.start <= row[1] < before.end), Decimal(0))
    return float((revenue - previous) / previous) if previous > 0 else None


@prepared
def _distinct_offerings(account_id: UUID, start: date | None, end: date) -> QuerySet[SalesLine, Any]:
    """Return the number of offerings that an account bought, in one row or in none."""
    lines = SalesLine.objects.gross().filter(account=account_id, offering__isnull=False).between(start, end)
    counted = lines.order_by().values("account").annotate(number=Count("offering", distinct=True))
    return counted.values_list("number", flat=True)
